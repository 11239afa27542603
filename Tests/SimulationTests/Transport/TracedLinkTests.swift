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

/// A trace of links between the agents of a network: from, to, seconds, value in base units.
private func trace(
  _ rows: [(from: String, to: String, at: Double, value: Double)], recycle: Double? = nil, bothWays: Bool = false
) -> Arguments {
  var use = TraceTable.Use()
  use.recycle = recycle.map { .seconds($0) }
  use.isBothWays = bothWays
  var subjects: [[String]] = []
  var lines: [Int] = []
  var entries: [TraceTable.Row] = []
  for (number, row) in rows.enumerated() {
    let names = [row.from, row.to]
    if !subjects.contains(names) {
      subjects.append(names)
      lines.append(number + 2)
    }
    entries.append(
      TraceTable.Row(
        subject: subjects.firstIndex(of: names) ?? 0, nanoseconds: VirtualTime(seconds: row.at).nanoseconds,
        value: row.value))
  }
  return ["trace": .special(TraceTable(use, subjects: subjects, lines: lines, rows: entries))]
}

private typealias Rows = [(from: String, to: String, at: Double, value: Double)]

/// Two agents that send each other a message of 8 B every second, from 1 s on.
private func fates(_ links: LinkSettings, until: Double) throws -> RunRecord {
  let seen = try Seen(settings(ring(2), dimension: 1, links: links, until: until))
  let fates = seen.record.messages
  #expect(fates.accounted == fates.sent && fates.losses.all == fates.lost)
  return seen.record
}

private func lossy(_ rows: Rows, recycle: Double? = nil, bothWays: Bool = false) -> LinkSettings {
  LinkSettings(loss: LossSettings([LinkSetting(.trace, trace(rows, recycle: recycle, bothWays: bothWays))]))
}

/// Certain loss from 3 s on, none from 6 s on: what starts at these instants meets the new value.
@Test func aLinkLosesAsItsTraceSaysOfTheStartOfAMessage() throws {
  let rows: Rows = [("agent-0", "agent-1", 3, 1), ("agent-0", "agent-1", 6, 0)]
  #expect(try fates(lossy(rows), until: 10.5).messages.losses.noise == 3)
  #expect(try fates(lossy(rows, bothWays: true), until: 10.5).messages.losses.noise == 6)
  // Again from 11 s on: of 1, 2, ..., 20 s those of 3 to 5 and of 11 to 13 s, which is 3 to 5 s again.
  #expect(try fates(lossy(rows, recycle: 8), until: 20.5).messages.losses.noise == 3 + 3 + 2)
}

/// 0.25 s at first, and 2.5 s for what starts from 4 s on: it overtakes nothing, and the last two of each are under way.
@Test func aMessageTravelsForWhatTheTraceSaysOfItsStart() throws {
  let rows: Rows = [("agent-0", "agent-1", 0, 0.25), ("agent-0", "agent-1", 4, 2.5)]
  let latency = LatencySettings(LinkSetting(.trace, trace(rows, bothWays: true)))
  let record = try fates(LinkSettings(latency: latency), until: 10.2)
  #expect(record.messages.sent == 20 && record.messages.inFlightAtEnd == 2 * 3)
}

/// A message of 8 B takes no time before 2.5 s, then 4 s at 2 B/s: that of 3 s until 7 s, with a second's standstill until
/// 8 s. Those of 4 to 7 s wait, the newest last, and it starts at 8 s.
@Test func aTransmissionEndsWithTheIntegralOfTheRate() throws {
  let rows: Rows = [
    ("agent-0", "agent-1", 2.5, 2), ("agent-0", "agent-1", 5, 0), ("agent-0", "agent-1", 6, 2),
  ]
  let bandwidth = BandwidthSettings(LinkSetting(.trace, trace(rows)))
  var links = LinkSettings(bandwidth: bandwidth)
  let seen = try Seen(settings(ring(2), dimension: 1, links: links, until: 8.5))
  let arrivals = seen.events.filter { $0.kind == .arrival && $0.subject == 1 }
  #expect(arrivals.map(\.time.seconds) == [1, 2, 8])
  links.queue = .fifo
  let record = try fates(links, until: 8.5)
  // Of agent-0 the messages of 4 s to 8 s are still there; agent-1 has no limit.
  #expect(record.messages.superseded == 0 && record.messages.inFlightAtEnd + record.messages.neverStarted == 5)
}

@Test func tracesOfWhoIsNotLinkedAreRefused() throws {
  func refusal(_ rows: Rows, bothWays: Bool = false) throws -> String? {
    do {
      _ = try World(
        settings(
          ring(4), dimension: 1, links: lossy(rows, bothWays: bothWays), until: 1),
        replication: 0)
      return nil
    } catch {
      return "\(error)"
    }
  }
  #expect(try refusal([("agent-0", "agent-1", 0, 1)]) == nil)
  #expect(
    try refusal([("agent-0", "agent-1", 0, 1), ("agent-0", "agent-2", 0, 1)])
      == "line 3 of  is about 'agent-0' and 'agent-2', which are not linked.")
  #expect(
    try refusal([("agent-0", "agent-7", 0, 1)])
      == "line 2 of  is about agent 'agent-7', which the network does not have.")
  #expect(
    try refusal([("agent-0", "agent-1", 0, 1), ("agent-1", "agent-0", 0, 1)], bothWays: true)
      == "lines 2 and 3 of  both say what holds between 'agent-1' and 'agent-0', as it goes both ways.")
}

/// Whatever links do by a trace, constants stay and fates sum to what was sent.
@Test func aConstantSurvivesTracedLinks() throws {
  let rows: Rows = [("agent-0", "agent-1", 0, 0.5), ("agent-1", "agent-2", 7, 0.5), ("agent-2", "agent-1", 4, 0.9)]
  let times: Rows = [("agent-0", "agent-1", 0, 0.4), ("agent-2", "agent-1", 3, 3), ("agent-2", "agent-1", 9, 0.1)]
  let rates: Rows = [("agent-1", "agent-2", 3, 40), ("agent-1", "agent-2", 5, 0), ("agent-1", "agent-2", 6, 80)]
  for strategy in cases(everyStrategy) where !strategy.facts.hasCentre {
    var settings = settings(ring(5), stepSize: 0, strategy: strategy, until: 400)
    settings.learner.initial = .constant(0.1)
    settings.conditions.links = LinkSettings(
      latency: LatencySettings(LinkSetting(.trace, trace(times, recycle: 20))),
      loss: LossSettings([LinkSetting(.trace, trace(rows, recycle: 14))]),
      bandwidth: BandwidthSettings(LinkSetting(.trace, trace(rates, recycle: 10))))
    let seen = try Seen(settings)
    let fates = seen.record.messages
    #expect(seen.parameters.allSatisfy { $0 == 0.1 })
    #expect(fates.accounted == fates.sent && fates.losses.all == fates.lost)
    #expect(fates.used > 50 && fates.lost > 5, "\(strategy)")
  }
}
