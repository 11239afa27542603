// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing
import Workers

/// A small study of soft actors, with little of everything, so that much happens soon.
private func study(
  _ network: NetworkSettings = paw, strategy: StrategySettings = StrategySettings(), until: Double = 30
) -> SimulationSettings {
  let learner = SoftActorCriticSettings(
    hiddenUnits: [6], criticStepSize: 0.01, actorStepSize: 0.01, temperatureStepSize: 0.01, batch: 4, replay: 20,
    randomFirst: 6, stepsPerUpdate: 2, targetRate: 0.1)
  return SimulationSettings(
    network: network, task: .control(ControlSettings(environment: .cartPoleBalance, tasks: .grid, timeLimit: 15)),
    learner: .softActorCritic(learner), strategy: strategy,
    conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(
      until: .seconds(until), every: .seconds(2), testEpisodes: 2, also: [MetricDefinition.recentSteps.name]),
    seed: 7)
}

private func makeBank(
  _ settings: SimulationSettings, _ world: World, learners: Int
) throws -> SoftActorCriticLearning {
  let task = try #require(world.task as? ControlSettings)
  return SoftActorCriticLearning(
    settings.learner.softActorCritic, task: task, agents: world.network.keys, learners: learners,
    testEpisodes: settings.measurement.testEpisodes, seed: settings.seed, replication: 0, steps: StepPool())
}

/// Takes whole steps of an agent alone, and gives what they took.
private func take(
  _ attempts: [Int], of agent: Int, in bank: borrowing SoftActorCriticLearning, at w: inout [Float]
) -> [StepWork] {
  var increment = [Float](repeating: .nan, count: w.count)
  return attempts.map { attempt in
    let work = increment.withUnsafeMutableBufferPointer { buffer in
      bank.begin(LocalStep(NodeID(agent), attempt: UInt64(attempt)), at: w, increment: buffer.baseAddress!)
      return bank.finish(NodeID(agent))
    }
    for entry in w.indices { w[entry] += increment[entry] }
    return work
  }
}

/// Rule 4: a completes attempts 0 to 8, loses attempt 9 half way in the middle of its segment, and goes on. Of the lost
/// attempt nothing is left: neither steps of the environment, nor transitions, nor moments, nor
/// moves of slow critics and of the temperature.
@Test(arguments: [FailureSettings.Recovery.keep, .reset, .checkpoint])
func aCrashInTheMiddleOfASegmentOfASoftActorLeavesNoTrace(recovery: FailureSettings.Recovery) throws {
  var settings = study(strategy: StrategySettings(kind: .nonCooperative), until: 24.25)
  settings.conditions.failures = FailureSettings(
    up: .constant(9.5), down: .constant(2), onRecovery: recovery, agents: ["a"])
  if recovery == .checkpoint { settings.conditions.failures?.causes[0].checkpointEvery = .seconds(5.5) }
  let world = try World(settings, replication: 0)
  let bank = try makeBank(settings, world, learners: 4)
  var w = [Float](repeating: .nan, count: bank.parameterCount)
  bank.initialise(NodeID(0), into: &w)
  // It is down from 9.5 to 11.5, up for another 9.5 s, and down again to 23.
  var works = take(Array(0..<(recovery == .checkpoint ? 5 : 9)), of: 0, in: bank, at: &w)
  if recovery == .reset {
    bank.forget(NodeID(0))
    bank.initialise(NodeID(0), into: &w)
  }
  if recovery != .checkpoint {
    works += take(Array(10..<19), of: 0, in: bank, at: &w)
    if recovery == .reset {
      bank.forget(NodeID(0))
      bank.initialise(NodeID(0), into: &w)
    }
    works += take([20], of: 0, in: bank, at: &w)
    let seen = try Seen(settings)
    #expect(seen.record.agents[0].updates == 19)
    #expect(seen.record.agents[0].episodes == works.reduce(0) { $0 + $1.episodes })
    #expect(Array(seen.parameters.prefix(w.count)) == w.map { Double($0) })
    #expect(works.contains { $0.gradientSamples > 0 })
  } else {
    // As it was at the checkpoint, after five steps, it goes on with the attempts that follow the lost one.
    settings.measurement.until = .seconds(14.75)
    works += take([10, 11, 12], of: 0, in: bank, at: &w)
    let seen = try Seen(settings)
    #expect(Array(seen.parameters.prefix(w.count)) == w.map { Double($0) })
  }
}

/// Everything that goes wrong, in strategies of all kinds.
private let strategies: [StrategySettings] = [
  StrategySettings(), StrategySettings(timing: .synchronousLocal, peerTimeout: .seconds(2)),
  StrategySettings(
    timing: .slotted,
    slots: SlotSettings(activity: .sleep, activeProbability: .law(.constant(0.7)), gradientDelay: 2)),
  StrategySettings(kind: .gossip), StrategySettings(kind: .pushSum),
  StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: .gradients),
]

@Test(arguments: strategies) func softActorsKeepTheirAccounts(strategy: StrategySettings) throws {
  let settings = try study(strategy: strategy, until: 60).withEverything(unit: 1, bandwidth: 4800, up: 20, down: 3)
  let record = try Seen(settings).record
  #expect(record.messages.accounted == record.messages.sent)
  for agent in record.agents {
    // Two steps of the environment in every step that has ended.
    #expect(agent.samples == 2 * agent.updates)
  }
  #expect(record.agents.contains { $0.down > 0 } && record.agents.allSatisfy { $0.updates > 5 })
}

/// Whoever computes the steps, and wherever a run is stopped, its record is the same in every field.
@Test(arguments: strategies)
func whoComputesSoftActorsAndWhereTheyStopChangesNothing(strategy: StrategySettings) throws {
  let settings = try study(strategy: strategy).withEverything(unit: 1, bandwidth: 4800, up: 12, down: 3)
  try expectTheSame(settings, helpers: [1, 3], stoppedAt: [3.5, 11.25, 19.0])
}

/// A centre whose one agent sends gradients, and takes no time, is an agent alone; moves of its optimiser count from
/// the first gradient that is one.
@Test func aSingleSoftActorWithACentreIsAnAgentAlone() throws {
  let network = NetworkSettings(topology: .edgeList(agents: ["a"], edges: []))
  let settings = study(
    network,
    strategy: StrategySettings(
      kind: .centralised, timing: .synchronousGlobal, upload: .gradients, centre: CentreSettings(stepTime: .constant(0))
    ),
    until: 40.5)
  var alone = settings
  alone.strategy = StrategySettings(kind: .nonCooperative)
  let (one, other) = (try Seen(settings), try Seen(alone))
  #expect(one.record.agents[0].updates == 40)
  #expect(Array(one.parameters.prefix(other.parameters.count)) == other.parameters)
  #expect(one.record.agents[0].episodes == other.record.agents[0].episodes)
}

/// Transitions and slow critics are part of the memory that is announced, in runs and in checkpoints.
@Test func transitionsAndSlowCriticsOfSoftActorsAreAnnounced() {
  var settings = study()
  let small = settings.learning.memory
  settings.learner.softActorCritic.replay = 10_020
  let large = settings.learning.memory
  // Two states of four doubles, an action, a reward, a time, a task and an end.
  #expect(large.samplesPerLearner - small.samplesPerLearner == 10_000 * (2 * 32 + 17))
  #expect(large.perCheckpoint - small.perCheckpoint == 10_000 * (2 * 32 + 17))
  // 22 rows of these, and two critics of 5, 6 and 1 units.
  let critics: Double = 4 * 2 * 43
  #expect(small.perCheckpoint == 22 * 81 + critics)
}
