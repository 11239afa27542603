// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Testing

/// Mean time between failures 100, to repair 10. With n independent cycles the availability A = 100 / 110 has the
/// standard error A (1 − A) √(2 / n) = 0.00026; bound of 4.42 of them, a false-alarm probability of 1e-5.
@Test func availabilityIsTheShareOfTheMeanTimeUp() throws {
  let outages = try Outages(
    FailureSettings(up: .exponential(mean: 100), down: .exponential(mean: 10)), network: loners(20), seed: 1,
    replication: 0)
  var (up, down) = (0.0, 0.0)
  for agent in 0..<20 {
    for number in 0..<10_000 as Range<UInt32> {
      up += outages.upTime(NodeID(agent), outage: number)?.seconds ?? .nan
      down += outages.downTime(NodeID(agent), outage: number).seconds
    }
  }
  #expect(abs(up / (up + down) - 0.909_091) < 4.42 * 0.000_262)
}

@Test func onlyTheNamedAgentsCrash() throws {
  let settings = FailureSettings(up: .constant(3), down: .constant(1), agents: ["agent-1"])
  let outages = try Outages(settings, network: loners(3), seed: 1, replication: 0)
  #expect(outages.upTime(NodeID(0), outage: 0) == nil)
  #expect(outages.upTime(NodeID(1), outage: 0) == .seconds(3))
  #expect(outages.upTime(NodeID(2), outage: 0) == nil)
}

@Test func withoutFailuresNobodyCrashes() throws {
  let outages = try Outages(nil, network: loners(2), seed: 1, replication: 0)
  #expect(outages.upTime(NodeID(0), outage: 0) == nil)
  #expect(outages.onRecovery == .keep)
}

@Test func anUnknownFailingAgentIsNamed() throws {
  #expect {
    let settings = FailureSettings(up: .constant(3), down: .constant(1), agents: ["nobody"])
    _ = try Outages(settings, network: loners(2), seed: 1, replication: 0).onRecovery
  } throws: { "\($0)" == "The failing agent 'nobody' is not an agent of the network." }
}

@Test func outagesAreOfTheAgentAndTheReplicationAndOfNothingElse() throws {
  let settings = FailureSettings(up: .exponential(mean: 1), down: .exponential(mean: 1))
  func times(agents: Int, replication: UInt32) throws -> [VirtualDuration?] {
    let outages = try Outages(settings, network: loners(agents), seed: 1, replication: replication)
    return (0..<2).flatMap { agent in
      (0..<10).flatMap {
        [outages.upTime(NodeID(agent), outage: $0), outages.downTime(NodeID(agent), outage: $0)]
      }
    }
  }
  #expect(try times(agents: 2, replication: 0) == times(agents: 9, replication: 0))
  #expect(Set(try times(agents: 2, replication: 0)).isDisjoint(with: try times(agents: 2, replication: 1)))
}
