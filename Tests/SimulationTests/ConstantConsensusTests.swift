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
  for strategy in everyStrategy {
    for queue in LinkSettings.Queue.allCases {
      for recovery in FailureSettings.Recovery.allCases {
        var settings = settings(
          NetworkSettings(topology: .randomGeometric(agents: 9, reach: .meanDegree(3))), stepSize: 0, until: 200)
        settings.learner.initial = .constant(constant)
        settings.strategy = strategy
        settings.conditions.compute.withinAgent = .exponential(mean: 1)
        settings.conditions.links = LinkSettings(
          latency: .law(.exponential(mean: 1)), loss: loss, bandwidth: 24, queue: queue)
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
private let quick = StrategySettings.Retransmission(timeout: 4, backOff: 1, acknowledgementSize: ByteCount(8))

/// Every timing with every rule for missing neighbours and every message content that it allows.
let everyStrategy: [StrategySettings] =
  [.lastHeard, .itself, .renormalise].flatMap { rule in
    [
      StrategySettings(timing: .asynchronous, missingNeighbour: rule),
      StrategySettings(timing: .asynchronous, missingNeighbour: rule, message: .combined),
      StrategySettings(timing: .synchronousGlobal, missingNeighbour: rule, retransmission: quick),
      StrategySettings(timing: .synchronousLocal, missingNeighbour: rule, peerTimeout: 3, retransmission: quick),
    ]
  } + [
    StrategySettings(timing: .synchronousGlobal, missingNeighbour: .wait, retransmission: quick),
    StrategySettings(timing: .synchronousLocal, missingNeighbour: .wait, retransmission: quick),
  ]
