// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

private let clock = ClockSettings(betweenAgents: .constant(1.1), withinAgent: .exponential(mean: 1))

private let strategies: [StrategySettings] =
  everyStrategy + [
    StrategySettings(kind: .gossip, clock: clock), StrategySettings(kind: .pushSum, clock: clock),
    StrategySettings(kind: .pushSum, timing: .slotted), StrategySettings(timing: .slotted),
    StrategySettings(kind: .nonCooperative),
  ]

/// A study in which everything goes wrong, slow spells among it.
private func study(_ strategy: StrategySettings, slowdown: Double?) throws -> SimulationSettings {
  var settings = try everything(strategy)
  if strategy.kind == .pushSum { settings.conditions.failures?.causes[0].onRecovery = .keep }
  settings.conditions.compute.spells = slowdown.map {
    SlowSpellSettings(slowdown: $0, lengths: .laws(normal: .exponential(mean: 6), slow: .exponential(mean: 3)))
  }
  return settings
}

/// Spells in which nobody is slower are none, bit for bit.
@Test(arguments: strategies) func aSlowdownOfOneChangesNothing(strategy: StrategySettings) throws {
  let plain = try Seen(study(strategy, slowdown: nil))
  let spelled = try Seen(study(strategy, slowdown: 1))
  #expect(plain.record.fingerprint == spelled.record.fingerprint)
  #expect(plain.events == spelled.events)
  #expect(spelled.record.agents.allSatisfy { ($0.slowed ?? 0) == 0 })
  #expect(plain.record.agents.allSatisfy { $0.slowed == nil })
}

/// Times add up under slow spells, and what they took is within the time in steps.
@Test(arguments: strategies) func timesAddUpUnderSlowSpells(strategy: StrategySettings) throws {
  let plain = try Seen(study(strategy, slowdown: nil)).record
  let record = try Seen(study(strategy, slowdown: 8)).record
  #expect(record.messages.accounted == record.messages.sent)
  for agent in record.agents {
    let computing = agent.useful + agent.wasted + agent.unfinished
    #expect(abs(computing + agent.waiting + agent.down - record.grid.last!) < 1e-9)
    #expect(agent.waiting >= -1e-9)
    // A nanosecond for each step that was rounded.
    #expect((agent.slowed ?? 0) <= computing * (1 - 1.0 / 8) + 1e-6)
  }
  if strategy.timing == .slotted {
    #expect(record.fingerprint == plain.fingerprint && record.agents.allSatisfy { $0.slowed == nil })
  } else {
    #expect(record.agents.contains { $0.slowed ?? 0 > 0.1 })
  }
}

/// Steps of 1 s, slow by 4 from 2 s to 4 s of every 6 s: two are done by then, half of the third in the spell.
@Test func stepsTakeLongerInASlowSpell() throws {
  var settings = settings(
    ring(1), compute: ComputeSettings(betweenAgents: .constant(1)), until: 12, every: 1)
  settings.conditions.compute.spells = SlowSpellSettings(
    slowdown: 4, lengths: .laws(normal: .constant(2), slow: .constant(2)), start: .normal)
  let seen = try Seen(settings)
  #expect(seen.begins(of: 0) == [0, 1, 2, 4.5, 5.5, 8, 9, 10])
  #expect(seen.record.agents[0].slowed == 3 + 1.5)
}

/// The phases of a step are parts of its work.
@Test func phasesTakeLongerToo() throws {
  var settings = controlSettings(
    strategy: StrategySettings(kind: .diffusionATC), until: 20)
  settings.conditions.compute = ComputeSettings(betweenAgents: .constant(1))
  let plain = try Seen(settings)
  settings.conditions.compute.spells = SlowSpellSettings(
    slowdown: 2, lengths: .laws(normal: .constant(1e-9), slow: .constant(1e5)), start: .normal)
  let slowed = try Seen(settings)
  let (steps, fewer) = (plain.begins(of: 0), slowed.begins(of: 0))
  #expect(fewer.count > 2 && fewer.count <= steps.count / 2 + 1)
  for (before, after) in zip(steps, fewer) { #expect(abs(after - 2 * before) < 1e-6) }
}

/// Steps that take as long as what they compute are slowed as any other.
@Test func workIsDoneAtTheSpeedOfTheTime() throws {
  var settings = controlSettings(strategy: StrategySettings(kind: .nonCooperative), until: 30)
  settings.conditions.compute.work = ComputeSettings.Work(environmentStep: .seconds(0.01), sample: .seconds(0.005))
  let plain = try Seen(settings)
  settings.conditions.compute.spells = SlowSpellSettings(
    slowdown: 3, lengths: .laws(normal: .constant(1e-9), slow: .constant(1e5)), start: .normal)
  let slowed = try Seen(settings)
  for (before, after) in zip(plain.begins(of: 0), slowed.begins(of: 0)) { #expect(abs(after - 3 * before) < 1e-6) }
  #expect(slowed.record.agents[0].updates > 2)
}
