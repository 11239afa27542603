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
  let sentence = summary.verdict.sentence
  #expect(sentence.contains(". The next is slow: fast reaches -30 dB 3.0x ["), "\(sentence)")
  #expect(sentence.contains("] sooner than slow (12 of 12 pairs) and ends 3.1 dB ["))
  #expect(sentence.hasSuffix("] worse than slow."))
}

@Test func whereNoTimeIsComparedTheFinalErrorTellsCellsApart() {
  let summary = sweep([arm("slow", target: nil), arm("fast", target: nil)], fastAndSlow())
  #expect(summary.verdict.sentence.contains(" The next is fast: slow ends 3.1 dB ["))
  #expect(summary.verdict.sentence.hasSuffix("] better than fast in final MSD."))
}

/// Six pairs that agree leave 1/32 to chance: below 5 % for one test, and not for the two of a pair of cells.
@Test func aDifferenceThatTheFamilyDoesNotShowTellsNoCellsApart() {
  let runs = (0..<6).flatMap {
    [run("a", $0, reaches: 300, msd: 1e-4), run("b", $0, reaches: 100 + Double($0), msd: 1e-4)]
  }
  let summary = sweep([arm("a"), arm("b")], runs)
  #expect(summary.comparison?.time?.p == 1.0 / 32)
  let sentence = summary.verdict.sentence
  #expect(sentence.contains(" The next is a: no difference shown between b and a in the time to -30 dB (ratio 2.9x ["))
  #expect(sentence.contains("]; 6 pairs are too few to show any, 7 would do)"), "\(sentence)")
}

/// Ten pairs of a cell that ends 17 dB nearer the optimum than another one, which never reaches the target.
private func goodAndPoor(reaches: (Int) -> Double?) -> [StoredRun] {
  (0..<10).flatMap { replication in
    let (own, other) = (1 + 0.01 * Double(replication % 3), 1 + 0.01 * Double(replication % 4))
    return [
      run("good", replication, reaches: reaches(replication), msd: 1e-4 * own),
      run("poor", replication, reaches: nil, msd: 5e-3 * other),
    ]
  }
}

/// A cell that hardly learns never reaches the target. What its time is, is not known, and that it was censored is said:
/// a ratio of means up to the end of the runs is none of times to the target.
@Test func aCellThatNeverReachesTheTargetHasNoTimeAndIsWarnedAbout() throws {
  let runs = goodAndPoor { 550 + Double($0) }
  let summary = sweep([arm("poor"), arm("good")], runs)
  #expect(summary.comparison?.time?.isShown == true)
  let sentence = summary.verdict.sentence
  #expect(sentence.contains("The next is poor: good reaches -30 dB in 10 of 10 runs, poor in none of 10 within 10 m"))
  let warning = Warning.censored(arm: "poor", runs: 10, of: 10, target: "-30 dB", until: 600)
  #expect(summary.warnings.contains(warning), "\(summary.warnings)")
}

/// Times up to the end of the runs show nothing of two cells of which few runs reach the target, and yet their ends are
/// far apart: a sweep says both, word for word as a comparison of the two does.
@Test func cellsThatTimesDoNotTellApartAreToldApartByTheirEnds() throws {
  let runs = goodAndPoor { $0 < 2 ? 590 : nil }
  let summary = sweep([arm("good"), arm("poor")], runs)
  #expect(summary.comparison?.time?.isShown == false)
  #expect(summary.comparison?.final?.isShown == true)
  #expect(summary.verdict.sentence.contains("good ends 17.0 dB ["), "\(summary.verdict.sentence)")
  let compared = StudySummary(study([arm("good"), arm("poor")], runs)).verdict.sentence
  #expect(summary.verdict.sentence.hasSuffix(". The next is poor: \(compared)"), "\(compared)")
}

/// A run that spent its budget is censored as one that reached its end is, and one that nobody could continue is told of.
@Test func runsThatEndedBeforeTheTargetAreWarnedOfInSweepsAsInComparisons() {
  let runs = (0..<10).flatMap { replication in
    [
      run("good", replication, reaches: 100 + Double(replication), msd: 1e-4),
      run("spent", replication, reaches: nil, msd: 1e-2, ending: replication < 5 ? .budget : .stalled, endTime: 300),
    ]
  }
  let cells = [arm("good"), arm("spent")]
  let compared = StudySummary(study(cells, runs)).warnings
  #expect(compared.contains(.budgetSpent(arm: "spent", runs: 5, of: 10, target: "-30 dB")))
  #expect(sweep(cells, runs).warnings == compared)
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
