// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Testing

@Test func timesAreComparedByTheRatioOfMeansWithThePairsThatAgree() throws {
  let summary = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let time = try #require(summary.comparison("fast", with: "slow")?.time)
  #expect(time.restrictedTo == nil)
  // Means of 300 (1 + 0.01 (r mod 5)) and of 100 (1 + 0.01 (r mod 5)) (1 + 0.01 (r mod 3)) over twelve pairs.
  #expect(abs(time.ratio - 2.970345) < 1e-6)
  let interval = try #require(time.interval)
  #expect(interval.lower > 2.8 && interval.lower <= time.ratio && time.ratio <= interval.upper)
  #expect(time.soonerPairs == 12 && time.laterPairs == 0)
}

@Test func finalErrorsAreComparedByTheRatioOfLinearMeans() throws {
  let summary = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let final = try #require(summary.comparison("fast", with: "slow")?.final)
  let decibels = try #require(final.decibels)
  #expect(abs(decibels - 3.05) < 0.05)
  #expect(final.decibelsInterval?.contains(decibels) == true)
}

@Test func aComparisonSeenFromTheOtherArmIsTheReciprocal() throws {
  let summary = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let forth = try #require(summary.comparison("fast", with: "slow"))
  let back = try #require(summary.comparison("slow", with: "fast"))
  #expect(back.time?.ratio == 1 / (forth.time?.ratio ?? 0))
  #expect(back.final?.decibels == -(forth.final?.decibels ?? 0))
  #expect(back.time?.laterPairs == 12)
  #expect(back.reversed.arm == "fast")
}

@Test func runsArePairedByReplicationInWhateverOrderTheyEnded() {
  let ordered = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let reversed = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow().reversed()))
  #expect(ordered.comparisons == reversed.comparisons)
}

@Test func aRunThatNeverReachesTheTargetCountsWithItsEnd() throws {
  let runs = (0..<10).flatMap {
    [run("slow", $0, reaches: $0 < 2 ? 500 : nil, msd: 1e-4), run("fast", $0, reaches: 100, msd: 1e-4)]
  }
  let time = try #require(
    StudySummary(study([arm("slow"), arm("fast")], runs)).comparison("fast", with: "slow")?.time)
  #expect(time.restrictedTo == 600)
  #expect(abs(time.ratio - (2 * 500 + 8 * 600) / 10 / 100.0) < 1e-12)
  #expect(time.soonerPairs == 10)
}

@Test func aDivergedRunLeavesNoRatioOfFinalErrors() {
  let runs = (0..<10).flatMap {
    [run("a", $0, reaches: 1, msd: 1), run("b", $0, reaches: 1, msd: $0 == 3 ? .infinity : 1)]
  }
  let summary = StudySummary(study([arm("a"), arm("b")], runs))
  #expect(summary.comparison("b", with: "a")?.final == nil)
  #expect(summary.warnings.contains(.diverged(arm: "b", runs: 1, metric: .msd)))
}

/// One of twelve runs of an arm is censored, which leaves its median: the basis is the same as of the other pairs all the
/// same, and what the ratio is does not jump where a last run arrives.
@Test func theBasisDoesNotDependOnHowManyRunsArrive() throws {
  func ratio(_ late: Double?) throws -> Double {
    let runs = (0..<12).flatMap {
      [run("slow", $0, reaches: $0 == 5 ? late : 300, msd: 1e-4), run("fast", $0, reaches: 100, msd: 1e-4)]
    }
    return try #require(
      StudySummary(study([arm("slow"), arm("fast")], runs)).comparison("fast", with: "slow")?.time?.ratio)
  }
  #expect(abs(try ratio(nil) - (11 * 300 + 600) / 1200) < 1e-12)
  #expect(try ratio(nil) == ratio(600))
}

/// Six pairs of which two are equal: a test that knows no more than signs finds four alike by chance in 1 of 8 studies, and
/// no other may claim more.
@Test func equalPairsShowNothing() throws {
  let runs = (0..<6).flatMap {
    [run("a", $0, reaches: nil, msd: 1e-4), run("b", $0, reaches: $0 < 4 ? 100 : nil, msd: 1e-4)]
  }
  let time = try #require(StudySummary(study([arm("a"), arm("b")], runs)).comparison("b", with: "a")?.time)
  #expect(try #require(time.p) >= 0.125)
}
