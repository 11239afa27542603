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

/// Both frameworks, small and soon to learn.
private let learners: [LearnerSettings] = [
  .softQ(
    SoftQSettings(
      batch: 4, replay: 20, randomFirst: 6, stepsPerUpdate: 2, priorStepSize: 0.01, taskStepSize: 0.01,
      hiddenUnits: [6])),
  .distral(
    DistralSettings(priorStepSize: 0.01, taskStepSize: 0.01, criticStepSize: 0.01, hiddenUnits: [6])),
]

private let rooms = ControlSettings.Tasks.named(["room-4", "room-5"])

private func study(
  _ learner: LearnerSettings, _ network: NetworkSettings = paw, strategy: StrategySettings = StrategySettings(),
  until: Double = 30
) -> SimulationSettings {
  SimulationSettings(
    network: network, task: .control(ControlSettings(environment: .twoRoom, tasks: rooms, timeLimit: 15)),
    learner: learner, strategy: strategy,
    conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
    measurement: MeasurementSettings(
      until: .seconds(until), every: .seconds(2), testEpisodes: 2, also: [MetricDefinition.recentSteps.name]),
    seed: 7)
}

private let strategies = strategiesOfAllKinds + strategiesWithCentres

/// h has 96 · 6 + 6 weights and biases before its five outputs, 6 · 5 + 5 of them, of four bytes each; nothing else is sent.
@Test(arguments: learners) func messagesCarryThePriorAlone(learner: LearnerSettings) throws {
  var settings = study(learner, until: 40.5)
  settings.conditions.links.overhead = ByteCount(7)
  let hidden = 96 * 6 + 6
  let outputs = 6 * 5 + 5
  let bytes = UInt64(4 * (hidden + outputs) + 7)
  #expect(settings.messageBytes == bytes)
  let messages = try Seen(settings).record.messages
  #expect(messages.bytes == bytes * messages.sent && messages.sent > 100)
}

/// Agents whose links all fail for ever have what they have when nobody combines anything.
@Test(arguments: learners) func withoutNewsDiffusionIsSingleTasks(learner: LearnerSettings) throws {
  var mute = study(learner)
  mute.conditions.links.loss = try .independent(#require(Probability(1)))
  let alone = study(learner, strategy: StrategySettings(kind: .nonCooperative))
  let (first, second) = (try Seen(mute), try Seen(alone))
  #expect(first.parameters == second.parameters)
  #expect(first.record.agents.map(\.episodes) == second.record.agents.map(\.episodes))
}

/// Whoever computes the steps, and wherever a run is stopped, its record is the same in every field, whatever goes wrong.
@Test(arguments: learners, strategies)
func whoDistilsAndWhereItStopsChangesNothing(learner: LearnerSettings, strategy: StrategySettings) throws {
  let settings = try study(learner, strategy: strategy).withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
  try expectTheSame(settings, helpers: [3], stoppedAt: [3.5, 11.25, 19.0])
}

/// The prior that a centre sends back is the one that its one agent would have made, and what actions are worth to it never
/// leaves it.
@Test(arguments: learners) func aSingleAgentThatDistilsWithACentreIsAnAgentAlone(learner: LearnerSettings) throws {
  try expectACentreOfOneIsNobody { study(learner, $0, strategy: $1, until: $2) }
}
