// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Records

/// Everything that one arm of a study says; with a seed and a replication number it determines a run.
package struct SimulationSettings: Sendable, Equatable {
  /// What is drawn anew in every replication instead of once per study.
  package enum Resampled: String, Sendable, CaseIterable {
    case network
    case tasks
    case speeds
  }

  package var network: NetworkSettings
  package var task: TaskSettings
  package var learner: LearnerSettings
  package var strategy: StrategySettings
  package var conditions: ConditionSettings
  package var measurement: MeasurementSettings
  package var resample: Set<Resampled>
  package var seed: UInt64
  /// In which order exact ties are taken.
  package var ties: TieOrder

  package init(
    network: NetworkSettings, task: TaskSettings, learner: LearnerSettings,
    strategy: StrategySettings = StrategySettings(), conditions: ConditionSettings = ConditionSettings(),
    measurement: MeasurementSettings, resample: Set<Resampled> = [], seed: UInt64 = 1, ties: TieOrder = .firstInFirstOut
  ) {
    self.network = network
    self.task = task
    self.learner = learner
    self.strategy = strategy
    self.conditions = conditions
    self.measurement = measurement
    self.resample = resample
    self.seed = seed
    self.ties = ties
  }
}

extension SimulationSettings {
  /// Whether estimates are acknowledged and sent again: in synchronous timings, under loss or crashes, or where the
  /// scenario asks for it.
  package var usesAcknowledgements: Bool {
    guard strategy.kind != .nonCooperative, strategy.timing.hasRounds else { return false }
    switch strategy.retransmission.acknowledge {
    case .always: return true
    case .never: return false
    case .auto: return conditions.links.loss > .never || conditions.failures != nil
    }
  }
}

extension SimulationSettings {
  /// Why these settings cannot run on a directed graph, and the key that says it; nothing where they can.
  package var directedObstacle: (key: String, reason: String)? {
    guard network.isDirected, strategy.kind != .nonCooperative else { return nil }
    if strategy.timing == .synchronousLocal {
      return (
        "strategy.timing",
        "synchronous-local timing does not go with a directed graph: whom an agent does not hear can be many rounds "
          + "ahead of it, and their estimates would displace each other"
      )
    }
    if strategy.kind == .gossip, strategy.gossip.exchange == .pairwise {
      return ("strategy.gossip.exchange", "exchange pairwise goes both ways, but a directed graph has one-way links")
    }
    if usesAcknowledgements {
      return (
        "network.directed",
        "acknowledgements (synchronous timing under loss or failures) do not go with a directed graph, where a link "
          + "need not have one back; use asynchronous timing, or retransmission.acknowledge never"
      )
    }
    return nil
  }

  /// Whether what runs on the network needs a doubly stochastic combination matrix. The choice `auto` of
  /// `require-doubly-stochastic` follows it.
  package var needsDoublyStochastic: Bool {
    switch task {
    case .linearRegression: false
    // Only with such a matrix agents agree on the mean; gossip and push-sum bring weights of their own.
    case .averaging: strategy.kind != .gossip && strategy.kind != .pushSum
    }
  }
}

/// When a run is measured and when it ends.
package struct MeasurementSettings: Sendable, Equatable {
  /// A bound that a metric should pass.
  package struct Target: Sendable, Equatable {
    package var metric: MetricName
    /// The metric has reached the target where it is at or below this, in linear units; a return where it is at or
    /// above it.
    package var threshold: Double

    package init(metric: MetricName, threshold: Double) {
      self.metric = metric
      self.threshold = threshold
    }
  }

  /// A limit that ends a run before `until`.
  package enum Budget: Sendable, Equatable {
    /// Mean updates per live agent.
    case updates(Double)
    /// Data samples used by all agents.
    case samples(Double)
    /// Bytes sent by all agents.
    case bytes(Double)
  }

  /// Virtual seconds at which every run ends.
  package var until: Double
  /// Virtual seconds between measurements; the first is at zero.
  package var every: Double
  package var target: Target?
  /// The share of the grid, at its end, over which final metrics are averaged.
  package var finalWindow: Double
  package var budget: Budget?

  package init(until: Double, every: Double, target: Target? = nil, finalWindow: Double = 0.1, budget: Budget? = nil) {
    self.until = until
    self.every = every
    self.target = target
    self.finalWindow = finalWindow
    self.budget = budget
  }
}
