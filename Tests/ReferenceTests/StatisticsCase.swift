// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Any JSON value.
enum JSONValue: Decodable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
}

/// One case of the statistics references.
struct StatisticsCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Tolerance: Decodable, Sendable {
    let kind: String
    let value: Double
  }
  let id: String
  let procedure: String
  let input: [String: JSONValue]
  let parameters: [String: JSONValue]?
  let expected: [String: JSONValue]
  let tolerance: Tolerance

  var testDescription: String { id }

  func numbers(_ key: String) throws -> [Double] {
    try #require(input[key]?.list).map { try #require($0.number) }
  }

  func parameter(_ key: String) throws -> Double { try #require(parameters?[key]?.number) }

  /// Compares an answer with what the file expects, `null` meaning that there is none.
  func check(_ key: String, _ got: Double?, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try check(try #require(expected[key]), got, "\(id): \(key)", sourceLocation)
  }

  /// Compares a list of answers.
  func check(_ key: String, _ got: [Double?], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let list = try #require(expected[key]?.list)
    #expect(list.count == got.count, "\(id): \(key)", sourceLocation: sourceLocation)
    for (index, pair) in zip(list, got).enumerated() {
      try check(pair.0, pair.1, "\(id): \(key)[\(index)]", sourceLocation)
    }
  }

  private func check(_ expected: JSONValue, _ got: Double?, _ what: String, _ location: SourceLocation) throws {
    guard let wanted = expected.number else {
      #expect(got == nil, "\(what)", sourceLocation: location)
      return
    }
    let value = try #require(got, "\(what)", sourceLocation: location)
    let bar = tolerance.kind == "relative" ? tolerance.value * abs(wanted) + 1e-12 : tolerance.value
    #expect(abs(value - wanted) <= bar, "\(what): \(value) instead of \(wanted)", sourceLocation: location)
  }
}
