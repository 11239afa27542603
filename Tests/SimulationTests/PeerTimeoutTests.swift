// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

private func withTimeout(
  _ seconds: Double, _ rule: StrategySettings.MissingNeighbourRule = .itself,
  _ retransmission: StrategySettings.Retransmission = .init()
) -> StrategySettings {
  StrategySettings(
    timing: .synchronousLocal, missingNeighbour: rule, peerTimeout: .seconds(seconds), retransmission: retransmission)
}

/// Agent a is down from 2.5 to 12.5. Agent b ends its step of round 2 at 3, waits until 5, and then goes on alone. The
/// estimate of round 10 that it sends at 13 is the first that a hears; a's step ends at 13.5, and it enters round 10.
/// Having heard of a again, b waits for it in round 11, from 14 to 14.5.
@Test func aDeadNeighbourIsSkippedAfterTheTimeoutAndWaitedForOnceHeardAgain() throws {
  let settings = settings(
    pair, strategy: withTimeout(2),
    failures: FailureSettings(up: .constant(2.5), down: .constant(10), agents: ["a"]), until: 14.75)
  let seen = try Seen(settings)
  #expect(seen.begins(of: 1) == [0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14.5])
  #expect(seen.begins(of: 0) == [0, 1, 2, 12.5, 13.5, 14.5])
  // b: rounds 0, 1 and 11; a: rounds 0, 1, 10 and 11.
  #expect(seen.record.staleness.count == 7)
}

/// Under `wait` and with the mailbox kept, b waits until a is back, and no round is skipped. It sends its estimate of
/// round 2 every second, so a has it at 13.
@Test func whoWaitsForEverGoesOnWhenTheNeighbourIsBack() throws {
  let settings = settings(
    pair,
    strategy: StrategySettings(
      timing: .synchronousLocal, missingNeighbour: .wait, retransmission: .init(timeout: .seconds(1), backOff: 1)),
    failures: FailureSettings(up: .constant(2.5), down: .constant(10), agents: ["a"]), until: 14.75)
  let seen = try Seen(settings)
  #expect(seen.begins(of: 1) == [0, 1, 2, 13.5, 14.5])
  #expect(seen.begins(of: 0) == [0, 1, 2, 12.5, 13.5, 14.5])
}

/// Estimates travel for 5 s, agents wait for 2 s at most: every estimate comes after its round was combined.
@Test func anEstimateAfterItsRoundIsLate() throws {
  var settings = settings(pair, strategy: withTimeout(2), until: 100)
  settings.conditions.links.latency = .law(.constant(5))
  let messages = try Seen(settings).record.messages
  #expect(messages.used == 0)
  #expect(messages.late > 30)
  #expect(messages.late + messages.inFlightAtEnd == messages.sent)
}

/// The first estimate of a is lost and sent again at 2.6, after that of round 1, which was sent at 2.1; a crashes
/// at 3. The newest that b has ever heard is the one of round 1.
@Test func anOldRoundSentAgainIsNotTheNewest() throws {
  var settings = settings(
    pair,
    strategy: withTimeout(0.35, .lastHeard, .init(timeout: .seconds(1.6), losesAcknowledgements: false)),
    failures: FailureSettings(up: .constant(3), down: .constant(100), agents: ["a"]), until: 10, every: 10)
  settings.conditions.links = LinkSettings(
    latency: .law(.constant(0.1)), loss: try #require(Probability(0.3)))
  let world = try World(settings, replication: 0)
  let seed = try (0..<1000 as Range<UInt64>).first { seed in
    let links = try Transmissions(
      settings.conditions.links, latencies: world.latencies, network: world.network, acknowledges: true, seed: seed,
      replication: 0)
    let kept = [(0, 0, 0), (0, 1, 0), (0, 2, 0), (1, 0, 1), (1, 1, 0)]
    return links.isLost(LinkID(1), index: 0, attempt: 0)
      && kept.allSatisfy { !links.isLost(LinkID($0.0), index: UInt64($0.1), attempt: UInt32($0.2)) }
  }
  settings.seed = try #require(seed)
  let record = try Seen(settings).record
  #expect(record.agents[1].updates > 5)
  #expect(try abs(#require(record.series.first { $0.metric == "age" }?.values.last) - (10 - 2.1)) < 1e-9)
}

/// In consensus a step runs while messages travel, here for 1 s. The timeout of 0.5 s begins when it has ended, and from
/// then on nobody is waited for, whoever is heard of meanwhile: messages take 1.75 s, so a round takes 1.5 s.
@Test func theTimeoutRunsFromTheEndOfTheStep() throws {
  var settings = settings(
    pair,
    strategy: StrategySettings(
      kind: .consensus, timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(0.5)), until: 4)
  settings.conditions.links.latency = .law(.constant(1.75))
  let seen = try Seen(settings)
  // The estimate of a round arrives in the next one, and is late.
  #expect(seen.begins(of: 0) == [0, 1.5, 3])
  #expect(seen.record.messages.used == 0 && seen.record.messages.late == 4)
}

/// Nothing is lost and nobody crashes, so everybody goes on, however short the timeout is beside a step or a message.
@Test(arguments: 0..<40)
func noTimeoutIsTooShortToGoOn(seed: UInt64) throws {
  for kind in diffusions {
    for rule in [StrategySettings.MissingNeighbourRule.lastHeard, .itself, .renormalise] {
      for timeout in [1e-9, 0.02, 0.2, 3] {
        var settings = settings(
          ring(3 + Int(seed % 3)),
          strategy: StrategySettings(
            kind: kind, timing: .synchronousLocal, missingNeighbour: rule, peerTimeout: .seconds(timeout)),
          every: 50, seed: seed)
        settings.conditions.compute = ComputeSettings(
          betweenAgents: .constant(0.1), withinAgent: .exponential(mean: 1),
          stragglers: [.init(choice: .share(0.3), slowdown: 5)])
        settings.conditions.links = LinkSettings(
          latency: .law(seed % 2 == 0 ? .exponential(mean: 0.05) : .constant(0)),
          bandwidth: seed % 4 == 1 ? .bytesPerSecond(200) : nil)
        try expectProgress(settings)
      }
    }
  }
}

/// `acknowledge: auto` answers wherever a message can get lost in whatever way: in a link, with a crash, or superseded by
/// those of agents that go on without a neighbour.
@Test func whatCanGetLostIsAcknowledged() throws {
  var settings = settings(ring(4), strategy: StrategySettings(timing: .synchronousLocal))
  #expect(settings.messageLosses.isEmpty && !settings.usesAcknowledgements)
  settings.conditions.links.bandwidth = .bytesPerSecond(100)
  // Who waits for all others has at most one message behind the one in service.
  #expect(settings.messageLosses.isEmpty && !settings.usesAcknowledgements)
  settings.strategy.missingNeighbour = .itself
  settings.strategy.peerTimeout = .seconds(1)
  #expect(settings.messageLosses == [.superseding] && settings.usesAcknowledgements)
  settings.conditions.links.queue = .fifo
  #expect(settings.messageLosses.isEmpty && !settings.usesAcknowledgements)
  settings.conditions.links.loss = try .independent(#require(Probability(0.1)))
  #expect(settings.messageLosses == [.link] && settings.usesAcknowledgements)
  settings.conditions.links.loss = .never
  settings.conditions.failures = FailureSettings(up: .constant(1), down: .constant(1))
  #expect(settings.messageLosses == [.crash] && settings.usesAcknowledgements)
  settings.strategy.timing = .slotted
  settings.strategy.slots.activity = .sleep
  settings.strategy.slots.activeProbability = .law(.constant(0.5))
  #expect(settings.messageLosses == [.crash, .sleep] && !settings.usesAcknowledgements)
}

/// Whoever waits for all others, no message is superseded, however slow links are: that is why nothing is acknowledged.
@Test(arguments: 0..<30)
func whoWaitsForAllSupersedesNothing(seed: UInt64) throws {
  for kind in diffusions {
    for timing in [StrategySettings.Timing.synchronousLocal, .synchronousGlobal] {
      var settings = settings(
        ring(5), strategy: StrategySettings(kind: kind, timing: timing, missingNeighbour: .wait), every: 50, seed: seed)
      settings.conditions.compute = ComputeSettings(
        betweenAgents: .constant(0.1), withinAgent: .gamma(mean: 1, shape: 0.5),
        stragglers: [.init(choice: .share(0.2), slowdown: 20)])
      settings.conditions.links = LinkSettings(latency: .law(.exponential(mean: 0.3)), bandwidth: .bytesPerSecond(30))
      let record = try Seen(settings).record
      #expect(record.messages.superseded == 0 && record.ending == .until)
      #expect(record.messages.used > 100)
    }
  }
}

/// Whatever crashes, is lost or late, nobody stands still for ever: between 200 s and 400 s all agents go on.
@Test(arguments: cases(0..<60))
func withATimeoutEverybodyGoesOn(seed: Int) throws {
  for rule in [StrategySettings.MissingNeighbourRule.lastHeard, .itself, .renormalise] {
    for recovery in FailureSettings.Recovery.allCases {
      try expectProgress(hostile(withTimeout(3, rule), recovery, seed: seed))
    }
  }
}

/// The same of the global barrier, which knows who is alive; and of rules that wait, where recovered agents know what
/// they knew.
@Test(arguments: cases(0..<60))
func theGlobalBarrierNeverDeadlocks(seed: Int) throws {
  for recovery in FailureSettings.Recovery.allCases {
    for rule in StrategySettings.MissingNeighbourRule.allCases where rule != .wait || recovery == .keep {
      let strategy = StrategySettings(timing: .synchronousGlobal, missingNeighbour: rule)
      try expectProgress(hostile(strategy, recovery, seed: seed))
    }
  }
  try expectProgress(
    hostile(StrategySettings(timing: .synchronousLocal, missingNeighbour: .wait), .keep, seed: seed))
}

/// Loss, latency, crashes, and a slow agent.
private func hostile(
  _ strategy: StrategySettings, _ recovery: FailureSettings.Recovery, seed: Int
) throws -> SimulationSettings {
  var settings = settings(
    seed % 2 == 0 ? paw : ring(6), strategy: strategy,
    compute: ComputeSettings(betweenAgents: .constant(1), withinAgent: .gamma(mean: 1, shape: 2)),
    failures: FailureSettings(up: .exponential(mean: 30), down: .exponential(mean: 3), onRecovery: recovery),
    every: 50, seed: UInt64(seed))
  settings.conditions.compute.stragglers = [.init(choice: .share(0.2), slowdown: 3)]
  settings.conditions.links = LinkSettings(
    latency: .law(.exponential(mean: 0.2)), loss: try #require(Probability(0.2)))
  settings.strategy.retransmission = .init(timeout: .seconds(1), backOff: 1)
  return settings
}

private func expectProgress(_ settings: SimulationSettings) throws {
  var settings = settings
  let updates = try [200.0, 400].map { until in
    settings.measurement.until = .seconds(until)
    return try simulate(settings, in: World(settings, replication: 0)).agents.map(\.updates)
  }
  for (before, after) in zip(updates[0], updates[1]) {
    #expect(after > before + 5, "\(settings.strategy) \(String(describing: settings.conditions.failures?.causes))")
  }
}
