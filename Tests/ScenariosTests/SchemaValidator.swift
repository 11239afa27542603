// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema

/// Validates documents against the part of JSON Schema (draft 2020-12) that scenarios' schema uses.
struct SchemaValidator {
  let root: JSON

  /// What is wrong with a document: places with the rule that is broken.
  func faults(in document: JSON) -> [String] { faults(document, root, at: "") }

  private func faults(_ value: JSON, _ schema: JSON, at place: String) -> [String] {
    guard case .object(let rules) = schema else {
      return schema == .flag(false) ? ["\(place): nothing may stand here"] : []
    }
    return rules.flatMap { faults(value, rule: $0, of: schema, at: place) }
  }

  private func holds(_ value: JSON, _ schema: JSON) -> Bool { faults(value, schema, at: "").isEmpty }

  private func faults(_ value: JSON, rule: JSON.Member, of schema: JSON, at place: String) -> [String] {
    func broken(_ isBroken: Bool) -> [String] { isBroken ? ["\(place): \(rule.key)"] : [] }
    switch (rule.key, rule.value) {
    case ("type", .text(let type)): return broken(!value.isOfType(type))
    case ("type", .list(let types)): return broken(!types.contains { $0.text.map(value.isOfType) ?? false })
    case ("enum", .list(let values)): return broken(!values.contains(value))
    case ("const", let only): return broken(value != only)
    case ("pattern", .text(let pattern)):
      return broken(value.text.map { $0.range(of: pattern, options: .regularExpression) == nil } ?? false)
    case ("minimum", let bound): return broken(value.isBelow(bound))
    case ("maximum", let bound): return broken(bound.isBelow(value))
    case ("exclusiveMinimum", let bound): return broken(value.isNumber && !bound.isBelow(value))
    case ("exclusiveMaximum", let bound): return broken(value.isNumber && !value.isBelow(bound))
    case ("anyOf", .list(let schemas)): return broken(!schemas.contains { holds(value, $0) })
    case ("oneOf", .list(let schemas)): return broken(schemas.count { holds(value, $0) } != 1)
    case ("allOf", .list(let schemas)): return schemas.flatMap { faults(value, $0, at: place) }
    case ("if", let condition):
      return holds(value, condition) ? schema["then"].map { faults(value, $0, at: place) } ?? [] : []
    case ("$ref", .text(let path)):
      guard let target = root.member(path.split(separator: "/").dropFirst()) else { return ["\(place): no \(path)"] }
      return faults(value, target, at: place)
    case ("$schema", _), ("title", _), ("description", _), ("default", _), ("then", _), ("$defs", _): return []
    default: return containerFaults(value, rule: rule, of: schema, at: place)
    }
  }

  private func containerFaults(_ value: JSON, rule: JSON.Member, of schema: JSON, at place: String) -> [String] {
    func broken(_ isBroken: Bool) -> [String] { isBroken ? ["\(place): \(rule.key)"] : [] }
    func inner(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }
    switch (rule.key, value, rule.value) {
    case ("properties", .object(let members), .object(let properties)):
      return members.flatMap { member in
        properties.first { $0.key == member.key }.map { faults(member.value, $0.value, at: inner(member.key)) } ?? []
      }
    case ("additionalProperties", .object(let members), let other):
      let known = schema["properties"]?.keys ?? []
      return members.filter { !known.contains($0.key) }.flatMap { faults($0.value, other, at: inner($0.key)) }
    case ("required", .object(let members), .list(let names)):
      return broken(!names.allSatisfy { name in members.contains { .text($0.key) == name } })
    case ("minProperties", .object(let members), .integer(let count)): return broken(members.count < count)
    case ("maxProperties", .object(let members), .integer(let count)): return broken(members.count > count)
    case ("items", .list(let values), let each):
      return values.enumerated().flatMap { faults($1, each, at: "\(place)[\($0)]") }
    case ("prefixItems", .list(let values), .list(let schemas)):
      return zip(values, schemas).enumerated().flatMap { faults($1.0, $1.1, at: "\(place)[\($0)]") }
    case ("minItems", .list(let values), .integer(let count)): return broken(values.count < count)
    case ("maxItems", .list(let values), .integer(let count)): return broken(values.count > count)
    case ("properties", _, _), ("additionalProperties", _, _), ("required", _, _), ("minProperties", _, _),
      ("maxProperties", _, _), ("items", _, _), ("prefixItems", _, _), ("minItems", _, _), ("maxItems", _, _):
      return []
    default: return ["\(place): the rule \(rule.key) is not known here"]
    }
  }
}

extension JSON {
  fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }

  fileprivate var keys: [String] { if case .object(let members) = self { members.map(\.key) } else { [] } }

  fileprivate subscript(_ key: String) -> JSON? {
    if case .object(let members) = self { members.first { $0.key == key }?.value } else { nil }
  }

  fileprivate func member(_ path: ArraySlice<Substring>) -> JSON? {
    path.first.map { self[String($0)]?.member(path.dropFirst()) } ?? self
  }

  fileprivate var isNumber: Bool { number != nil }

  private var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// Whether both are numbers and this is the lesser.
  fileprivate func isBelow(_ other: JSON) -> Bool {
    if let number, let other = other.number { number < other } else { false }
  }

  fileprivate func isOfType(_ type: String) -> Bool {
    switch self {
    case .text: type == "string"
    case .integer: type == "integer" || type == "number"
    case .number(let number): type == "number" || type == "integer" && number == number.rounded()
    case .flag: type == "boolean"
    case .list: type == "array"
    case .object: type == "object"
    }
  }
}
