// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Testing

private func durations(
  _ stragglers: [ComputeSettings.Stragglers], agents: Int = 20, law: Distribution = .constant(1)
) throws -> [Double] {
  try typicalStepDurations(
    ComputeSettings(betweenAgents: law, stragglers: stragglers), network: loners(agents), seed: 4, replication: 0)
}

private func slow(_ share: Double) throws -> Set<Int> {
  let durations = try durations([.init(choice: .share(share), slowdown: 3)])
  return Set(durations.indices.filter { durations[$0] == 3 })
}

@Test func namedStragglersAreSlowerAndNobodyElseIs() throws {
  let durations = try durations([.init(choice: .named(["agent-3", "agent-12"]), slowdown: 10)])
  for agent in 0..<20 { #expect(durations[agent] == (agent == 3 || agent == 12 ? 10 : 1)) }
}

@Test func groupsOfStragglersMultiply() throws {
  let durations = try durations([
    .init(choice: .named(["agent-3"]), slowdown: 10), .init(choice: .named(["agent-3", "agent-4"]), slowdown: 2),
  ])
  #expect(durations[3] == 20 && durations[4] == 2 && durations[5] == 1)
}

@Test func anUnknownStragglerIsNamed() throws {
  #expect {
    try durations([.init(choice: .named(["nobody"]), slowdown: 2)])
  } throws: { "\($0)" == "The straggler 'nobody' is not an agent of the network." }
}

@Test func aShareOfStragglersIsRoundedAndContainsEverySmallerShare() throws {
  var smaller: Set<Int> = []
  for (share, count) in [(0, 0), (0.02, 0), (0.03, 1), (0.1, 2), (0.25, 5), (0.5, 10), (1, 20)] {
    let larger = try slow(share)
    #expect(larger.count == count)
    #expect(smaller.isSubset(of: larger))
    smaller = larger
  }
}

@Test func twoGroupsOfOneShareAreDrawnApart() throws {
  let durations = try durations(
    [.init(choice: .share(0.5), slowdown: 2), .init(choice: .share(0.5), slowdown: 3)], agents: 40)
  #expect(Set(durations) == [1, 2, 3, 6])
}

@Test func whoElseIsThereDoesNotChangeAnAgentsSpeed() throws {
  let few = try durations([], agents: 5, law: .lognormal(median: 1, sigma: 1))
  let many = try durations([], agents: 50, law: .lognormal(median: 1, sigma: 1))
  #expect(Array(many.prefix(5)) == few)
  #expect(Set(few).count == 5)
}

@Test func aStepTakesTheAgentsTypicalTimeTimesTheFactorOfTheAttempt() throws {
  let settings = ComputeSettings(withinAgent: .gamma(mean: 1, shape: 2), startPhase: .uniform(lower: 0, upper: 1))
  func times(_ typical: [Double], replication: UInt32 = 0) throws -> [VirtualDuration] {
    let times = ComputeTimes(settings, typical: typical, network: try loners(2), seed: 1, replication: replication)
    return (0..<50).flatMap { attempt in (0..<2).map { times.duration(of: NodeID($0), attempt: attempt) } }
  }
  let plain = try times([1, 1])
  #expect(Set(plain).count == 100)
  let family = StreamFamily(seed: 1, replication: 0, purpose: .computeTime)
  let factors = (0..<50 as Range<UInt64>).flatMap { attempt in
    ["agent-0", "agent-1"].map { settings.withinAgent.sample(family.key(EntityKey($0)), at: attempt) }
  }
  #expect(plain == factors.map(VirtualDuration.seconds))
  #expect(try times([2, 0.5]) == factors.enumerated().map { .seconds($1 * ($0 % 2 == 0 ? 2 : 0.5)) })
  #expect(Set(try times([1, 1], replication: 1)).isDisjoint(with: plain))
}
