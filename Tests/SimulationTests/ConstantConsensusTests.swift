// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Testing

/// Fact h: where all agents hold the same numbers and nobody learns, nothing changes them, exactly.
@Test(arguments: [0.1, -1 / 3.0, 1e300])
func aConstantSurvivesEverything(constant: Double) throws {
  let loss = try #require(Probability(0.3))
  for strategy in cases(everyStrategy) {
    for queue in LinkSettings.Queue.allCases {
      for recovery in FailureSettings.Recovery.allCases {
        var settings = settings(
          NetworkSettings(topology: .randomGeometric(agents: 9, reach: .meanDegree(3))), stepSize: 0, until: 200)
        settings.learner.initial = .constant(constant)
        settings.strategy = strategy
        settings.conditions.compute.withinAgent = .exponential(mean: 1)
        settings.conditions.links = LinkSettings(
          latency: .law(.exponential(mean: 1)), loss: loss, bandwidth: .bytesPerSecond(24), queue: queue)
        settings.conditions.failures = FailureSettings(
          up: .exponential(mean: 30), down: .exponential(mean: 5), onRecovery: recovery)
        let seen = try Seen(settings)
        #expect(seen.parameters.allSatisfy { $0 == constant })
        // An agent that has forgotten what it heard is not sent it again, so those that wait for it wait for ever.
        let goesOn = strategy.missingNeighbour != .wait || recovery == .keep
        #expect(seen.record.messages.used > (goesOn ? 100 : 0), "\(strategy) \(recovery)")
        #expect(seen.record.series.first { $0.metric == "disagreement" }?.values.allSatisfy { $0 == 0 } == true)
      }
    }
  }
}

/// So that rounds go on under much loss.
private let quick = StrategySettings.Retransmission(timeout: .seconds(4), backOff: 1, acknowledgementSize: ByteCount(8))

/// The strategies in which neighbourhoods average.
let diffusions: [StrategyDefinition] = [.diffusionATC, .diffusionCTA, .consensus]

/// Every strategy in every timing with every rule for missing neighbours and every message content that it allows.
let everyStrategy: [StrategySettings] =
  diffusions.flatMap { kind in
    [.lastHeard, .itself, .renormalise].flatMap { rule in
      [
        StrategySettings(kind: kind, timing: .asynchronous, missingNeighbour: rule),
        StrategySettings(kind: kind, timing: .asynchronous, missingNeighbour: rule, message: .combined),
        StrategySettings(kind: kind, timing: .asynchronous, missingNeighbour: rule, exchange: .pull),
        StrategySettings(
          kind: kind, timing: .asynchronous, missingNeighbour: rule, exchange: .link,
          linkInterval: .exponential(mean: 2)),
        StrategySettings(kind: kind, timing: .synchronousGlobal, missingNeighbour: rule, retransmission: quick),
        StrategySettings(
          kind: kind, timing: .synchronousLocal, missingNeighbour: rule, peerTimeout: .seconds(3), retransmission: quick
        ),
      ]
    } + [
      StrategySettings(kind: kind, timing: .synchronousGlobal, missingNeighbour: .wait, retransmission: quick),
      StrategySettings(kind: kind, timing: .synchronousLocal, missingNeighbour: .wait, retransmission: quick),
    ]
  }

/// Fact h in slots, for every activity, message delay and rule.
@Test(arguments: [0.1, -1 / 3.0, 1e300])
func aConstantSurvivesSlots(constant: Double) throws {
  for (kind, activity) in diffusions.flatMap({ kind in SlotSettings.Activity.allCases.map { (kind, $0) } }) {
    for rule in [StrategySettings.MissingNeighbourRule.lastHeard, .itself, .renormalise] {
      for (delay, recovery) in zip([0, 1, 5], FailureSettings.Recovery.allCases) {
        var settings = settings(
          NetworkSettings(topology: .randomGeometric(agents: 9, reach: .meanDegree(3))), stepSize: 0, until: 200)
        settings.learner.initial = .constant(constant)
        settings.strategy = StrategySettings(
          kind: kind, timing: .slotted, missingNeighbour: rule, mailboxStart: delay == 1 ? .initial : .empty,
          slots: SlotSettings(
            activity: activity, activeProbability: .law(.constant(0.6)), messageDelay: delay, gradientDelay: delay))
        settings.conditions.links = LinkSettings(
          latency: .law(.exponential(mean: 0.2)), loss: try #require(Probability(0.3)))
        settings.conditions.failures = FailureSettings(
          up: .exponential(mean: 30), down: .exponential(mean: 5), onRecovery: recovery)
        let seen = try Seen(settings)
        #expect(seen.parameters.allSatisfy { $0 == constant })
        #expect(seen.record.messages.used > 100)
      }
    }
  }
}
