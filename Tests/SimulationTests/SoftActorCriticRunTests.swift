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

/// Of a step that a crash takes neither steps of the environment are left, nor transitions, nor moments, nor moves of slow
/// critics and of the temperature.
@Test(arguments: [FailureSettings.Recovery.keep, .reset, .checkpoint])
func aCrashInTheMiddleOfASegmentOfASoftActorLeavesNoTrace(recovery: FailureSettings.Recovery) throws {
  let works = try expectNoTraceOfACrash({ study(strategy: $0, until: $1) }, recovery)
  #expect(works.contains { $0.gradientSamples > 0 })
}

private let strategies = strategiesOfAllKinds + strategiesWithCentres

@Test(arguments: strategies) func softActorsKeepTheirAccounts(strategy: StrategySettings) throws {
  let settings = try study(strategy: strategy, until: unhurried(strategy))
    .withEverything(unit: 1, bandwidth: 4800, up: 20, down: 3)
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

@Test func aSingleSoftActorWithACentreIsAnAgentAlone() throws {
  try expectACentreOfOneIsNobody { study($0, strategy: $1, until: $2) }
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
