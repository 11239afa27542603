// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Networks
import Quantities
import Randomness
import Records
import Schema
import Simulation
import Testing

/// Agents, or the centre, that stand still or go on.
private func pause(_ who: Argument, at seconds: Double..., for length: Double? = nil, every: Double? = nil)
  -> TimelineEntry
{
  TimelineEntry(
    at: seconds.map { .after(.seconds($0)) }, every: every.map { .seconds($0) }, for: length.map { .seconds($0) },
    action: "pause", Arguments(["agents": who]))
}

private func resume(_ who: Argument, at seconds: Double) -> TimelineEntry {
  TimelineEntry(at: [.after(.seconds(seconds))], action: "resume", Arguments(["agents": who]))
}

private func slow(_ agents: [String], by factor: Double, at seconds: Double, for length: Double? = nil)
  -> TimelineEntry
{
  TimelineEntry(
    at: [.after(.seconds(seconds))], for: length.map { .seconds($0) }, action: "slow",
    Arguments(["agents": .names(agents), "factor": .number(factor)]))
}

private let clock = ClockSettings(betweenAgents: .constant(1.1), withinAgent: .exponential(mean: 1))

private let strategies: [StrategySettings] =
  everyStrategy + [
    StrategySettings(kind: .gossip, clock: clock), StrategySettings(kind: .pushSum, clock: clock),
    StrategySettings(kind: .nonCooperative),
  ]

/// Times and fates add up whatever is slow or stands still, and who goes on has gone on by the end.
@Test(arguments: strategies) func accountsAddUpUnderPauses(strategy: StrategySettings) throws {
  var settings = try everything(strategy)
  settings.timeline = [
    pause(.names(["a", "b"]), at: 5, for: 3, every: 12), slow(["b", "c"], by: 5, at: 10, for: 20),
    pause(.text("all"), at: 30.5, for: 2), pause(.names(["d"]), at: 40), resume(.names(["d"]), at: 44),
  ]
  let plain = try Seen(everything(strategy)).record
  let seen = try Seen(settings)
  let record = seen.record
  #expect(record.messages.accounted == record.messages.sent)
  for (agent, before) in zip(record.agents, plain.agents) {
    let computing = agent.useful + agent.wasted + agent.unfinished
    #expect(abs(computing + agent.waiting + agent.down - record.endTime) < 1e-9)
    #expect(agent.waiting > -1e-9 && agent.down == before.down && agent.updates > 0)
    #expect((agent.slowed ?? -1) >= -1e-6)
  }
  #expect(record.agents[1].slowed ?? 0 > 0 && record.agents[0].slowed ?? 1 < 1e-6)
}

/// In a pause no step begins and none ends; it goes on where it stood, and the pause counts as waiting.
@Test func aPausedAgentNeitherBeginsNorEnds() throws {
  var settings = settings(ring(2), compute: ComputeSettings(betweenAgents: .constant(1)), until: 12, every: 1)
  settings.timeline = [pause(.names(["agent-0"]), at: 2.25, for: 3)]
  let seen = try Seen(settings)
  #expect(seen.begins(of: 0) == [0, 1, 2, 6, 7, 8, 9, 10, 11, 12])
  #expect(seen.begins(of: 1) == Array(stride(from: 0, through: 12, by: 1)))
  let agent = seen.record.agents[0]
  #expect(agent.useful == 9 && agent.waiting == 3 && agent.slowed == 0)
}

/// A step that would begin at the very instant of a pause waits for its end, and one that ends then has ended.
@Test func aPauseComesBeforeTheStepsOfItsInstant() throws {
  var settings = settings(ring(1), compute: ComputeSettings(betweenAgents: .constant(1)), until: 8, every: 1)
  settings.timeline = [pause(.text("all"), at: 2, for: 1.5)]
  let seen = try Seen(settings)
  #expect(seen.events.filter { $0.kind == .computeEnd }.map(\.time.seconds) == [1, 2, 4.5, 5.5, 6.5, 7.5])
  #expect(seen.record.agents[0].waiting == 1.5)
}

/// A round of a barrier waits for who stands still, as it is alive.
@Test func aGlobalBarrierWaitsForAPausedAgent() throws {
  var settings = settings(
    paw, strategy: StrategySettings(timing: .synchronousGlobal),
    compute: ComputeSettings(betweenAgents: .constant(1)), until: 10, every: 1)
  settings.timeline = [pause(.names(["c"]), at: 2.5, for: 4)]
  let seen = try Seen(settings)
  for agent in 0..<4 { #expect(seen.begins(of: agent) == [0, 1, 2, 7, 8, 9, 10]) }
}

/// With twice the work under half the speed nothing but time differs.
@Test func slowingEverybodyStretchesTime() throws {
  func run(_ factor: Double?) throws -> Seen {
    var settings = settings(
      paw,
      compute: ComputeSettings(
        betweenAgents: .constant(factor == nil ? 2 : 1), withinAgent: .gamma(mean: 1, shape: 2)),
      until: 40, every: 1)
    settings.timeline = factor.map { [slow(["a", "b", "c", "d"], by: $0, at: 0)] } ?? []
    return try Seen(settings)
  }
  let (stretched, slowed) = (try run(nil), try run(2))
  #expect(stretched.parameters == slowed.parameters)
  #expect(stretched.record.agents.map(\.updates) == slowed.record.agents.map(\.updates))
  for agent in slowed.record.agents { #expect(abs((agent.slowed ?? 0) - (agent.useful + agent.unfinished) / 2) < 1e-6) }
}

/// A crash in a pause takes the step with it; who is up again stays paused until the pause is over.
@Test func aPauseOutlastsACrash() throws {
  var settings = settings(ring(1), compute: ComputeSettings(betweenAgents: .constant(1)), until: 9, every: 1)
  settings.timeline = [
    pause(.text("all"), at: 1.5, for: 4),
    TimelineEntry(
      at: [.after(.seconds(2))], for: .seconds(1), action: "crash", Arguments(["agents": .text("all")])),
  ]
  let seen = try Seen(settings)
  let agent = seen.record.agents[0]
  #expect(agent.wasted == 0.5 && agent.down == 1 && agent.useful == 1 + 3)
  #expect(agent.waiting == 0.5 + 2.5 && agent.unfinished == 0.5)
  #expect(seen.events.filter { $0.kind == .computeEnd }.map(\.time.seconds) == [1, 6.5, 7.5, 8.5])
}

/// The centre stands still: its step takes as much longer, and agents wait.
@Test func theCentreCanBePaused() throws {
  var settings = controlSettings(strategy: StrategySettings(kind: .centralised, timing: .synchronousGlobal), until: 12)
  settings.strategy.centre.stepTime = .constant(0.5)
  #expect(try Seen(settings).begins(of: 1).prefix(4) == [0, 1.5, 3, 4.5])
  settings.timeline = [pause(.text("centre"), at: 2.75, for: 2), pause(.text("centre"), at: 4, for: 1)]
  #expect(try Seen(settings).begins(of: 1).prefix(4) == [0, 1.5, 5.25, 6.75])
  settings.timeline = [pause(.text("centre"), at: 2), resume(.text("centre"), at: 4)]
  // The uploads of 2.5 s wait until the centre goes on.
  #expect(try Seen(settings).begins(of: 1).prefix(4) == [0, 1.5, 4.5, 6])
}

/// Who is never resumed holds a barrier up for ever, which the run says.
@Test func anEndlessPauseStallsABarrier() throws {
  var settings = settings(
    ring(3), strategy: StrategySettings(timing: .synchronousGlobal),
    compute: ComputeSettings(betweenAgents: .constant(1)), until: 20, every: 1)
  settings.timeline = [pause(.names(["agent-1"]), at: 4.5)]
  let record = try Seen(settings).record
  #expect(record.ending == .stalled && record.agents.allSatisfy { $0.updates == 4 || $0.updates == 5 })
}

/// Gossip averages on arrival in a pause, and clocks ring on; steps wait for its end, and several are one.
@Test func averagingGoesOnInAPause() throws {
  let strategy = StrategySettings(
    kind: .gossip, clock: ClockSettings(betweenAgents: .constant(1)),
    gossip: GossipSettings(exchange: .push, order: .combineThenAdapt))
  var settings = settings(ring(2), strategy: strategy, compute: ComputeSettings(betweenAgents: .constant(0)), until: 20)
  settings.timeline = [pause(.names(["agent-0"]), at: 5.5, for: 10)]
  let record = try Seen(settings).record
  #expect(record.messages.used == record.messages.sent)
  #expect(record.agents[0].updates == record.agents[1].updates - 9)
}

/// An event draws nothing that others draw: data, works and fates of the steps are what they would be.
@Test func pausesDrawNothing() throws {
  let compute = ComputeSettings(betweenAgents: .lognormal(median: 1, sigma: 0.5))
  var settings = settings(ring(3), compute: compute, until: 30)
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  let plain = try Seen(settings)
  settings.timeline = [pause(.text("all"), at: 10, for: 7)]
  settings.measurement.until = .seconds(37)
  let paused = try Seen(settings)
  #expect(plain.parameters == paused.parameters)
  #expect(plain.record.agents.map(\.updates) == paused.record.agents.map(\.updates))
}
