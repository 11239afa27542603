// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Testing

/// The outages of so many agents by some causes.
func outages(
  _ causes: [FailureSettings.Cause], agents count: Int, replication: UInt32 = 0, until: VirtualTime = .never,
  groups: [String: [String]] = [:]
) throws -> Outages {
  let ground = SelectionGround(agents: try loners(count), groups: .named(groups), regionOfAgent: [:])
  return try Outages(causes, OutageContext(ground, seed: 1, replication: replication, until: until))
}

extension Outages {
  /// When a line goes down and comes up, in turn, so often at most.
  func changes(of line: Int, count: Int = .max, before limit: VirtualTime = .never) -> [VirtualTime] {
    var times: [VirtualTime] = []
    var now = VirtualTime.zero
    while times.count < count {
      let isBegin = times.count.isMultiple(of: 2)
      guard let time = isBegin ? begin(of: line, after: now) : end(of: line, after: now), time < limit else { break }
      if !isBegin { countOutage(of: line) }
      times.append(time)
      now = time
    }
    return times
  }
}

/// Mean time between failures 100, to repair 10. With n independent cycles the availability A = 100 / 110 has the
/// standard error A (1 − A) √(2 / n) = 0.00026; bound of 4.42 of them, a false-alarm probability of 1e-5.
@Test func availabilityIsTheShareOfTheMeanTimeUp() throws {
  let outages = try outages([.init(up: .exponential(mean: 100), down: .exponential(mean: 10))], agents: 20)
  var (up, down) = (0.0, 0.0)
  for agent in 0..<20 {
    let times = [VirtualTime.zero] + outages.changes(of: agent, count: 20_000)
    for (number, (from, to)) in zip(times, times.dropFirst()).enumerated() {
      if number.isMultiple(of: 2) { up += (to - from).seconds } else { down += (to - from).seconds }
    }
  }
  #expect(abs(up / (up + down) - 0.909_091) < 4.42 * 0.000_262)
  #expect(outages.cause(of: 0).process.availability(of: NodeID(0), at: .infinity) == 1 - 10.0 / 110)
}

@Test func onlyTheNamedAgentsCrash() throws {
  let outages = try outages([.init(up: .constant(3), down: .constant(1), agents: ["agent-1"])], agents: 3)
  #expect(outages.lineCount == 1)
  #expect(outages.agent(0, of: 0) == NodeID(1))
  #expect(outages.changes(of: 0, count: 4).map(\.seconds) == [3, 4, 7, 8])
}

@Test func withoutFailuresNobodyCrashes() throws {
  #expect(try outages([], agents: 2).lineCount == 0)
}

@Test func anUnknownFailingAgentIsNamed() throws {
  #expect {
    _ = try outages([.init(up: .constant(3), down: .constant(1), agents: ["nobody"])], agents: 2).lineCount
  } throws: { "\($0)" == "The failing agent 'nobody' is not an agent of the network." }
}

@Test func outagesAreOfTheAgentAndTheReplicationAndOfNothingElse() throws {
  let cause = FailureSettings.Cause(up: .exponential(mean: 1), down: .exponential(mean: 1))
  func times(agents: Int, replication: UInt32) throws -> [[VirtualTime]] {
    let outages = try outages([cause], agents: agents, replication: replication)
    return (0..<2).map { outages.changes(of: $0, count: 20) }
  }
  #expect(try times(agents: 2, replication: 0) == times(agents: 9, replication: 0))
  #expect(Set(try times(agents: 2, replication: 0)).isDisjoint(with: try times(agents: 2, replication: 1)))
}

/// A further cause has outages of its own, also one of the same laws, and leaves those of the first as they are.
@Test func causesDoNotShareDraws() throws {
  let cause = FailureSettings.Cause(up: .exponential(mean: 1), down: .exponential(mean: 1))
  let one = try outages([cause], agents: 2)
  let two = try outages([cause, cause], agents: 2)
  let alone = (0..<2).map { one.changes(of: $0, count: 20) }
  let together = (0..<4).map { two.changes(of: $0, count: 20) }
  #expect(Array(together[..<2]) == alone)
  #expect(Set(together.joined()).count == 80)
}

/// Of 20,000 agents in the stationary state with A = 0.75 a share of 0.25 ± 4.42 standard errors is down at the start, a
/// false-alarm probability of 1e-5; and as exponential laws forget, the rest of each time is a whole one.
@Test func aStationaryAgentIsDownAtTheStartWithTheShareOfTimeThatItIsDown() throws {
  let cause = FailureSettings.Cause(
    .failures,
    [
      "up": .special(Distribution.exponential(mean: 3)), "down": .special(Distribution.exponential(mean: 1)),
      "start": .text("stationary"),
    ])
  let outages = try outages([cause], agents: 20_000)
  let starts = (0..<20_000).map { outages.changes(of: $0, count: 2) }
  let down = starts.filter { $0[0] == .zero }
  #expect(abs(Double(down.count) / 20_000 - 0.25) < 4.42 * 0.00306)
  let mean = down.reduce(0) { $0 + $1[1].seconds } / Double(down.count)
  #expect(abs(mean - 1) < 4.42 / Double(down.count).squareRoot())
  #expect(outages.cause(of: 0).process.availability(of: NodeID(0), at: 0) == 0.75)
}
