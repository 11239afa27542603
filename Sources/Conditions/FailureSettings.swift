// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// What takes agents down and lets them up by itself: causes that do not know of each other.
///
/// An agent is up when no cause holds it down, so overlapping outages are one.
package struct FailureSettings: Sendable, Equatable {
  /// What a recovered agent knows. Of causes that share an outage the most forgetful decides: the last of these.
  package enum Recovery: String, Sendable, CaseIterable {
    /// Its parameters, mailbox and round, as at the crash.
    case keep
    /// Parameters and what its learner keeps for itself as they were at the latest checkpoint, mailbox empty.
    case checkpoint
    /// The parameters of one live neighbour drawn at random (its own initial ones if none lives), mailbox empty.
    case neighbour
    /// Nothing: it starts again from its initial parameters with an empty mailbox.
    case reset
  }

  /// One cause.
  package struct Cause: Sendable, Equatable {
    package var kind: OutageDefinition
    /// What is said of the kind.
    package var arguments: Arguments
    package var onRecovery: Recovery
    /// Agents are written down at the multiples of this time at which they are up; for those who recover from there.
    package var checkpointEvery: VirtualDuration?
    /// The agents that may go down; those who are drawn are so once per study.
    package var agents: AgentSelector

    package init(
      _ kind: OutageDefinition, _ arguments: Arguments, onRecovery: Recovery = .keep,
      checkpointEvery: VirtualDuration? = nil, agents: AgentSelector = .all
    ) {
      self.kind = kind
      self.arguments = kind.form.isTrace ? arguments : arguments.completed(by: kind.parameters)
      self.onRecovery = onRecovery
      self.checkpointEvery = checkpointEvery
      self.agents = agents
    }

    /// Agents that are up and down in turn: those of some names, or all.
    package init(
      up: Distribution, down: Distribution, onRecovery: Recovery = .keep, checkpointEvery: VirtualDuration? = nil,
      agents: [String]? = nil
    ) {
      self.init(
        .failures, ["up": .special(up), "down": .special(down)], onRecovery: onRecovery,
        checkpointEvery: checkpointEvery, agents: agents.map(AgentSelector.named) ?? .all)
    }

    /// What about the values cannot be.
    package var fault: Fault? { kind.check(arguments) }

    /// What is known of it before anything is drawn.
    package func facts(_ question: OutageQuestion) -> OutageFacts { kind.facts(arguments, question) }
  }

  /// At least one.
  package var causes: [Cause]

  package init(_ causes: [Cause]) { self.causes = causes }

  /// One cause: agents are up and down in turn, those of some names or all.
  package init(
    up: Distribution, down: Distribution, onRecovery: Recovery = .keep, checkpointEvery: VirtualDuration? = nil,
    agents: [String]? = nil
  ) {
    causes = [
      Cause(up: up, down: down, onRecovery: onRecovery, checkpointEvery: checkpointEvery, agents: agents)
    ]
  }
}

extension FailureSettings.Recovery {
  /// How much an agent has forgotten.
  package var forgetfulness: UInt8 {
    switch self {
    case .keep: 0
    case .checkpoint: 1
    case .neighbour: 2
    case .reset: 3
    }
  }
}

extension ConditionSettings {
  /// All causes that take agents down by themselves.
  package var outageCauses: [FailureSettings.Cause] { failures?.causes ?? [] }

  /// What events of the timeline let agents forget that do not say it: what the first cause does.
  package var usualRecovery: FailureSettings.Recovery { outageCauses.first?.onRecovery ?? .keep }

  /// The time between checkpoints of events of the timeline that do not say it.
  package var usualCheckpoint: VirtualDuration? { outageCauses.lazy.compactMap(\.checkpointEvery).first }
}
