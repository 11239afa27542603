// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Testing

/// The speeds of some agents with slow spells.
private func speeds(
  _ spells: SlowSpellSettings?, agents: Int = 1, until: VirtualTime = VirtualTime(seconds: 1e9), seed: UInt64 = 1,
  replication: UInt32 = 0, timelineChanges: Bool = false
) throws -> ChangingSpeeds {
  let network = try loners(agents)
  let ground = SelectionGround(agents: network, groups: nil, regionOfAgent: [:])
  return ChangingSpeeds(
    ComputeSettings(spells: spells), slowSpellsOf: spells?.ranks(in: ground, seed: seed) ?? [],
    timelineChanges: timelineChanges, network: network, agentCount: agents, until: until, seed: seed,
    replication: replication)
}

private let agent = NodeID(0)

private func nanoseconds(_ count: Int64) -> VirtualDuration { VirtualDuration(nanoseconds: count) }

/// Spells of constant lengths, normal ones first.
private func alternating(_ normal: Double, _ slow: Double, slowdown: Double, agents: AgentSelector = .all)
  -> SlowSpellSettings
{
  SlowSpellSettings(
    slowdown: slowdown, lengths: .laws(normal: .constant(normal), slow: .constant(slow)), agents: agents)
}

/// Speeds cannot be copied, so what they say has to be asked before it is expected.
private func expect<Value: Equatable>(_ seen: Value, _ expected: Value, _ place: SourceLocation = #_sourceLocation) {
  #expect(seen == expected, sourceLocation: place)
}

/// When a first step of some work ends.
private func end(_ speeds: borrowing ChangingSpeeds, _ work: VirtualDuration) throws -> VirtualTime {
  speeds.begin(agent, work: work, at: .zero)
}

/// The end of a step by whole numbers alone: work counts in parts, of which a nanosecond at full speed has as many as
/// the slowdown is, and a nanosecond of a slow spell one.
private func exactEnd(of work: Int64, from start: Int64, normal: Int64, slow: Int64, slowdown: Int64) -> Int64 {
  var (left, time) = (work * slowdown, start)
  while true {
    let place = time % (normal + slow)
    let isSlow = place >= normal
    let length = (isSlow ? normal + slow : normal) - place
    let rate = isSlow ? 1 : slowdown
    guard left > length * rate else {
      let (whole, rest) = left.quotientAndRemainder(dividingBy: rate)
      // To the nearest, and to the even one of two.
      let isUp = 2 * rest > rate || 2 * rest == rate && whole % 2 == 1
      return time + whole + (isUp ? 1 : 0)
    }
    left -= length * rate
    time += length
  }
}

/// Work is neither lost nor done twice, however many spells a step goes through: every end is the exact one, rounded
/// once.
@Test(arguments: [3, 7, 10, 1000] as [Int64]) func aStepEndsAtTheNanosecondNearestToItsEnd(slowdown: Int64) throws {
  let (normal, slow) = (1_000_007 as Int64, 300_001 as Int64)
  let speeds = try speeds(alternating(Double(normal) / 1e9, Double(slow) / 1e9, slowdown: Double(slowdown)))
  var time = VirtualTime.zero
  for step in 0..<200 as Range<Int64> {
    // From a fraction of a spell to ten thousand of them.
    let work = step % 20 == 19 ? 10_000_000_019 : 1 + (step * 777_777) % 5_000_011
    let end = speeds.begin(agent, work: nanoseconds(work), at: time)
    #expect(
      end.nanoseconds
        == exactEnd(of: work, from: time.nanoseconds, normal: normal, slow: slow, slowdown: slowdown))
    speeds.finish(agent, computing: end - time)
    time = end
  }
  // Of the time that is slow all is lost but one part.
  let share = Double(slow) / Double(normal + slow) * (1 - 1 / Double(slowdown))
  let slowed = speeds.slowed(agent, computing: .zero, at: time)
  #expect(abs(slowed - share * time.seconds) < 1e-3)
}

/// What the steps lost is the time that went by less the work that was done.
@Test func timeLostIsTimeLessWork() throws {
  let speeds = try speeds(alternating(1, 1, slowdown: 4))
  // 1 s at full speed, 1 s in which 0.25 s are done, 0.75 s at full speed.
  expect(speeds.begin(agent, work: .seconds(2), at: .zero), VirtualTime(seconds: 2.75))
  expect(speeds.slowed(agent, computing: .seconds(1.5), at: VirtualTime(seconds: 1.5)), 0.375)
  speeds.finish(agent, computing: .seconds(2.75))
  expect(speeds.slowed(agent, computing: .zero, at: VirtualTime(seconds: 2.75)), 0.75)
  // Given up within a slow spell, half a second after its begin.
  _ = speeds.begin(agent, work: .seconds(5), at: VirtualTime(seconds: 3))
  speeds.discard(agent, computing: .seconds(0.5), at: VirtualTime(seconds: 3.5))
  expect(speeds.slowed(agent, computing: .zero, at: VirtualTime(seconds: 9)), 0.75 + 0.375)
}

@Test func withoutSpellsAStepEndsAfterItsWork() throws {
  let isOn = try speeds(nil).isOn
  #expect(!isOn)
  let others = try speeds(alternating(1, 1, slowdown: 9, agents: .named(["agent-1"])), agents: 2)
  let end = others.begin(agent, work: nanoseconds(9_007_199_254_740_993), at: VirtualTime(nanoseconds: 3))
  #expect(end.nanoseconds == 9_007_199_254_740_996)
  expect(others.begin(NodeID(1), work: .seconds(2), at: .zero), VirtualTime(seconds: 2 + 8.0 / 9))
}

/// Speeds are functions of time: a step of two works in a row ends where two steps of them do, whoever asks when, and
/// other agents and other lengths of the run change nothing.
@Test func spellsDependOnTimeAlone() throws {
  let spells = SlowSpellSettings(
    slowdown: 8, lengths: .laws(normal: .exponential(mean: 2), slow: .gamma(mean: 1, shape: 2)))
  let alone = try speeds(spells)
  let among = try speeds(spells, agents: 5, until: VirtualTime(seconds: 2e9))
  var (time, others) = (VirtualTime.zero, VirtualTime.zero)
  for step in 1...300 {
    let work = VirtualDuration(seconds: Double(step % 13) + 0.25)
    time = alone.begin(agent, work: work + work, at: time)
    let half = among.begin(agent, work: work, at: others)
    others = among.begin(agent, work: work, at: half)
    // Each of the two is rounded for itself, to eight nanoseconds' worth at most.
    #expect(abs(time.nanoseconds - others.nanoseconds) <= 5)
    others = time
    _ = among.begin(NodeID(3), work: work, at: half)
  }
  let same = try end(speeds(spells), .seconds(500))
  let replicated = try end(speeds(spells, replication: 1), .seconds(500))
  #expect(same != replicated)
}

/// What the timeline changes in the middle of a step: half of the work at full speed, then a standstill, then a quarter
/// of the speed.
@Test func aStepUnderWayTakesNoteOfTheTimeline() throws {
  let speeds = try speeds(nil, timelineChanges: true)
  func at(_ seconds: Double) -> VirtualTime { VirtualTime(seconds: seconds) }
  expect(speeds.begin(agent, work: .seconds(2), at: at(10)), at(12))
  expect(speeds.change(agent, slowdown: .infinity, at: at(11)), .never)
  expect(speeds.change(agent, slowdown: 4, at: at(15)), at(19))
  expect(speeds.change(agent, slowdown: 1, at: at(17)), at(17.5))
  // At the very end of a step nothing can hold it up any more.
  expect(speeds.change(agent, slowdown: .infinity, at: at(17.5)), at(17.5))
  speeds.finish(agent, computing: .seconds(3.5))
  expect(speeds.slowed(agent, computing: .zero, at: at(20)), 1.5)
  expect(speeds.change(agent, slowdown: 2, at: at(20)), .never)
  expect(speeds.isStepUnderWay(agent), false)
}

/// With the timeline on top of spells: both are divided by.
@Test func causesMultiply() throws {
  let speeds = try speeds(alternating(1, 1, slowdown: 3), timelineChanges: true)
  expect(speeds.change(agent, slowdown: 2, at: .zero), .never)
  // 0.5 s in the first second, 1/6 s in the second, the last 0.25 s in half a second.
  let work = nanoseconds(916_666_667)
  let end = speeds.begin(agent, work: work, at: .zero)
  #expect(abs(end.seconds - 2.5) < 4e-9)
}

/// The share of time that is slow, stationary from the start on: steps of a microsecond measure the speed. Over 4000
/// agents the share at one instant has the standard error √(0.05 · 0.95 / 4000) = 0.00345; bound of 4.42 of them, a
/// false-alarm probability of 1e-5 for each of three instants.
@Test(arguments: [0, 3, 200.0]) func theShareOfSlowAgentsIsTheSameAtAnyTime(seconds: Double) throws {
  let spells = SlowSpellSettings(slowdown: 10, lengths: .share(0.05, length: .seconds(5)))
  let speeds = try speeds(spells, agents: 4000)
  let time = VirtualTime(seconds: seconds)
  let slow = (0..<4000).count { speeds.begin(NodeID($0), work: nanoseconds(1000), at: time) > time + nanoseconds(1000) }
  #expect(abs(Double(slow) / 4000 - 0.05) < 4.42 * 0.00345)
  #expect(abs(spells.meanSpeed - 0.955) < 1e-12)
  #expect(abs(spells.normal.mean - 95) < 1e-9)
}

@Test func laterSpellsThanTheEndAreNotLookedFor() throws {
  let speeds = try speeds(alternating(1e-9, 1e-9, slowdown: 2), until: VirtualTime(nanoseconds: 100))
  expect(speeds.begin(agent, work: .seconds(1e6), at: .zero), VirtualTime(nanoseconds: 101))
}

/// A share of the agents is drawn once per study, and nested: a larger one contains a smaller.
@Test func slowAgentsAreChosenOncePerStudy() throws {
  func slow(_ share: Double, replication: UInt32 = 0) throws -> [Int] {
    let speeds = try speeds(
      alternating(1e-9, 1e6, slowdown: 2, agents: .random(.share(share))), agents: 40, replication: replication)
    return (0..<40).filter { speeds.begin(NodeID($0), work: .seconds(1), at: .zero) > VirtualTime(seconds: 1.5) }
  }
  #expect(try slow(0.25).count == 10 && slow(0.25) == slow(0.25, replication: 3))
  #expect(try Set(slow(0.25)).isSubset(of: slow(0.5)))
}

@Test func stragglersCanBeChosenByTheirPlace() throws {
  let network = try Network(names: ["a", "b", "c"], edges: [.init("a", "b"), .init("b", "c")])
  func typical(_ selector: AgentSelector) throws -> [Double] {
    try typicalStepDurations(
      ComputeSettings(betweenAgents: .constant(1), stragglers: [.init(choice: .selected(selector), slowdown: 5)]),
      network: network, seed: 1, replication: StreamFamily.study)
  }
  #expect(try typical(.highestDegree(.count(1))) == [1, 5, 1])
  #expect(try typical(.all) == [5, 5, 5])
  #expect(try typical(.random(.count(1))).reduce(0, +) == 7)
}

@Test func durationsOfStepsCanBeSaidOfEveryAgent() throws {
  let network = try loners(3)
  func typical(_ durations: StepDurations) throws -> [Double] {
    try typicalStepDurations(
      ComputeSettings(
        stragglers: [.init(choice: .named(["agent-1"]), slowdown: 2)], durations: durations),
      network: network, seed: 1, replication: 0)
  }
  #expect(try typical(.each([.seconds(1), .seconds(0.5), .zero])) == [1, 1, 0])
  #expect(try typical(.rootOfRank(.seconds(0.1))) == [0.1, 0.1 * 2.0.squareRoot() * 2, 0.1 * 3.0.squareRoot()])
  #expect(throws: ConditionError.self) { _ = try typical(.each([.seconds(1)])) }
}
