// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Summaries
import Testing

private func summary(_ runs: [StoredRun]) -> ArmSummary {
  ArmSummary(arm("a"), runs: runs, metrics: MetricDefinition.ofEstimation)
}

@Test func squaredErrorsAreAveragedInLinearUnitsAndTurnedIntoDecibelsLast() throws {
  let final = try #require(summary([1e-2, 1e-4].enumerated().map { run("a", $0, reaches: 1, msd: $1) }).final("msd"))
  #expect(abs(final.mean - 0.00505) < 1e-12)
  #expect(abs(try #require(final.decibels) - -22.967) < 1e-3)
}

@Test func theIntervalOfAMeanIsStudents() throws {
  // Mean 3, standard deviation √2.5, five values, t of 0.975 with 4 degrees of freedom: 2.776445.
  let runs = (1...5).map { run("a", $0, reaches: 1, msd: Double($0)) }
  let interval = try #require(summary(runs).final("msd")?.interval)
  #expect(abs(interval.lower - (3 - 2.776445 * (2.5 / 5).squareRoot())) < 1e-5)
  #expect(abs(interval.upper - (3 + 2.776445 * (2.5 / 5).squareRoot())) < 1e-5)
}

@Test func censoredRunsEnterTheMedianAndAreNotAveraged() throws {
  let times: [Double?] = [10, 20, 30, nil, nil]
  let target = try #require(
    summary(times.enumerated().map { run("a", $0, reaches: $1, msd: 1e-4) }).toTarget)
  #expect(target.reached == 3 && target.runs == 5)
  #expect(target.medianTime == 30)
  #expect(abs(target.restrictedMean - (10 + 20 + 30 + 600 + 600) / 5) < 1e-9)
}

@Test func thereIsNoMedianWhereMoreThanHalfOfTheRunsAreCensored() throws {
  let times: [Double?] = [10, 20, nil, nil, nil]
  let target = try #require(summary(times.enumerated().map { run("a", $0, reaches: $1, msd: 1e-4) }).toTarget)
  #expect(target.medianTime == nil)
}

@Test func aStalledRunIsCensoredAtTheEndOfTheStudyAndNotWhereItStalled() throws {
  let runs = [
    run("a", 0, reaches: 500, msd: 1e-4), run("a", 1, reaches: 510, msd: 1e-4),
    run("a", 2, reaches: nil, msd: 1, ending: .stalled, endTime: 5),
  ]
  let target = try #require(summary(runs).toTarget)
  #expect(target.medianTime == 510)
  #expect(target.restrictedTo == 600)
}

@Test func sharesAndCountsAreMeansOverRuns() {
  let arm = summary((0..<3).map { run("a", $0, reaches: 1, msd: 1) })
  #expect(abs((arm.lostShare ?? 0) - 0.05) < 1e-12)
  #expect(abs((arm.waitingShare ?? 0) - 0.25) < 1e-12)
  #expect(arm.updatesMean == 400 && arm.updatesLeast == 300)
  #expect(arm.samples == 800 && arm.messages == 1000 && arm.bytes == 80_000)
  #expect(arm.stalenessUpdates == 1.5)
}

@Test func anArmThatSendsNothingHasNoShareOfLostMessages() {
  var quiet = run("a", 0, reaches: 1, msd: 1)
  quiet.record.messages = MessageFates()
  quiet.record.staleness = Staleness()
  let arm = summary([quiet])
  #expect(arm.lostShare == nil && arm.stalenessUpdates == nil)
}

/// One run of twenty reaches the target; the others stand still after a few updates, which is no reason to call what
/// the one has spent the median.
@Test func runsThatNeverReachTheTargetCostMoreThanThoseThatDo() {
  let runs = (0..<20).map { run("a", $0, reaches: $0 == 7 ? 300 : nil, msd: 1e-4) }
  let target = ArmSummary(arm("a"), runs: runs, metrics: MetricDefinition.ofEstimation).toTarget
  #expect(target?.medianTime == nil && target?.medianUpdates == nil && target?.medianBytes == nil)
}

@Test func aRunThatSpentItsBudgetIsCensoredAtWhatItHadSpent() {
  // 400 updates are spent by those that end early; the others need 600.
  let runs = (0..<20).map {
    run("a", $0, reaches: $0 < 8 ? 300 : nil, msd: 1e-4, ending: $0 < 8 ? .until : .budget)
  }
  #expect(ArmSummary(arm("a"), runs: runs, metrics: MetricDefinition.ofEstimation).toTarget?.medianUpdates == 600)
}

@Test func costsAreComparedWhereAllRunsReachedTheTargetOrABudget() throws {
  func costs(_ ending: RunRecord.Ending) -> [Comparison.Cost] {
    let runs = (0..<12).flatMap { replication in
      [
        run("a", replication, reaches: 100 + Double(replication), msd: 1e-4),
        run("b", replication, reaches: replication < 3 ? 150 : nil, msd: 1e-4, ending: ending),
      ]
    }
    return StudySummary(study([arm("a"), arm("b")], runs)).comparison("b", with: "a")?.costs ?? []
  }
  #expect(costs(.until).isEmpty)
  let updates = try #require(costs(.budget).first { $0.metric == "updates" })
  // Up to 400 updates: three runs take 300 and nine have not come so far; the others take 200, 202 … 222.
  #expect(updates.restrictedTo == 400 && abs(updates.ratio - (3 * 300 + 9 * 400) / (12 * 211)) < 1e-12)
}
