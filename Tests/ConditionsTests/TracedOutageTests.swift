// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Testing

/// Of agent-0: down from 3 to 4.5 s. Of agent-1: down to 1 s and from 25 s on, with an entry that changes nothing at 7 s.
private func cause(
  recycle: Double? = nil, assign: TraceTable.Assignment = .byName, subjects: [String] = ["agent-0", "agent-1"]
) -> FailureSettings.Cause {
  var use = TraceTable.Use()
  use.recycle = recycle.map { .seconds($0) }
  use.assignment = assign
  let rows: [(Int, Int64, Double)] = [
    (0, 3_000_000_000, 0), (1, 0, 0), (0, 4_500_000_000, 1), (1, 1_000_000_000, 1), (1, 7_000_000_000, 1),
    (1, 25_000_000_000, 0),
  ]
  let table = TraceTable(
    use, subjects: subjects.map { [$0] }, lines: [2, 3],
    rows: rows.map { .init(subject: $0.0, nanoseconds: $0.1, value: $0.2) })
  return .init(.trace, ["trace": .special(table)])
}

private let end = VirtualTime(seconds: 100)

@Test func agentsAreDownWhileTheirTraceSaysSo() throws {
  let outages = try outages([cause()], agents: 3)
  #expect(outages.changes(of: 0).map(\.seconds) == [3, 4.5])
  #expect(outages.changes(of: 1).map(\.seconds) == [0, 1, 25])
  #expect(outages.changes(of: 2).isEmpty)
}

/// With a length of 30 s agent-1 is down from 25 s over the new beginning, where its trace says so again, to 31 s. With 25 s
/// its last entry comes when the trace has begun again, and is never heard.
@Test func aRecycledTraceGoesOn() throws {
  let outages = try outages([cause(recycle: 30)], agents: 3)
  #expect(outages.changes(of: 0, before: end).map(\.seconds) == [3, 4.5, 33, 34.5, 63, 64.5, 93, 94.5])
  #expect(outages.changes(of: 1, before: end).map(\.seconds) == [0, 1, 25, 31, 55, 61, 85, 91])
  let shorter = try ConditionsTests.outages([cause(recycle: 25)], agents: 3)
  #expect(shorter.changes(of: 1, before: end).map(\.seconds) == [0, 1, 25, 26, 50, 51, 75, 76])
}

@Test func theAvailabilityOfATraceIsWhatItSays() throws {
  let process = try outages([cause(recycle: 30)], agents: 3).cause(of: 0).process
  let inTheLongRun = (0..<3).map { process.availability(of: NodeID($0), at: .infinity) }
  let expected: [Double?] = [1 - 1.5 / 30, 1 - 6.0 / 30, 1]
  #expect(inTheLongRun == expected)
  let times: [Double] = [2, 3, 4, 5, 33]
  let now = times.map { process.availability(of: NodeID(0), at: $0) }
  #expect(now == [1, 0, 0, 1, 0])
}

/// Each of 1,000 agents follows one of the two, half of them each within 4.42 standard errors (a false-alarm probability of
/// 1e-5), the same one in every replication and whoever else is there.
@Test func agentsCanFollowTracesAtRandom() throws {
  func kinds(agents: Int, replication: UInt32) throws -> [Int] {
    let outages = try outages(
      [cause(assign: .random, subjects: ["x", "y"])], agents: agents, replication: replication)
    return (0..<min(agents, 500)).map { outages.changes(of: $0).count }
  }
  let kinds = [try kinds(agents: 1000, replication: 0), try kinds(agents: 500, replication: 1)]
  #expect(kinds[0] == kinds[1])
  #expect(Set(kinds[0]) == [2, 3])
  #expect(abs(Double(kinds[0].count { $0 == 2 }) - 250) < 4.42 * 11.2)
}
