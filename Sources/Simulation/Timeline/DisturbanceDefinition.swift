// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

/// A disturbance: something that scenarios can let happen to the world at a time of their choice.
///
/// A disturbance is one file in `Timeline/` that makes one of these, and a line in `all`. What it does to the world is a
/// `ScriptedChange`.
package struct DisturbanceDefinition: Definition {
  /// The key in entries of the timeline.
  package let name: String
  package let meaning: String
  package let source: String?
  /// The first one can be written alone, in place of a map with all of them. Where one is a choice by one of several keys,
  /// such as agents, these keys can stand beside the other parameters: `{share: 30 %, on-recovery: reset}`.
  package let parameters: [Parameter]
  /// Whether it holds until it is undone, so that `for` says for how long.
  package let holds: Bool
  /// What it lets an agent do, as a sentence says it, such as `agent-3 crashes`.
  package let verb: String
  /// The name of the disturbance that it ends, where it is the counterpart of one.
  package let ends: String?
  /// Whether a run has to know of it from its start, so that no branch of it can have it.
  package let isKnownBefore: Bool
  let change: @Sendable (Arguments) -> ScriptedChange

  init(
    name: String, meaning: String, source: String? = nil, parameters: [Parameter], holds: Bool,
    verb: String = "changes", ends: String? = nil, isKnownBefore: Bool = false,
    change: @escaping @Sendable (Arguments) -> ScriptedChange
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.parameters = parameters
    self.holds = holds
    self.verb = verb
    self.ends = ends
    self.isKnownBefore = isKnownBefore
    self.change = change
  }
}

extension DisturbanceDefinition {
  /// All disturbances: a new one is a file of its own and a line here.
  package static let all: [DisturbanceDefinition] = [
    .crash, .recover, .cut, .restore, .partition, .heal, .changeLinks, .slow, .pause, .resume, .join,
    .leave, .changeTask,
  ]

  /// The disturbance of a name.
  package static func named(_ name: String) -> DisturbanceDefinition? { all.first { $0.name == name } }
}

extension Parameter {
  /// Whom a disturbance is about.
  static let agents = Parameter("agents", .agents, "whom it is about", example: "[agent-3]")
}

extension Arguments {
  /// The agents that a disturbance is about; all where it does not say it.
  var agents: AgentSelector { self["agents"].flatMap { AgentSelector($0) } ?? .all }
}
