// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Summaries
import Testing

private let pair = study([controlArm("sync"), controlArm("async")], asyncAndSync())
private let names = pair.header.arms.map { (name: $0.name, hasTarget: true) }

// MARK: - Requirements

@Test(arguments: [
  ("async.final-return > 190", RequirementOutcome.Status.shown), ("async.return > sync.return", .refuted),
  ("sync.final-return - async.final-return > 2", .shown), ("async.final-return >= 0.98 * sync.final-return", .shown),
  ("async.time-to-target < 0.5 * sync.time-to-target", .shown), ("-async.final-return < -190", .shown),
  ("async.episodes-to-target <= 300", .shown), ("async.final-msd < 1", .notShown),
])
func claimsAboutReturnsAreJudged(_ claim: String, _ status: RequirementOutcome.Status) throws {
  #expect(try Requirement(claim, arms: names, metrics: known).judge(pair, resamples: 500).status == status)
}

@Test func aClaimShowsTheReturnAsAPlainNumber() throws {
  let outcome = try Requirement("async.final-return > 190", arms: names, metrics: known).judge(pair, resamples: 100)
  #expect(outcome.sides == ["async.final-return (196.0)", "190"])
  let low = try Requirement("async.final-return - sync.final-return > -3", arms: names, metrics: known).judge(
    pair, resamples: 100)
  #expect(low.sides == ["async.final-return - sync.final-return (-2.10)", "-3"])
}

@Test(arguments: [
  ("async.final-return > 190 dB", "final-return has no unit"),
  ("-3 dB < async.final-return", "final-return has no unit"),
  ("async.final-return > 95 %", "final-return has no unit"), ("async.final-return > 3 s", "cannot be compared with"),
  ("async.final-retrun > 3", "did you mean 'final-return'?"),
])
func aReturnTakesNoUnit(_ claim: String, _ message: String) {
  do throws(RequirementError) {
    _ = try Requirement(claim, arms: names, metrics: known)
    Issue.record("\(claim) was read.")
  } catch {
    #expect(error.description.contains(message), "\(error)")
  }
}

@Test func aClaimThatARunWhichDivergedIsGoodIsRefuted() throws {
  let wild = study([controlArm("a")], (0..<8).map { controlRun("a", $0, reaches: nil, returns: [1, .nan, 1, 1]) })
  let outcome = try Requirement("final-return > -1000", arms: [("a", true)], metrics: known).judge(wild)
  #expect(outcome.status == .refuted && outcome.sides[0] == "final-return (diverged)")
}

@Test(arguments: known.all.map(\.name))
func tablesAndClaimsAgreeOnWhatAgentsThatActHave(name: String) throws {
  let claim = try Requirement("async.\(name) < 2 * async.\(name)", arms: names, metrics: known).judge(
    pair, resamples: 10)
  let table = GroupedSummary(pair, by: [try SettingKey("arm", in: pair.header)], metrics: [try known.metric(name)])
  let row = try #require(table.rows.first { $0.arms == ["async"] })
  if let value = row.survival?.median ?? row.sample?.mean {
    #expect(abs(value - claim.left) <= 1e-12 * abs(value))
  } else {
    #expect(claim.left.isNaN && row.observations.isEmpty)
  }
}

// MARK: - Precision

/// Ten runs around 100 with a deviation of about `spread`, whose returns start at 20.
private func spread(_ spread: Double, times count: Int = 10) -> StoredStudy {
  let runs = (0..<count).map { replication -> StoredRun in
    let final = 100 + spread * [1.2, -1.2, 0.6, -0.6, 0][replication % 5]
    return controlRun("a", replication, reaches: nil, returns: [final, final, final, final])
  }
  return study([controlArm("a", target: nil)], runs)
}

@Test func aFinalReturnIsPreciseAgainstTheRangeOfReturns() throws {
  let goal = PrecisionGoal(relative: 0.05, atMost: 100)
  let report = PrecisionReport(spread(5), goal: goal, replications: 10)
  let mean = try #require(report.means.first)
  // Squared deviations of two cycles 2 (2·1.44 + 2·0.36) 25 over nine, t = 2.262157; returns from 20 to 106.
  let half = 2.262157 * (2 * (2 * 1.44 + 2 * 0.36) * 25.0 / 9 / 10).squareRoot()
  #expect(mean.metric == "final-return")
  #expect(abs(try #require(mean.range) - 86) < 1e-9)
  #expect(abs(mean.precision - half / 86) < 1e-6 && mean.isPrecise && report.next == nil)
  let text = report.lines(TerminalStyle(width: 120)).joined(separator: "\n")
  #expect(text.contains("a final return 3.7 % of its range."), "\(text)")
}

@Test func theZeroOfReturnsMeansNothing() throws {
  func report(_ shift: Double) -> PrecisionReport {
    var study = spread(10)
    for place in study.runs.indices {
      study.runs[place].record.finals["return"]? += shift
      study.runs[place].record.series[0].values = study.runs[place].record.series[0].values.map { $0 + shift }
    }
    return PrecisionReport(study, goal: PrecisionGoal(relative: 0.05, atMost: 100), replications: 10)
  }
  #expect(abs(report(0).means[0].precision - report(-100).means[0].precision) < 1e-12)
  let mean = report(-100).means[0]
  #expect(!mean.isPrecise && report(-100).next == Int((10 * pow(mean.precision / 0.05, 2)).rounded(.up)))
}

@Test func returnsThatNeverVaryOrAreNotFiniteEndTheSearch() {
  let goal = PrecisionGoal(relative: 0.05, atMost: 100)
  #expect(PrecisionReport(spread(0), goal: goal, replications: 10).isReached)
  var wild = spread(1)
  wild.runs[3].record.finals["return"] = .nan
  let report = PrecisionReport(wild, goal: goal, replications: 10)
  #expect(report.next == nil && report.warning == .neverPrecise(arm: "a", metric: "final return"))
}

// MARK: - Sweeps

@Test func theBestCellHasTheHighestReturnOrTheSoonestTarget() {
  func sweep(_ target: Double?) -> SweepSummary {
    let cells = ["sync", "async"].map { controlArm($0, target: target) }
    return SweepSummary(
      study(cells, asyncAndSync()), axes: ["strategy.timing"],
      places: cells.map { SweepSummary.Place(arm: nil, values: [$0.name]) })
  }
  #expect(sweep(195).ranking == [1, 0] && sweep(nil).ranking == [0, 1])
  #expect(
    sweep(nil).verdict.sentence
      == "sync is the best of 2 cells: it ends with a return of 198.1 [197.9, 198.3]. The next is async: sync ends 2.10 "
      + "[2.05, 2.15] higher than async in final return.")
  #expect(sweep(195).verdict.sentence.contains("it reaches a return of 195 in 2 m 30 s"))
  let text = sweep(nil).text(TerminalStyle(width: 80), path: "r.sqlite")
  #expect(text.contains("final return") && text.contains("198.1 [197.9, 198.3]") && !text.contains("dB"))
}

// MARK: - Steady states

/// A run whose return rises to the end, or for a quarter of it.
private func rising(_ replication: Int, isSettling: Bool) -> StoredRun {
  var stored = controlRun("a", replication, reaches: nil, returns: [100, 100, 100, 100])
  stored.record.grid = (0..<400).map(Double.init)
  let values = stored.record.grid.map { step in
    (isSettling ? min(step, 100) : step / 4) + 3 * sin(2.4 * (step * step + Double(replication)))
  }
  stored.record.series = [RunRecord.Series(metric: "return", values: values)]
  return stored
}

@Test func returnsThatStillRiseHaveNotSettled() {
  func warnings(_ isSettling: Bool) -> [Warning] {
    StudySummary(study([controlArm("a", target: nil)], (0..<10).map { rising($0, isSettling: isSettling) })).warnings
  }
  #expect(warnings(false) == [.notSettled(arm: "a", metric: .testReturn, runs: 10, of: 10)])
  #expect(warnings(true).isEmpty)
}

// MARK: - Odd studies

@Test func noOddStudyOfAgentsThatActStopsASummary() throws {
  let bad = controlRun("b", 0, reaches: nil, returns: [.nan, .nan, .nan, .nan])
  let good = controlRun("a", 0, reaches: 100, returns: [1, 2, 3, 4])
  var bare = controlRun("a", 1, reaches: 10, returns: [1, 2, 3, 4], ending: .budget)
  (bare.record.series, bare.record.finals, bare.record.agents) = ([], [:], [])
  let many = asyncAndSync()
  let studies = [
    study([controlArm("a")], []), study([controlArm("a"), controlArm("b")], [], replications: 5),
    study([controlArm("a")], [good]), study([controlArm("a"), controlArm("b")], [good]),
    study([controlArm("a", target: nil), controlArm("b")], [good, bad]), study([controlArm("b")], [bad]),
    study([controlArm("a"), controlArm("b")], [good, bare, bad]), study([controlArm("a")], [bare]),
    study(
      [arm("sync"), controlArm("async")], many.filter { $0.record.identity.arm == "async" } + fastAndSlow(slow: "sync")),
    study([controlArm("sync", target: 300), controlArm("async", target: nil)], many),
  ]
  for study in studies {
    for width in [80, 120] {
      let style = TerminalStyle(width: width)
      let places = study.header.arms.map { SweepSummary.Place(arm: nil, values: [$0.name]) }
      let report = PrecisionReport(study, goal: PrecisionGoal(relative: 0.1, atMost: 50), replications: 12)
      let texts =
        [StudySummary(study).text(style), SweepSummary(study, axes: ["x"], places: places).text(style, path: "r")]
        + report.lines(style)
      for line in texts.joined(separator: "\n").split(separator: "\n") { #expect(line.count <= width, "\(line)") }
      _ = report.next
    }
    let keys = [try SettingKey("arm", in: study.header)]
    let everything = try SummaryReport(study, .groups(keys: keys, metrics: known.all))
    for format in SummaryFormat.allCases { #expect(try !everything.text(format, TerminalStyle()).isEmpty) }
    let data = try resultsEncoder().encode(StudyDocument(StudySummary(study), of: study))
    #expect(!data.isEmpty)
  }
}

@Test func theUsualMetricsAreThoseThatTheStudyHas() throws {
  #expect(RunMetric.usual(in: pair).map(\.name) == ["time-to-target", "final-return"])
  var free = pair
  for place in free.header.arms.indices { free.header.arms[place].target = nil }
  #expect(RunMetric.usual(in: free).map(\.name) == ["final-return"])
  let report = try SummaryReport(
    pair, .groups(keys: [try SettingKey("arm", in: pair.header)], metrics: [try known.metric("msd")]))
  #expect(try report.text(.table, TerminalStyle()).contains("No run has a value."))
}
