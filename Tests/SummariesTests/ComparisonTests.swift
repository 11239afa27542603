// SPDX-License-Identifier: GPL-3.0-or-later
import Results
import Summaries
import Testing

@Test func timesAreComparedByTheRatioOfMediansWithThePairsThatAgree() throws {
  let summary = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let time = try #require(summary.comparison("fast", with: "slow")?.time)
  #expect(time.basis == .median)
  #expect(abs(time.ratio - 3) < 0.1)
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

@Test func theBootstrapIsAFunctionOfTheSeed() {
  let first = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let second = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  #expect(first.comparisons == second.comparisons)
}

@Test func runsArePairedByReplicationInWhateverOrderTheyEnded() {
  let ordered = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow()))
  let reversed = StudySummary(study([arm("slow"), arm("fast")], fastAndSlow().reversed()))
  #expect(ordered.comparisons == reversed.comparisons)
}

@Test func anArmThatRarelyReachesTheTargetIsComparedByRestrictedMeans() throws {
  let runs = (0..<10).flatMap {
    [run("slow", $0, reaches: $0 < 2 ? 500 : nil, msd: 1e-4), run("fast", $0, reaches: 100, msd: 1e-4)]
  }
  let time = try #require(
    StudySummary(study([arm("slow"), arm("fast")], runs)).comparison("fast", with: "slow")?.time)
  #expect(time.basis == .restrictedMean)
  #expect(abs(time.ratio - (2 * 500 + 8 * 600) / 10 / 100.0) < 1e-12)
  #expect(time.soonerPairs == 10)
}

@Test func aDivergedRunLeavesNoRatioOfFinalErrors() {
  let runs = (0..<10).flatMap {
    [run("a", $0, reaches: 1, msd: 1), run("b", $0, reaches: 1, msd: $0 == 3 ? .infinity : 1)]
  }
  let summary = StudySummary(study([arm("a"), arm("b")], runs))
  #expect(summary.comparison("b", with: "a")?.final == nil)
  #expect(summary.warnings.contains(.diverged(arm: "b", runs: 1)))
}
