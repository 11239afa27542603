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

/// A small study of agents that learn from replay, with little of everything, so that much happens soon.
private func study(
  _ network: NetworkSettings = paw, strategy: StrategySettings = StrategySettings(), until: Double = 30
) -> SimulationSettings {
  let learner = DeepQSettings(
    hiddenUnits: [6], stepSize: 0.01, batch: 4, replay: 20, randomFirst: 6, stepsPerUpdate: 2, targetEvery: 3)
  return SimulationSettings(
    network: network, task: .control(ControlSettings(environment: .cartPoleDiscrete, tasks: .grid, timeLimit: 15)),
    learner: .deepQ(learner), strategy: strategy,
    conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(
      until: .seconds(until), every: .seconds(2), testEpisodes: 2, also: [MetricDefinition.recentSteps.name]),
    seed: 7)
}

/// Of a step that a crash takes neither steps of the environment are left, nor transitions, nor moments.
@Test(arguments: [FailureSettings.Recovery.keep, .reset, .checkpoint])
func aCrashInTheMiddleOfASegmentLeavesNoTrace(recovery: FailureSettings.Recovery) throws {
  let works = try expectNoTraceOfACrash({ study(strategy: $0, until: $1) }, recovery)
  #expect(works.contains { $0.gradientSamples > 0 })
}

private let strategies = strategiesOfAllKinds + strategiesWithCentres

@Test(arguments: strategies) func agentsThatReplayKeepTheirAccounts(strategy: StrategySettings) throws {
  let settings = try study(strategy: strategy, until: unhurried(strategy))
    .withEverything(unit: 1, bandwidth: 1600, up: 20, down: 3)
  let record = try Seen(settings).record
  #expect(record.messages.accounted == record.messages.sent)
  for agent in record.agents {
    // Two steps of the environment in every step that has ended.
    #expect(agent.samples == 2 * agent.updates)
  }
  #expect(record.agents.contains { $0.down > 0 } && record.agents.allSatisfy { $0.updates > 5 })
}

/// Whoever computes the steps, and wherever a run is stopped, its record is the same in every field.
@Test(arguments: strategies) func whoComputesReplayAndWhereItStopsChangesNothing(strategy: StrategySettings) throws {
  let settings = try study(strategy: strategy).withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
  try expectTheSame(settings, helpers: [1, 3], stoppedAt: [3.5, 11.25, 19.0])
}

/// Moves of the centre's optimiser count from the first gradient that is one.
@Test func aSingleAgentThatReplaysWithACentreIsAnAgentAlone() throws {
  try expectACentreOfOneIsNobody { study($0, strategy: $1, until: $2) }
}

/// What a run measures of the length of episodes is what the agents have lived through.
@Test func recentStepsAreThoseOfTheAgentsEpisodes() throws {
  let settings = study(ring(1), strategy: StrategySettings(kind: .nonCooperative), until: 30)
  let bank = try actingBank(settings)
  var w = [Float](repeating: .nan, count: bank.parameterCount)
  bank.initialise(NodeID(0), into: &w)
  let found = try Seen(settings).record.series.first { $0.metric == "recent-steps" }?.values ?? []
  #expect(found.count == 16)
  let values = Column(repeating: 0.0, count: 1)
  var attempt = 0
  for value in found {
    bank.measure(MetricDefinition.recentSteps, at: 0, of: w, into: values)
    #expect(value == values[0])
    _ = take([attempt, attempt + 1], of: 0, in: bank, at: &w)
    attempt += 2
  }
  #expect((found.last ?? 0) > 1 && (found.last ?? 99) <= 15)
}

/// Transitions are part of the memory that is announced, in runs and in checkpoints.
@Test func transitionsAreAnnounced() {
  var settings = study()
  let small = settings.learning.memory
  settings.learner.deepQ.replay = 10_020
  let large = settings.learning.memory
  // Two states of four doubles, an action, a reward, a time, a task and an end.
  #expect(large.samplesPerLearner - small.samplesPerLearner == 10_000 * (2 * 32 + 17))
  #expect(large.perCheckpoint - small.perCheckpoint == 10_000 * (2 * 32 + 17))
}
