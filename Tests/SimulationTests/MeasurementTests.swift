// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Records
import Simulation
import Testing

/// Agent a is down from 4.5 for some seconds, every time after 4.5 s up: then half of the agents are available.
private func halfAway(for down: Double) throws -> RunRecord {
  var settings = settings(
    pair, failures: FailureSettings(up: .constant(4.5), down: .constant(down), agents: ["a"]), until: 40)
  settings.measurement.target = .init(metric: .available, threshold: 0.5)
  return try Seen(settings).record
}

@Test func aTargetIsReachedAtTheFirstOfThreePointsInARow() throws {
  let record = try halfAway(for: 3)
  let target = try #require(record.target)
  #expect(target.time == 5)
  #expect(target.updates == record.values("updates")[5])
  #expect(target.messages == record.values("messages")[5])
  #expect(target.bytes == record.values("bytes")[5])
  // At 11 and 12, at 17 and 18, … only: two points in a row are not enough.
  let short = try halfAway(for: 2)
  #expect(short.values("available").contains(0.5))
  #expect(short.target == nil)
}

@Test func reachingATargetEndsNoRun() throws {
  #expect(try halfAway(for: 3).endTime == 40)
}

@Test func finalMetricsAreMeansOverTheWindowAtTheEnd() throws {
  var settings = settings(ring(3), strategy: StrategySettings(kind: .nonCooperative), until: 20)
  settings.measurement.finalWindow = 0.25
  let record = try Seen(settings).record
  // One update a second: at 15, 16, … 20.
  #expect(record.finals["updates"] == 17.5)
  #expect(record.finals["msd"] == record.values("msd")[15...].reduce(0, +) / 6)
  let mean = record.agents.compactMap(\.finalMSD).reduce(0, +) / 3
  #expect(abs(mean - record.finals["msd"]!) < 1e-12)
}

/// In binary numbers 0.3 / 0.1 and 3 × 0.1 would round in different directions.
@Test(arguments: [(0.3, 0.1, 4), (0.7, 0.1, 8), (1, 0.1, 11), (2, 0.6, 4), (3, 3, 2), (3, 5, 1), (1e-8, 1e-9, 11)])
func theGridGoesFromZeroToTheEnd(until: Double, every: Double, points: Int) throws {
  let settings = settings(ring(3), until: until, every: every)
  let record = try Seen(settings).record
  #expect(record.grid.count == points)
  #expect(record.series.allSatisfy { $0.values.count == points })
  #expect(record.grid.first == 0)
  #expect(record.grid.allSatisfy { $0 <= until })
  #expect(record.endTime == until)
  #expect(record.finals["msd"]?.isFinite == true)
}

@Test func theWindowKeepsItsFirstPointThoughItRounds() throws {
  var settings = settings(ring(3), until: 1, every: 0.1)
  settings.conditions.compute.betweenAgents = .constant(0.03)
  let record = try Seen(settings).record
  let updates = record.values("updates")
  #expect(updates[9] != updates[10])
  #expect(record.finals["updates"] == (updates[9] + updates[10]) / 2)
}

@Test func aBudgetSpentAtTheVeryFirstStepEndsTheRunThere() throws {
  for budget in [MeasurementSettings.Budget.updates(1e-9), .samples(1), .bytes(1)] {
    var settings = settings(ring(4))
    settings.measurement.budget = budget
    let record = try Seen(settings).record
    #expect(record.ending == .budget)
    #expect(record.endTime == 1)
    #expect(record.grid == [0, 1])
    #expect(record.messages.accounted == record.messages.sent)
  }
}

@Test func withEverybodyDownMetricsOfLiveAgentsAreUndefinedAndLeftOutOfMeans() throws {
  let settings = settings(
    ring(3), failures: FailureSettings(up: .constant(9.25), down: .constant(0.5)), until: 10, every: 0.5)
  let record = try Seen(settings).record
  #expect(record.values("msd")[19].isNaN)
  #expect(record.values("msd")[20].isFinite)
  #expect(record.finals["msd"]?.isFinite == true)
}

extension RunRecord {
  /// A metric on the grid.
  fileprivate func values(_ metric: String) -> [Double] { series.first { $0.metric == metric }?.values ?? [] }
}
