// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Testing

private func cause(hit: Double, agents: AgentSelector = .all) -> FailureSettings.Cause {
  .init(
    .groups,
    [
      "up": .special(Distribution.exponential(mean: 10)), "down": .special(Distribution.constant(1)),
      "hit": .number(hit),
    ], agents: agents)
}

private let halves = ["east": [0, 1, 2], "west": [2, 3, 4, 5]].mapValues { $0.map { "agent-\($0)" } }

@Test func aGroupGoesDownAsOne() throws {
  let outages = try outages([cause(hit: 1)], agents: 6, groups: halves)
  #expect(outages.lineCount == 2)
  let members = (0..<4).map { outages.agent($0, of: 1) }
  #expect(members == [2, 3, 4, 5].map { NodeID($0) })
  for number in 0..<1000 as Range<UInt32> {
    let hits = (0..<4).map { outages.takesDown($0, of: 1, outage: number) }
    #expect(hits == [true, true, true, true])
  }
  #expect(outages.changes(of: 0, count: 10) != outages.changes(of: 1, count: 10))
}

/// Each of 4 members in 5,000 outages: 0.3 ± 4.42 standard errors, a false-alarm probability of 1e-5 each; that two go down
/// together has probability 0.09.
@Test func eachMemberIsHitByItself() throws {
  let outages = try outages([cause(hit: 0.3)], agents: 6, groups: halves)
  let hits: [[Bool]] = (0..<5000 as Range<UInt32>).map { number in
    (0..<4).map { outages.takesDown($0, of: 1, outage: number) }
  }
  for member in 0..<4 {
    let share = Double(hits.count { $0[member] }) / 5000
    #expect(abs(share - 0.3) < 4.42 * 0.00648)
  }
  let both = Double(hits.count { $0[0] && $0[1] }) / 5000
  #expect(abs(both - 0.09) < 4.42 * 0.00405)
}

/// What happens to a group does not depend on who else is in it.
@Test func theHitsOfAnAgentAreThoseOfItsGroupAndItself() throws {
  let whole = try outages([cause(hit: 0.3)], agents: 6, groups: halves)
  let part = try outages([cause(hit: 0.3, agents: .named(["agent-3"]))], agents: 6, groups: halves)
  #expect(part.lineCount == 1 && part.agentCount(of: 0) == 1)
  let inPart = (0..<100 as Range<UInt32>).map { part.takesDown(0, of: 0, outage: $0) }
  let inWhole = (0..<100 as Range<UInt32>).map { whole.takesDown(1, of: 1, outage: $0) }
  #expect(inPart == inWhole)
  #expect(part.changes(of: 0, count: 20) == whole.changes(of: 1, count: 20))
}

/// Up 10 of 11: an agent in one group is up with 1 − 0.3 / 11, one in two with the square of that.
@Test func theAvailabilityOfAnAgentIsThatOfAllItsGroups() throws {
  let outages = try outages([cause(hit: 0.3)], agents: 6, groups: halves)
  let process = outages.cause(of: 0).process
  let one = 1 - 0.3 * (1 - (1 - 1.0 / 11))
  #expect(process.availability(of: NodeID(0), at: .infinity) == one)
  #expect(process.availability(of: NodeID(2), at: .infinity) == one * one)
  #expect(process.availability(of: NodeID(2), at: 5) == nil)
}
