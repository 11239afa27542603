// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Testing

/// A study in which nothing is random but what is drawn once for all replications: the optimum and who is fast.
private var certain: SimulationSettings {
  settings(
    paw, algorithm: .steepestDescent, compute: ComputeSettings(betweenAgents: .uniform(lower: 1, upper: 2)),
    links: LinkSettings(latency: .law(.constant(0.25))), until: 40)
}

/// What changes the study, and whether its replications can differ then.
private struct Change: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let isRandom: Bool
  let change: @Sendable (inout SimulationSettings) -> Void

  init(_ name: String, isRandom: Bool, _ change: @escaping @Sendable (inout SimulationSettings) -> Void) {
    (testDescription, self.isRandom, self.change) = (name, isRandom, change)
  }
}

private let changes: [Change] = [
  Change("as it is", isRandom: false) { _ in },
  Change("data", isRandom: true) { $0.learner.algorithm = .leastMeanSquares },
  Change("noise of gradients", isRandom: true) { $0.learner.gradientNoiseVariance = 0.1 },
  Change("initial parameters", isRandom: true) { $0.learner.initial = .normal(standardDeviation: 1) },
  Change("initial parameters without spread", isRandom: false) { $0.learner.initial = .normal(standardDeviation: 0) },
  Change("steps", isRandom: true) { $0.conditions.compute.withinAgent = .exponential(mean: 1) },
  Change("start", isRandom: true) { $0.conditions.compute.startPhase = .uniform(lower: 0, upper: 1) },
  Change("latency", isRandom: true) { $0.conditions.links.latency = .law(.exponential(mean: 0.3)) },
  Change("loss", isRandom: true) { $0.conditions.links.loss = .independent(Probability(0.1) ?? .never) },
  Change("loss of messages that nobody sends", isRandom: false) {
    $0.conditions.links.loss = .independent(Probability(0.1) ?? .never)
    $0.strategy.kind = .nonCooperative
  },
  Change("bandwidth", isRandom: false) { $0.conditions.links.bandwidth = .bytesPerSecond(100) },
  Change("outages", isRandom: true) {
    $0.conditions.failures = FailureSettings(up: .exponential(mean: 10), down: .constant(2))
  },
  Change("outages by the clock", isRandom: false) {
    $0.conditions.failures = FailureSettings(up: .constant(10), down: .constant(2))
  },
  Change("whom one learns from after an outage", isRandom: true) {
    $0.conditions.failures = FailureSettings(
      up: .constant(10), down: .constant(2), onRecovery: .neighbour, agents: ["a"])
    $0.conditions.compute.stragglers = [.init(choice: .named(["c"]), slowdown: 3)]
  },
  Change("whom one meets", isRandom: true) { $0.strategy.kind = .gossip },
  Change("clocks of push-sum", isRandom: false) { $0.strategy.kind = .pushSum },
  Change("random clocks of push-sum", isRandom: true) {
    $0.strategy.kind = .pushSum
    $0.strategy.clock.withinAgent = .exponential(mean: 1)
  },
  Change("clocks of links", isRandom: true) {
    ($0.strategy.exchange, $0.strategy.message) = (.link, .combined)
    $0.strategy.linkInterval = .exponential(mean: 1)
  },
  Change("rounds", isRandom: false) { $0.strategy = StrategySettings(timing: .synchronousLocal) },
  Change("slots", isRandom: false) { $0.strategy = StrategySettings(timing: .slotted) },
  Change("activity in slots", isRandom: true) {
    $0.strategy = StrategySettings(
      timing: .slotted, slots: SlotSettings(activeProbability: .law(.constant(0.5))))
  },
  Change("a resampled optimum", isRandom: true) { $0.resample = [.tasks] },
  Change("resampled speeds", isRandom: true) { $0.resample = [.speeds] },
  Change("resampled speeds that are all the same", isRandom: false) {
    $0.resample = [.speeds]
    $0.conditions.compute.betweenAgents = .constant(1)
  },
  Change("a resampled network that is the same", isRandom: false) { $0.resample = [.network] },
]

/// Whether replications can differ is known from the settings, and just where it says so they do.
@Test(arguments: changes) private func settingsTellWhetherReplicationsAreCopies(change: Change) throws {
  var settings = certain
  change.change(&settings)
  #expect(settings.isDeterministic == !change.isRandom)
  let records = try (0..<4).map { replication in
    try simulate(settings, in: World(settings, replication: UInt32(replication)), replication: replication)
  }
  let curves = Set(records.map { record in record.series.map { $0.values.map(\.bitPattern) } })
  #expect((curves.count > 1) == change.isRandom)
  #expect(change.isRandom || Set(records.map(\.fingerprint)).count == 1)
}
