// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// When the clock of each agent rings: (between agents) × (within the agent) seconds after it rang before.
package struct ClockSettings: Sendable, Equatable {
  /// The typical interval of an agent in seconds, drawn once per study for each agent.
  package var betweenAgents: Distribution
  /// The factor of each single interval, a pure number; exponential for a Poisson process.
  package var withinAgent: Distribution
  /// When the clock rings first, seconds.
  package var startPhase: Distribution

  package init(
    betweenAgents: Distribution = .constant(1), withinAgent: Distribution = .constant(1),
    startPhase: Distribution = .constant(0)
  ) {
    self.betweenAgents = betweenAgents
    self.withinAgent = withinAgent
    self.startPhase = startPhase
  }

  /// The typical interval of each clock in seconds.
  ///
  /// *Randomness*: `clockSpeed` of the agent, or whatever else has the clock, at index 0.
  func intervals(of entities: [EntityKey], seed: UInt64, replication: UInt32) -> [Double] {
    let speeds = StreamFamily(seed: seed, replication: replication, purpose: .clockSpeed)
    return entities.map { betweenAgents.sample(speeds.key($0), at: 0) }
  }
}

/// Randomised gossip: an agent whose clock rings chooses a neighbour, each equally probable, and the two average.
///
/// Source: Boyd, Ghosh, Prabhakar and Shah, "Randomized gossip algorithms", 2006.
package struct GossipSettings: Sendable, Equatable {
  /// What passes between the two.
  package enum Exchange: String, Sendable, CaseIterable {
    /// The agent sends its estimate over the link; the receiver averages with it when it arrives.
    case push
    /// Both average at the same instant, w ← (w_i + w_j)/2, whatever the latency.
    case pairwise
  }

  /// How averaging goes together with local steps.
  package enum Order: String, Sendable, CaseIterable {
    /// After averaging, an agent takes a step.
    case combineThenAdapt = "combine-then-adapt"
    /// When its clock rings, an agent takes a step and exchanges the outcome.
    case adaptThenCombine = "adapt-then-combine"
  }

  /// What a pairwise exchange loses.
  package enum Loss: String, Sendable, CaseIterable {
    /// Both directions or none, so that the mean is kept.
    case exchange
    /// Each direction independently.
    case direction
  }

  /// Whose clock rings.
  package enum Wake: String, Sendable, CaseIterable {
    /// Every agent has a clock of its own.
    case independent
    /// One clock for all; every time it rings, one agent, each equally probable, takes its turn.
    case oneAtATime = "one-at-a-time"
  }

  package var exchange: Exchange
  package var order: Order
  package var loss: Loss
  package var wake: Wake

  package init(
    exchange: Exchange = .push, order: Order = .combineThenAdapt, loss: Loss = .exchange, wake: Wake = .independent
  ) {
    self.exchange = exchange
    self.order = order
    self.loss = loss
    self.wake = wake
  }
}

/// Push-sum: estimates are ratios of a sum and a mass, both sent in equal shares to all receivers of an agent.
///
/// Source: Kempe, Dobra and Gehrke, "Gossip-based computation of aggregate information", 2003; with running sums
/// Hadjicostis, Vaidya and Dominguez-Garcia, "Robust distributed average consensus via exchange of running sums", 2016.
package struct PushSumSettings: Sendable, Equatable {
  /// Whether messages carry running sums of all shares ever sent, so that a lost one costs nothing for good.
  package var runningSums: Bool

  package init(runningSums: Bool = false) { self.runningSums = runningSums }
}
