// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Results
import Summaries
import Testing

/// Values around one whose sample has a deviation of about `spread`.
private func value(_ number: Int, spread: Double) -> Double { 1 + spread * [1.2, -1.2, 0.6, -0.6, 0][number % 5] }

private func runs(_ count: Int, msd spread: Double, time: Double = 0.01, reached: Int? = nil) -> [StoredRun] {
  (0..<count).map { number in
    run(
      "a", number, reaches: number < reached ?? count ? 100 * value(number, spread: time) : nil,
      msd: 1e-4 * value(number, spread: spread))
  }
}

private func report(_ runs: [StoredRun], within relative: Double = 0.05, atMost: Int = 200) -> PrecisionReport {
  PrecisionReport(
    study([arm("a")], runs), goal: PrecisionGoal(relative: relative, atMost: atMost), replications: runs.count)
}

@Test func aStudyIsPreciseWhereTheHalfWidthIsSmallAgainstTheMean() throws {
  let precise = report(runs(10, msd: 0.05))
  #expect(precise.isReached && precise.next == nil && precise.warning == nil)
  let final = try #require(precise.means.first)
  // Mean 1e-4; squared deviations of two cycles 2 (2·1.44 + 2·0.36) 0.05² over nine, t = 2.2622 with nine degrees.
  let half = 2.262157 * (2 * (2 * 1.44 + 2 * 0.36) * 0.0025 / 9 / 10).squareRoot()
  #expect(abs(final.precision - half / (1 - half)) < 1e-6)
  #expect(precise.means.map(\.metric) == ["final-msd", "time-to-target"])
}

@Test func fewerThanTenReplicationsAreNeverEnough() {
  let nine = report(runs(9, msd: 0.0001, time: 0.0001))
  #expect(!nine.isReached && nine.next == 10)
}

@Test func theNextStepFollowsTheSquareRootAndAtMostDoubles() {
  // A spread of 0.2 needs about (0.136 / 0.0476)² times ten: more than twice as many.
  #expect(report(runs(10, msd: 0.2)).next == 20)
  #expect(report(runs(10, msd: 0.2), atMost: 15).next == 15)
  #expect(report(runs(15, msd: 0.2), atMost: 15).next == nil)
  let later = report(runs(40, msd: 0.2))
  let share = later.means[0].precision / (1 + later.means[0].precision)
  #expect(later.next == max(44, Int((40 * pow(share / (0.05 / 1.05), 2)).rounded(.up))))
}

@Test func timesCountAsMuchAsErrors() {
  let report = report(runs(10, msd: 0.01, time: 0.3))
  #expect(!report.isReached)
  #expect(report.means[0].isPrecise && !report.means[1].isPrecise)
}

@Test func runsThatNeverGetThereRestrictTheTime() throws {
  let some = report(runs(10, msd: 0.01, reached: 7))
  let time = some.means[1]
  #expect(time.restrictedTo == 600)
  let reached = (0..<7).map { 100 * value($0, spread: 0.01) }.reduce(0, +)
  #expect(abs(time.mean - (reached + 3 * 600) / 10) < 1e-9)
  let summary = StudySummary(study([arm("a")], runs(10, msd: 0.01, reached: 7)))
  #expect(abs(time.mean - (summary.arms[0].toTarget?.restrictedMean ?? 0)) < 1e-9)
}

@Test func moreReplicationsAreNoHelpAgainstDivergence() {
  var wild = runs(12, msd: 0.3)
  wild[4] = run("a", 4, reaches: 100, msd: .infinity)
  let report = report(wild)
  #expect(report.next == nil && !report.isReached)
  #expect(report.warning == .neverPrecise(arm: "a", metric: "final MSD"))
}

@Test func errorsOfRoundingArePreciseAsTheyAre() {
  let exact = (0..<10).map { run("a", $0, reaches: 100, msd: $0 % 2 == 0 ? 1e-31 : 3e-32) }
  #expect(report(exact).isReached)
}

@Test func theCapIsWarnedOfWithWhatWouldBeNeeded() throws {
  let capped = report(runs(20, msd: 0.2), atMost: 20)
  guard case .notPrecise(let arm, let metric, let precision, let replications, let needed)? = capped.warning else {
    Issue.record("no warning")
    return
  }
  #expect(arm == "a" && metric == "final MSD" && replications == 20)
  #expect(precision == capped.means[0].precision)
  #expect(needed > 20 && needed < 100)
  let text = capped.lines(TerminalStyle(width: 120)).joined(separator: "\n")
  #expect(text.contains("Precise  20 replications do not tell every mean within 5.0 %: a final MSD "))
  #expect(text.contains("Warning  ") && text.contains("-> add `--at-most \(needed)`"))
}

@Test func afterAFailedRunNothingIsAdded() {
  var failing = study([arm("a")], runs(10, msd: 0.2))
  let goal = PrecisionGoal(relative: 0.05, atMost: 200)
  #expect(PrecisionReport(failing, goal: goal, replications: 10).next == 20)
  failing.failures = [FailedRun(identity: failing.runs[3].record.identity, error: "No.")]
  #expect(PrecisionReport(failing, goal: goal, replications: 10).next == nil)
}

@Test func theErrorThatWasMatchedIsTheOneToKnow() {
  var tuned = study([arm("a")], runs(12, msd: 0.01))
  tuned.header.tuning = Tuning(
    metric: "disagreement", reference: "a", level: 1e-4, tolerance: 0.1, pilots: [1_000_000], scenarioHash: "",
    arms: [])
  let report = PrecisionReport(tuned, goal: PrecisionGoal(relative: 0.05, atMost: 200), replications: 12)
  #expect(report.means.map(\.metric) == ["final-disagreement", "time-to-target"])
}
