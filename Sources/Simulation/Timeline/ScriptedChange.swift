// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What a disturbance does, by family: to agents, to links and so on.
///
/// A family is a case here, a line in `RunLoop.perform`, and a file that says what happens when an event of it begins and
/// when it is undone (`RunLoop+ScriptedAgents.swift` is one).
package enum ScriptedChange: Sendable, Equatable {
  case agents(AgentSelector, AgentChange)
  case speeds(SpeedSubject, SpeedChange)
}

/// What a disturbance does to the agents that it is about.
package enum AgentChange: Sendable, Equatable {
  /// A cause that holds them down until it is undone; what they have forgotten then, and the time between the checkpoints
  /// that they come back to, where the event says it.
  case takeDown(FailureSettings.Recovery?, checkpointEvery: VirtualDuration?)
  /// Ends what the timeline holds them down by.
  case bringUp
}

extension ScriptedChange {
  /// Whether it is a cause that holds agents down.
  var takesAgentsDown: Bool {
    if case .agents(_, .takeDown) = self { true } else { false }
  }

  /// The agents that it is about, or whose links; nothing where it chooses none.
  package var agentSelector: AgentSelector? {
    switch self {
    case .agents(let selector, _), .speeds(.agents(let selector), _): selector
    case .speeds(.centre, _): nil
    }
  }
}

extension ScriptedChange {
  /// How many agents of so many it is about at most.
  func agentsAtMost(of agents: Double) -> Double {
    if case .speeds(.centre, _) = self { return 1 }
    return agentSelector?.atMost(of: agents) ?? agents
  }
}

extension AgentSelector {
  /// How many agents of so many it chooses at most.
  func atMost(of agents: Double) -> Double {
    switch self {
    case .named(let names): Double(names.count)
    case .random(.count(let count)), .highestDegree(.count(let count)): min(Double(count), agents)
    case .random(.share(let share)), .highestDegree(.share(let share)): (share * agents).rounded()
    case .all, .group, .region, .event: agents
    }
  }
}
