// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What editors are told of a kind, as JSON Schema (draft 2020-12) of the values that YAML reads.
///
/// A text that the kind reads may be more than the schema says: numbers in quotes are numbers for a scenario, and words
/// such as `true` are texts.
extension Kind {
  package var jsonSchema: JSON {
    switch self {
    case .count(let range):
      .object(["type": .text("integer"), "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)])
    case .seed: .object(["type": .text("integer"), "minimum": .integer(0)])
    case .quantity(let kind, let bounds): Self.quantitySchema(kind, bounds)
    case .duration(let bounds), .multipliedDuration(let bounds): Self.quantitySchema(.duration, bounds)
    case .messagesOrDuration: .object(["type": .text("string")])
    case .bytes: Self.quantitySchema(.size, .size)
    case .bandwidth: Self.quantitySchema(.rate, .positiveRate)
    case .flag: .object(["type": .text("boolean")])
    case .line, .text, .file: .object(["type": .list([.text("string"), .text("number"), .text("boolean")])])
    case .word(let word): Self.enumeration([word])
    case .choice(let words): Self.enumeration(words)
    case .list(let kind), .listPerAgent(let kind): .object(["type": .text("array"), "items": kind.jsonSchema])
    case .command: .object(["type": .text("array"), "items": Kind.file("").jsonSchema, "minItems": .integer(1)])
    case .either(let kinds): .object(["anyOf": .list(kinds.map(\.jsonSchema))])
    case .record(let parameters): Self.objectSchema(parameters)
    case .oneOf(let parameters):
      Self.objectSchema(parameters.map { $0.with(presence: .optional) })
        .adding([JSON.Member("minProperties", .integer(1)), JSON.Member("maxProperties", .integer(1))])
    case .dictionary(let kind): .object(["type": .text("object"), "additionalProperties": kind.jsonSchema])
    case .law(let rule):
      .object([
        "anyOf": .list([
          Self.quantitySchema(rule.kind, rule.bounds), .object(["$ref": .text("#/$defs/\(rule.nameInSchema)")]),
        ])
      ])
    case .edge:
      .object(["type": .text("array"), "minItems": .integer(2), "maxItems": .integer(3)])
    case .trace(let form): Self.objectSchema(form.parameters)
    case .linkMatrix(let form): Self.objectSchema(form.parameters)
    case .table: .object(["type": .list([.text("string"), .text("object")])])
    case .quantityOfLaw, .lawOfLaw, .anything, .ofLinks: .object([])
    case .described(let kind, _): kind.jsonSchema
    }
  }

  /// A map with the keys of parameters and no others.
  package static func objectSchema(_ parameters: [Parameter]) -> JSON {
    let required = parameters.filter { $0.presence == .required }.map { JSON.text($0.name) }
    let object = JSON.object([
      "type": .text("object"),
      "properties": .object(parameters.map { JSON.Member($0.name, $0.jsonSchema) }),
      "additionalProperties": .flag(false),
    ])
    return required.isEmpty ? object : object.adding([JSON.Member("required", .list(required))])
  }

  private static func enumeration(_ words: [String]) -> JSON {
    .object(["enum": .list(words.flatMap { word in [.text(word)] + (Bool(word).map { [.flag($0)] } ?? []) })])
  }

  private static func quantitySchema(_ kind: QuantityKind, _ bounds: Bounds) -> JSON {
    let number = JSON.object([JSON.Member("type", .text("number"))] + bounds.jsonMembers)
    let unit = kind.unitPattern.map { pattern in
      let text = "^\(bounds.lower < 0 ? "[+-]?" : "[+]?")\(pattern)$"
      return JSON.object(["type": .text("string"), "pattern": .text(text)])
    }
    guard let unit else { return number }
    if kind.allowsBareNumber { return .object(["anyOf": .list([number, unit])]) }
    return bounds.contains(0) ? .object(["anyOf": .list([unit, .object(["const": .integer(0)])])]) : unit
  }
}

extension Parameter {
  /// The schema of its values with its meaning and default.
  package var jsonSchema: JSON {
    var members = meaning.isEmpty ? [] : [JSON.Member("description", .text("\(meaning); \(kind.allowed)"))]
    if case .otherwise(let value) = presence, let text = kind.text(of: value) {
      members.append(JSON.Member("default", JSON(plain: text)))
    }
    return kind.jsonSchema.adding(members)
  }

  func with(presence: Presence) -> Parameter { Parameter(name, kind, meaning, presence, example: example) }
}

extension JSON {
  /// The value of a plain scalar of YAML.
  package init(plain text: String) {
    let number = numberAndUnit(text).flatMap { $0.unit.isEmpty ? $0.number.value : nil }
    self = Bool(text).map { .flag($0) } ?? Int(text).map { .integer($0) } ?? number.map { .number($0) } ?? .text(text)
  }
}

extension LawRule {
  /// The name under which a schema defines the laws of this quantity.
  package var nameInSchema: String { "law-of-\(kind.rawValue)" }
}

extension Bounds {
  fileprivate var jsonMembers: [JSON.Member] {
    let finite = Double.greatestFiniteMagnitude
    let low = lower == -finite ? [] : [JSON.Member(includesLower ? "minimum" : "exclusiveMinimum", .number(lower))]
    let high = upper == finite ? [] : [JSON.Member(includesUpper ? "maximum" : "exclusiveMaximum", .number(upper))]
    return low + high
  }
}

extension QuantityKind {
  /// A number with a unit as a regular expression, without its sign; nothing where there are no units.
  fileprivate var unitPattern: String? {
    let number = #"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"#
    switch self {
    case .number: return nil
    case .power: return #"-?\#(number)\s*dB"#
    case .share, .size, .rate, .watts, .energyPerByte: return #"\#(number)\s*(\#(unitAlternatives))"#
    // In several parts a minute may be `m` and a day `d`.
    case .duration:
      let one = #"\#(number)\s*(\#(unitAlternatives))"#
      let parts = #"\#(number)\s*(\#(unitAlternatives)|m|d)"#
      return #"(\#(one)|\#(parts)(\s*\#(parts))+)"#
    }
  }

  private var unitAlternatives: String { units.map(\.name).joined(separator: "|") }
}
