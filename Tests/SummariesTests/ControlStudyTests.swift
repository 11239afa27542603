// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Summaries
import Testing

private let plain = TerminalStyle(width: 80)
private let arms = [controlArm("sync"), controlArm("async")]
private let summary = StudySummary(study(arms, asyncAndSync()))

/// Runs of one arm in which all four agents end with the same return.
private func equalAgents(_ returns: [Double]) -> [StoredRun] {
  returns.enumerated().map { replication, final in
    controlRun("a", replication, reaches: nil, returns: Array(repeating: final, count: 4))
  }
}

// MARK: - Numbers

@Test func theFinalReturnIsTheMeanOfTheRunsWithItsInterval() throws {
  let final = try #require(summary.arms[0].final("return"))
  // 198.5 less shifts of 0 to 0.75: mean 0.375, squared deviations 0.9375; t = 2.200985 with eleven degrees.
  #expect(abs(final.mean - 198.125) < 1e-9)
  let half = 2.200985 * (0.9375 / 11 / 12).squareRoot()
  #expect(abs(try #require(final.interval).upper - 198.125 - half) < 1e-6)
  #expect(final.decibels == nil && final.decibelsInterval == nil)
}

/// The values of six runs are 0 to 5, four times each. Clipped to what the middle half keeps, 1 to 4, and taken from their
/// mean the sums of runs are ∓6, ∓6 and ∓2, over 12 of 24 agents per run ∓3, ∓3 and ∓1: a standard error of √(38 / 30),
/// times √(5 · 4 / (6 · 3)) for the four of six runs that are kept, and t = 3.182446 with three degrees.
@Test func agentsOfOneRunAreNoSampleOfTheirOwn() throws {
  let returns = try #require(
    StudySummary(study([controlArm("a")], equalAgents([0, 1, 2, 3, 4, 5]))).arms[0].returns)
  #expect(returns.count == 24 && returns.minimum == 0 && returns.maximum == 5)
  #expect(returns.median == 2.5 && returns.quartiles == Interval(lower: 1, upper: 4))
  #expect(returns.interquartileMean == 2.5)
  let half = 3.182446 * (38.0 / 30 * 20 / 18).squareRoot()
  #expect(abs(try #require(returns.interquartileMeanInterval).upper - 2.5 - half) < 1e-5)
  #expect(abs(try #require(returns.interquartileMeanInterval).lower - 2.5 + half) < 1e-5)
  #expect(returns.inAllTasks == nil)
  let few = try #require(StudySummary(study([controlArm("a")], equalAgents([0, 1, 2, 3, 4]))).arms[0].returns)
  #expect(few.interquartileMeanInterval == nil)
}

@Test func theMiddleHalfIsThatOfAllAgentsTogether() throws {
  let runs = [
    controlRun("a", 0, reaches: nil, returns: [-40, 1, 2, 3]),
    controlRun("a", 1, reaches: nil, returns: [4, 5, 6, 900]),
  ]
  let returns = try #require(StudySummary(study([controlArm("a")], runs)).arms[0].returns)
  #expect(returns.interquartileMean == 3.5)
  let alone = try #require(StudySummary(study([controlArm("a")], [runs[0]])).arms[0].returns)
  #expect(alone.interquartileMean == 1.5 && alone.interquartileMeanInterval == nil)
}

@Test func returnsInAllTasksAreAveragedOverAgentsAndTasks() throws {
  let runs = [[[1.0, 3], [5, 7]], [[2, 4], [6, 8]]].enumerated().map {
    controlRun("a", $0.offset, reaches: nil, returns: [1, 1, 1, 1], allTasks: $0.element)
  }
  let study = study([controlArm("a")], runs)
  let summary = StudySummary(study)
  #expect(summary.arms[0].returns?.inAllTasks?.value == 4.5)
  #expect(summary.text(plain).contains("in all tasks\n") && summary.text(plain).contains("4.50"))
  let table = GroupedSummary(
    study, by: [try SettingKey("arm", in: study.header)], metrics: [try known.metric("final-return-all-tasks")])
  #expect(table.rows[0].observations.map(\.value) == [4, 5])
}

@Test func costsAreReadFromTheSeriesWhereTheTargetWasReached() throws {
  let study = study(arms, asyncAndSync())
  let names = ["episodes-to-target", "samples-to-target", "updates-to-target", "episodes", "samples"]
  let table = GroupedSummary(
    study, by: [try SettingKey("arm", in: study.header)], metrics: try names.map { try known.metric($0) })
  let values = table.rows.filter { $0.group == ["async"] }.map { $0.survival?.median ?? $0.sample?.mean }
  #expect(values == [300, 15_000, 75, 1200, 60_000])
  let comparison = try #require(summary.comparison("async", with: "sync"))
  #expect(comparison.costs.map(\.metric) == ["episodes", "updates", "samples", "messages", "bytes"])
  for cost in comparison.costs { #expect(abs(cost.ratio - 1 / 3.0) < 1e-12) }
  #expect(summary.arms[1].toTarget?.medianEpisodes == 300 && summary.arms[1].episodesMean == 1200)
  #expect(summary.arms[1].samples == 60_000)
}

@Test func finalReturnsAreComparedByTheirPairedDifference() throws {
  let final = try #require(summary.comparison("async", with: "sync")?.final)
  // -2, -2.1 and -2.2, four of each.
  let half = 2.200985 * (0.08 / 11 / 12).squareRoot()
  let difference = try #require(final.difference)
  #expect(abs(difference.mean + 2.1) < 1e-9 && final.ratio == nil && final.decibels == nil)
  #expect(abs(try #require(difference.interval).lower + 2.1 + half) < 1e-6)
  #expect(final.isWorse && final.improvement?.value ?? 1 < 0.1)
  let back = try #require(summary.comparison("sync", with: "async")?.final)
  #expect(back.isShown && !back.isWorse && back.difference?.mean == -difference.mean)
  // No better than twelve signs can tell, and two tests are in the family.
  #expect(final.p == exp2(-11) && final.adjustedP == exp2(-10))
}

@Test func returnsThatNeverVaryAreComparedBySignsAlone() {
  func final(_ own: Double, runs: Int) -> Comparison.Final? {
    let runs = (0..<runs).flatMap {
      [
        controlRun("sync", $0, reaches: nil, returns: [200, 200, 200, 200]),
        controlRun("async", $0, reaches: nil, returns: [own, own, own, own]),
      ]
    }
    return StudySummary(study(arms, runs)).comparison("async", with: "sync")?.final
  }
  #expect(final(150, runs: 10)?.p == exp2(-9) && final(150, runs: 10)?.isWorse == true)
  #expect(final(150, runs: 3)?.isShown == false)
  #expect(final(200, runs: 10)?.p == 1)
  #expect(final(150, runs: 1)?.p == nil)
}

// MARK: - Divergence

@Test func aReturnThatIsNotFiniteHasDivergedAndABadOneHasNot() throws {
  func diverged(_ change: (inout RunRecord) -> Void) -> Int {
    var stored = controlRun("a", 0, reaches: nil, returns: [1, 1, 1, 1])
    change(&stored.record)
    return StudySummary(study([controlArm("a")], [stored])).arms[0].diverged
  }
  #expect(diverged { _ in } == 0)
  #expect(diverged { $0.finals["return-all"] = -1e12 } == 0)
  #expect(diverged { $0.finals["return-all"] = .nan } == 1)
  #expect(diverged { $0.finals["disagreement-all"] = .infinity } == 1)
  #expect(diverged { $0.agents[2].finalReturn = .nan } == 1)
  // Nobody is up, and nothing is wrong with anybody's policy.
  #expect(diverged { $0.finals["return"] = .nan } == 0)
  #expect(diverged { $0.parameters = [KeptParameters(agent: "a", time: 1, values: .single([1, .nan]))] } == 1)
}

@Test func aRunThatDivergedIsInfinitelyBad() throws {
  let study = study([controlArm("a")], equalAgents([100, .nan, 120]))
  let table = GroupedSummary(
    study, by: [try SettingKey("arm", in: study.header)], metrics: [try known.metric("return")])
  #expect(table.rows[0].metric == "final-return" && table.rows[0].observations.map(\.value) == [100, -.infinity, 120])
  let summary = StudySummary(study)
  #expect(summary.warnings.contains(.diverged(arm: "a", runs: 1, metric: .testReturn)))
  #expect(summary.verdict.sentence.hasSuffix("and diverges."))
}

@Test func whereNobodyIsUpNobodyHasDiverged() {
  var runs = equalAgents([100, 110, 120])
  runs[1].record.finals["return"] = .nan
  runs[1].record.finals["available"] = 0
  let summary = StudySummary(study([controlArm("a")], runs))
  #expect(summary.arms[0].diverged == 0)
  #expect(summary.arms[0].final("return")?.runsWithNobodyUp == 1)
  #expect(summary.arms[0].final("return-all")?.runsWithNobodyUp == nil)
  #expect(summary.verdict.sentence.hasSuffix("and ends with nobody up in 1 run."))
}

// MARK: - Words

@Test func theVerdictSaysHowMuchSoonerAndHowMuchLower() {
  #expect(
    summary.verdict.sentence
      == "async reaches a return of 195 3.0x [3.0, 3.0] sooner than sync (12 of 12 pairs) and ends 2.10 [2.05, 2.15] "
      + "lower than sync in final return.")
  #expect(
    summary.verdict.remark
      == "Sooner with a lower return in the end alone proves nothing: larger step sizes may do the same.")
  #expect(summary.warnings.contains(.soonerButLessAccurate(arm: "async", other: "sync", metric: .testReturn)))
}

@Test func withoutATargetTheHigherReturnDecides() {
  let free = StudySummary(study([controlArm("sync", target: nil), controlArm("async", target: nil)], asyncAndSync()))
  #expect(
    free.verdict.sentence == "sync ends 2.10 [2.05, 2.15] higher than async in final return.")
  #expect(free.comparison("async", with: "sync")?.time == nil)
}

@Test func equalReturnsAreTheSameInEveryPair() {
  let runs = (0..<12).flatMap {
    [
      controlRun("sync", $0, reaches: 200, returns: [200, 200, 200, 200]),
      controlRun("async", $0, reaches: 200, returns: [200, 200, 200, 200]),
    ]
  }
  #expect(
    StudySummary(study(arms, runs)).verdict.sentence
      == "no difference shown between sync and async in the time to a return of 195 (the same in every pair); no "
      + "difference shown in final return (the same in every pair).")
}

/// Differences of one half each way, twelve of them: t = 2.200985 with eleven degrees, and four of five such studies
/// would have shown (2.200985 + 0.875530) standard errors.
@Test func whereNoDifferenceIsShownTheVerdictSaysWhichOneWouldHaveBeen() {
  let runs = (0..<12).flatMap { replication in
    let own = replication % 2 == 0 ? 196.5 : 195.5
    return [
      controlRun("sync", replication, reaches: nil, returns: [196, 196, 196, 196]),
      controlRun("async", replication, reaches: nil, returns: [own, own, own, own]),
    ]
  }
  let visible = (2.200985 + 0.875530) * (3.0 / 11 / 12).squareRoot()
  #expect(humanPlain(visible) == "0.46")
  #expect(
    StudySummary(study([controlArm("sync", target: nil), controlArm("async", target: nil)], runs)).verdict.sentence
      == "no difference shown between sync and async in final return (a difference of 0.46 would have been seen).")
}

@Test func armsWithoutCommonReplicationsAreComparedByWelchsTest() throws {
  let runs = (0..<10).flatMap { replication in
    let (one, two) = (150 + Double(replication % 2), 120 + Double(replication % 5))
    return [
      controlRun("sync", replication, reaches: nil, returns: [one, one, one, one]),
      controlRun("async", replication + 10, reaches: nil, returns: [two, two, two, two]),
    ]
  }
  let summary = StudySummary(study([controlArm("sync", target: nil), controlArm("async", target: nil)], runs))
  let comparison = try #require(summary.comparison("async", with: "sync"))
  // Variances 5/18 and 20/9; degrees (1/36 + 2/9)² / ((1/36)² + (2/9)²) · 9 = 11.211, t = 2.1959.
  let interval = try #require(comparison.final?.difference?.interval)
  #expect(comparison.unpaired != nil && comparison.final?.difference?.mean == -28.5)
  #expect(abs(interval.upper + 28.5 - 2.1959 * 0.5) < 1e-3)
  // 184 756 ways to deal twenty runs to two arms.
  #expect(abs(try #require(comparison.final?.p) * 184_756 / 2 - 1) < 1e-12)
  #expect(summary.verdict.sentence.hasPrefix("sync ends 28.5 [27.4, 29.6] higher than async in final return"))
}

@Test func oneArmAloneEndsWithAReturn() {
  let runs = (0..<10).map { controlRun("a", $0, reaches: 100, returns: [200, 200, 200, 200]) }
  #expect(
    StudySummary(study([controlArm("a")], runs)).verdict.sentence
      == "a reaches a return of 195 in 1 m 40 s [1:40, 1:40] (in 10 of 10 runs) and ends with a return of 200.0 [200.0, 200.0]."
  )
}

@Test func nothingIsSaidOfSquaredErrorsWhereAgentsAct() {
  var runs = asyncAndSync()
  runs += [controlRun("async", 12, reaches: nil, returns: [.nan, 1, 2, 3]), runs[0]]
  for target in [195.0, nil] {
    let arms = [controlArm("sync", target: target), controlArm("async", target: target)]
    let text = StudySummary(study(arms, runs)).text(TerminalStyle(width: 120))
    for word in ["MSD", "dB", "learner.step-size", "--match", "accurate", "error"] {
      #expect(!text.contains(word), "\(word): \(text)")
    }
  }
}

@Test func theJSONDocumentHoldsReturns() throws {
  let study = study(arms, asyncAndSync())
  let data = try resultsEncoder().encode(StudyDocument(StudySummary(study), of: study))
  let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  let async = try #require((document["arms"] as? [[String: Any]])?.last)
  let returns = try #require(async["returns"] as? [String: Any])
  #expect(returns["count"] as? Int == 48 && returns["interquartile_mean_interval"] is [String: Any])
  #expect(async["episodes_mean"] as? Double == 1200)
  let final = try #require((document["comparisons"] as? [[String: Any]])?.first?["final"] as? [String: Any])
  #expect(final["metric"] as? String == "return" && final["ratio"] == nil && final["decibels"] == nil)
  #expect(final["difference"] is [String: Any])
}
