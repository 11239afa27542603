// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Summaries
import Testing

/// A run with nobody up throughout the final window.
private func gone(_ stored: StoredRun, _ metrics: [String]) -> StoredRun {
  var gone = stored
  for metric in metrics { gone.record.finals[metric] = .nan }
  gone.record.finals["available"] = 0
  return gone
}

private func controlRuns(gone count: Int) -> [StoredRun] {
  (0..<10).map { replication in
    let whole = controlRun("a", replication, reaches: nil, returns: [100, 100, 100, 100])
    return replication < count ? gone(whole, ["return", "return-mean"]) : whole
  }
}

@Test func runsWithNobodyUpAtTheEndHaveNotDivergedAndAreInNoMean() throws {
  let data = study([controlArm("a", target: nil)], controlRuns(gone: 4))
  let summary = StudySummary(data)
  #expect(summary.arms[0].diverged == 0 && summary.arms[0].nobodyUp == 4)
  #expect(summary.arms[0].final("return")?.mean == 100)
  #expect(summary.warnings == [.nobodyUp(arm: "a", runs: 4, of: 10, metric: .testReturn)])
  #expect(
    summary.warnings[0].message == "4 of 10 runs of a had nobody up at the end: they are left out of the final return.")
  #expect(summary.warnings[0].remedy.contains("`final-return-all`"))
  #expect(!summary.text(TerminalStyle(width: 80)).contains("diverge"))
  let claim = try Requirement("final-return > 90", arms: [("a", false)], metrics: known).judge(data, resamples: 200)
  #expect(claim.left == 100 && claim.sides[0] == "final-return (100.0)" && claim.doesNotVary == true)
}

@Test func whereNobodyIsUpInAnyRunThereIsNoFinalReturn() throws {
  let data = study([controlArm("a", target: nil)], controlRuns(gone: 10))
  let summary = StudySummary(data)
  #expect(summary.arms[0].final("return") == nil)
  #expect(summary.verdict.sentence == "a ends with nobody up (10 of 10 runs).")
  let text = summary.text(TerminalStyle(width: 80))
  #expect(text.contains("nobody up") && !text.contains("diverge"))
  let claim = try Requirement("final-return > 0", arms: [("a", false)], metrics: known).judge(data, resamples: 100)
  #expect(claim.status == .notShown && claim.sides[0] == "final-return (undefined)")
}

@Test func whatDivergedBeforeNobodyWasUpHasStillDiverged() {
  var runs = controlRuns(gone: 10)
  runs[0].record.finals["return-all"] = .nan
  runs[0].record.finals["disagreement-all"] = .infinity
  runs[1].record.agents[2].finalReturn = .nan
  #expect(StudySummary(study([controlArm("a", target: nil)], runs)).arms[0].diverged == 2)
}

/// Of every second pair one run has nobody up; in the others the second arm ends two higher.
@Test func pairsWithNobodyUpAreLeftOutOfTheDifference() throws {
  let arms = [controlArm("a", target: nil), controlArm("b", target: nil)]
  let runs = (0..<20).flatMap { replication -> [StoredRun] in
    let level = 100 + Double(replication)
    let one = controlRun("a", replication, reaches: nil, returns: [level, level, level, level])
    let two = controlRun("b", replication, reaches: nil, returns: Array(repeating: level + 2, count: 4))
    return [replication % 2 == 0 ? gone(one, ["return"]) : one, two]
  }
  let final = try #require(StudySummary(study(arms, runs)).comparison("b", with: "a")?.final)
  #expect(abs(try #require(final.difference?.mean) - 2) < 1e-9 && final.p == exp2(-9))
}

@Test func squaredErrorsOfNobodyAreNoDivergenceEither() {
  let runs = (0..<10).map { replication -> StoredRun in
    var stored = run("a", replication, reaches: 100, msd: 1e-4)
    stored.record.finals["msd-all"] = 1e-4
    return replication < 4 ? gone(stored, ["msd"]) : stored
  }
  let summary = StudySummary(study([arm("a")], runs))
  #expect(summary.arms[0].diverged == 0 && summary.warnings == [.nobodyUp(arm: "a", runs: 4, of: 10, metric: .msd)])
  #expect(abs((summary.arms[0].final("msd")?.mean ?? 0) / 1e-4 - 1) < 1e-12)
}
