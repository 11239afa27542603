// SPDX-License-Identifier: GPL-3.0-or-later

/// What a definition says about itself, for lists and pages.
package struct DefinitionFacts: Sendable, Encodable {
  package struct Value: Sendable, Encodable {
    package let name: String
    package let meaning: String
    /// What is allowed, with units and bounds.
    package let allowed: String
    /// Units in which it is written; nothing where it has none.
    package let units: [String]?
    package let required: Bool
    /// The other parameters of which exactly one is given with or without this one.
    package let alternatives: [String]?
    /// As it is written.
    package let defaultValue: String?
    package let example: String?

    private enum CodingKeys: String, CodingKey {
      case name, meaning, allowed, units, required, alternatives
      case defaultValue = "default"
      case example
    }
  }

  package let name: String
  package let meaning: String
  package let source: String?
  package let properties: [Property]
  package let parameters: [Value]

  package init(_ definition: some Definition) {
    name = definition.name
    meaning = definition.meaning
    source = definition.source
    properties = definition.properties
    let alternatives = definition.parameters.filter { $0.presence == .alternative }.map(\.name)
    parameters = definition.parameters.map { Value($0, among: alternatives) }
  }
}

extension DefinitionFacts.Value {
  fileprivate init(_ parameter: Parameter, among alternatives: [String]) {
    name = parameter.name
    meaning = parameter.meaning
    allowed = parameter.kind.allowed
    units = parameter.kind.units.isEmpty ? nil : parameter.kind.units
    required = parameter.presence == .required
    self.alternatives = parameter.presence == .alternative ? alternatives.filter { $0 != parameter.name } : nil
    if case .otherwise(let value) = parameter.presence {
      defaultValue = parameter.kind.text(of: value)
    } else {
      defaultValue = nil
    }
    example = parameter.example
  }

  /// Whether it must be given, in words; nothing where it may be left out without anything in its place.
  package var presence: String? {
    if let alternatives { return "this or \(Schema.alternatives(alternatives))" }
    return required ? "required" : defaultValue.map { "default \($0)" }
  }
}

extension Kind {
  /// The units in which values of this kind are written.
  package var units: [String] {
    switch self {
    case .quantity(let kind, _): kind.unitNames
    case .duration, .multipliedDuration: QuantityKind.duration.unitNames
    case .bandwidth: QuantityKind.rate.unitNames
    case .bytes: QuantityKind.size.unitNames
    case .law(let rule): rule.kind.unitNames
    case .list(let kind), .listPerAgent(let kind), .described(let kind, _): kind.units
    case .either(let kinds): kinds.lazy.map(\.units).first { !$0.isEmpty } ?? []
    default: []
    }
  }
}
