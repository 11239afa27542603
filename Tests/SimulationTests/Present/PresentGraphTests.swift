// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Schema
import Simulation
import Testing

/// Links that are cut so that both ends know.
func knownCut(
  _ links: LinkSelector = .all, at seconds: Double, for length: Double? = nil,
  _ direction: LinkSelector.Direction = .both
) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], for: length.map { .seconds($0) }, action: "cut",
    ["links": links.argument, "direction": .text(direction.rawValue), "known": .flag(true)])
}

func join(_ agents: AgentSelector, at seconds: Double, start: String = "initial") -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], action: "join", ["agents": agents.argument, "start": .text(start)])
}

func leave(_ agents: AgentSelector, at seconds: Double) -> TimelineEntry {
  TimelineEntry(at: [.after(.seconds(seconds))], action: "leave", ["agents": agents.argument])
}

/// Every strategy in every timing, those of everybody by himself and of exchanges at one instant included.
private let everyStrategyOfAll: [StrategySettings] = everyStrategy + inSlots + byClocks + byShares

private let inSlots: [StrategySettings] =
  diffusions.map { StrategySettings(kind: $0, timing: .slotted, missingNeighbour: .renormalise) }
  + [StrategySettings(kind: .diffusionATC, timing: .slotted, missingNeighbour: .lastHeard)]

private let byClocks: [StrategySettings] = [
  StrategySettings(kind: .randomNeighbourPush), StrategySettings(kind: .nonCooperative),
  StrategySettings(kind: .gossip),
  StrategySettings(kind: .gossip, gossip: GossipSettings(exchange: .pairwise)),
  StrategySettings(kind: .gossip, gossip: GossipSettings(wake: .oneAtATime)),
]

private let byShares: [StrategySettings] = [false, true].flatMap { sums in
  [StrategySettings.Timing.asynchronous, .slotted].map { timing in
    StrategySettings(kind: .pushSum, timing: timing, pushSum: PushSumSettings(runningSums: sums))
  }
}

/// Everything that changes a network, under everything else that goes wrong.
private func changing(_ strategy: StrategySettings, constant: Double) throws -> SimulationSettings {
  let loss = try #require(Probability(0.2))
  var network = NetworkSettings(topology: .randomGeometric(agents: 9, reach: .meanDegree(3)))
  network.edgesComeAndGo = NetworkSettings.EdgeSpells(
    present: .exponential(mean: 20), absent: .exponential(mean: 6))
  var settings = settings(network, stepSize: 0, strategy: strategy, until: 150)
  settings.learner.initial = .constant(constant)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  // In slots messages arrive within half a slot.
  settings.conditions.links =
    strategy.timing == .slotted
    ? LinkSettings(latency: .law(.uniform(lower: 0, upper: 0.5)), loss: loss)
    : LinkSettings(latency: .law(.exponential(mean: 1)), loss: loss, bandwidth: .bytesPerSecond(48))
  settings.conditions.failures = FailureSettings(up: .exponential(mean: 40), down: .exponential(mean: 5))
  let isPushSum = strategy.kind == .pushSum
  settings.timeline =
    [
      knownCut(.share(0.3), at: 30, for: 20), join(.named(["agent-3", "agent-7"]), at: 40),
      cut(.share(0.3), at: 60, for: 10),
      TimelineEntry(
        at: [.after(.seconds(80))], for: .seconds(30), action: "partition",
        ["bisect": .text("bfs"), "known": .flag(true)]),
    ] + (isPushSum ? [] : [leave(.named(["agent-1"]), at: 100), join(.named(["agent-8"]), at: 55, start: "neighbour")])
  return settings
}

/// A constant stays what it is whatever changes in the network, and the audit of traced runs finds that fates sum, that
/// weights of the present graph sum to one, and that nothing is kept of absent links.
@Test(arguments: [0.1, 1e300])
func aConstantSurvivesEveryChangeOfTheNetwork(constant: Double) throws {
  for strategy in cases(everyStrategyOfAll) {
    let seen = try Seen(changing(strategy, constant: constant))
    if strategy.kind == .pushSum {
      #expect(seen.parameters.allSatisfy { abs($0 - constant) <= 1e-12 * constant }, "\(strategy.testDescription)")
    } else {
      #expect(seen.parameters.allSatisfy { $0 == constant }, "\(strategy.testDescription)")
      #expect(seen.record.series.first { $0.metric == "disagreement" }?.values.allSatisfy { $0 == 0 } == true)
    }
    let fates = seen.record.messages
    #expect(fates.accounted == fates.sent && fates.losses.all == fates.lost, "\(strategy.testDescription)")
    #expect(!strategy.facts.cooperates || fates.used > 30, "\(strategy.testDescription)")
  }
}

/// Nothing is sent over an edge while it is away, in any strategy, and nobody who is not there does anything.
@Test func nothingIsSentOverAnAbsentEdge() throws {
  for strategy in cases(everyStrategyOfAll) {
    var settings = settings(ring(6), stepSize: 0.01, strategy: strategy, until: 90)
    settings.conditions.compute.withinAgent = .exponential(mean: 1)
    settings.timeline = [
      knownCut(.pairs([["agent-0", "agent-1"]]), at: 20, for: 30), join(.named(["agent-4"]), at: 60),
    ]
    if strategy.kind != .pushSum { settings.timeline.append(leave(.named(["agent-3"]), at: 70)) }
    let world = try World(settings, replication: 0)
    nonisolated(unsafe) var sent = 0
    nonisolated(unsafe) var wrong: [String] = []
    let observer = RunObserver { occurrence in
      let time = occurrence.time.seconds
      if let agent = occurrence.agent?.index, [.stepBegins, .combines, .sent].contains(occurrence.kind) {
        if agent == 4, time < 60 { wrong.append("agent-4 \(occurrence.kind) at \(time)") }
        if agent == 3, time >= 70, strategy.kind != .pushSum { wrong.append("agent-3 \(occurrence.kind) at \(time)") }
      }
      guard occurrence.kind == .sent, let link = occurrence.link else { return }
      let ends = [world.network.senders[link.index].index, world.network.receivers[link.index].index]
      if ends.sorted() == [0, 1] {
        if time >= 20, time < 50 { wrong.append("sent at \(time)") } else { sent += 1 }
      }
      if ends.contains(4), time < 60 { wrong.append("sent to agent-4 at \(time)") }
    }
    let record = try simulate(settings, in: world, observer: observer)
    #expect(wrong.isEmpty, "\(strategy.testDescription): \(wrong.first ?? "")")
    #expect(sent > 0 || !strategy.facts.cooperates)
    #expect(record.agents[4].updates > 0 || !settings.learning.adapts)
  }
}

/// Who waits for ever waits for nobody over an edge that is away: both halves of a ring go on, and with each other again.
@Test(arguments: [StrategySettings.Timing.synchronousLocal, .synchronousGlobal])
func nobodyWaitsOverAnAbsentEdge(timing: StrategySettings.Timing) throws {
  let strategy = StrategySettings(timing: timing, missingNeighbour: .wait)
  var settings = settings(ring(6), strategy: strategy, until: 60)
  settings.conditions.links.latency = .law(.constant(0.25))
  settings.timeline = [knownCut(.of(.named(["agent-0"])), at: 20.1, for: 20)]
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.ending == .until && record.messages.acknowledgements == 0)
  // Rounds take 1.25 s; while it is alone agent-0 needs no message in local rounds.
  #expect(record.agents[3].updates >= 46)
  #expect(record.messages.losses.edgeGone <= 4)
}

/// Halves are of what is there: a ring without one edge is a row, which falls apart where one edge is cut. The edge that is
/// away is cut too, should it come back.
@Test(arguments: ["spectral", "bfs"]) func halvesAreOfThePresentGraph(bisection: String) throws {
  var settings = settings(ring(8), strategy: StrategySettings(timing: .asynchronous), until: 60)
  settings.timeline = [
    knownCut(.pairs([["agent-2", "agent-3"]]), at: 10, for: 50),
    TimelineEntry(
      at: [.after(.seconds(20))], for: .seconds(20), action: "partition", ["bisect": .text(bisection)]),
  ]
  let world = try World(settings, replication: 0)
  nonisolated(unsafe) var cut: Set<[Int]> = []
  let observer = RunObserver { occurrence in
    guard occurrence.kind == .cut, let link = occurrence.link else { return }
    cut.insert([world.network.senders[link.index].index, world.network.receivers[link.index].index])
  }
  _ = try simulate(settings, in: world, observer: observer)
  #expect(cut == [[6, 7], [7, 6], [2, 3], [3, 2]])
}

/// Agents that join and leave are counted while they are there: three agree on the mean of two, of three and of two again.
@Test func metricsCountThoseWhoAreThere() throws {
  var settings = settings(
    NetworkSettings(topology: NetworkSettings.Topology(.complete, ["agents": .count(3)])), dimension: 1,
    strategy: StrategySettings(timing: .slotted), until: 30)
  settings.task = .averaging(AveragingSettings(dimension: 1))
  settings.learner = LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: .values([1, 3, 11]))
  settings.timeline = [join(.named(["agent-2"]), at: 10), leave(.named(["agent-0"]), at: 20)]
  let record = try simulate(settings, in: World(settings, replication: 0))
  let msd = try #require(record.series.first { $0.metric == "msd" }).values
  #expect(msd[0] == 1 && msd[9] == 0)
  // At 10 s there are 2, 2 and 11, which agree on 5 at once: all of them weigh a third.
  #expect(abs(msd[10] - (9 + 9 + 36) / 3) < 1e-12 && msd[12] < 1e-24)
  // The two who are left have 5, but started from 3 and 11.
  #expect(abs(msd[25] - 4) < 1e-12)
  let agents = record.agents
  #expect(agents[0].waiting + agents[0].useful == 20 && agents[2].waiting + agents[2].useful == 20)
  #expect(agents.map(\.updates) == [20, 30, 20])
  #expect(agents.allSatisfy { $0.down == 0 })
}

/// Agents that move keep what they agree on, and hear others only now and then.
@Test(arguments: MovementSettings.Movement.allCases)
func aConstantSurvivesMovement(movement: MovementSettings.Movement) throws {
  var arguments: Arguments = [
    "agents": .count(12), "radius": .number(0.3), "movement": .text(movement.rawValue), "crossing": .number(20),
    "every": .duration(.seconds(1)),
  ]
  if movement == .randomDirection { arguments["turn"] = .number(15) } else { arguments["pause"] = .number(2) }
  let network = NetworkSettings(topology: NetworkSettings.Topology(.mobile, arguments), requiresConnection: false)
  for strategy in cases(everyStrategyOfAll) {
    var settings = settings(network, stepSize: 0, strategy: strategy, until: 100)
    settings.learner.initial = .constant(0.1)
    settings.conditions.links.latency = .law(.constant(strategy.exchange == .pull ? 0 : 0.3))
    if strategy.averagesInPairs { settings.conditions.links.latency = .law(.constant(0)) }
    let seen = try Seen(settings)
    #expect(seen.parameters.allSatisfy { abs($0 - 0.1) <= (strategy.kind == .pushSum ? 1e-12 : 0) })
    let complete = NetworkSettings(
      topology: NetworkSettings.Topology(.complete, ["agents": .count(12)]), requiresConnection: false)
    settings.network = complete
    let everybody = try simulate(settings, in: World(settings, replication: 0))
    guard strategy.facts.audience == .neighbourhood, strategy.timing != .synchronousLocal else { continue }
    #expect(seen.record.messages.sent < everybody.messages.sent / 2, "\(strategy.testDescription)")
    #expect(seen.record.messages.sent > 0, "\(strategy.testDescription)")
  }
}

/// A run with all changes that is stopped and goes on is the run that was not.
@Test func aNetworkThatChangesIsRemembered() throws {
  let label = RunLabel(program: "this", run: "one")
  for strategy in cases(everyStrategyOfAll) {
    let settings = try changing(strategy, constant: 0.1)
    let world = try World(settings, replication: 0)
    let whole = try simulate(settings, in: world)
    let first = try advance(settings, in: world, label: label, to: VirtualTime(seconds: 62.5))
    guard case .stopped(let stopped) = first else {
      Issue.record("\(strategy.testDescription) has ended")
      continue
    }
    guard case .ended(let record) = try advance(settings, in: world, label: label, from: stopped) else {
      Issue.record("\(strategy.testDescription) has not ended")
      continue
    }
    #expect(record.fingerprint == whole.fingerprint)
    #expect(try record.text == whole.text, "\(strategy.testDescription)")
  }
}

/// An agent that sends to one neighbour at a time sends one message a turn, in steps, rounds and slots.
@Test func oneNeighbourAtATimeHearsOfATurn() throws {
  for sendTo in [NetworkSettings.SendTo.onePeer, .randomNeighbour] {
    for timing in StrategySettings.Timing.allCases where sendTo == .onePeer || timing != .synchronousLocal {
      var network = NetworkSettings(
        topology: NetworkSettings.Topology(.exponential, ["agents": .count(8), "directed": .flag(false)]))
      network.sendTo = sendTo
      let settings = settings(network, strategy: StrategySettings(timing: timing), until: 40)
      let record = try simulate(settings, in: World(settings, replication: 0))
      let updates = record.agents.reduce(0) { $0 + $1.updates }
      #expect(record.ending == .until && updates >= 8 * 38, "\(sendTo) \(timing)")
      #expect(record.messages.sent <= updates + 8 && record.messages.sent >= updates, "\(sendTo) \(timing)")
    }
  }
}
