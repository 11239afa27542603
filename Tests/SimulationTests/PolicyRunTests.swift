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
  // So many copies act side by side, and step sizes fall.
  .policy(
    PolicySettings(
      stretch: .segments(steps: 2, environments: 16), hiddenUnits: [6], actorStepSize: 0.01, criticStepSize: 0.02,
      outputStart: .small, decaySteps: 15)),
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

/// Of a step that a crash takes neither steps of the environment are left, nor moments, nor what it had chosen to do.
@Test(arguments: learners, [FailureSettings.Recovery.keep, .reset, .checkpoint])
func aCrashInTheMiddleOfAStepOfAPolicyLeavesNoTrace(
  learner: LearnerSettings, recovery: FailureSettings.Recovery
) throws {
  try expectNoTraceOfACrash({ study(learner, strategy: $0, until: $1) }, recovery)
}

/// Whoever computes the steps, and wherever a run is stopped, its record is the same in every field, whatever goes wrong.
@Test(arguments: learners, strategiesOfAllKinds)
func whoFollowsAPolicyAndWhereItStopsChangesNothing(learner: LearnerSettings, strategy: StrategySettings) throws {
  let settings = try study(learner, strategy: strategy).withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
  try expectTheSame(settings, helpers: [3], stoppedAt: [3.5, 11.25, 19.0])
}

/// The same with a centre that makes the steps.
@Test(arguments: gradientLearners, strategiesWithCentres)
func whoFollowsACentreChangesNothing(learner: LearnerSettings, strategy: StrategySettings) throws {
  let settings = try study(learner, strategy: strategy).withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
  try expectTheSame(settings, helpers: [3], stoppedAt: [3.5, 11.25, 19.0])
}

/// What an agent takes is what its settings say.
@Test func segmentsHaveTheirSteps() throws {
  for (learner, samples) in zip([learners[0], learners[3], learners[4], learners[5]], [6, 32, 8, 3] as [UInt64]) {
    for agent in try Seen(study(learner)).record.agents {
      #expect(agent.updates > 20 && agent.samples == samples * agent.updates)
    }
  }
  for agent in try Seen(study(learners[1])).record.agents {
    #expect(agent.updates > 20 && agent.episodes == 2 * agent.updates)
  }
}

@Test(arguments: gradientLearners)
func aSinglePolicyWithACentreIsAnAgentAlone(learner: LearnerSettings) throws {
  try expectACentreOfOneIsNobody { study(learner, $0, strategy: $1, until: $2) }
}

/// A step of several updates, or of a table, cannot be made by a centre.
@Test(arguments: incrementLearners, strategiesWithCentres)
func incrementsGoToNoCentre(learner: LearnerSettings, strategy: StrategySettings) {
  #expect(throws: SimulationError.self) { _ = try Seen(study(learner, strategy: strategy)) }
}

/// Messages carry all parameters, four bytes each: critic and actor, or a number for each cell and action.
@Test func messagesOfPoliciesCarryAllOfThem() throws {
  let (inputs, units, choices) = (96, 6, 5)
  let critic = inputs * units + units + units + 1
  let actor = inputs * units + units + units * choices + choices
  let expected = [critic + actor, critic + actor, actor, critic + actor, critic + actor, 90 * choices, 90 * choices]
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
