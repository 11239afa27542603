// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Testing

/// A sweep of one axis, whose cells are named by its values.
private func sweep(_ cells: [StudyHeader.Arm], _ runs: [StoredRun]) -> SweepSummary {
  SweepSummary(
    study(cells, runs), axes: ["learner.step-size"],
    places: cells.map { SweepSummary.Place(arm: nil, values: [$0.name]) })
}

@Test func theBestCellIsToldFromTheNextWhereTheDifferenceIsShown() throws {
  let summary = sweep([arm("slow"), arm("fast")], fastAndSlow())
  let time = try #require(summary.comparison?.time)
  #expect(time.isSooner && time.adjustedP == 2 * (time.p ?? 1))
  #expect(summary.verdict.sentence.contains("; the next, slow, takes 3.0x ["), "\(summary.verdict.sentence)")
  #expect(summary.verdict.sentence.contains("] as long (later in 12 of 12 pairs)."))
}

@Test func whereNoTimeIsComparedTheFinalErrorTellsCellsApart() {
  let summary = sweep([arm("slow", target: nil), arm("fast", target: nil)], fastAndSlow())
  #expect(summary.verdict.sentence.contains("; the next, fast, ends 3.1 dB ["))
  #expect(summary.verdict.sentence.hasSuffix("] worse."))
}

/// Six pairs that agree leave 1/32 to chance: below 5 % for one test, and not for the two of a pair of cells.
@Test func aDifferenceThatTheFamilyDoesNotShowTellsNoCellsApart() {
  let runs = (0..<6).flatMap {
    [run("a", $0, reaches: 300, msd: 1e-4), run("b", $0, reaches: 100 + Double($0), msd: 1e-4)]
  }
  let summary = sweep([arm("a"), arm("b")], runs)
  #expect(summary.comparison?.time?.p == 1.0 / 32)
  #expect(summary.verdict.sentence.contains("; the next, a, cannot be told from it (it takes 2.9x"))
}

/// The data choose the best of many cells, so what tells it from the next has to stand against all of them.
@Test func theMoreCellsTheMoreItTakesToTellTheBest() {
  let names = (0..<9).map { "cell \($0)" }
  let runs = (0..<10).flatMap { replication in
    names.enumerated().map { place, name in
      run(name, replication, reaches: 100 + 10 * Double(place) + Double(replication % 3), msd: 1e-4)
    }
  }
  let some = sweep(names.prefix(2).map { arm($0) }, runs.filter { names.prefix(2).contains($0.record.identity.arm) })
  #expect(some.comparison?.time?.adjustedP == 2.0 / 512)
  let all = sweep(names.map { arm($0) }, runs)
  #expect(all.comparison?.time?.adjustedP == 16.0 / 512)
}

/// A restricted mean says nothing beside a median: a cell that spends its budget early has a short one.
@Test func aCellThatMostlyReachesItsTargetComesBeforeOneThatMostlyDoesNot() {
  let runs = (0..<12).flatMap { replication in
    [
      run("seldom", replication, reaches: replication < 2 ? 1 : nil, msd: 1e-4, ending: .budget, endTime: 10),
      run("mostly", replication, reaches: 50, msd: 1e-4),
    ]
  }
  let cells = [arm("seldom"), arm("mostly")]
  #expect(sweep(cells, runs).ranking == [1, 0])
  #expect(StudySummary(study(cells, runs)).verdict.arms.first == "mostly")
}

@Test func theSoonestCellThatEndsWorseThanAnotherIsWarnedAbout() {
  let summary = sweep([arm("slow"), arm("fast")], fastAndSlow())
  #expect(summary.warnings == [.bestEndsWorse(cell: "fast", other: "slow", metric: .msd)])
  #expect(
    summary.warnings.first?.message
      == "fast is the best by its time to the target, and ends with a larger MSD than slow.")
  let equal = fastAndSlow().map { stored in
    var stored = stored
    stored.record.finals["msd"] = 1e-4
    return stored
  }
  #expect(sweep([arm("slow"), arm("fast")], equal).warnings.isEmpty)
}
