// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Summaries
import Testing

/// A study of a learner that is none of Starling's, judged by an error that is not read in decibels, and aiming at a
/// share.
private func ownStudy(_ metrics: [MetricDefinition] = ownMetrics) -> StoredStudy {
  study([ownArm("slow"), ownArm("quick")], quickAndSlow(), metrics: metrics)
}

private let names = [(name: "slow", hasTarget: true), (name: "quick", hasTarget: true)]
private let claimable = RunMetrics(of: ownMetrics)

private func judge(_ claim: String) throws -> RequirementOutcome {
  try Requirement(claim, arms: names, metrics: claimable).judge(ownStudy(), resamples: 500)
}

// MARK: - Summary, comparison, verdict

@Test func aStudyIsJudgedByTheFirstOfItsOwnMetricsThatHasASense() {
  let summary = StudySummary(ownStudy())
  #expect(summary.metric == calibration && summary.family.metrics == ["time-to-target", "calibration-error"])
  let reversed = [MetricDefinition.updates, success, calibration]
  #expect(StudySummary(ownStudy(reversed)).metric == success)
}

@Test func anErrorOfOnesOwnIsWorseWhereItIsHigher() throws {
  let summary = StudySummary(ownStudy())
  let final = try #require(summary.comparison("quick", with: "slow")?.final)
  #expect(final.ratio == nil && final.decibels == nil)
  let difference = try #require(final.difference?.mean)
  #expect(abs(difference - 0.02015) < 1e-12)
  #expect(final.isWorse && final.improvement?.value == 0)
  #expect(summary.comparison("slow", with: "quick")?.final?.isWorse == false)
}

@Test func aRateOfOnesOwnIsWorseWhereItIsLower() throws {
  let summary = StudySummary(ownStudy([success, calibration]))
  let final = try #require(summary.comparison("quick", with: "slow")?.final)
  #expect(final.metric == "success-rate" && final.isWorse && (final.difference?.mean ?? 0) < 0)
}

@Test func theSummaryNamesMetricsOfOnesOwnInTheirUnits() {
  let text = StudySummary(ownStudy()).text(TerminalStyle(width: 110))
  #expect(text.contains("time to success rate 90 %") && text.contains("final calibration error"), "\(text)")
  let words = text.replacing("\n", with: " ").split(separator: " ").joined(separator: " ")
  #expect(
    words.contains(
      "quick reaches a success rate of 90 % 3.0x [3.0, 3.0] sooner than slow (12 of 12 pairs) and ends 0.020 [0.020, 0.020] "
        + "higher than slow in final calibration error."), "\(words)")
  #expect(words.contains("Sooner with a higher calibration error in the end alone proves nothing"))
  #expect(words.contains("its final calibration error is higher"))
  let rates = StudySummary(ownStudy([success])).text(TerminalStyle(width: 110))
  #expect(rates.contains("final success rate") && rates.contains("97 %"), "\(rates)")
}

@Test func theBestCellIsTheOneWithTheLeastErrorOrTheHighestRate() {
  func best(_ metrics: [MetricDefinition]) -> String? {
    let arms = [ownArm("slow", target: nil), ownArm("quick", target: nil)]
    let places = ["1", "2"].map { SweepSummary.Place(arm: nil, values: [$0]) }
    let sweep = SweepSummary(
      study(arms, quickAndSlow(), metrics: metrics), axes: ["learner.width"], places: places)
    return sweep.ranking.first.map { sweep.cells[$0].name }
  }
  #expect(best([calibration]) == "slow" && best([success]) == "slow")
  var inverted = calibration
  inverted.sense = .more
  #expect(best([inverted]) == "quick")
}

// MARK: - Requirements and tables

@Test(arguments: [
  ("quick.final-calibration-error < 0.06", RequirementOutcome.Status.shown),
  ("quick.calibration-error < slow.calibration-error", .refuted),
  ("quick.final-success-rate > 90 %", .shown), ("slow.success-rate - quick.success-rate > 1 %", .shown),
  ("quick.time-to-target < 0.5 * slow.time-to-target", .shown),
])
func metricsOfOnesOwnAreRequired(_ claim: String, _ status: RequirementOutcome.Status) throws {
  #expect(try judge(claim).status == status)
}

@Test func sidesOfARequirementReadInTheUnitsOfTheMetric() throws {
  #expect(try judge("slow.final-success-rate > 90 %").sides == ["slow.final-success-rate (97 %)", "90 %"])
  #expect(try judge("slow.calibration-error < 0.1").sides[0] == "slow.calibration-error (0.032)")
}

@Test func aPlainErrorTakesNoDecibels() {
  do throws(RequirementError) {
    _ = try Requirement("slow.calibration-error < -30 dB", arms: names, metrics: claimable)
    Issue.record("A plain number was compared with decibels.")
  } catch {
    #expect(error.description.contains("final-calibration-error has no unit"))
  }
}

@Test func aRunThatHasLostItsErrorIsInfinitelyBadAndDiverged() throws {
  var runs = quickAndSlow()
  runs[1].record.finals[calibration.name] = .nan
  runs[3].record.finals[success.name] = .nan
  let wild = study([ownArm("slow"), ownArm("quick")], runs, metrics: ownMetrics)
  let tables = GroupedSummary(
    wild, by: [try SettingKey("arm", in: wild.header)],
    metrics: try ["calibration-error", "final-success-rate"].map { try claimable.metric($0) })
  #expect(tables.rows[1].observations[0].value == .infinity)
  #expect(tables.rows[3].observations[1].value == -.infinity)
  let summary = StudySummary(wild)
  // A rate says nothing of divergence.
  #expect(summary.arms.map(\.diverged) == [0, 1])
  #expect(summary.warnings.contains(.diverged(arm: "quick", runs: 1, metric: calibration)))
}

@Test func metricsOfOnesOwnStandBesideOurs() {
  let all = claimable.all.map(\.name)
  #expect(all.contains("final-msd") && all.contains("final-calibration-error") && all.contains("final-success-rate"))
  #expect(!all.contains("final-updates") && Set(all).count == all.count)
  #expect(known.named("calibration-error") == nil)
}

// MARK: - Targets

@Test func targetsAreReachedFromTheSideThatTheSenseSays() {
  #expect(success.reaches(0.9, with: 0.9) && success.reaches(0.9, with: 0.95) && !success.reaches(0.9, with: 0.85))
  #expect(calibration.reaches(0.1, with: 0.1) && calibration.reaches(0.1, with: 0.05))
  #expect(!calibration.reaches(0.1, with: 0.2) && !calibration.reaches(0.1, with: .nan))
  #expect(success.canBeTarget && calibration.canBeTarget)
  #expect(!MetricDefinition.updates.canBeTarget && !MetricDefinition.age.canBeTarget)
}

@Test(arguments: [(calibration, [0.5, 0.4, 0.05, 0.04]), (success, [0.2, 0.6, 0.95, 0.96])])
func aRunThatEndsBeyondATargetOfItsOwnIsCutShort(_ metric: MetricDefinition, _ values: [Double]) {
  var stored = ownRun("a", 0, reaches: nil, error: 0.1, rate: 0.5)
  stored.record.grid = [0, 200, 400, 600]
  stored.record.series = [RunRecord.Series(metric: metric.name, values: values)]
  let bound = metric == success ? 0.9 : 0.1
  #expect(stored.record.openStreak(metric, beyond: bound) == 2)
  let target = StudyHeader.Target(metric: metric, threshold: bound)
  let summary = StudySummary(study([ownArm("a", target: target)], [stored], metrics: [metric]))
  let phrase = metric == success ? "a success rate of 90 %" : "a calibration error of 0.1"
  #expect(summary.warnings.contains(.cutShort(arm: "a", runs: 1, of: 1, target: phrase)))
}

// MARK: - Precision and steady state

@Test func aPlainErrorIsKnownByItsRangeAndARateByItsShare() {
  func precision(_ metrics: [MetricDefinition]) -> PrecisionReport.Mean {
    PrecisionReport(ownStudy(metrics), goal: PrecisionGoal(relative: 0.05, atMost: 100), replications: 12).means[0]
  }
  let plain = precision([calibration])
  #expect(plain.metric == "final-calibration-error" && (plain.range ?? 0) > 0.5 && plain.isPrecise)
  let share = precision([success])
  #expect(share.range == nil && share.isPrecise)
}

@Test(arguments: [(calibration, [false, true]), (success, [true, true])])
func settlingFollowsTheSense(_ metric: MetricDefinition, _ warns: [Bool]) {
  // Rising and falling to the end: an error that rises is not still learning.
  let curves: [[Double]] = [
    (0..<100).map { 0.2 + 0.001 * Double($0) }, (0..<100).map { 0.9 - 0.001 * Double($0) },
  ]
  for (curve, isWarned) in zip(curves, warns) {
    let runs = (0..<10).map { replication -> StoredRun in
      var stored = ownRun("a", replication, reaches: nil, error: 0.1, rate: 0.5)
      stored.record.grid = curve.indices.map { Double($0) }
      stored.record.series = [
        RunRecord.Series(metric: metric.name, values: curve.map { $0 + 0.0001 * Double(replication) })
      ]
      stored.record.fingerprint = UInt64(replication)
      return stored
    }
    let found = StudySummary(study([ownArm("a", target: nil)], runs, metrics: [metric])).warnings
    let warning = Warning.notSettled(arm: "a", metric: metric, runs: 10, of: 10)
    #expect(found.contains(warning) == isWarned)
  }
}

// MARK: - Data

@Test func theDocumentListsWhatIsMeasured() throws {
  let study = ownStudy()
  let document = try resultsEncoder().encode(StudyDocument(StudySummary(study), of: study))
  let json = try #require(JSONSerialization.jsonObject(with: document) as? [String: Any])
  let header = try #require(json["study"] as? [String: Any])
  let metrics = try #require(header["metrics"] as? [[String: Any]])
  #expect(metrics.first?["name"] as? String == "calibration-error" && metrics.first?["sense"] as? String == "less")
  #expect(metrics[1]["title"] as? String == "success rate" && metrics[1]["scale"] as? String == "share")
  let target = try #require(header["target"] as? [String: Any])
  #expect(target["metric"] as? String == "success-rate" && target.count == 2)
}
