// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// Whatever happens, the fates of messages sum to those sent and every agent's time to the length of the run.
@Test(arguments: cases(0..<120, atLeast: 20))
func fatesAndTimesAddUp(trial: Int) throws {
  let seen = try Seen(randomSettings(trial))
  let record = seen.record
  #expect(record.messages.accounted == record.messages.sent)
  for agent in record.agents {
    let sum = agent.useful + agent.wasted + agent.unfinished + agent.waiting + agent.down
    #expect(abs(sum - record.grid.last!) < 1e-9)
    #expect(agent.waiting >= 0 && agent.down >= 0)
  }
  #expect(!seen.parameters.contains { !$0.isFinite })
}

/// Settings drawn at random from all that an arm can say.
func randomSettings(_ trial: Int) throws -> SimulationSettings {
  var draws = Draws(StreamKey(seed: 99, replication: 0, purpose: .data, entity: "trial"), at: UInt64(trial))
  func pick<Choice>(_ choices: [Choice]) -> Choice { choices[Int(draws.integer(below: UInt32(choices.count)))] }
  let latencies: [Distribution] = [.constant(0), .constant(0.5), .exponential(mean: 2), .gamma(mean: 1, shape: 0.5)]
  let computes: [Distribution] = [.constant(1), .exponential(mean: 1), .uniform(lower: 0, upper: 2)]
  let networks = [ring(1), ring(2), ring(7), paw]
  var settings = settings(pick(networks), spread: pick([0, 0.5]), until: 40, every: 4, seed: UInt64(trial))
  settings.strategy = pick(everyStrategy)
  settings.conditions.compute.withinAgent = pick(computes)
  settings.conditions.links = LinkSettings(
    latency: .law(pick(latencies)), loss: try #require(Probability(pick([0, 0.2, 0.7, 1]))),
    bandwidth: pick([nil, .bytesPerSecond(10), .bytesPerSecond(100)]), queue: pick(LinkSettings.Queue.allCases),
    inOrder: pick([true, false]))
  if pick([true, false]) {
    settings.conditions.failures = FailureSettings(
      up: pick([.constant(4), .exponential(mean: 8)]), down: pick([.constant(1), .exponential(mean: 3)]),
      onRecovery: pick(FailureSettings.Recovery.allCases))
  }
  return settings
}

/// A link that is busy for 2.5 s with each of the messages offered every second: one is in service, one waits, and
/// the newest takes its place. Those offered at 1, 3, 5 (whose service starts at the instant at which 6 is offered),
/// 8, 10 … are sent.
@Test func theNewestMessageSupersedesTheOneThatWaits() throws {
  var settings = settings(ring(2), dimension: 1, until: 11.5, every: 11.5)
  settings.conditions.links.bandwidth = .rate(Bandwidth(bytes: 8, per: .seconds(2.5)))
  let record = try simulate(settings, in: World(settings, replication: 0))
  // Offered at 1 … 11 on two links. In service from 1, 3.5, 6, 8.5 and 11: messages 1, 3, 5, 8 and 10 or 11 waiting.
  #expect(record.messages.sent == 22)
  #expect(record.messages.superseded == 2 * 5)
  #expect(record.messages.used + record.messages.unreadAtEnd + record.messages.replacedUnread == 2 * 4)
  #expect(record.messages.inFlightAtEnd == 2 * 1)
  #expect(record.messages.neverStarted == 2 * 1)
  #expect(record.messages.bytes == 2 * 5 * 8)
}

/// The same link with a line: everything is sent in the end, one message every 2.5 s.
@Test func aLinkThatIsALineDropsNothing() throws {
  var settings = settings(ring(2), dimension: 1, until: 11.5, every: 11.5)
  settings.conditions.links.bandwidth = .rate(Bandwidth(bytes: 8, per: .seconds(2.5)))
  settings.conditions.links.queue = .fifo
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.messages.superseded == 0)
  #expect(record.messages.inFlightAtEnd == 2 * 1)
  #expect(record.messages.neverStarted == 2 * 6)
  #expect(record.messages.bytes == 2 * 5 * 8)
}

/// A message of 100 B each second over each of two links of 50 B/s: after 100 s each link has carried 5 kB, whatever waits.
@Test(arguments: LinkSettings.Queue.allCases)
func bytesAreChargedWhenAMessageGoesOntoItsLink(queue: LinkSettings.Queue) throws {
  var settings = settings(ring(2), dimension: 10, until: 100)
  settings.conditions.links = LinkSettings(bandwidth: .bytesPerSecond(50), queue: queue, overhead: ByteCount(20))
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.messages.bytes == 10_000)
  #expect(record.messages.started == 100)
  #expect(record.messages.sent == 200)
  let series = record.series.first { $0.metric == "messages" }?.values ?? []
  #expect(series.last == 100)
}

/// What waits when its sender crashes was never charged, so costs do not fall.
@Test(arguments: 0..<20)
func costsNeverFall(seed: UInt64) throws {
  var settings = settings(
    NetworkSettings(topology: .ring(agents: 6)),
    strategy: StrategySettings(timing: .synchronousLocal),
    failures: FailureSettings(up: .exponential(mean: 2), down: .exponential(mean: 3), onRecovery: .reset), until: 60,
    every: 0.25, seed: seed)
  settings.conditions.compute.withinAgent = .weibull(scale: 0.5, shape: 0.4)
  settings.conditions.links = LinkSettings(
    latency: .law(.constant(0.1)), bandwidth: .bytesPerSecond(40), queue: seed % 2 == 0 ? .fifo : .supersede)
  let record = try simulate(settings, in: World(settings, replication: 0))
  for metric in ["bytes", "messages"] {
    let values = record.series.first { $0.metric == metric }?.values ?? []
    #expect(values.count > 100 && zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "\(metric)")
  }
  #expect(record.messages.losses.senderCrashed > 0)
  #expect(record.messages.accounted == record.messages.sent)
}

/// A run ends at its budget of updates and says so.
@Test func theBudgetOfUpdatesEndsARun() throws {
  var settings = settings(ring(4), until: 100)
  settings.measurement.budget = .updates(10)
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.ending == .budget)
  #expect(record.endTime == 10)
  #expect(record.agents.allSatisfy { $0.updates == 10 })
}

/// Without acknowledgements a lost round message is waited for until the end of all days.
@Test func aLostRoundMessageStallsAgentsThatWaitForEver() throws {
  var settings = settings(ring(4), until: 100)
  settings.strategy = StrategySettings(
    timing: .synchronousLocal, missingNeighbour: .wait, retransmission: .init(acknowledge: .never))
  settings.conditions.links.loss = try .independent(#require(Probability(0.5)))
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.ending == .stalled)
  #expect(record.endTime < 100)
  #expect(record.grid.last == 100)
}

/// Steps and messages without duration would follow each other for ever at one instant.
@Test func virtualTimeThatStandsStillIsAnError() throws {
  var settings = settings(ring(4), until: 100)
  settings.conditions.compute.betweenAgents = .constant(0)
  #expect(throws: SimulationError.self) { try simulate(settings, in: World(settings, replication: 0)) }
}
