// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Testing

/// The laws of the workload in ticks. Its periods are whole numbers; not to round them changes no count by a percent.
private enum WorkloadLaws {
  static let period = Distribution.normal(mean: 100, standardDeviation: 10)
  static let latency = Distribution.discreteUniform(first: 0, count: 11, step: 1)
}

/// 100 agents, each linked with those one and ten further in a circle.
private let circulant = NetworkSettings(
  topology: .edgeList(
    agents: (0..<100).map { "\($0)" },
    edges: (0..<100).flatMap { agent in [1, 10].map { .init("\(agent)", "\((agent + $0) % 100)") } }))

/// The gossip workload on which simulators are compared, one second a tick.
private func workload(until: Double) throws -> SimulationSettings {
  var strategy = StrategySettings(kind: .gossip)
  strategy.clock = ClockSettings(betweenAgents: WorkloadLaws.period)
  return SimulationSettings(
    network: circulant,
    task: .linearRegression(LinearRegressionSettings(dimension: 20, samples: 256)),
    learner: LearnerSettings(stepSize: .law(.constant(0.02))), strategy: strategy,
    conditions: ConditionSettings(
      compute: ComputeSettings(betweenAgents: .constant(0)),
      links: LinkSettings(latency: .law(WorkloadLaws.latency), loss: try #require(Probability(0.1)))),
    measurement: MeasurementSettings(until: .seconds(until), every: .seconds(until / 40), finalWindow: 0.01), seed: 1)
}

/// About 10 200 sends, 1030 lost, 9150 updates and 19 400 events over 10 000 ticks. Bars of 3 %; of the lost ones, with
/// a deviation of 30 a run, the mean of ten runs (3 % is 3.3 deviations: 1e-3, fixed seed).
@Test func theGossipWorkloadDoesWhatItIsKnownToDo() throws {
  let settings = try workload(until: 10_000)
  let world = try World(settings, replication: 0)
  let runs = try (0..<10).map { try simulate(settings, in: world, replication: $0) }
  func mean(_ value: (Int) -> UInt64) -> Double { Double(runs.indices.map(value).reduce(0, +)) / 10 }
  func isAbout(_ value: Double, _ expected: Double) -> Bool { abs(value / expected - 1) < 0.03 }
  #expect(isAbout(mean { runs[$0].messages.sent }, 10_200))
  #expect(isAbout(mean { runs[$0].messages.lost }, 1030))
  #expect(isAbout(mean { runs[$0].agents.map(\.updates).reduce(0, +) }, 9150))
  #expect(isAbout(mean { (runs[$0].engine.events["timer"] ?? 0) + (runs[$0].engine.events["arrival"] ?? 0) }, 19_400))
}

/// After 400 rounds the network MSD is -36 dB within 1 dB.
@Test func theGossipWorkloadLearnsAsFarAsItIsKnownTo() throws {
  let settings = try workload(until: 40_000)
  let world = try World(settings, replication: 0)
  let runs = try (0..<5).map { try simulate(settings, in: world, replication: $0) }
  let mean = try runs.map { try #require($0.finals["msd"]) }.reduce(0, +) / 5
  #expect(abs(decibels(ofPower: mean) + 36) < 1)
}
