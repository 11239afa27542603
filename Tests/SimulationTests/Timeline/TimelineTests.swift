// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities
import Records
import Schema
import Simulation
import Testing

/// Agents that crash at some seconds, for so many.
private func crash(
  _ agents: [String], at seconds: Double..., for length: Double? = nil, every: Double? = nil, times: Int? = nil,
  _ recovery: FailureSettings.Recovery? = nil
) -> TimelineEntry {
  var arguments = Arguments(["agents": agents.isEmpty ? .text("all") : .names(agents)])
  if let recovery { arguments["on-recovery"] = .text(recovery.rawValue) }
  return TimelineEntry(
    at: seconds.map { .after(.seconds($0)) }, every: every.map { .seconds($0) }, times: times,
    for: length.map { .seconds($0) }, action: "crash", arguments)
}

private func recover(_ agents: [String], at seconds: Double) -> TimelineEntry {
  TimelineEntry(at: [.after(.seconds(seconds))], action: "recover", Arguments(["agents": .names(agents)]))
}

let timelineClock = ClockSettings(betweenAgents: .constant(1.1), withinAgent: .exponential(mean: 1))

/// Every strategy in every timing.
let timelineStrategies: [StrategySettings] =
  everyStrategy + [
    StrategySettings(kind: .gossip, clock: timelineClock),
    StrategySettings(
      kind: .gossip, clock: timelineClock, gossip: GossipSettings(exchange: .pairwise, wake: .oneAtATime)),
    StrategySettings(kind: .pushSum, clock: timelineClock, pushSum: PushSumSettings(runningSums: true)),
    StrategySettings(kind: .pushSum, timing: .slotted), StrategySettings(timing: .slotted),
    StrategySettings(kind: .nonCooperative),
  ]

/// A study in which everything but crashes goes wrong.
private func study(_ strategy: StrategySettings, _ timeline: [TimelineEntry] = [], until: Double = 40) throws
  -> SimulationSettings
{
  var settings = try settings(paw, spread: 0.5, strategy: strategy, until: until)
    .withEverything(unit: 1, bandwidth: 200, up: 1, down: 1)
  settings.conditions.failures = nil
  settings.timeline = timeline
  return settings
}

/// What two runs have in common that differ in nothing but in what brought their outages.
private func expectTheSame(_ one: Seen, _ other: Seen, _ comment: Comment? = nil) {
  #expect(one.parameters == other.parameters, comment)
  #expect(one.record.messages == other.record.messages, comment)
  #expect(one.record.agents == other.record.agents, comment)
}

/// An outage is an outage, whether it was drawn or written down: every strategy takes it alike.
@Test(arguments: cases(timelineStrategies, atLeast: 12))
func aScriptedOutageIsADrawnOne(strategy: StrategySettings) throws {
  for recovery in FailureSettings.Recovery.allCases where strategy.kind != .pushSum || recovery == .keep {
    var drawn = try study(strategy)
    drawn.conditions.failures = FailureSettings(
      up: .constant(10.7), down: .constant(3), onRecovery: recovery, agents: ["c"])
    let scripted = try study(strategy, [crash(["c"], at: 10.7, for: 3, every: 13.7, recovery)])
    let seen = try Seen(scripted)
    expectTheSame(try Seen(drawn), seen, "\(recovery)")
    #expect(seen.record.messages.accounted == seen.record.messages.sent)
    #expect(seen.record.agents[2].down > 5.9)
  }
}

/// A fusion centre goes on without the agents that are down.
@Test func aCentreTakesScriptedOutagesLikeDrawnOnes() throws {
  var drawn = controlSettings(strategy: StrategySettings(kind: .centralised, timing: .synchronousGlobal), until: 12)
  var scripted = drawn
  drawn.conditions.failures = FailureSettings(up: .constant(3.3), down: .constant(2), agents: ["b"])
  scripted.timeline = [crash(["b"], at: 3.3, for: 2, every: 5.3)]
  expectTheSame(try Seen(drawn), try Seen(scripted))
}

/// An agent is down as long as any cause holds it down, and up when the last one lets it go.
@Test(arguments: cases(timelineStrategies, atLeast: 12))
func causesThatOverlapGiveOneOutage(strategy: StrategySettings) throws {
  let one = try Seen(study(strategy, [crash(["c"], at: 5, for: 7)]))
  #expect(one.record.agents[2].down == 7)
  expectTheSame(one, try Seen(study(strategy, [crash(["c"], at: 5, for: 4), crash(["c"], at: 7, for: 5)])))
  expectTheSame(one, try Seen(study(strategy, [crash(["c"], at: 5), recover(["c", "d"], at: 12)])))
  expectTheSame(
    one, try Seen(study(strategy, [crash(["c"], at: 5), crash(["c"], at: 6, 8), recover(["c"], at: 12)])))
}

/// Outages that are drawn alternate on their own: what the timeline does leaves them where they were, and ends none.
@Test(arguments: [StrategySettings(), StrategySettings(kind: .nonCooperative), StrategySettings(timing: .slotted)])
func drawnAndScriptedOutagesDoNotDisturbEachOther(strategy: StrategySettings) throws {
  func seen(_ timeline: [TimelineEntry], drawn: Bool) throws -> Seen {
    var settings = try study(strategy, timeline)
    if drawn {
      settings.conditions.failures = FailureSettings(up: .constant(6), down: .constant(4), agents: ["c"])
    }
    return try Seen(settings)
  }
  // Drawn: down from 6 to 10, 16 to 20, 26 to 30 and from 36 on.
  let script = [crash(["c"], at: 8, for: 4), crash(["c"], at: 17), recover(["c"], at: 18)]
  let all = [crash(["c"], at: 6, for: 6), crash(["c"], at: 16, 26, 36, for: 4)]
  expectTheSame(try seen(script, drawn: true), try seen(all, drawn: false))
}

/// Of causes that share an outage the most forgetful one decides what is left, whenever it came.
@Test(arguments: [
  StrategySettings(), StrategySettings(kind: .nonCooperative),
  StrategySettings(timing: .synchronousGlobal, missingNeighbour: .itself),
  StrategySettings(timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(3)),
])
func theMostForgetfulCauseDecides(strategy: StrategySettings) throws {
  let forgotten = try Seen(study(strategy, [crash(["c"], at: 5, for: 4, .reset)]))
  let kept = try Seen(study(strategy, [crash(["c"], at: 5, for: 4)]))
  let joined = try Seen(study(strategy, [crash(["c"], at: 5, for: 4, .keep), crash(["c"], at: 6, for: 1, .reset)]))
  #expect(joined.parameters == forgotten.parameters)
  #expect(joined.parameters != kept.parameters)
  // The next outage is one of its own.
  let first = crash(["c"], at: 2, for: 1, .reset)
  let keeping = try Seen(study(strategy, [first, crash(["c"], at: 25, for: 4, .keep)]))
  #expect(try Seen(study(strategy, [first, crash(["c"], at: 25, for: 4, .reset)])).parameters != keeping.parameters)
}

/// What a crash takes by default is what the scenario's failures say.
@Test func aCrashForgetsAsFailuresDo() throws {
  var settings = try study(StrategySettings(), [crash(["c"], at: 5, for: 4)])
  settings.conditions.failures = FailureSettings(
    up: .constant(1000), down: .constant(1), onRecovery: .reset)
  let usual = try Seen(settings)
  settings.timeline = [crash(["c"], at: 5, for: 4, .reset)]
  expectTheSame(usual, try Seen(settings))
}

/// What the timeline says of one instant happens in the order of the file, before all else of the instant, however ties
/// are taken.
@Test(arguments: [TieOrder.firstInFirstOut, .random(seed: 1), .random(seed: 2), .random(seed: 3)])
func oneInstantGoesInTheOrderOfTheFile(ties: TieOrder) throws {
  func agent(_ timeline: [TimelineEntry]) throws -> AgentAccount {
    var settings = settings(pair, strategy: StrategySettings(kind: .nonCooperative), until: 20.5)
    settings.ties = ties
    settings.timeline = timeline
    // A drawn outage at the same instant.
    settings.conditions.failures = FailureSettings(up: .constant(10), down: .constant(1), agents: ["b"])
    return try Seen(settings).record.agents[0]
  }
  // The step that would end at 10 s is lost, and the next one begins then.
  let blink = try agent([crash(["a"], at: 10), recover(["a"], at: 10)])
  #expect(blink.down == 0 && blink.wasted == 1 && blink.updates == 19)
  let stays = try agent([recover(["a"], at: 10), crash(["a"], at: 10)])
  #expect(stays.down == 10.5 && stays.updates == 9)
}

/// How often and when: again and again, so many times, at several times, at a share of the run, from the start.
@Test func entriesComeAgainAsTheySay() throws {
  func down(_ entry: TimelineEntry) throws -> Double {
    var settings = settings(pair, strategy: StrategySettings(kind: .nonCooperative), until: 100)
    settings.timeline = [entry]
    return try Seen(settings).record.agents[0].down
  }
  #expect(try down(crash(["a"], at: 10, for: 2)) == 2)
  #expect(try down(crash(["a"], at: 10, for: 2, every: 10)) == 18)
  #expect(try down(crash(["a"], at: 10, for: 2, every: 10, times: 3)) == 6)
  #expect(try down(crash(["a"], at: 10, 30, for: 2, every: 50)) == 8)
  #expect(try down(crash(["a"], at: 0, 99, for: 2)) == 3)
  #expect(try down(crash(["a"], at: 60)) == 40)
  #expect(try down(crash([], at: 0)) == 100)
  var late = crash(["a"], at: 0, for: 3)
  late.moments = [.share(0.25), .share(0.5)]
  #expect(try down(late) == 6)
}

/// A run is not stalled while a change is still to come that lets agents go on.
@Test func aRunGoesOnWhileARecoveryIsStillToCome() throws {
  func ending(_ timeline: [TimelineEntry]) throws -> RunRecord.Ending {
    var settings = settings(pair, strategy: StrategySettings(kind: .nonCooperative), until: 100)
    settings.timeline = timeline
    return try Seen(settings).record.ending
  }
  #expect(try ending([crash([], at: 5.5)]) == .stalled)
  #expect(try ending([crash([], at: 5.5, for: 50)]) == .until)
  #expect(try ending([crash([], at: 5.5), recover(["a"], at: 90)]) == .until)
}

/// Where everybody is down at once nothing happens, and everything comes back.
@Test(arguments: cases(timelineStrategies, atLeast: 12))
func allMayBeDownAtOnce(strategy: StrategySettings) throws {
  let seen = try Seen(study(strategy, [crash([], at: 0, for: 3), crash([], at: 20, for: 5)]))
  #expect(seen.record.agents.allSatisfy { $0.down == 8 && $0.updates > 0 })
  #expect(seen.record.messages.accounted == seen.record.messages.sent)
}

/// An agent that is not there is said to be.
@Test func unknownAgentsOfTheTimelineAreRefused() throws {
  let settings = try study(StrategySettings(), [crash(["e"], at: 5)])
  let error = #expect(throws: SimulationError.self) { try Seen(settings) }
  #expect(error?.description == "There is no agent 'e' that crash@5s could be about.")
}

/// Agents that are chosen at random are those of the event's name, each time it comes: another name, another time and
/// another replication choose others, and the strategy does not matter.
@Test func chosenAgentsAreThoseOfTheEventsName() throws {
  func down(
    _ name: String, every: Double? = nil, strategy: StrategySettings = StrategySettings(kind: .nonCooperative),
    replication: Int = 0
  ) throws -> [Double] {
    var settings = settings(ring(30), strategy: strategy, until: 12)
    settings.timeline = [
      TimelineEntry(
        at: [.after(.seconds(1))], every: every.map { .seconds($0) }, for: .seconds(1), name: name, action: "crash",
        Arguments(["agents": .record(["share": .number(0.4)])]))
    ]
    return try Seen(settings, replication: replication).record.agents.map(\.down)
  }
  let one = try down("x")
  #expect(one.reduce(0, +) == 12 && Set(one) == [0, 1])
  #expect(try down("x", strategy: StrategySettings()) == one)
  #expect(try down("y") != one)
  #expect(try down("x", replication: 1) != one)
  // Twice: whom both times have chosen is down for 2 s.
  #expect(try Set(down("x", every: 9)) == [0, 1, 2])
}

/// What an event has chosen another can name.
@Test func anEventCanBeAboutWhomAnotherChose() throws {
  var settings = settings(ring(10), strategy: StrategySettings(kind: .nonCooperative), until: 12)
  func entry(_ seconds: Double, _ action: String, name: String? = nil, _ agents: Arguments) -> TimelineEntry {
    TimelineEntry(
      at: [.after(.seconds(seconds))], name: name, action: action, Arguments(["agents": .record(agents)]))
  }
  settings.timeline = [
    entry(1, "crash", name: "first", ["count": .count(3)]), entry(2, "crash", name: "second", ["count": .count(4)]),
    entry(5, "recover", ["event": .text("second")]), entry(8, "recover", ["event": .text("first")]),
  ]
  let down = try Seen(settings).record.agents.map(\.down)
  // The second is up after 3 s, with the first of those that both chose; else they are down for 7 s.
  #expect(down.allSatisfy { [0, 3, 4, 7].contains($0) })
  #expect(down.count { $0 == 7 } + down.count { $0 == 4 } == 3)
  #expect(down.count { $0 == 3 } + down.count { $0 == 4 } == 4)
}
