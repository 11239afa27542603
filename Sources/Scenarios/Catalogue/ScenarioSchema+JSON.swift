// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Randomness
import Schema

extension ScenarioSchema {
  /// The scenario as JSON Schema, draft 2020-12: all keys with their meanings, values and defaults, and for each
  /// topology and combination rule which parameters go with it.
  package var jsonSchema: JSON {
    let entries = record.entries(of: ScenarioDraft())
    let root = Self.schema(of: record.fields.map(\.parameter), entries)
    return .object([
      JSON.Member("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      JSON.Member("title", .text("Scenario of Starling")),
    ]).adding(root.members).adding([
      JSON.Member("allOf", .list([Self.topologyWithoutPreset])), JSON.Member("$defs", .object(Self.laws)),
    ])
  }

  /// The key of the network that a preset may say in place of the scenario.
  private static let topologyKey = "topology"

  /// A topology is required where no preset says it: where there is no key `presets.network`, or its value is `none`.
  private static var topologyWithoutPreset: JSON {
    func network(_ schema: JSON) -> JSON {
      .object(["properties": .object([JSON.Member(PresetDefinition.Slot.network.rawValue, schema)])])
    }
    return .object([
      "if": .object([
        "properties": .object([JSON.Member(Tree.presets, network(.object(["const": .text("none")])))])
      ]), "then": network(.object(["required": .list([.text(topologyKey)])])),
    ])
  }

  /// A map with the keys of a record and the defaults that the record has; keys that something else may say are optional.
  private static func schema(
    of parameters: [Parameter], _ entries: [ResolvedEntry], saidElsewhere: Set<String> = []
  ) -> JSON {
    let properties = zip(parameters, entries).map { parameter, entry in
      JSON.Member(parameter.name, schema(of: parameter, entry))
    }
    let required = parameters.filter { $0.presence == .required && !saidElsewhere.contains($0.name) }
      .map { JSON.text($0.name) }
    return JSON.object([
      "type": .text("object"), "properties": .object(properties), "additionalProperties": .flag(false),
    ]).adding(required.isEmpty ? [] : [JSON.Member("required", .list(required))])
  }

  private static func schema(of parameter: Parameter, _ entry: ResolvedEntry) -> JSON {
    switch (parameter.kind, entry.content) {
    case (.record(let inner), .group(let entries)):
      return schema(of: inner, entries, saidElsewhere: parameter.name == "network" ? [topologyKey] : [])
        .adding(choices(in: parameter.name))
        .adding([JSON.Member("description", .text(entry.help))])
    case (_, .leaf(let text)):
      let isScalar = !text.isEmpty && !text.hasPrefix("[") && !text.hasPrefix("{")
      let isDefault = isScalar && !entry.isHidden && !entry.isWithoutDefault
      return parameter.kind.jsonSchema
        .adding([JSON.Member("description", .text(entry.help))])
        .adding(isDefault ? [JSON.Member("default", JSON(plain: text))] : [])
    default:
      return parameter.jsonSchema
    }
  }

  /// Which parameters go with which choice of a section.
  private static func choices(in section: String) -> [JSON.Member] {
    let all: [JSON]
    switch section {
    case "network":
      let topologies = TopologyDefinition.all.map { ($0.name, $0.parameters, $0.companionKeys) }
      let rules = CombinationRule.all.map { rule in
        (rule.name, rule.parameters.filter { $0.kind != .edges }, [String]())
      }
      all = conditions(key: "topology", topologies) + conditions(key: "weights", rules)
    case "task": all = conditions(key: "kind", TaskDefinition.all.map { ($0.name, $0.parameters, []) })
    case "learner": all = conditions(key: "algorithm", LearnerDefinition.all.map { ($0.name, $0.parameters, []) })
    default: return []
    }
    return [JSON.Member("allOf", .list(all))]
  }

  /// For each choice at a key what it refuses of the parameters of the others, and what it needs.
  private static func conditions(
    key: String, _ choices: [(name: String, parameters: [Parameter], companions: [String])]
  ) -> [JSON] {
    var all: [String] = []
    for name in choices.flatMap({ $0.parameters.map(\.name) + $0.companions }) where !all.contains(name) {
      all.append(name)
    }
    return choices.map { choice in
      let own = Set(choice.parameters.map(\.name) + choice.companions)
      var then = [
        JSON.Member("properties", .object(all.filter { !own.contains($0) }.map { JSON.Member($0, .flag(false)) }))
      ]
      // What can be given by a file instead is not required.
      let required = choice.parameters.filter { $0.presence == .required && choice.companions.isEmpty }
      if !required.isEmpty { then.append(JSON.Member("required", .list(required.map { .text($0.name) }))) }
      let alternatives = choice.parameters.filter { $0.presence == .alternative }
      if !alternatives.isEmpty {
        then.append(
          JSON.Member("oneOf", .list(alternatives.map { .object(["required": .list([.text($0.name)])]) })))
      }
      return .object([
        "if": .object([
          "properties": .object([JSON.Member(key, .object(["const": .text(choice.name)]))]),
          "required": .list([.text(key)]),
        ]), "then": .object(then),
      ])
    }
  }

  /// The laws of every kind of quantity that laws are of, as maps from the name of a law to its parameters.
  private static var laws: [JSON.Member] {
    QuantityKind.allCases.filter { $0 != .watts && $0 != .energyPerByte }.map { kind in
      let rule = LawRule(kind: kind, bounds: .anyNumber)
      let laws = LawDefinition.all.map { law in
        JSON.Member(law.name, law.schema(for: rule).adding([JSON.Member("description", .text(law.meaning))]))
      }
      return JSON.Member(
        rule.nameInSchema,
        .object([
          "type": .text("object"), "properties": .object(laws), "additionalProperties": .flag(false),
          "minProperties": .integer(1), "maxProperties": .integer(1),
        ]))
    }
  }
}

extension LawDefinition {
  /// What stands behind the name of this law.
  fileprivate func schema(for rule: LawRule) -> JSON {
    let parameters = parameters.map {
      Parameter($0.name, $0.kind.resolved(for: rule), $0.meaning, $0.presence, example: $0.example)
    }
    switch form {
    case .value: return parameters[0].kind.jsonSchema
    case .list:
      return .object([
        "type": .text("array"), "prefixItems": .list(parameters.map(\.kind.jsonSchema)),
        "minItems": .integer(parameters.count), "maxItems": .integer(parameters.count),
      ])
    case .map(let short):
      // A factor may leave out what else is required.
      let map = Kind.objectSchema(
        parameters.map { parameter in
          Parameter(parameter.name, parameter.kind, parameter.meaning, .optional, example: parameter.example)
        })
      guard let value = parameters.first(where: { $0.name == short }) else { return map }
      return .object(["anyOf": .list([map, value.kind.jsonSchema])])
    }
  }
}

extension JSON {
  /// The members of an object.
  fileprivate var members: [JSON.Member] {
    if case .object(let members) = self { members } else { [] }
  }
}
