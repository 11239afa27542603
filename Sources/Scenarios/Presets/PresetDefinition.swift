// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// A named set of values that stand where a scenario says nothing: conditions and networks that published studies
/// use. It says everything about itself.
///
/// A preset is one of these in a file by its slot, and a line in `all`. What it sets is written as in a scenario, so that
/// nothing but the keys of scenarios gives it a meaning.
package struct PresetDefinition: Definition {
  /// What a preset is about: a scenario chooses one of each.
  package enum Slot: String, Sendable, CaseIterable {
    case compute, latency, loss, failures, network, data

    var meaning: String {
      switch self {
      case .compute: "how long local steps take"
      case .latency: "how long messages travel, and how much links carry"
      case .loss: "which messages get lost"
      case .failures: "who goes down, and what else happens to the world"
      case .network: "who hears whom"
      case .data: "what each agent learns from"
      }
    }
  }

  /// A key and the YAML of its value.
  typealias Setting = (path: String, value: String)

  /// Short, such as `C6`.
  package let name: String
  /// What it is also called, such as `one-slow`.
  package let title: String
  package let slot: Slot
  package let meaning: String
  package let source: String?
  package let parameters: [Parameter]
  /// The key that chooses what the others are parameters of: a scenario that chooses something else takes none of them.
  let choice: String?
  /// Keys of the scenario that the choice says in other words, as rows and columns of a torus do the number of agents.
  let replaces: [(section: String, key: String)]
  let settings: @Sendable (PresetGround) throws(PresetTrouble) -> [Setting]

  init(
    _ name: String, _ title: String, _ slot: Slot, _ meaning: String, source: String? = nil,
    parameters: [Parameter] = [], choice: String? = nil, replaces: [(section: String, key: String)] = [],
    settings: @escaping @Sendable (PresetGround) throws(PresetTrouble) -> [Setting]
  ) {
    (self.name, self.title, self.slot, self.meaning) = (name, title, slot, meaning)
    (self.source, self.parameters, self.choice, self.settings) = (source, parameters, choice, settings)
    self.replaces = replaces
  }

  package var properties: [Property] {
    [Property("also called", title), Property("goes to", "presets.\(slot.rawValue)")]
  }
}

/// What a preset is expanded with.
struct PresetGround {
  /// Its parameters, all that have a default among them.
  let arguments: Arguments
  /// How they are written.
  let parameters: [Parameter]
  /// The mean step u.
  let unit: VirtualDuration
  /// How many agents the scenario has, where it says so.
  let agents: Int?
  /// The timing of the strategy, as the scenario writes it.
  let timing: String

  /// So many mean steps, as a duration is written.
  func steps(_ count: Double) -> String { Codec<VirtualDuration>.duration(.duration).write(unit.scaled(by: count)) }

  /// The value of a parameter as it is written; nothing for one that may be left out and was.
  func text(_ name: String) -> String? {
    guard let parameter = parameters.first(where: { $0.name == name }) else { return nil }
    return arguments[name].flatMap { parameter.kind.text(of: $0) }
  }

  /// The value of a parameter that was given, or else so many mean steps.
  func text(_ name: String, orSteps count: Double) -> String { text(name) ?? steps(count) }

  /// The value of a parameter that has a default.
  func value(_ name: String) -> String { text(name) ?? "" }

  func knownAgents() throws(PresetTrouble) -> Int {
    guard let agents else { throw .missing("network.agents") }
    return agents
  }
}

/// Why a preset cannot be expanded.
enum PresetTrouble: Error {
  /// A key that the scenario must have for it.
  case missing(String)
  /// A sentence.
  case impossible(String)
}
