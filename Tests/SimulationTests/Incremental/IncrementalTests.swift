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
import Workers

private let turns = StrategySettings(kind: .incremental, timing: .synchronousLocal)

/// The strategy of turns with other settings.
private func turns(
  _ incremental: IncrementalSettings = IncrementalSettings(),
  acknowledge: StrategySettings.Retransmission.Use = .auto
) -> StrategySettings {
  StrategySettings(
    kind: .incremental, timing: .synchronousLocal,
    retransmission: .init(acknowledge: acknowledge, timeout: .seconds(1), backOff: 1), incremental: incremental)
}

/// Whatever the network, estimates that walk are those of one agent after the other on its own data: the same bits.
@Test func aTokenWalksThroughOneAgentAfterTheOther() throws {
  // In the tail d is no neighbour of a, so the token goes over c, and from c over the triangle to a.
  let settings = settings(paw, spread: 0.5, strategy: turns, until: 40.5)
  let bank = try doubleBank(settings)
  var (w, increment) = ([0.0, 0, 0], [0.0, 0, 0])
  var rows = Array(repeating: w, count: 4)
  bank.initialise(NodeID(0), into: &w)
  for step in 0..<40 {
    bank.begin(LocalStep(NodeID(step % 4), attempt: UInt64(step / 4)), at: w, increment: &increment)
    _ = bank.finish(NodeID(step % 4))
    for entry in 0..<3 { w[entry] += increment[entry] }
    rows[step % 4] = w
  }
  // The estimate of d's tenth step has come to a, which has it for its own and adapts it when the run ends.
  rows[0] = w
  let seen = try Seen(settings)
  #expect(seen.parameters == rows.flatMap { $0 })
  #expect(seen.record.agents.map(\.updates) == [10, 10, 10, 10])
  // a b, b c, c d and d c a: five messages a sweep, as long as the estimate.
  #expect(seen.record.messages.sent == 50 && seen.record.messages.used == 50)
}

/// A sweep of one is an agent alone, in every bit.
@Test func aTokenThatGoesNowhereIsAnAgentAlone() throws {
  let alone = try Seen(settings(ring(1), strategy: StrategySettings(kind: .nonCooperative), until: 50.5))
  let walking = try Seen(settings(ring(1), strategy: turns, until: 50.5))
  #expect(walking.parameters == alone.parameters && walking.record.agents[0].updates == 50)
  #expect(walking.record.messages.sent == 0)
}

/// A token that is lost stops everybody; acknowledged it is sent again, and the same estimates come later.
@Test func aLostTokenStopsEverybody() throws {
  var settings = settings(ring(4), spread: 0.5, strategy: turns, until: 400)
  settings.conditions.links = LinkSettings(latency: .law(.constant(0.25)), loss: try #require(Probability(0.2)))
  let stopped = try Seen(settings).record
  #expect(stopped.ending == .stalled && stopped.endTime < 200 && stopped.messages.lost == 1)
  let updates = stopped.agents.map(\.updates)
  #expect(updates.max()! - updates.min()! <= 1)
  settings.strategy = turns(acknowledge: .always)
  let goesOn = try Seen(settings).record
  #expect(goesOn.ending == .until && goesOn.messages.lost > 5)
  #expect(goesOn.agents.allSatisfy { $0.updates > 40 })
  #expect(goesOn.messages.accounted == goesOn.messages.sent)
}

/// An agent that dies, for ever where no length is given.
private func death(of agent: String, at seconds: Double, for length: Double? = nil) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(seconds))], for: length.map { .seconds($0) }, action: "crash",
    Arguments(["agents": .names([agent])]))
}

/// The holder dies: everybody waits, or the token is sent on without it. It comes back to its place in the order.
@Test func aDeadHolderIsWaitedForOrSkipped() throws {
  func study(_ dead: IncrementalSettings.DeadAgents, down: Double? = nil) -> SimulationSettings {
    var settings = settings(
      ring(4), spread: 0.5, strategy: turns(IncrementalSettings(deadAgents: dead)), until: 60.75)
    settings.timeline = [death(of: "agent-2", at: 10.5, for: down)]
    return settings
  }
  // Agent 2 is the third: its steps end at 3, 7, and so on; the next would end at 11.
  let stalled = try Seen(study(.wait)).record
  #expect(stalled.ending == .stalled && stalled.agents.map(\.updates) == [3, 3, 2, 2])
  let skipped = try Seen(study(.skip)).record
  #expect(skipped.ending == .until)
  #expect(skipped.agents[2].updates == 2 && skipped.agents[0].updates > 15)
  #expect(skipped.messages.accounted == skipped.messages.sent)
  // With its memory it still has the token when it comes back, and those who waited go on: ten steps before, 45 after.
  let waited = try Seen(study(.wait, down: 5)).record
  #expect(waited.ending == .until && waited.agents.map(\.updates) == [14, 14, 14, 13])
  let back = try Seen(study(.skip, down: 5)).record
  #expect(back.agents[2].updates > 6 && back.agents[2].updates < back.agents[0].updates)
}

// MARK: - Turns of learners

/// Agents that search for linear policies, with little of everything.
private func searching(
  _ strategy: StrategySettings, _ network: NetworkSettings = paw, search: PolicySearchSettings.Search = .reinforce,
  until: Double = 40.5
) -> SimulationSettings {
  SimulationSettings(
    network: network, task: .control(ControlSettings(environment: .cartPoleBalance, tasks: .grid, timeLimit: 12)),
    learner: .policySearch(PolicySearchSettings(search: search, best: 4, episodesPerStep: 2)), strategy: strategy,
    conditions: ConditionSettings(
      compute: ComputeSettings(betweenAgents: .lognormal(median: 1, sigma: 0.5), withinAgent: .exponential(mean: 1)),
      links: LinkSettings(latency: .law(.exponential(mean: 0.3)))),
    measurement: MeasurementSettings(until: .seconds(until), every: .seconds(2), testEpisodes: 2), seed: 7)
}

/// The token says nothing that agents could not tell from what they have heard: without it turns are the same, to the bit,
/// whatever latencies are drawn, and take less time.
@Test(arguments: [PolicySearchSettings.Search.reinforce, .power])
func whatHasBeenHeardSaysAsMuchAsTheToken(search: PolicySearchSettings.Search) throws {
  /// A run in which the first agent dies in its ninth step, so that everybody comes to the end of the eighth sweep.
  func run(_ order: IncrementalSettings.Order) throws -> Seen {
    let incremental = turns(IncrementalSettings(order: order))
    let ninth = try Seen(searching(incremental, search: search, until: 80)).begins(of: 0)[8]
    var settings = searching(incremental, search: search, until: 400)
    settings.timeline = [death(of: "a", at: ninth + 1e-6)]
    return try Seen(settings)
  }
  let (token, data) = (try run(.token), try run(.dataflow))
  #expect(token.record.agents[0].updates == 8 && data.record.agents[0].updates == 8)
  #expect(token.record.ending == .stalled && data.record.ending == .stalled)
  #expect(token.parameters == data.parameters && token.parameters.contains { $0 != 0 })
  #expect(token.record.messages.sent > data.record.messages.sent)
  #expect(token.record.endTime > data.record.endTime)
}

private let strategies = [
  turns(acknowledge: .always), turns(IncrementalSettings(order: .dataflow), acknowledge: .always),
  turns(IncrementalSettings(deadAgents: .skip), acknowledge: .always),
  turns(IncrementalSettings(resynchronises: true), acknowledge: .always),
  turns(IncrementalSettings(order: .dataflow, deadAgents: .skip), acknowledge: .always),
]

/// Whoever computes, and wherever a run is stopped, its record is the same in every field, while everything goes wrong.
@Test(arguments: strategies) func whereTurnsAreStoppedChangesNothing(strategy: StrategySettings) throws {
  for search in [PolicySearchSettings.Search.reinforce, .power] {
    let settings = try searching(strategy, search: search)
      .withEverything(unit: 1, bandwidth: 1600, up: 12, down: 3)
    try expectTheSame(settings, helpers: [1, 3], stoppedAt: [3.5, 11.25, 19.0])
  }
}

/// Accounts add up and nobody stops for good, whatever goes wrong, where messages are sent again.
@Test(arguments: strategies) func turnsGoOnWhateverGoesWrong(strategy: StrategySettings) throws {
  let settings = try searching(strategy, until: 200).withEverything(unit: 1, bandwidth: 1600, up: 30, down: 3)
  let record = try Seen(settings).record
  #expect(record.messages.accounted == record.messages.sent)
  #expect(record.ending == .until)
  #expect(record.agents.contains { $0.down > 0 } && record.agents.allSatisfy { $0.updates > 10 })
}

/// What is heard in time makes multipliers of others unnecessary: with them turns are the same. Where estimates get lost, the
/// others stop; these go on as long as the token is not lost.
@Test func multipliersThatAreSentHealWhatIsLost() throws {
  func run(_ resynchronises: Bool, loss: Double, seed: UInt64 = 7) throws -> Seen {
    var settings = searching(turns(IncrementalSettings(resynchronises: resynchronises)), until: 200)
    settings.seed = seed
    settings.conditions.links = LinkSettings(latency: .law(.constant(0.25)), loss: try #require(Probability(loss)))
    settings.strategy.retransmission.acknowledge = .never
    return try Seen(settings)
  }
  let (plain, sent) = (try run(false, loss: 0), try run(true, loss: 0))
  #expect(plain.parameters == sent.parameters && plain.parameters.contains { $0 != 0 })
  #expect(plain.record.messages.bytes < sent.record.messages.bytes)
  var (stopped, goesOn) = (0, 0)
  for seed in 1...10 {
    let (one, other) = (try run(false, loss: 0.02, seed: UInt64(seed)), try run(true, loss: 0.02, seed: UInt64(seed)))
    #expect(one.record.ending == .stalled)
    #expect(other.record.agents[0].updates >= one.record.agents[0].updates)
    stopped += Int(one.record.agents[0].updates)
    goesOn += Int(other.record.agents[0].updates)
  }
  #expect(goesOn > stopped)
}

/// A step that a crash takes leaves nothing of target, weights, or what was tried.
@Test(arguments: [PolicySearchSettings.Search.reinforce, .power])
func aSearchThatIsGivenUpLeavesNoTrace(search: PolicySearchSettings.Search) throws {
  let settings = searching(turns, ring(1), search: search)
  func parameters(_ attempts: [(number: UInt64, isGivenUp: Bool)]) throws -> [Double] {
    let bank = try doubleBank(settings)
    var w = Array(repeating: 0.0, count: bank.parameterCount)
    var increment = w
    bank.initialise(NodeID(0), into: &w)
    for attempt in attempts {
      bank.begin(LocalStep(NodeID(0), attempt: attempt.number), at: w, increment: &increment)
      #expect(increment.allSatisfy { $0 == 0 })
      if attempt.isGivenUp {
        bank.abandon(NodeID(0))
      } else {
        _ = bank.finish(NodeID(0))
        w.withUnsafeMutableBufferPointer {
          bank.takeTurn(NodeID(0), at: $0.baseAddress!, with: UnsafeBufferPointer(start: nil, count: 0))
        }
      }
    }
    return w
  }
  let crashed = try parameters([(0, false), (1, true), (2, false), (3, false)])
  let whole = try parameters([(0, false), (2, false), (3, false)])
  #expect(crashed == whole && crashed.contains { $0 != 0 })
}
