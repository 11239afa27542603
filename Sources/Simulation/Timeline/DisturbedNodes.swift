// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Schema

/// Whom a disturbance of nodes is about.
package enum DisturbedNodes: Sendable, Equatable {
  case agents(AgentSelector)
  /// The fusion centre, where an arm has one.
  case centre

  var isCentre: Bool { self == .centre }

  /// Stands for the fusion centre.
  static let centreWord = "centre"
}

extension Parameter {
  /// The nodes that a disturbance is about.
  static let nodes = Parameter(
    "agents", .described(.either([.word(DisturbedNodes.centreWord), .agents]), "centre, " + Kind.agents.allowed),
    "whom it is about; the fusion centre where there is one", example: "[agent-3]")
}

extension Arguments {
  /// The nodes that a disturbance is about.
  var nodes: DisturbedNodes {
    text("agents") == DisturbedNodes.centreWord ? .centre : .agents(agents)
  }
}
