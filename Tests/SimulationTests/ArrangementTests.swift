// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Testing

private func study(_ strategy: StrategySettings) -> SimulationSettings {
  settings(
    NetworkSettings(topology: .randomGeometric(agents: 12, reach: .meanDegree(4))), spread: 0.3, strategy: strategy,
    until: 60.5)
}

/// With equal constant steps and no latency every timing is the loop "all combine, all adapt", bit for bit.
@Test(arguments: StrategySettings.Timing.allCases)
func withEqualConstantStepsCombineThenAdaptIsThePlainLoop(timing: StrategySettings.Timing) throws {
  let settings = study(StrategySettings(kind: .diffusionCTA, timing: timing))
  let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
  var parameters = [[Double]](repeating: [0, 0, 0], count: 12)
  for round in 0..<60 {
    let combined = plain.combined(parameters)
    parameters = (0..<12).map { plain.adapted(combined[$0], agent: $0, attempt: round) }
  }
  // At 60.5 the agents have combined for their 61st step, which is still running.
  #expect(try Seen(settings).parameters == parameters.flatMap { $0 })
}

/// With equal constant steps and no latency every timing is w_k ← Σ c_lk w_l + μ_k u (d − uᵀw_k), bit for bit.
@Test(arguments: StrategySettings.Timing.allCases)
func withEqualConstantStepsConsensusIsThePlainLoop(timing: StrategySettings.Timing) throws {
  var settings = study(StrategySettings(kind: .consensus, timing: timing))
  settings.measurement.until = .seconds(60.25)
  let plain = PlainLearning(world: try World(settings, replication: 0), seed: settings.seed)
  var parameters = [[Double]](repeating: [0, 0, 0], count: 12)
  for round in 0..<60 {
    let combined = plain.combined(parameters)
    let increments = (0..<12).map { plain.increment(parameters[$0], agent: $0, attempt: round) }
    parameters = zip(combined, increments).map { zip($0, $1).map { $0 + $1 } }
  }
  #expect(try Seen(settings).parameters == parameters.flatMap { $0 })
}

/// Measured when a slot has ended, ATC, CTA and consensus differ in every entry.
@Test func theThreeArrangementsDiffer() throws {
  let outcomes = try diffusions.map { kind in
    var settings = study(StrategySettings(kind: kind, timing: .slotted))
    settings.measurement.until = .seconds(60)
    return try Seen(settings).parameters
  }
  #expect(zip(outcomes[0], outcomes[1]).allSatisfy { $0 != $1 })
  #expect(zip(outcomes[1], outcomes[2]).allSatisfy { $0 != $1 })
}

/// Under latency, loss, jitter and crashes every message has one fate, and no vector is lost.
@Test func everyStrategyAccountsForEveryMessage() throws {
  for strategy in everyStrategy {
    var settings = study(strategy)
    settings.conditions.compute.withinAgent = .exponential(mean: 1)
    settings.conditions.links = LinkSettings(latency: .law(.exponential(mean: 1)), loss: try #require(Probability(0.2)))
    settings.conditions.failures = FailureSettings(up: .exponential(mean: 30), down: .exponential(mean: 5))
    let seen = try Seen(settings)
    let fates = seen.record.messages
    #expect(fates.accounted == fates.sent, "\(strategy)")
    #expect(fates.sent > 100)
  }
}

/// A read shows what the neighbour has at that instant: with two agents and no loss, ages are zero.
@Test func readingIsNeverStale() throws {
  var settings = settings(ring(6), strategy: StrategySettings(exchange: .pull), until: 50)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  let record = try Seen(settings).record
  #expect(record.staleness.maximumSeconds == 0)
  #expect(record.messages.used == record.messages.sent)
  #expect(record.messages.sent == 2 * record.agents.map(\.updates).reduce(0, +))
}

/// Links send at their own times: the count is that of renewals, whatever the agents do.
@Test func linksSendAtTheirOwnTimes() throws {
  var settings = settings(
    ring(6), strategy: StrategySettings(exchange: .link, linkInterval: .constant(0.5)), until: 50.1)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  #expect(try Seen(settings).record.messages.sent == 12 * 100)
}
