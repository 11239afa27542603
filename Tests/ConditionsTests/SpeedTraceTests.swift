// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Schema
import Testing

/// Of agent-0: half the speed from 1 s on, none from 3 to 4 s, then twice the usual. Of agent-1: a quarter from 0 on.
private func table(recycle: Double? = nil, assign: TraceTable.Assignment = .byName) -> TraceTable {
  var use = TraceTable.Use()
  use.recycle = recycle.map { .seconds($0) }
  use.assignment = assign
  let rows: [(Int, Int64, Double)] = [
    (0, 1_000_000_000, 0.5), (0, 3_000_000_000, 0), (0, 4_000_000_000, 2), (1, 0, 0.25),
  ]
  return TraceTable(
    use, subjects: [["agent-0"], ["agent-1"]], lines: [2, 5],
    rows: rows.map { .init(subject: $0.0, nanoseconds: $0.1, value: $0.2) })
}

private func speeds(_ trace: TraceTable, agents: Int = 3, spells: SlowSpellSettings? = nil) throws -> ChangingSpeeds {
  ChangingSpeeds(
    ComputeSettings(spells: spells, trace: trace), slowSpellsOf: Array(0..<agents), timelineChanges: false,
    network: try loners(agents), agentCount: agents, until: VirtualTime(seconds: 1000), seed: 1, replication: 0)
}

/// When steps of one second in a row end.
private func ends(_ speeds: borrowing ChangingSpeeds, of agent: Int, count: Int) -> [Double] {
  var time = VirtualTime.zero
  return (0..<count).map { _ in
    let end = speeds.begin(NodeID(agent), work: .seconds(1), at: time)
    speeds.finish(NodeID(agent), computing: end - time)
    time = end
    return end.seconds
  }
}

@Test func stepsTakeAsLongAsTheTraceLetsThem() throws {
  let seen = try speeds(table())
  #expect(ends(seen, of: 0, count: 5) == [1, 3, 4.5, 5, 5.5])
  #expect(ends(seen, of: 1, count: 2) == [4, 8])
  #expect(ends(seen, of: 2, count: 3) == [1, 2, 3])
  // The last 1.5 s were faster than usual.
  #expect(seen.slowed(NodeID(0), computing: .zero, at: VirtualTime(seconds: 5.5)) == 0.5)
}

/// After 5 s it begins again, at the usual speed for a second.
@Test func aRecycledTraceOfSpeedsBeginsAgain() throws {
  let seen = try speeds(table(recycle: 5))
  #expect(ends(seen, of: 0, count: 7) == [1, 3, 4.5, 5, 6, 8, 9.5])
}

@Test func anAgentThatStandsStillForEverEndsNothing() throws {
  var use = TraceTable.Use()
  use.assignment = .random
  let rows = [TraceTable.Row(subject: 0, nanoseconds: 500_000_000, value: 0)]
  let still = TraceTable(use, subjects: [["a"]], lines: [2], rows: rows)
  let seen = try speeds(still)
  let end = seen.begin(NodeID(2), work: .seconds(1), at: .zero)
  #expect(end == .never)
}

@Test func spellsAndTracesMultiply() throws {
  let spells = SlowSpellSettings(slowdown: 2, lengths: .laws(normal: .constant(1e-9), slow: .constant(1e6)))
  let seen = try speeds(table(), spells: spells)
  let end = seen.begin(NodeID(1), work: .seconds(1), at: VirtualTime(seconds: 1))
  #expect(end == VirtualTime(seconds: 9))
}

/// Over the first 5 s: 1 + 2 · 0.5 + 0 + 2; then the same again where it is recycled.
@Test func theMeanSpeedOfATraceIsItsIntegral() throws {
  func mean(_ recycle: Double?, until seconds: Double) throws -> [Double] {
    try ComputeSettings(trace: table(recycle: recycle)).meanTracedSpeeds(of: loners(3), seed: 1, until: seconds)
  }
  #expect(try mean(nil, until: 5) == [0.8, 0.25, 1])
  #expect(try mean(5, until: 500) == [0.8, 0.25, 1])
}
