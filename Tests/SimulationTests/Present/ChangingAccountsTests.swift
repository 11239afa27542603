// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Schema
import Simulation
import Testing

/// What was spent stays spent, whoever comes and goes: updates are those of all agents that there have been.
@Test func costsDoNotFallWhereAgentsJoinAndLeave() throws {
  var settings = settings(ring(6), strategy: StrategySettings(timing: .asynchronous), until: 100)
  settings.timeline = [join(.random(.share(0.5)), at: 40.5), leave(.random(.count(2)), at: 70.5)]
  let record = try simulate(settings, in: World(settings, replication: 0))
  let updates = try #require(record.series.first { $0.metric == MetricDefinition.updates.name }).values
  #expect(zip(updates, updates.dropFirst()).allSatisfy { $0 <= $1 })
  let sum = record.agents.reduce(0) { $0 + $1.updates }
  #expect(updates.last == Double(sum) / 6)
  // Three for 100 s, or less by those who left; three for 59.5 s.
  #expect(sum > 3 * 59 + 3 * 59 && sum < 6 * 100)
}

/// Who sends to one neighbour that is drawn draws among those whom it has then.
@Test func aRandomNeighbourIsOneOfThosePresent() throws {
  var network = NetworkSettings(topology: NetworkSettings.Topology(.complete, ["agents": .count(8)]))
  network.sendTo = .randomNeighbour
  network.edgesComeAndGo = NetworkSettings.EdgeSpells(
    present: .exponential(mean: 2), absent: .exponential(mean: 2))
  let settings = settings(network, strategy: StrategySettings(timing: .asynchronous), until: 200)
  let record = try simulate(settings, in: World(settings, replication: 0))
  let updates = record.agents.reduce(0) { $0 + $1.updates }
  // All seven edges of an agent are away for 1/128 of the time; 1,600 turns, so 5 % is ten standard deviations away.
  #expect(Double(record.messages.sent) > 0.95 * Double(updates) && record.messages.sent <= updates + 8)
}

/// What waits at an agent that leaves goes with its edges; its sender has not crashed.
@Test func whatWaitsAtWhoLeavesIsLostWithItsEdges() throws {
  var settings = settings(ring(4), strategy: StrategySettings(timing: .asynchronous), until: 60)
  // A message takes 8 s of its link, so others wait for it.
  settings.conditions.links = LinkSettings(bandwidth: .bytesPerSecond(4), queue: .fifo)
  settings.timeline = [leave(.named(["agent-1"]), at: 30.5)]
  let losses = try simulate(settings, in: World(settings, replication: 0)).messages.losses
  #expect(losses.senderCrashed == 0 && losses.edgeGone > 20)
}

/// Who is meant by an event that comes again is whom it let join last.
@Test func anEventMeansThoseWhoJoinedLast() throws {
  var settings = settings(ring(8), strategy: StrategySettings(timing: .asynchronous), until: 60)
  settings.timeline = [
    TimelineEntry(
      at: [.after(.seconds(10))], every: .seconds(10), times: 2, name: "crowd", action: "join",
      ["agents": AgentSelector.random(.count(2)).argument]),
    TimelineEntry(
      at: [.after(.seconds(30))], action: "crash", ["agents": AgentSelector.event("crowd").argument]),
  ]
  let world = try World(settings, replication: 0)
  nonisolated(unsafe) var joined: [(Double, NodeID)] = []
  nonisolated(unsafe) var crashed: [NodeID] = []
  let observer = RunObserver { occurrence in
    guard let agent = occurrence.agent else { return }
    if occurrence.kind == .joins { joined.append((occurrence.time.seconds, agent)) }
    if occurrence.kind == .crashes { crashed.append(agent) }
  }
  _ = try simulate(settings, in: world, observer: observer)
  #expect(joined.map(\.0) == [10, 10, 20, 20])
  #expect(crashed == joined.filter { $0.0 == 20 }.map(\.1))
}

/// Links to a fusion centre that are away and there again hold nobody up, whatever was under way, and nobody counts twice.
@Test(arguments: [AgentSelector.random(.count(1)), .all]) func aCentreGoesOnWithThoseWhoAreThere(who: AgentSelector)
  throws
{
  var settings = controlSettings(
    strategy: StrategySettings(kind: .centralised, timing: .synchronousGlobal), until: 40)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  settings.conditions.links.latency = .law(.exponential(mean: 0.3))
  settings.timeline = [
    TimelineEntry(
      at: [.after(.seconds(1.1))], every: .seconds(1.7), times: 15, for: .seconds(0.4), action: "cut",
      ["links": LinkSelector.of(who).argument, "known": .flag(true)])
  ]
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.ending == .until && record.messages.accounted == record.messages.sent)
  // From 26 s on nothing is away; a round takes 2.1 s for the slowest of four, and 0.3 s and more for each message.
  #expect(record.agents.allSatisfy { $0.updates >= 4 })
  #expect(record.messages.losses.edgeGone > 0)
}

/// All that join later leave nobody to start, however they are chosen.
@Test func nobodyStartsWhereAllJoinLater() throws {
  var settings = settings(ring(3), strategy: StrategySettings(timing: .asynchronous), until: 60)
  settings.timeline = [join(.random(.share(0.9)), at: 10)]
  #expect(throws: SimulationError("All agents join later, so nobody starts.")) {
    try simulate(settings, in: World(settings, replication: 0))
  }
}
