// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// Agents a and b of four take steps of one second and crash for good at 5.5 s, after five updates each.
private func halfDead(until: Double = 20) -> SimulationSettings {
  var settings = settings(paw, until: until)
  settings.conditions.failures = FailureSettings(
    up: .constant(5.5), down: .constant(1000), onRecovery: .keep, agents: ["a", "b"])
  return settings
}

/// What two agents had spent when they died stays spent: (2 min(t, 5) + 2 t) / 4 updates per agent.
@Test func deadAgentsCountInWhatWasSpent() throws {
  let record = try simulate(halfDead(), in: World(halfDead(), replication: 0))
  #expect(record.values(.updates) == (0...20).map { Double(min($0, 5) + $0) / 2 })
  #expect(record.agents.map(\.updates) == [5, 5, 20, 20])
}

/// 10 updates per agent are 40 of all; 10 of them were made by the dead, and the others make two a second.
@Test func aBudgetOfUpdatesCountsThoseOfDeadAgents() throws {
  var settings = halfDead(until: 100)
  settings.measurement.budget = .updates(10)
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.ending == .budget && record.endTime == 15)
}

/// With everybody dead a run has spent what it had spent.
@Test func whatWasSpentIsKnownWithNobodyUp() throws {
  var settings = halfDead()
  settings.conditions.failures?.causes[0].agents = .all
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(record.values(.updates).last == 5)
}

/// Of agents that act, episodes and their steps likewise: three episodes a step.
@Test(arguments: orders) func episodesOfDeadAgentsCount(order: ActorCriticSettings.Order) throws {
  var settings = controlSettings(order: order, until: 16)
  settings.conditions.failures = FailureSettings(
    up: .constant(4.5), down: .constant(1000), onRecovery: .keep, agents: ["a", "b"])
  let record = try simulate(settings, in: World(settings, replication: 0))
  let total = record.agents.reduce(0.0) { $0 + Double($1.episodes ?? 0) }
  #expect(record.values(.episodes).last == total / 4)
  #expect(record.values(.samples).last == record.agents.reduce(0.0) { $0 + Double($1.samples ?? 0) })
  #expect(record.agents[0].episodes ?? 0 < record.agents[2].episodes ?? 0)
  expectNoFall(record)
}

/// Under crashes at random, in every strategy and timing.
@Test(arguments: cases(0..<200, atLeast: 20)) func nothingSpentComesBack(trial: Int) throws {
  var settings = try trial < 80 ? randomSettings(trial) : drawnSettings(trial)
  settings.conditions.failures = FailureSettings(
    up: .exponential(mean: 4), down: .exponential(mean: 3),
    onRecovery: settings.strategy.kind == .pushSum ? .keep : FailureSettings.Recovery.allCases[trial % 3])
  settings.measurement.every = VirtualDuration(seconds: 0.5)
  expectNoFall(try simulate(settings, in: World(settings, replication: 0)))
}

private func expectNoFall(_ record: RunRecord) {
  for metric in MetricDefinition.all where metric.isCumulative {
    let values = record.values(metric)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "\(metric)")
  }
}
