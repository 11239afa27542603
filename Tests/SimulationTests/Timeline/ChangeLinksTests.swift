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

private func change(
  at seconds: Double, for length: Double? = nil, every: Double? = nil, name: String? = nil, links: LinkSelector = .all,
  direction: LinkSelector.Direction = .both, _ what: Arguments
) -> TimelineEntry {
  var arguments = what
  arguments["links"] = links.argument
  arguments["direction"] = .text(direction.rawValue)
  return TimelineEntry(
    at: [.after(.seconds(seconds))], every: every.map { .seconds($0) }, for: length.map { .seconds($0) }, name: name,
    action: "change-links", arguments)
}

private func loss(_ probability: Double) throws -> Argument {
  .special(LossSettings.independent(try #require(Probability(probability))))
}

/// Two agents that send each other a message at every whole second.
private func pair(
  _ timeline: [TimelineEntry], links: LinkSettings = LinkSettings(), until: Double = 20.5
) -> SimulationSettings {
  var settings = settings(ring(2), dimension: 1, links: links, until: until, every: until)
  settings.timeline = timeline
  return settings
}

/// What happens to messages, by the time.
private func occurrences(
  _ settings: SimulationSettings, _ kinds: Set<Occurrence.Kind>
) throws -> [(time: Double, kind: Occurrence.Kind, link: Int)] {
  var seen: [(time: Double, kind: Occurrence.Kind, link: Int)] = []
  _ = try simulate(
    settings, in: World(settings, replication: 0),
    observer: RunObserver { occurrence in
      guard kinds.contains(occurrence.kind), let link = occurrence.link else { return }
      seen.append((occurrence.time.seconds, occurrence.kind, link.index))
    })
  return seen
}

/// What starts at the very instant at which the event comes meets it; at its end what was holds again.
@Test func linksLoseWhileAnEventSaysSoAndOnlyThose() throws {
  let lossy = change(
    at: 5, for: 4, links: .pairs([["agent-0", "agent-1"]]), direction: .forward, ["loss": try loss(1)])
  let lost = try occurrences(pair([lossy]), [.lost])
  #expect(lost.map(\.time) == [5, 6, 7, 8])
  // From agent-0 to agent-1 is the second link in the order of receivers.
  #expect(lost.allSatisfy { $0.link == 1 })
  let again = change(at: 3, for: 1.5, every: 6, ["loss": try loss(1)])
  #expect(Set(try occurrences(pair([again]), [.lost]).map(\.time)) == [3, 4, 9, 10, 15, 16])
}

@Test func ofSeveralEventsThatHoldTheNewestCounts() throws {
  let long = change(at: 2, for: 16, ["loss": try loss(1)])
  let short = change(at: 6, for: 4, ["loss": try loss(0)])
  let lost = try occurrences(pair([long, short]), [.lost]).filter { $0.link == 0 }
  #expect(lost.map(\.time) == [2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17])
}

/// The latency is that of the instant at which a message starts; each thing is replaced by itself.
@Test func eachThingIsReplacedByItself() throws {
  let slow = change(at: 4.5, for: 10, ["latency": .special(LatencySettings.law(.constant(0.25)))])
  let lossy = change(at: 8.5, for: 2, ["loss": try loss(1)])
  let seen = try occurrences(pair([slow, lossy]), [.used, .lost]).filter { $0.link == 0 }
  #expect(seen.filter { $0.kind == .lost }.map(\.time) == [9, 10])
  let settings = pair([slow, lossy])
  let deliveries = try Seen(settings).events.filter { $0.kind == .arrival && $0.subject == 0 }.map(\.time.seconds)
  #expect(deliveries == [1, 2, 3, 4, 5.25, 6.25, 7.25, 8.25, 11.25, 12.25, 13.25, 14.25, 15, 16, 17, 18, 19, 20])
}

/// Messages of 8 bytes on links without a limit; from 3.5 on nothing is carried, and from 8.25 on 16 bytes a second.
@Test func aBandwidthOfZeroHoldsMessagesUp() throws {
  let held = change(at: 3.5, for: 4.75, ["bandwidth": .special(LinkCapacity.none)])
  let slow = change(at: 8.25, for: 100, ["bandwidth": .special(LinkCapacity.limited(.bytesPerSecond(16)))])
  for queue in LinkSettings.Queue.allCases {
    let settings = pair([held, slow], links: LinkSettings(queue: queue), until: 12.25)
    let starts = try occurrences(settings, [.starts]).filter { $0.link == 0 }.map(\.time)
    let record = try simulate(settings, in: World(settings, replication: 0))
    #expect(record.messages.accounted == record.messages.sent)
    // Those offered at 4 … 8 wait, in line or for the newest of them.
    if queue == .fifo {
      #expect(starts == [1, 2, 3, 8.25, 8.75, 9.25, 9.75, 10.25, 10.75, 11.25, 11.75, 12.25])
    } else {
      #expect(starts == [1, 2, 3, 8.25, 9, 10, 11, 12])
      #expect(record.messages.superseded == 2 * 4)
    }
  }
}

/// What is in service stands still with its link: 24 bytes at 8 bytes a second take three seconds, four of which it rests.
@Test func whatIsInServiceWaitsForTheBandwidth() throws {
  var settings = settings(
    ring(2), dimension: 3, links: LinkSettings(bandwidth: .bytesPerSecond(8)), until: 8.5, every: 8.5)
  settings.conditions.compute.betweenAgents = .constant(1)
  settings.timeline = [change(at: 2, for: 4, ["bandwidth": .special(LinkCapacity.none)])]
  let arrivals = try Seen(settings).events.filter { $0.kind == .arrival }.map(\.time.seconds)
  #expect(arrivals == [8, 8])
}

/// A burst that an event brings begins with it, stationary and keyed by its name; the same event in another arm draws alike.
@Test func anEventBringsBurstsOfItsOwn() throws {
  let burst = LossSettings([LinkSetting(.burst, ["mean": .number(0.5), "length": .number(4)])])
  func lost(_ entries: [TimelineEntry], _ change: (inout SimulationSettings) -> Void = { _ in }) throws -> [Double] {
    var settings = pair(entries, until: 400.5)
    change(&settings)
    return try occurrences(settings, [.lost]).filter { $0.link == 0 }.map(\.time)
  }
  let event = change(at: 100, for: 200, name: "storm", ["loss": .special(burst)])
  let alone = try lost([event])
  #expect(alone.count > 40 && alone.allSatisfy { 100 <= $0 && $0 < 300 })
  // Another event before and losses of the conditions change none of its draws.
  let other = change(at: 10, for: 20, ["loss": try loss(1)])
  #expect(try lost([other, event]).filter { $0 >= 100 } == alone)
  let rich = try lost([event]) { $0.conditions.links.loss = .independent(Probability(0.5) ?? .never) }
  #expect(rich.filter { 100 <= $0 && $0 < 300 } == alone)
  let renamed = change(at: 100, for: 200, name: "squall", ["loss": .special(burst)])
  #expect(try lost([renamed]) != alone)
  // Coming again it does not repeat itself.
  let twice = try lost([change(at: 100, for: 100, every: 150, name: "storm", ["loss": .special(burst)])])
  let (first, second) = (
    twice.filter { $0 < 200 }.map { $0 - 100 }, twice.filter { $0 >= 250 && $0 < 350 }.map { $0 - 250 }
  )
  #expect(first == alone.filter { $0 < 200 }.map { $0 - 100 })
  #expect(first != second && !second.isEmpty)
}

/// Whom an event chose, another finds again, at times known before the run.
@Test func linksOfAnEarlierEventAreThoseThatItChose() throws {
  var settings = settings(ring(8), dimension: 1, until: 20.5, every: 20.5)
  settings.timeline = [
    TimelineEntry(
      at: [.after(.seconds(2))], for: .seconds(1), name: "down", action: "crash",
      ["agents": AgentSelector.random(.count(2)).argument]),
    change(at: 5.5, for: 4, links: .of(.event("down")), direction: .forward, ["loss": try loss(1)]),
  ]
  let world = try World(settings, replication: 0)
  var crashed: Set<Int> = []
  var silent: Set<Int> = []
  _ = try simulate(
    settings, in: world,
    observer: RunObserver { occurrence in
      if occurrence.kind == .crashes, let agent = occurrence.agent { crashed.insert(agent.index) }
      if occurrence.kind == .lost, occurrence.time.seconds > 5, let link = occurrence.link {
        silent.insert(world.network.senders[link.index].index)
      }
    })
  #expect(crashed.count == 2 && crashed == silent)
}
