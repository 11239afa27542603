// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Schema
import Simulation
import Testing

/// Six agents, all neighbours, of whom one at a time tells another what it has, each second.
private func oneAtATime(_ timeline: [TimelineEntry], until: Double = 12_000) -> SimulationSettings {
  var settings = settings(
    NetworkSettings(topology: NetworkSettings.Topology(.complete, ["agents": .count(6)])), dimension: 1, stepSize: 0,
    strategy: StrategySettings(
      kind: .gossip, clock: ClockSettings(betweenAgents: .constant(1), startPhase: .constant(0.5)),
      gossip: GossipSettings(wake: .oneAtATime)), until: until, every: 100)
  settings.timeline = timeline
  return settings
}

/// How often each agent has sent in each of some spells, which end at these times.
private func turns(_ settings: SimulationSettings, until ends: [Double]) throws -> [[Int]] {
  nonisolated(unsafe) var counts = ends.map { _ in [Int](repeating: 0, count: 6) }
  let observer = RunObserver { occurrence in
    guard occurrence.kind == .sent, let agent = occurrence.agent?.index else { return }
    let spell = ends.firstIndex { occurrence.time.seconds < $0 } ?? ends.count - 1
    counts[spell][agent] += 1
  }
  _ = try simulate(settings, in: World(settings, replication: 0), observer: observer)
  return counts
}

/// Every ring is the turn of somebody who is there, and of each of them equally often: within five standard deviations of
/// binomial numbers, which all eleven exceed with a probability of 6e-6.
@Test func ringsFallToThoseWhoAreThere() throws {
  let settings = oneAtATime([join(.named(["agent-1", "agent-4"]), at: 4000), leave(.named(["agent-0"]), at: 8000)])
  let seen = try turns(settings, until: [4000, 8000, 12_000])
  let present = [[0, 2, 3, 5], [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]
  for (counts, agents) in zip(seen, present) {
    #expect(counts.reduce(0, +) == 4000)
    let share = 1 / Double(agents.count)
    for agent in 0..<6 {
      guard agents.contains(agent) else {
        #expect(counts[agent] == 0, "agent-\(agent)")
        continue
      }
      let deviation = (4000 * share * (1 - share)).squareRoot()
      #expect(abs(Double(counts[agent]) - 4000 * share) < 5 * deviation, "agent-\(agent)")
    }
  }
}

/// While all are there rings fall as if nobody ever came or went; who is only down keeps its turns, which pass.
@Test func ringsOfAllAreTheSameDraws() throws {
  let plain = try turns(oneAtATime([], until: 3000), until: [1000, 2000, 3000])
  let left = try turns(oneAtATime([leave(.named(["agent-3"]), at: 2000)], until: 3000), until: [1000, 2000, 3000])
  #expect(plain[0...1] == left[0...1] && plain[2] != left[2])
  let crash = TimelineEntry(
    at: [.after(.seconds(1000))], for: .seconds(1000), action: "crash",
    ["agents": AgentSelector.named(["agent-3"]).argument])
  let down = try turns(oneAtATime([crash], until: 3000), until: [1000, 2000, 3000])
  #expect(down[0] == plain[0] && down[2] == plain[2] && down[1][3] == 0)
  #expect((0..<6).filter { $0 != 3 }.allSatisfy { down[1][$0] == plain[1][$0] })
}

/// Where nobody is there the clock rings on, and whoever joins then takes all turns.
@Test func ringsOfNobodyPass() throws {
  let settings = oneAtATime(
    [
      leave(.named(["agent-0", "agent-3", "agent-4", "agent-5"]), at: 100),
      join(.named(["agent-1", "agent-2"]), at: 200),
    ], until: 300)
  let seen = try turns(settings, until: [100, 200, 300])
  #expect(seen[0].reduce(0, +) == 100 && seen[1] == [0, 0, 0, 0, 0, 0])
  #expect(seen[2][1] + seen[2][2] == 100 && seen[2][1] > 20 && seen[2][2] > 20)
}

/// A run that is looked at is the run that is not, and what is seen is what it keeps at these times.
@Test func lookingAtARunChangesNothing() throws {
  var settings = oneAtATime([leave(.named(["agent-3"]), at: 20)], until: 60)
  settings.learner.stepSize = .law(.constant(0.05))
  settings.measurement = MeasurementSettings(until: .seconds(60), every: .seconds(10), keeping: .every(.seconds(10)))
  let world = try World(settings, replication: 0)
  let times = (0...5).map { VirtualTime(seconds: Double($0) * 10) }
  let (record, looks) = try simulateLooking(settings, in: world, at: times + [VirtualTime(seconds: 1000)])
  #expect(try simulate(settings, in: world).text == record.text)
  let kept = record.parameters.compactMap { row -> Double? in
    if case .double(let numbers) = row.values { numbers.first } else { nil }
  }
  #expect(looks.flatMap { $0 } == Array(kept.prefix(36)) && looks.count == 6 && Set(looks).count == 6)
}

/// Times of an entry are a set: their order in the file says nothing.
@Test func timesOfAnEntryHaveNoOrder() throws {
  func record(_ times: [Double]) throws -> UInt64 {
    let entry = TimelineEntry(
      at: times.map { .after(.seconds($0)) }, for: .seconds(5), name: "outage", action: "crash",
      ["agents": AgentSelector.random(.count(1)).argument])
    let settings = oneAtATime([entry], until: 100)
    return try simulate(settings, in: World(settings, replication: 0)).fingerprint
  }
  #expect(try record([70, 10, 40]) == record([10, 40, 70]))
  #expect(try record([70, 10, 40]) != record([10, 40, 71]))
}
