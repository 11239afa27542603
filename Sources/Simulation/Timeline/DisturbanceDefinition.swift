// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

/// What a disturbance does to the agents that it is about.
package enum AgentChange: Sendable, Equatable {
  /// A cause that holds them down until it is undone; what they have forgotten then, where the event says it.
  case takeDown(FailureSettings.Recovery?)
  /// Ends what the timeline holds them down by.
  case bringUp
}

/// A disturbance: something that scenarios can let happen to the world at a time of their choice.
///
/// A disturbance is one file in `Timeline/` that makes one of these, and a line in `all`.
package struct DisturbanceDefinition: Definition {
  /// The key in entries of the timeline.
  package let name: String
  package let meaning: String
  package let source: String?
  /// The first one can be written alone, in place of a map with all of them.
  package let parameters: [Parameter]
  /// Whether it holds until it is undone, so that `for` says for how long.
  package let holds: Bool
  let change: @Sendable (Arguments) -> AgentChange

  init(
    name: String, meaning: String, source: String? = nil, parameters: [Parameter], holds: Bool,
    change: @escaping @Sendable (Arguments) -> AgentChange
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.parameters = parameters
    self.holds = holds
    self.change = change
  }
}

extension DisturbanceDefinition {
  /// All disturbances: a new one is a file of its own and a line here.
  package static let all: [DisturbanceDefinition] = [.crash, .recover]

  /// The disturbance of a name.
  package static func named(_ name: String) -> DisturbanceDefinition? { all.first { $0.name == name } }
}

extension Parameter {
  /// Whom a disturbance is about.
  static var agents: Parameter {
    Parameter(
      "agents",
      .described(.either([.word(Argument.allAgents), .list(.line)]), "all, or a list of names such as [agent-3]"),
      "whom it is about", example: "[agent-3]")
  }
}

extension Argument {
  fileprivate static let allAgents = "all"
}

extension Arguments {
  /// The agents that are named; nothing means all.
  package var namedAgents: [String]? { self["agents"]?.names }
}
