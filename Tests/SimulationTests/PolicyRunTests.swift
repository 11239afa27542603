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

/// Learners that choose among actions, with little of everything, so that much happens soon.
private let gradientLearners: [LearnerSettings] = [
  .policy(
    PolicySettings(
      stretch: .segments(steps: 3, environments: 2), hiddenUnits: [6], actorStepSize: 0.01, criticStepSize: 0.02,
      traceDecay: 0.9)),
  .policy(PolicySettings(stretch: .episodes(2), hiddenUnits: [6], actorStepSize: 0.01, criticStepSize: 0.02)),
  .policy(PolicySettings(stretch: .episodes(1), baseline: .none, hiddenUnits: [6], actorStepSize: 0.01)),
]
private let incrementLearners: [LearnerSettings] = [
  .policy(
    PolicySettings(
      stretch: .segments(steps: 4, environments: 2), proximal: .init(epochs: 2, minibatches: 2, clip: 0.1),
      hiddenUnits: [6], actorStepSize: 0.01, criticStepSize: 0.02, normalisesAdvantages: true)),
  .tabularValues(TabularValueSettings(rule: .best, stepSize: 0.5, stepsPerUpdate: 3)),
  .tabularValues(TabularValueSettings(rule: .taken, stepSize: 0.5, stepsPerUpdate: 3)),
]
private let learners = gradientLearners + incrementLearners

private func study(
  _ learner: LearnerSettings, _ network: NetworkSettings = paw, strategy: StrategySettings = StrategySettings(),
  until: Double = 30
) -> SimulationSettings {
  SimulationSettings(
    network: network, task: .control(ControlSettings(environment: .twoRoom, tasks: .grid, timeLimit: 15)),
    learner: learner, strategy: strategy,
    conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(
      until: .seconds(until), every: .seconds(2), testEpisodes: 2, also: [MetricDefinition.recentSteps.name]),
    seed: 7)
}

/// The bank of a run, as the run makes it.
private func makeBank(_ settings: SimulationSettings, _ world: World) throws -> StepBank<Float> {
  let context = LearningContext(
    settings.learner, task: world.task, nodes: world.network.keys, agentCount: world.network.keys.count,
    testEpisodes: settings.measurement.testEpisodes, seed: settings.seed, replication: 0, steps: StepPool())
  guard let bank = context.bank else { throw NoSuchBank() }
  switch consume bank {
  case .single(let bank): return bank
  case .double: throw NoSuchBank()
  }
}

private struct NoSuchBank: Error {}

/// Takes whole steps of an agent alone, and gives what they took.
private func take(
  _ attempts: [Int], of agent: Int, in bank: borrowing StepBank<Float>, at w: inout [Float]
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

/// Rule 4: a completes attempts 0 to 8, loses attempt 9 half way, in the middle of its segment, and goes on. Of the lost
/// attempt nothing is left: neither steps of the environment, nor moments, nor what it had chosen to do.
@Test(arguments: learners, [FailureSettings.Recovery.keep, .reset, .checkpoint])
func aCrashInTheMiddleOfAStepOfAPolicyLeavesNoTrace(
  learner: LearnerSettings, recovery: FailureSettings.Recovery
) throws {
  var settings = study(learner, strategy: StrategySettings(kind: .nonCooperative), until: 24.25)
  settings.conditions.failures = FailureSettings(
    up: .constant(9.5), down: .constant(2), onRecovery: recovery, agents: ["a"])
  if recovery == .checkpoint { settings.conditions.failures?.causes[0].checkpointEvery = .seconds(5.5) }
  let bank = try makeBank(settings, World(settings, replication: 0))
  var w = [Float](repeating: .nan, count: bank.parameterCount)
  bank.initialise(NodeID(0), into: &w)
  // It is down from 9.5 to 11.5, up for another 9.5 s, and down again to 23.
  var works = take(Array(0..<(recovery == .checkpoint ? 5 : 9)), of: 0, in: bank, at: &w)
  func forget(_ bank: borrowing StepBank<Float>) {
    guard recovery == .reset else { return }
    bank.forget(NodeID(0))
    bank.initialise(NodeID(0), into: &w)
  }
  if recovery != .checkpoint {
    forget(bank)
    works += take(Array(10..<19), of: 0, in: bank, at: &w)
    forget(bank)
    works += take([20], of: 0, in: bank, at: &w)
    let seen = try Seen(settings)
    #expect(seen.record.agents[0].updates == 19)
    #expect(seen.record.agents[0].episodes == works.reduce(0) { $0 + $1.episodes })
    #expect(Array(seen.parameters.prefix(w.count)) == w.map { Double($0) })
  } else {
    // As it was at the checkpoint, after five steps, it goes on with the attempts that follow the lost one.
    settings.measurement.until = .seconds(14.75)
    works += take([10, 11, 12], of: 0, in: bank, at: &w)
    #expect(try Array(Seen(settings).parameters.prefix(w.count)) == w.map { Double($0) })
  }
}

private let strategies: [StrategySettings] = [
  StrategySettings(), StrategySettings(timing: .synchronousLocal, peerTimeout: .seconds(2)),
  StrategySettings(
    timing: .slotted,
    slots: SlotSettings(activity: .sleep, activeProbability: .law(.constant(0.7)), gradientDelay: 2)),
  StrategySettings(kind: .gossip), StrategySettings(kind: .pushSum),
]

private let centre = StrategySettings(kind: .centralised, timing: .synchronousGlobal, upload: .gradients)

/// Whoever computes the steps, and wherever a run is stopped, its record is the same in every field, whatever goes wrong.
@Test(arguments: learners, strategies)
func whoFollowsAPolicyAndWhereItStopsChangesNothing(learner: LearnerSettings, strategy: StrategySettings) throws {
  let settings = try study(learner, strategy: strategy).withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
  try expectTheSame(settings, helpers: [3], stoppedAt: [3.5, 11.25, 19.0])
}

/// The same with a centre that makes the steps.
@Test(arguments: gradientLearners) func whoFollowsACentreChangesNothing(learner: LearnerSettings) throws {
  let settings = try study(learner, strategy: centre).withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
  try expectTheSame(settings, helpers: [3], stoppedAt: [3.5, 11.25, 19.0])
}

/// What an agent takes is what its settings say.
@Test func segmentsHaveTheirSteps() throws {
  for (learner, samples) in zip([learners[0], learners[3], learners[4]], [6, 8, 3] as [UInt64]) {
    for agent in try Seen(study(learner)).record.agents {
      #expect(agent.updates > 20 && agent.samples == samples * agent.updates)
    }
  }
  for agent in try Seen(study(learners[1])).record.agents {
    #expect(agent.updates > 20 && agent.episodes == 2 * agent.updates)
  }
}

/// A centre whose one agent sends gradients, and takes no time, is an agent alone.
@Test(arguments: gradientLearners)
func aSinglePolicyWithACentreIsAnAgentAlone(learner: LearnerSettings) throws {
  var withCentre = centre
  withCentre.centre = CentreSettings(stepTime: .constant(0))
  let settings = study(
    learner, NetworkSettings(topology: .edgeList(agents: ["a"], edges: [])), strategy: withCentre, until: 40.5)
  var alone = settings
  alone.strategy = StrategySettings(kind: .nonCooperative)
  let (one, other) = (try Seen(settings), try Seen(alone))
  #expect(one.record.agents[0].updates == 40)
  #expect(Array(one.parameters.prefix(other.parameters.count)) == other.parameters)
  #expect(one.record.agents[0].episodes == other.record.agents[0].episodes)
}

/// A step of several updates, or of a table, cannot be made by a centre.
@Test(arguments: incrementLearners) func incrementsGoToNoCentre(learner: LearnerSettings) throws {
  #expect(throws: SimulationError.self) { _ = try Seen(study(learner, strategy: centre)) }
}

/// Messages carry all parameters, four bytes each: critic and actor, or a number for each cell and action.
@Test func messagesOfPoliciesCarryAllOfThem() throws {
  let (inputs, units, choices) = (96, 6, 5)
  let critic = inputs * units + units + units + 1
  let actor = inputs * units + units + units * choices + choices
  let expected = [critic + actor, critic + actor, actor, critic + actor, 90 * choices, 90 * choices]
  for (learner, count) in zip(learners, expected) {
    #expect(study(learner).messageBytes == UInt64(4 * count))
  }
}

/// Copies of environments are part of the memory that is announced, in runs and in checkpoints: a row has two states of 16
/// bytes, an action, a reward, a time, a task and an end.
@Test func copiesAreAnnounced() {
  func memory(_ steps: Int, _ environments: Int) -> LearnerFacts.Memory {
    study(.policy(PolicySettings(stretch: .segments(steps: steps, environments: environments)))).learning.memory
  }
  let (small, large) = (memory(10, 2), memory(30, 4))
  #expect(large.samplesPerLearner - small.samplesPerLearner == (120 - 20) * (2 * 16 + 17))
  #expect(large.perCheckpoint - small.perCheckpoint == (120 - 20) * (2 * 16 + 17))
  #expect(large.perStep > 5 * small.perStep)
}
