// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Schema
import Simulation
import Testing

private func burst(_ arguments: Arguments) -> LinkSetting<LossForm> { LinkSetting(.burst, arguments) }

/// Links of every form at once.
private let stormy = LinkSettings(
  latency: LatencySettings(
    LinkSetting(
      .betweenLinks,
      [
        "between-links": .special(Distribution.uniform(lower: 0.1, upper: 1)),
        "within-link": .special(Distribution.exponential(mean: 1)),
      ])),
  loss: LossSettings([
    LinkSetting(.oneWay, ["share": .number(0.2)]),
    burst(["mean": .number(0.2), "length": .number(4)]),
    burst(["mean": .number(0.1), "length": .duration(.seconds(5)), "scope": .text("receiver")]),
  ]),
  bandwidth: BandwidthSettings(
    LinkSetting(.betweenAgents, ["between-agents": .special(Distribution.uniform(lower: 20, upper: 200))])),
  duplication: DuplicationSettings(Probability(0.3) ?? .never))

/// Whatever links do, constants stay, fates sum to what was sent, and every strategy goes on.
@Test func aConstantSurvivesLinksOfEveryForm() throws {
  for strategy in cases(everyStrategy) {
    for queue in LinkSettings.Queue.allCases {
      var settings = settings(
        NetworkSettings(topology: .randomGeometric(agents: 9, reach: .meanDegree(3))), stepSize: 0, until: 200)
      settings.learner.initial = .constant(0.1)
      settings.strategy = strategy
      settings.conditions.compute.withinAgent = .exponential(mean: 1)
      settings.conditions.links = stormy
      settings.conditions.links.queue = queue
      let seen = try Seen(settings)
      let fates = seen.record.messages
      #expect(seen.parameters.allSatisfy { $0 == 0.1 })
      #expect(fates.accounted == fates.sent)
      #expect(fates.used > 50 && fates.lost > 10, "\(strategy)")
      // Reading is no message on its way.
      #expect((fates.copies > 0) == (strategy.exchange != .pull), "\(strategy)")
      #expect(fates.copies <= fates.started)
    }
  }
}

private func gossip(_ duplication: DuplicationSettings?, loss: Double = 0) throws -> SimulationSettings {
  var settings = settings(
    ring(6), strategy: StrategySettings(kind: .gossip, gossip: GossipSettings(exchange: .push)),
    links: LinkSettings(
      latency: .law(.exponential(mean: 0.7)), loss: try #require(Probability(loss)), overhead: ByteCount(10)),
    until: 400)
  settings.conditions.links.duplication = duplication
  return settings
}

/// The first to arrive is the message, so copies make it arrive sooner and change nothing else: as often as messages are
/// doubled somebody hears of one twice, and what is sent, lost and paid stays what it was.
@Test func aCopyCostsNothingAndIsShownToNobody() throws {
  let plain = try Seen(gossip(nil, loss: 0.2)).record.messages
  let doubled = try Seen(gossip(DuplicationSettings(.certain), loss: 0.2)).record.messages
  #expect(doubled.sent - doubled.copies == plain.sent)
  #expect((doubled.lost, doubled.bytes, doubled.started) == (plain.lost, plain.bytes, plain.started))
  #expect(doubled.copies == plain.sent - plain.lost)
  #expect(doubled.used + doubled.inFlightAtEnd + doubled.duplicate == 2 * (plain.used + plain.inFlightAtEnd))
  #expect(doubled.used >= plain.used && doubled.duplicate > 0)
}

@Test func whereTheScenarioSaysSoACopyIsDeliveredLikeAnyMessage() throws {
  let once = try Seen(gossip(DuplicationSettings(.certain))).record.messages
  let twice = try Seen(gossip(DuplicationSettings(.certain, deliver: .twice))).record.messages
  #expect(twice.duplicate == 0 && twice.sent == once.sent)
  #expect(twice.used == once.used + once.duplicate)
}

/// Where no message is doubled, and the loss is one of a list, every bit is that of plain links.
@Test func whatIsNotUsedChangesNothing() throws {
  for strategy in cases(everyStrategy) {
    var plain = settings(ring(5), strategy: strategy, until: 60)
    plain.conditions.links = LinkSettings(latency: .law(.exponential(mean: 0.3)), loss: try #require(Probability(0.2)))
    var rich = plain
    rich.conditions.links.loss = LossSettings([
      LinkSetting(.independent, ["probability": .number(0.2)]),
      burst(["mean": .number(0), "length": .number(3)]),
    ])
    rich.conditions.links.duplication = DuplicationSettings(.never)
    let (one, other) = (try Seen(plain), try Seen(rich))
    #expect(one.record.fingerprint == other.record.fingerprint, "\(strategy)")
    #expect(one.parameters == other.parameters)
  }
}

extension Probability {
  fileprivate static var certain: Probability { Probability(1) ?? .never }
}

/// Push-sum keeps its mass where copies are shown to nobody, and gains some where they are delivered.
@Test func copiesThatAreDeliveredMakeMass() throws {
  func disagreement(_ deliver: DuplicationSettings.Delivery) throws -> [Double] {
    var settings = settings(
      ring(5), stepSize: 0, strategy: StrategySettings(kind: .pushSum, pushSum: PushSumSettings(runningSums: false)),
      links: LinkSettings(latency: .law(.exponential(mean: 0.3))), until: 300)
    settings.learner.initial = .values([1, 2, 3, 4, 5])
    settings.conditions.links.duplication = DuplicationSettings(try #require(Probability(0.2)), deliver: deliver)
    return try Seen(settings).parameters
  }
  #expect(try disagreement(.once).allSatisfy { abs($0 - 3) < 1e-9 })
  #expect(try disagreement(.twice).contains { abs($0 - 3) > 1e-3 })
}
