// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Testing

/// The links of two agents, of which a→b carries what these steps say, in bytes a second.
private func changing(
  _ steps: [(seconds: Double, rate: Double)], recycle: Double? = nil, before: Double = 1000,
  queue: LinkSettings.Queue = .fifo
) throws -> Transmissions {
  let network = try pair()
  let own = steps.map { (time: VirtualTime(seconds: $0.seconds).nanoseconds, value: $0.rate) }
  let series = LinkSeries([[], own], recycle: recycle.map { VirtualTime(seconds: $0).nanoseconds }, before: before)
  let settings = LinkSettings(queue: queue)
  var plan = try settings.plan(LinkDraw(network: network))
  plan.bandwidths = [LinkBandwidths(series, links: 2)]
  return Transmissions(
    settings, plan: plan, network: network, acknowledges: false, seed: 1, replication: 0)
}

private func arrival(_ links: borrowing Transmissions, bytes: UInt64, at seconds: Double) -> Double {
  links.arrival(
    over: LinkID(1), bytes: bytes, travel: .zero, at: VirtualTime(seconds: seconds), keepsOrder: false
  ).seconds
}

/// 1000 bytes: half a second at 1000 B/s, a second at 100, and what is left, 400, at 800.
@Test func aTransmissionEndsWhenTheIntegralOfTheBandwidthEqualsItsSize() throws {
  let links = try changing([(0.5, 100), (1.5, 800)])
  #expect(arrival(links, bytes: 1000, at: 0) == 2)
  #expect(arrival(links, bytes: 500, at: 0) == 0.5)
  #expect(arrival(links, bytes: 501, at: 0) == 0.51)
  #expect(arrival(links, bytes: 100, at: 1) == 1.5 + 50.0 / 800)
  // Another link has no steps.
  #expect(links.arrival(over: LinkID(0), bytes: 500, travel: .zero, at: .zero, keepsOrder: false).seconds == 0.5)
}

/// Turns of 2 s carry 1000 bytes in their first second: whole turns are passed over, and a start amid one changes nothing.
@Test func aTraceThatBeginsAgainCarriesTheSameInEveryTurn() throws {
  let links = try changing([(0, 1000), (1, 0)], recycle: 2)
  #expect(arrival(links, bytes: 1000, at: 0) == 1)
  #expect(arrival(links, bytes: 1001, at: 0) == 2.001)
  #expect(arrival(links, bytes: 10_000, at: 0) == 19)
  #expect(arrival(links, bytes: 4_000_000, at: 0) == 7999)
  #expect(arrival(links, bytes: 4_000_000, at: 0.25) == 8000.25)
  #expect(arrival(links, bytes: 500, at: 1.5) == 2.5)
}

@Test func whereALinkCarriesNoMoreNothingArrives() throws {
  let links = try changing([(1, 0)])
  #expect(arrival(links, bytes: 1000, at: 0) == 1)
  #expect(links.arrival(over: LinkID(1), bytes: 1001, travel: .zero, at: .zero, keepsOrder: false) == .never)
  let dead = try changing([(0, 0), (1, 0)], recycle: 3)
  #expect(dead.arrival(over: LinkID(1), bytes: 1, travel: .zero, at: .zero, keepsOrder: false) == .never)
}

/// Offered while nothing is carried, messages wait: they are told to start when the link carries again, newer ones take
/// the place of the one that waits, and where it never does they wait for ever.
@Test func aLinkThatCarriesNothingLetsMessagesWait() throws {
  let link = LinkID(1)
  for queue in LinkSettings.Queue.allCases {
    var links = try changing([(1, 0), (3, 1000)], queue: queue)
    let (two, three) = (VirtualTime(seconds: 2), VirtualTime(seconds: 3))
    #expect(links.isHeldUp(link, at: two) && !links.isHeldUp(link, at: three))
    #expect(links.offer(7, to: link, bytes: 100, at: two) == .waits(replacing: Transmissions.none, next: three))
    let replaced = queue == .supersede ? 7 : Transmissions.none
    #expect(links.offer(8, to: link, bytes: 100, at: two) == .waits(replacing: replaced, next: nil))
    #expect(links.next(on: link, at: two) == nil)
    #expect(links.next(on: link, at: three) == (queue == .supersede ? 8 : 7))
    #expect(arrival(links, bytes: 100, at: 3) == 3.1)
  }
  var dead = try changing([(1, 0)])
  #expect(
    dead.offer(7, to: link, bytes: 1, at: VirtualTime(seconds: 2)) == .waits(replacing: Transmissions.none, next: nil))
  #expect(dead.next(on: link, at: VirtualTime(seconds: 1e6)) == nil)
  #expect(dead.withdraw(from: link) == 7)
}

/// A link carries what the slower end does: half of the agents' draws are below the median of 1000 B/s, so that 3 of 4 links
/// are.
@Test func aLinkHasTheLesserRateOfItsTwoEnds() throws {
  let names = (0..<400).map { "agent-\($0)" }
  let network = try Network(
    names: names, edges: stride(from: 0, to: 400, by: 2).map { .init(names[$0], names[$0 + 1]) })
  let law = Distribution.uniform(lower: 500, upper: 1500)
  let setting = BandwidthSettings(LinkSetting(.betweenAgents, ["between-agents": .special(law)]))
  let rates = try setting.links(LinkDraw(network: network, seed: 3)).rates
  let family = StreamFamily(seed: 3, replication: StreamFamily.study, purpose: .accessRate)
  for link in 0..<network.linkCount {
    let ends = [network.senders[link], network.receivers[link]].map {
      law.sample(family.key(network.keys[$0.index]), at: 0)
    }
    #expect(rates[link] == min(ends[0], ends[1]))
  }
  let slow = (0..<network.linkCount).count { rates[$0] < 1000 }
  // 200 edges with probability 3/4: within 4.5 standard deviations of 6.1, twice for the two links.
  #expect(abs(slow - 300) < 56)
}
