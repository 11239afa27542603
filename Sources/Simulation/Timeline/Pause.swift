// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

extension DisturbanceDefinition {
  /// A cause that lets agents, or the fusion centre, stand still. What a paused node goes on with, `Pauses` says.
  static let pause = DisturbanceDefinition(
    name: "pause",
    meaning: "agents stand still: the step under way waits and none begins, but they receive, keep and acknowledge",
    parameters: [.pausedNodes], holds: true, verb: "pauses",
    change: { .speeds($0.pausedNodes, .pause) })
}

extension Parameter {
  /// Who stands still, or goes on.
  static let pausedNodes = Parameter(
    "agents", .described(.either([.word(SpeedSubject.centreWord), .agents]), "centre, " + Kind.agents.allowed),
    "whom it is about; the fusion centre where there is one", example: "[agent-3]")
}

extension SpeedSubject {
  /// Stands for the fusion centre.
  static let centreWord = "centre"
}

extension Arguments {
  /// Who stands still, or goes on.
  var pausedNodes: SpeedSubject {
    text("agents") == SpeedSubject.centreWord ? .centre : .agents(agents)
  }
}
