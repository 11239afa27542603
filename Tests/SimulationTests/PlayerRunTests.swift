// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Environments
import Learners
import Networks
import Quantities
import Records
import Simulation
import Testing

private func learner(
  _ relations: PlayerSettings.Relations, _ share: PlayerSettings.Share
) -> LearnerSettings {
  var settings = PlayerSettings()
  (settings.relations, settings.share) = (relations, share)
  settings.sizes = PlayerSizes(skills: 2, keyUnits: 3, valueUnits: 3, hiddenUnits: 4, encoderUnits: 3)
  (settings.samples, settings.batch, settings.replay) = (2, 8, 40)
  (settings.environments, settings.updates) = (2, 2)
  return .players(settings)
}

private let learners = [learner(.endToEnd, .all), learner(.fixed, .policyAndEncoders)]

private func study(
  _ learner: LearnerSettings, strategy: StrategySettings = StrategySettings(), until: Double = 30
) -> SimulationSettings {
  SimulationSettings(
    network: paw, task: .particles(.grassland, players: [2, 1], wolves: [1, 1], timeLimit: 5), learner: learner,
    strategy: strategy, conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(
      until: .seconds(until), every: .seconds(2), testEpisodes: 2, also: [MetricDefinition.recentReturn.name]),
    seed: 7)
}

/// Of a step that a crash takes neither replayed steps are left, nor moments.
@Test(arguments: learners, [FailureSettings.Recovery.keep, .reset, .checkpoint])
func aCrashInTheMiddleOfAStepOfPlayersLeavesNoTrace(
  learner: LearnerSettings, recovery: FailureSettings.Recovery
) throws {
  try expectNoTraceOfACrash({ study(learner, strategy: $0, until: $1) }, recovery)
}

/// Whoever computes the steps, and wherever a run is stopped, its record is the same in every field, whatever goes wrong.
@Test(arguments: learners, strategiesOfAllKinds)
func whoPlaysAndWhereItStopsChangesNothing(learner: LearnerSettings, strategy: StrategySettings) throws {
  let settings = try study(learner, strategy: strategy).withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
  try expectTheSame(settings, helpers: [3], stoppedAt: [3.5, 11.25, 19.0])
}

/// A step of several updates cannot be made by a centre.
@Test(arguments: strategiesWithCentres) func playersGoToNoCentre(strategy: StrategySettings) {
  #expect(throws: SimulationError.self) { _ = try Seen(study(learners[0], strategy: strategy)) }
}

/// Messages carry what is shared, four bytes each.
@Test func messagesOfPlayersCarryWhatIsShared() throws {
  for learner in learners {
    let settings = study(learner)
    let shared = try actingBank(settings).layout.sharedCount
    #expect(settings.messageBytes == UInt64(4 * shared))
  }
}

/// An agent's step is an episode in each copy of its world.
@Test func stepsOfPlayersAreWholeEpisodes() throws {
  for agent in try Seen(study(learners[0])).record.agents {
    #expect(agent.updates > 20 && agent.episodes == 2 * agent.updates && agent.samples == 10 * agent.updates)
  }
}
