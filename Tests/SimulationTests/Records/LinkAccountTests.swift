// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Schema
import Simulation
import Testing
import Theory

/// Links that send every second, what arrives taking a quarter of one; agents hardly step.
private func sending(
  _ network: NetworkSettings, loss: Double = 0, failures: FailureSettings? = nil, until: Double
) throws -> SimulationSettings {
  var settings = settings(
    network,
    strategy: StrategySettings(
      timing: .asynchronous, message: .combined, exchange: .link, linkInterval: .constant(1)),
    compute: ComputeSettings(betweenAgents: .constant(1e6)),
    links: LinkSettings(
      latency: .law(.constant(0.25)), loss: try .independent(#require(Probability(loss)))),
    failures: failures, until: until, every: until)
  settings.measurement.records.links = true
  return settings
}

private func links(_ settings: SimulationSettings) throws -> [LinkAccount] {
  try #require(try Seen(settings).record.links?.links)
}

// MARK: - Ages

/// From the first delivery on the age goes from a quarter of a second to five quarters, again and again.
@Test func anAgeWithoutLossIsASawtooth() throws {
  for link in try links(sending(pair, until: 100)) {
    let age = try #require(link.age)
    // The last of the deliveries is of what was made a second before the end; the rest of the time is 0.75 s.
    #expect(link.fates.sent == age.peaks + 2)
    let count = Double(age.peaks)
    #expect(abs(age.time - count - 0.75) < 1e-9)
    #expect(abs(age.mean - (0.75 * count + (1 - 0.0625) / 2) / (count + 0.75)) < 1e-9)
    #expect(age.meanPeak == 1.25 && age.largest == 1.25)
    // 95 % of the time it is below 1.2; the density is even from 0.25 to 1.25.
    #expect(abs(age.quantile95 - 1.2) < 0.005)
  }
}

/// 40 links × 20,000 messages: some 560,000 intervals between deliveries, with five standard errors below one per cent.
@Test func agesUnderLossAreThoseOfTheClosedForm() throws {
  let record = try Seen(sending(ring(20), loss: 0.3, until: 20_000)).record
  let chain = AgeOfInformation.Chain.messages(goodToBad: 0.5, badToGood: 0.5)
  let expected = try #require(AgeOfInformation(chain, loss: (0.3, 0.3), every: .constant(1), latency: 0.25))
  let age = try #require(record.links?.age)
  #expect(abs(age.mean / expected.meanAge - 1) < 0.01)
  #expect(abs(try #require(age.meanPeak) / expected.meanPeakAge - 1) < 0.01)
  // P(age > 2.25 + u) = 0.3³ + 0.3² (1 − 0.3) (1 − u), which is 5 % at u = 0.635.
  #expect(abs(age.quantile95 - 2.885) < 0.02)
}

/// Agent a is down from 10.5 to 20.5 s: in that time its age does not count. It hears of what b made at 21 s.
@Test(arguments: [FailureSettings.Recovery.keep, .reset])
func anAgeCountsWhileTheReceiverIsUpAndRemembers(recovery: FailureSettings.Recovery) throws {
  let failures = FailureSettings(up: .constant(10.5), down: .constant(10), onRecovery: recovery, agents: ["a"])
  let all = try links(sending(pair, failures: failures, until: 30))
  let own = try #require(all.first { $0.receiver == 0 })
  let age = try #require(own.age)
  let first = 30 - 0.75 - Double(own.fates.sent - 2)
  // Up to 10.5, and from the recovery or the first delivery after it on.
  let again = recovery == .keep ? 20.5 : 21.25
  #expect(abs(age.time - (10.5 - first + 30 - again)) < 1e-9)
  #expect(age.largest == (recovery == .keep ? 11.25 : 1.25))
  // What a forgets unread was delivered to a dead agent too.
  #expect(own.fates.toDeadAgent == (recovery == .keep ? 10 : 11))
}

// MARK: - Agents

/// Agent a completes four steps, loses half a second to a crash at 2.5 s and is down for ten; b steps on.
@Test func whatACrashTakesIsThatOfItsCause() throws {
  var settings = settings(
    pair, strategy: StrategySettings(kind: .nonCooperative),
    failures: FailureSettings(up: .constant(2.5), down: .constant(10), agents: ["a"]), until: 14.75)
  settings.measurement.records.energy = EnergySettings(computing: 10, waiting: 3)
  let record = try Seen(settings).record
  #expect(record.agents.map(\.causes) == [[AgentCause(cause: "failures", wasted: 0.5, down: 10)], []])
  #expect(record.agents.map(\.joules) == [47.5, 147.5])
  #expect(record.links == nil)
  let joules = try #require(record.series.first { $0.metric == "joules" }?.values)
  // At 14 s a has computed for four of them.
  #expect(joules.count == 15 && joules.last == 180 && joules.first == 0)
}

/// In rounds everybody waits for agents that take two seconds; bytes cost at both ends.
@Test func energyIsThatOfTimesAndBytes() throws {
  var settings = settings(
    pair, strategy: StrategySettings(timing: .synchronousGlobal),
    compute: ComputeSettings(betweenAgents: .constant(1), stragglers: [.init(choice: .named(["a"]), slowdown: 2)]),
    until: 9)
  settings.measurement.records = RecordSettings(
    links: true, energy: EnergySettings(computing: 10, waiting: 1, sending: 0.5, hearing: 0.25))
  let record = try Seen(settings).record
  // Steps begin at 0, 2, … 8; a has sent at 2, 4, 6 and 8, b at 1, 3, … 9.
  #expect(record.agents.map(\.messages?.sent) == [4, 5] && record.agents.map(\.messages?.heard) == [5, 4])
  #expect(record.agents.map(\.waits?.neighbours) == [0, 4])
  let bytes = Double(record.messages.bytes) / 9
  #expect(record.agents.map(\.joules) == [90 + (2 + 1.25) * bytes, 54 + (2.5 + 1) * bytes])
}

@Test func whoIsPausedWaitsAndIsSaidToBe() throws {
  var settings = settings(ring(4), strategy: StrategySettings(timing: .asynchronous), until: 10)
  settings.timeline = [
    TimelineEntry(
      at: [.after(.seconds(2.5))], for: .seconds(4), action: "pause", Arguments(["agents": .names(["agent-1"])]))
  ]
  settings.measurement.records.links = true
  let agents = try Seen(settings).record.agents
  #expect(agents.map(\.waits?.paused) == [0, 4, 0, 0])
  #expect(agents.map(\.waiting) == [0, 4, 0, 0])
}

/// Agents that are active in half of the slots sleep through the others.
@Test func whoSleepsThroughASlotIsSaidTo() throws {
  var settings = settings(
    ring(4),
    strategy: StrategySettings(
      timing: .slotted, slots: SlotSettings(activity: .sleep, activeProbability: .law(.constant(0.5)))), until: 100)
  settings.measurement.records.links = true
  for agent in try Seen(settings).record.agents {
    let waits = try #require(agent.waits)
    // A step takes a quarter of a slot.
    #expect(waits.asleep == 100 - Double(agent.updates) && waits.clock == 0.75 * Double(agent.updates))
    #expect(waits.asleep > 20)
  }
}

// MARK: - Mass

/// With everything lost each agent keeps a third of its mass in every slot; running sums owe all of it.
@Test(arguments: [false, true])
func lossTakesMassForGoodUnlessSumsRun(runningSums: Bool) throws {
  var settings = settings(
    ring(5),
    strategy: StrategySettings(kind: .pushSum, timing: .slotted, pushSum: PushSumSettings(runningSums: runningSums)),
    links: LinkSettings(loss: .independent(try #require(Probability(1)))), until: 4)
  settings.measurement.also = ["mass", "mass-least"]
  let record = try Seen(settings).record
  func values(_ name: String) throws -> [Double] { try #require(record.series.first { $0.metric == name }?.values) }
  let powers = (0...4).map { power in (0..<power).reduce(1.0) { product, _ in product / 3 } }
  let (masses, least) = (try values("mass"), try values("mass-least"))
  #expect(zip(masses, powers).allSatisfy { abs($0 - (runningSums ? 1 : $1)) < 1e-12 } && masses.count == 5)
  #expect(zip(least, powers).allSatisfy { abs($0 - $1) < 1e-12 })
  settings.measurement.also = []
  #expect(try Seen(settings).record.fingerprint == record.fingerprint)
}
