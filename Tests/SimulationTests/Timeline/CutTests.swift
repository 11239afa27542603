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

/// Links that are cut at some time, perhaps for so long.
func cut(
  _ links: LinkSelector = .all, at seconds: Double, for length: Double? = nil,
  _ direction: LinkSelector.Direction = .both, _ inFlight: InFlight = .lost
) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], for: length.map { .seconds($0) }, action: "cut",
    [
      "links": links.argument, "direction": .text(direction.rawValue), "in-flight": .text(inFlight.rawValue),
    ])
}

func restore(_ links: LinkSelector, at seconds: Double, _ direction: LinkSelector.Direction = .both) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], action: "restore",
    ["links": links.argument, "direction": .text(direction.rawValue)])
}

/// Two agents that send each other a message of 8 B every second, from 1 s on.
private func pairs(_ links: LinkSettings, _ timeline: [TimelineEntry], until: Double) throws
  -> RunRecord
{
  var settings = settings(ring(2), dimension: 1, links: links, until: until)
  settings.timeline = timeline
  let seen = try Seen(settings)
  let fates = seen.record.messages
  #expect(fates.accounted == fates.sent && fates.losses.all == fates.lost)
  return seen.record
}

/// What is offered to a cut link is lost and costs its bytes: messages 4, 5 and 6 of each.
@Test func aCutLinkLosesWhatIsOfferedToIt() throws {
  let record = try pairs(LinkSettings(), [cut(at: 3.5, for: 3)], until: 10.5)
  #expect(record.messages.sent == 20 && record.messages.bytes == 160)
  #expect(record.messages.lost == 6 && record.messages.losses.cut == 6 && record.messages.losses.waiting == 0)
  // A cut and a restoration come before what is sent at their instants.
  #expect(try pairs(LinkSettings(), [cut(at: 3, for: 3)], until: 10.5).messages.lost == 6)
}

/// What travels when its link is cut is lost or arrives, as the scenario says: a message takes 1.5 s, so at 3.2 s those of
/// 2 s and of 3 s are on their way.
@Test func whatTravelsIsLostUnlessItMayArrive() throws {
  let slow = LinkSettings(latency: .law(.constant(1.5)))
  #expect(try pairs(slow, [cut(at: 3.2, for: 0.1)], until: 10.2).messages.losses.cut == 4)
  #expect(try pairs(slow, [cut(at: 3.2, for: 0.1, .both, .arrive)], until: 10.2).messages.lost == 0)
  // What would arrive at the very instant of the cut is gone.
  #expect(try pairs(slow, [cut(at: 3.5, for: 0.1)], until: 10.2).messages.losses.cut == 4)
  // Still on its way when the run ends, and lost.
  let late = try pairs(slow, [cut(at: 3.2)], until: 3.4).messages
  #expect(late.lost == 4 && late.inFlightAtEnd == 0)
}

/// A link that is busy for 2.5 s with each message: at 4.2 s that of 3 s is in service since 3.5 s, that of 4 s waits, and the
/// first, which left at 3.5 s, travels until 4.5 s. The link is idle again: what is offered at 5 s starts then.
@Test func whatIsInServiceAndWhatWaitsAreLostEitherWay() throws {
  let narrow = LinkSettings(latency: .law(.constant(1)), bandwidth: .rate(Bandwidth(bytes: 8, per: .seconds(2.5))))
  for (inFlight, lost) in [(InFlight.lost, 3), (.arrive, 2)] {
    let record = try pairs(narrow, [cut(at: 4.2, for: 0.1, .both, inFlight)], until: 8.7)
    #expect(record.messages.losses.cut == 2 * UInt64(lost) && record.messages.losses.waiting == 2)
    // On the link at 1, 3.5, 5 and 7.5 s.
    #expect(record.messages.started == 8 && record.messages.bytes == 64)
    // Of these the one of 5 s arrives at 8.5 s.
    #expect(record.messages.inFlightAtEnd == 2)
  }
}

/// In line a cut empties the line, and messages that follow keep their order.
@Test func aCutEmptiesTheLine() throws {
  var line = LinkSettings(
    latency: .law(.constant(1)), bandwidth: .rate(Bandwidth(bytes: 8, per: .seconds(2.5))), queue: .fifo)
  line.inOrder = true
  let record = try pairs(line, [cut(at: 6.2, for: 0.1)], until: 30.2)
  // 1 and part of 2 have gone; 3, 4, 5 and 6 wait (the third is in service since 6 s).
  #expect(record.messages.losses.cut == 2 * 5 && record.messages.losses.waiting == 2 * 3)
}

/// One direction alone, and every way to say which.
@Test func aDirectionIsCutAlone() throws {
  func lost(_ selector: LinkSelector, _ direction: LinkSelector.Direction) throws -> [UInt64] {
    var settings = settings(paw, dimension: 1, until: 10.5)
    settings.timeline = [cut(selector, at: 3.5, for: 3, direction)]
    var lost = [UInt64](repeating: 0, count: 4)
    let observer = RunObserver { occurrence in
      if occurrence.kind == .lost, let agent = occurrence.agent { lost[agent.index] += 1 }
      #expect(occurrence.loss == (occurrence.kind == .lost ? .cut : nil))
    }
    _ = try simulate(settings, in: World(settings, replication: 0), observer: observer)
    return lost
  }
  #expect(try lost(.all, .both) == [6, 6, 9, 3])
  #expect(try lost(.pairs([["c", "d"]]), .forward) == [0, 0, 3, 0])
  #expect(try lost(.pairs([["c", "d"]]), .backward) == [0, 0, 0, 3])
  #expect(try lost(.of(.named(["c"])), .both) == [3, 3, 9, 3])
  #expect(try lost(.of(.named(["c"])), .forward) == [0, 0, 9, 0])
  #expect(try lost(.of(.named(["c"])), .backward) == [3, 3, 0, 3])
  #expect(try lost(.share(0.25), .both).reduce(0, +) == 6)
}

/// Every strategy in a world in which everything goes wrong.
private func study(_ strategy: StrategySettings, _ timeline: [TimelineEntry]) throws -> Seen {
  var settings = try settings(paw, spread: 0.5, strategy: strategy, until: 40)
    .withEverything(unit: 1, bandwidth: 200, up: 20, down: 3)
  settings.timeline = timeline
  // Who waits for an answer is to get it within the run.
  settings.strategy.retransmission.timeout = .seconds(2)
  settings.strategy.retransmission.backOff = 1
  return try Seen(settings)
}

/// A link is cut as long as any cause cuts it, whatever the strategy.
@Test(arguments: cases(timelineStrategies, atLeast: 12))
func cutsThatOverlapAreOne(strategy: StrategySettings) throws {
  let edge = LinkSelector.pairs([["b", "c"], ["d", "c"]])
  let one = try study(strategy, [cut(edge, at: 5, for: 7)])
  for timeline in [
    [cut(edge, at: 5, for: 4), cut(edge, at: 7, for: 5)],
    [cut(edge, at: 5), restore(.of(.named(["c", "b"])), at: 12)],
    [cut(edge, at: 5), cut(edge, at: 6), restore(edge, at: 12)],
    [cut(edge, at: 5, for: 7, .forward), cut(edge, at: 5, for: 7, .backward)],
  ] {
    let other = try study(strategy, timeline)
    #expect(one.parameters == other.parameters)
    #expect(one.record.messages == other.record.messages)
    #expect(one.record.agents == other.record.agents)
  }
  #expect((one.record.messages.losses.cut > 0) == strategy.facts.cooperates)
  #expect(one.record.messages.accounted == one.record.messages.sent)
  #expect(one.record.messages.losses.all == one.record.messages.lost)
}

/// Draws are those of the arm without a cut: where it changes nothing that is heard, nothing changes.
@Test(arguments: cases(timelineStrategies, atLeast: 12))
func aCutOfNothingChangesNothing(strategy: StrategySettings) throws {
  let plain = try study(strategy, [])
  let cut = try study(strategy, [cut(.share(0), at: 5, for: 7), restore(.all, at: 20)])
  #expect(plain.parameters == cut.parameters && plain.record.messages == cut.record.messages)
  #expect(plain.record.agents == cut.record.agents)
}

/// Reading and averaging in pairs over a cut link fail.
@Test(arguments: [GossipSettings.Loss.exchange, .direction])
func exchangesAtOneInstantFail(loss: GossipSettings.Loss) throws {
  var settings = settings(
    ring(2), strategy: StrategySettings(kind: .gossip, clock: ClockSettings(betweenAgents: .constant(1))), until: 10.5)
  settings.strategy.gossip = GossipSettings(exchange: .pairwise, loss: loss)
  for (direction, timeline) in [(2, cut(at: 0)), (1, cut(.all, at: 0, .forward))] {
    settings.timeline = [timeline]
    let record = try Seen(settings).record
    #expect(record.messages.sent > 10)
    let share = loss == .exchange ? 1 : direction == 2 ? 1 : 0.5
    #expect(Double(record.messages.losses.cut) == share * Double(record.messages.sent))
  }
  settings.strategy = StrategySettings(exchange: .pull)
  settings.timeline = [cut(at: 0)]
  let record = try Seen(settings).record
  #expect(record.messages.losses.cut == record.messages.sent && record.messages.sent == 20)
}

/// A run is not stalled while a restoration is still to come; what was to be heard is sent again when it comes.
@Test func whoWaitsForACutLinkGoesOnWhenItIsRestored() throws {
  for timing in [StrategySettings.Timing.synchronousGlobal, .synchronousLocal] {
    var settings = settings(paw, strategy: StrategySettings(timing: timing, missingNeighbour: .wait), until: 60)
    settings.timeline = [cut(.pairs([["c", "d"]]), at: 10.5, for: 20)]
    let record = try Seen(settings).record
    #expect(record.ending == .until)
    // Rounds take a second; the wait from the cut on, and at most a back-off of as long as it lasted.
    #expect(record.agents.allSatisfy { 15...42 ~= $0.updates }, "\(record.agents.map(\.updates))")
    settings.timeline = [cut(.pairs([["c", "d"]]), at: 10.5)]
    settings.strategy.retransmission.acknowledge = .never
    #expect(try Seen(settings).record.ending == .stalled)
  }
}

/// An ideal barrier knows which links are up, and combines without them at once; a local one finds out by its timeout.
@Test func barriersGoOnWithoutCutLinks() throws {
  func updates(_ strategy: StrategySettings, _ timeline: [TimelineEntry]) throws -> [UInt64] {
    var settings = settings(paw, strategy: strategy, until: 60.5)
    settings.timeline = timeline
    return try Seen(settings).record.agents.map(\.updates)
  }
  let global = StrategySettings(timing: .synchronousGlobal)
  #expect(try updates(global, [cut(at: 10.5, for: 20)]) == [60, 60, 60, 60])
  let local = StrategySettings(timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(4))
  let steps = try updates(local, [cut(at: 10.5, for: 20)])
  // A timeout of 4 s once, and perhaps once more when they hear each other again.
  #expect(steps.allSatisfy { 50...57 ~= $0 }, "\(steps)")
}

/// Of a link that is cut one way messages arrive and acknowledgements do not: they are sent again, and arrive again.
@Test func acknowledgementsAreLostOverACutLink() throws {
  var settings = settings(
    ring(2),
    strategy: StrategySettings(timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(50)),
    until: 20)
  settings.strategy.retransmission.timeout = .seconds(0.25)
  settings.strategy.retransmission.backOff = 1
  settings.timeline = [cut(.pairs([["agent-0", "agent-1"]]), at: 3.1, for: 5, .forward)]
  let record = try Seen(settings).record
  #expect(record.messages.duplicate >= 18)
  #expect(record.messages.losses.cut >= 18)
}

/// A centre does not wait for an agent whose link is cut, and takes it in again when it is whole.
@Test func aCentreGoesOnWithoutWhoIsCutOff() throws {
  func record(_ timeline: [TimelineEntry]) throws -> RunRecord {
    var settings = controlSettings(
      strategy: StrategySettings(kind: .centralised, timing: .synchronousGlobal), until: 20.5)
    settings.timeline = timeline
    let seen = try Seen(settings)
    #expect(seen.record.messages.accounted == seen.record.messages.sent)
    return seen.record
  }
  let all = try record([])
  for direction in LinkSelector.Direction.allCases {
    let cut = try record([cut(.of(.named(["b"])), at: 5.2, for: 8, direction)])
    for agent in [0, 2, 3] { #expect(cut.agents[agent].updates == all.agents[agent].updates) }
    let missed = Int(all.agents[1].updates) - Int(cut.agents[1].updates)
    #expect(6...9 ~= missed, "\(direction): \(missed)")
  }
}

/// Where one agent is cut off from its only neighbour, its messages are all lost and it keeps to itself.
@Test func whoIsCutOffIsAlone() throws {
  var settings = settings(pair, spread: 1, until: 30)
  settings.timeline = [cut(at: 0)]
  let cutOff = try Seen(settings)
  settings.strategy = StrategySettings(kind: .nonCooperative)
  settings.timeline = []
  #expect(try Seen(settings).parameters == cutOff.parameters)
}
