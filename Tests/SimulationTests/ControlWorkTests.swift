// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Synchronization
import Testing
import Workers

private let alone = StrategySettings(kind: .nonCooperative)

/// Rule 6: (c_env × steps + c_grad × samples) × speed × jitter, to the last bit; each phase takes what it computes.
@Test(arguments: orders)
func stepsTakeWhatTheyCompute(order: ActorCriticSettings.Order) throws {
  var settings = controlSettings(order: order, strategy: alone, until: 12)
  settings.conditions.compute = ComputeSettings(
    withinAgent: .lognormal(median: 1, sigma: 0.4), stragglers: [.init(choice: .named(["c"]), slowdown: 3)],
    work: .init(environmentStep: .seconds(0.01), sample: .seconds(0.003), agentFactor: .uniform(lower: 0.5, upper: 2)))
  let world = try World(settings, replication: 0)
  let seen = try Seen(settings)
  var plain = try PlainAgents(settings, world: world)
  #expect(Set(world.typicalStepDurations).count == 4)
  for agent in 0..<4 {
    let ends = seen.events.filter { $0.kind == .computeEnd && $0.subject == UInt32(agent) }.map(\.time.seconds)
    #expect(ends.count > 2)
    let phases = plain.bank.layout.phases.count
    plain.adapt(agent, attempts: Array(0..<(ends.count + phases - 1) / phases))
    let family = StreamFamily(seed: settings.seed, replication: 0, purpose: .computeTime)
    let jitter = family.key(world.network.keys[agent])
    var now = VirtualTime.zero
    for (number, end) in ends.enumerated() {
      let work = plain.works[agent][number]
      let factor =
        settings.conditions.compute.withinAgent.sample(jitter, at: UInt64(number / phases))
        * world.typicalStepDurations[agent]
      now += .seconds((0.01 * Double(work.environmentSteps) + 0.003 * work.gradientSamples) * factor)
      #expect(end == now.seconds)
    }
  }
}

/// A law of steps is one of whole steps: the phases share a draw.
@Test func thePhasesOfAStepShareTheLawOfItsTime() throws {
  var settings = controlSettings(strategy: alone, until: 6)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  func ends(_ order: ActorCriticSettings.Order) throws -> [[Double]] {
    settings.learner.actorCritic.order = order
    let events = try Seen(settings).events.filter { $0.kind == .computeEnd }
    return (0..<4).map { agent in events.filter { $0.subject == UInt32(agent) }.map(\.time.seconds) }
  }
  let (whole, halves) = try (ends(.jacobi), ends(.gaussSeidel))
  for agent in 0..<4 {
    #expect(whole[agent].count > 1)
    for (number, end) in whole[agent].enumerated() { #expect(abs(halves[agent][2 * number + 1] - end) < 1e-12) }
  }
}

// MARK: - Threads

/// Runs `body` while other threads help with its steps.
func helped<Result>(by helpers: Int, _ body: (StepPool) throws -> Result) rethrows -> Result {
  let pool = StepPool()
  let flag = Flag()
  let group = DispatchGroup()
  for _ in 0..<helpers {
    group.enter()
    Thread.detachNewThread {
      pool.help { flag.isSet }
      group.leave()
    }
  }
  defer {
    flag.set()
    pool.wake()
    group.wait()
  }
  return try body(pool)
}

/// Whether something is over.
private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}

/// Random steps, losses and crashes, by work or by a law.
private func busy(byWork: Bool, _ order: ActorCriticSettings.Order, agents: Int = 6) throws -> SimulationSettings {
  var settings = controlSettings(ring(agents), order: order, until: 12, every: 3)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  if byWork { settings.conditions.compute.work = .init(environmentStep: .seconds(0.01), sample: .seconds(0.02)) }
  settings.conditions.links.loss = try .independent(#require(Probability(0.1)))
  settings.conditions.failures = FailureSettings(up: .exponential(mean: 5), down: .exponential(mean: 1))
  settings.measurement.testsAllTasks = true
  return settings
}

@Test(arguments: orders, [true, false])
func whoComputesTheStepsChangesNothing(order: ActorCriticSettings.Order, byWork: Bool) throws {
  let settings = try busy(byWork: byWork, order)
  let world = try World(settings, replication: 0)
  let expected = try simulate(settings, in: world)
  #expect(expected.agents.contains { $0.wasted > 0 })
  for helpers in [0, 1, 3] {
    try helped(by: helpers) { pool in
      let record = try simulate(settings, in: world, steps: pool)
      #expect(record.fingerprint == expected.fingerprint)
      #expect(record.agents == expected.agents)
      #expect(record.taskReturns == expected.taskReturns)
      #expect(record.parameters == expected.parameters)
      #expect(pool.waitingCount == 0)
    }
  }
  // Four runs on three threads that also help each other.
  let pool = StepPool()
  let prints = inParallel(count: 4, jobs: 3, steps: pool) { piece in
    (try? simulate(settings, in: world, replication: piece % 2, steps: pool))?.fingerprint
  }
  let other = try simulate(settings, in: world, replication: 1).fingerprint
  #expect(prints == [expected.fingerprint, other, expected.fingerprint, other])
  #expect(other != expected.fingerprint)
}

@Test(arguments: orders, [0, 2])
func aCancelledRunTakesItsStepsBack(order: ActorCriticSettings.Order, helpers: Int) throws {
  var settings = try busy(byWork: false, order, agents: 40)
  settings.learner.actorCritic.episodesPerStep = 1
  settings.measurement = MeasurementSettings(until: .seconds(1000), every: .seconds(1000), testEpisodes: 1)
  let world = try World(settings, replication: 0)
  for _ in 0..<3 {
    helped(by: helpers) { pool in
      #expect(throws: SimulationError("The run was cancelled.")) {
        try simulate(settings, in: world, steps: pool) { true }
      }
      #expect(pool.waitingCount == 0)
    }
  }
}

/// Steps that take no time but once in 100,000: sooner or later they follow each other without end at one instant, and the run
/// throws while steps are under way.
@Test(arguments: [0, 2])
func aRunThatFailsTakesItsStepsBack(helpers: Int) throws {
  var settings = controlSettings(pair, strategy: alone, until: 5)
  settings.task = .control(ControlSettings(environment: .cartPoleBalance, timeLimit: 1))
  settings.learner.actorCritic.episodesPerStep = 1
  settings.learner.actorCritic.hiddenUnits = [1]
  settings.conditions.compute.betweenAgents = .constant(1)
  settings.conditions.compute.stragglers = []
  settings.conditions.compute.withinAgent = .mixture(
    probability: 1e-5, slow: .constant(1), fast: .constant(0))
  let world = try World(settings, replication: 0)
  helped(by: helpers) { pool in
    #expect(throws: SimulationError.self) { try simulate(settings, in: world, steps: pool) }
    #expect(pool.waitingCount == 0)
  }
}
