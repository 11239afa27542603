// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities
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
  /// What happens to the world at times of the scenario's choice, in its order.
  package var timeline: [TimelineEntry]
  package var measurement: MeasurementSettings
  package var resample: Set<Resampled>
  package var seed: UInt64
  /// In which order exact ties are taken.
  package var ties: TieOrder
  /// Whether the run keeps what it takes for its state to be taken up by a run with more in its timeline (`Branch.swift`).
  /// It changes nothing that happens, and costs a little time.
  package var isBranchable = false

  package init(
    network: NetworkSettings, task: TaskSettings, learner: LearnerSettings,
    strategy: StrategySettings = StrategySettings(), conditions: ConditionSettings = ConditionSettings(),
    timeline: [TimelineEntry] = [], measurement: MeasurementSettings, resample: Set<Resampled> = [], seed: UInt64 = 1,
    ties: TieOrder = .firstInFirstOut
  ) {
    self.network = network
    self.task = task
    self.learner = learner
    self.strategy = strategy
    self.conditions = conditions
    self.timeline = timeline
    self.measurement = measurement
    self.resample = resample
    self.seed = seed
    self.ties = ties
  }
}

extension SimulationSettings {
  /// The number M of parameters of each agent.
  package var parameterCount: Int { learning.parameterCount }

  /// The number of phases of a local step, each with messages of its own.
  package var phaseCount: Int { learning.layout.phaseCount }

  /// How many parameters messages carry: all but what agents have for themselves.
  package var sharedCount: Int { learning.layout.sharedCount }

  /// What is known of the learner at this task.
  package var learning: LearnerFacts { LearningPlan(task, learner).facts }

  /// Seconds that a local step takes in the mean, over agents without stragglers; with work an upper bound, as if no
  /// episode ended before its time.
  package var meanStepSeconds: Double {
    let compute = conditions.compute
    return stepSeconds(factor: compute.meanTypicalStep(agents: network.agentCount))
  }

  /// The same for an agent whose typical duration, or factor of its times, is given.
  package func stepSeconds(factor: Double) -> Double {
    let within = factor * conditions.compute.withinAgent.mean
    guard let work = conditions.compute.work, task.definition.hasEpisodes else { return within }
    let learning = learning
    if let gradients = learning.mostGradientSamplesPerStep {
      let ofGradients = agentsComputeGradients ? Double(gradients) * work.sample.seconds : 0
      return within * (Double(learning.mostSamplesPerStep) * work.environmentStep.seconds + ofGradients)
    }
    return within * Double(learning.mostSamplesPerStep)
      * (work.environmentStep.seconds + (agentsComputeGradients ? work.sample.seconds : 0))
  }

  /// Whether agents compute the gradients of their steps; else the fusion centre does, to which they send episodes.
  package var agentsComputeGradients: Bool { !sendsEpisodes }

  /// Bytes of a parameter.
  package var bytesPerParameter: Int { learning.bytesPerParameter }

  /// Whether estimates are acknowledged and sent again: in synchronous timings, or where agents wait for answers, where a
  /// message can get lost in whatever way, or where the scenario asks for it.
  package var usesAcknowledgements: Bool {
    guard strategy.facts.cooperates, strategy.timing.hasRounds || strategy.waitsForAnswers else { return false }
    switch strategy.retransmission.acknowledge {
    case .always: return true
    case .never: return false
    // Nobody waits for what is lost with its edge.
    case .auto: return strategy.facts.repeatsWhatMayBeLost && !messageLosses.subtracting([.edge]).isEmpty
    }
  }
}

extension SimulationSettings {
  /// Why these settings cannot run on a directed graph, and the key that says it; nothing where they can.
  package var directedObstacle: (key: String, reason: String)? {
    // Agents that do not talk to each other do not care for the graph.
    guard network.isDirected, ![.nobody, .centre].contains(strategy.facts.audience) else { return nil }
    if strategy.timing == .synchronousLocal {
      return (
        "strategy.timing",
        "synchronous-local timing does not go with a directed graph: whom an agent does not hear can be many rounds "
          + "ahead of it, and their estimates would displace each other"
      )
    }
    if strategy.averagesInPairs {
      return ("strategy.gossip.exchange", "exchange pairwise goes both ways, but a directed graph has one-way links")
    }
    if usesAcknowledgements {
      return (
        "network.directed",
        "acknowledgements (synchronous timing in which messages can get lost) do not go with a directed graph, where a "
          + "link need not have one back; use asynchronous timing, or retransmission.acknowledge never"
      )
    }
    return nil
  }

  /// What runs measure: what the learner does, and what records ask for.
  package var metrics: [MetricDefinition] {
    let all =
      learning.metrics(and: measurement.also) + (measurement.records.energy == nil ? [] : [MetricDefinition.joules])
    guard strategy.facts.passesShares else { return all }
    return all + [MetricDefinition.mass, .massLeast].filter { measurement.also.contains($0.name) }
  }

  /// Whether what runs on the network needs a doubly stochastic combination matrix: only with such a one agents agree
  /// on a mean. The choice `auto` of `require-doubly-stochastic` follows it.
  package var needsDoublyStochastic: Bool { task.definition.isAgreement && !strategy.facts.bringsWeights }
}

/// When a run is measured and when it ends.
package struct MeasurementSettings: Sendable, Equatable {
  /// A bound that a metric should pass.
  package struct Target: Sendable, Equatable {
    package var metric: MetricDefinition
    /// The metric has reached the target where it is at or below this, in linear units; one of which more is better
    /// where it is at or above it.
    package var threshold: Double

    package init(metric: MetricDefinition, threshold: Double) {
      self.metric = metric
      self.threshold = threshold
    }
  }

  /// A limit that ends a run before `until`.
  package enum Budget: Sendable, Equatable {
    /// Mean updates per agent, of all agents, up or down.
    case updates(Double)
    /// Data samples used by all agents.
    case samples(Double)
    /// Bytes sent by all agents.
    case bytes(Double)
    /// Mean episodes per agent, of all agents, up or down.
    case episodes(Double)
  }

  /// Which parameters of agents results keep.
  package enum Keeping: Sendable, Equatable {
    /// The final ones of agents that act, which are their policies; else none.
    case auto
    case none
    /// Those that agents end with.
    case final
    /// Those at the first measurement after each multiple of so long a time, and the final ones.
    case every(VirtualDuration)
  }

  /// The virtual time at which every run ends.
  package var until: VirtualDuration
  /// Virtual time between measurements; the first is at zero.
  package var every: VirtualDuration
  package var target: Target?
  /// The share of the grid, at its end, over which final metrics are averaged.
  package var finalWindow: Double
  package var budget: Budget?
  /// Of agents that act: episodes of a test.
  package var testEpisodes: Int
  /// Whether the final policy of each agent is tested in every task.
  package var testsAllTasks: Bool
  package var keeping: Keeping
  /// The names of further metrics, which the learner can measure and does not by itself.
  package var also: [String]
  /// What is kept beyond what all runs keep.
  package var records: RecordSettings

  package init(
    until: VirtualDuration, every: VirtualDuration, target: Target? = nil, finalWindow: Double = 0.1,
    budget: Budget? = nil,
    testEpisodes: Int = 10, testsAllTasks: Bool = false, keeping: Keeping = .auto, also: [String] = [],
    records: RecordSettings = RecordSettings()
  ) {
    self.until = until
    self.every = every
    self.target = target
    self.finalWindow = finalWindow
    self.budget = budget
    self.testEpisodes = testEpisodes
    self.testsAllTasks = testsAllTasks
    self.keeping = keeping
    self.also = also
    self.records = records
  }
}
