// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Summaries
import Testing

/// Twenty replications of two arms in which nothing is random.
private func copies(of arms: [String] = ["a", "b"]) -> StoredStudy {
  let runs = (0..<20).flatMap { replication in
    [("a", 111.0, 2e-4), ("b", 100.0, 1e-4)].map { name, time, msd in
      let isCopy = arms.contains(name)
      let jitter = isCopy ? 1 : 1 + 0.01 * Double(replication % 7)
      var one = run(name, replication, reaches: time * jitter, msd: msd * jitter)
      if isCopy { one.record.fingerprint = name == "a" ? 77 : 78 }
      return one
    }
  }
  return study([arm("a"), arm("b")], runs)
}

@Test func copiesOfOneRunAreWarnedOfAndHaveNoIntervals() throws {
  let summary = StudySummary(copies())
  for name in ["a", "b"] { #expect(summary.warnings.contains(.copies(arm: name, runs: 20))) }
  for arm in summary.arms {
    #expect(arm.finals.allSatisfy { $0.interval == nil && $0.decibelsInterval == nil })
    #expect(arm.toTarget?.interval == nil && arm.toTarget?.reached == 20)
  }
  let time = try #require(summary.comparison("b", with: "a")?.time)
  #expect(time.interval == nil && time.p == nil && time.isExact == true && time.ratio == 1.11)
  // What is certain is said, and not as if it had been found in a sample.
  #expect(
    summary.verdict.sentence
      == "b reaches -30 dB 1.11x sooner than a (nothing in the two is random) and ends 3.0 dB better than a.")
  let message = summary.warnings.cautions.map(\.message).first { $0.contains("copies") }
  #expect(
    message == "a and b have nothing random: the 20 replications of each are copies of one run, which says as much "
      + "alone, and so there are no intervals.")
}

@Test func groupsOfCopiesHaveNoIntervals() throws {
  let study = copies()
  let key = try SettingKey("arm", in: study.header)
  let metrics = [try known.metric("time-to-target"), try known.metric("final-msd")]
  let rows = GroupedSummary(study, by: [key], metrics: metrics).rows
  #expect(rows.count == 4)
  #expect(rows.allSatisfy { $0.survival?.medianInterval == nil && $0.sample?.meanInterval == nil })
  #expect(rows.allSatisfy { $0.sample?.interquartileMeanInterval == nil })
}

/// One arm without chance beside one with it: their pairs are a sample.
@Test func oneArmOfCopiesIsComparedAsASample() throws {
  let summary = StudySummary(copies(of: ["a"]))
  #expect(summary.warnings.contains(.copies(arm: "a", runs: 20)))
  #expect(!summary.warnings.contains(.copies(arm: "b", runs: 20)))
  #expect(summary.arms[0].final("msd")?.interval == nil && summary.arms[1].final("msd")?.interval != nil)
  let comparison = try #require(summary.comparison("b", with: "a"))
  #expect(comparison.pairs == 20 && comparison.final?.interval != nil && comparison.time?.isExact == nil)
}

@Test func aRequirementOfCopiesIsDecidedByOne() throws {
  let arms = [(name: "a", hasTarget: true), (name: "b", hasTarget: true)]
  let claim = try Requirement("b.time-to-target < a.time-to-target", arms: arms, metrics: known).judge(copies())
  #expect(claim.status == .shown && claim.satisfiedConfidence == nil && claim.isExact == true)
  #expect(claim.lines(TerminalStyle(width: 120)).joined().hasSuffix(", and nothing in it is random"))
  #expect(try Requirement("b.msd > a.msd", arms: arms, metrics: known).judge(copies()).status == .refuted)
}

/// A single run says nothing of others, and there is no other to be a copy of.
@Test func oneReplicationIsNoCopy() {
  let one = study([arm("a")], [run("a", 0, reaches: 1, msd: 1e-4)])
  #expect(!StudySummary(one).warnings.contains(.copies(arm: "a", runs: 1)))
}

/// One or several replications of two arms of whose settings it is known that nothing in them is random.
private func certain(_ replications: Int, isDeterministic: Bool = true) -> StoredStudy {
  var study = copies()
  study.runs.removeAll { $0.record.identity.replication >= replications }
  study.header.replications = replications
  for index in study.header.arms.indices { study.header.arms[index].isDeterministic = isDeterministic }
  return study
}

/// What is certain needs no second run: nothing warns of one, nothing asks for more, and all is said that several say.
@Test func oneReplicationOfACertainArmIsAllThereIsToKnow() throws {
  let one = certain(1)
  let summary = StudySummary(one)
  #expect(summary.warnings.isEmpty, "\(summary.warnings)")
  #expect(summary.verdict.sentence == StudySummary(certain(20)).verdict.sentence)
  #expect(StudySummary(certain(2)).warnings.cautions.count == 1)
  #expect(try SummaryReport(one, .steadyState(metric: "msd")).warnings.isEmpty)
  let places = ["1", "2"].map { SweepSummary.Place(arm: nil, values: [$0]) }
  let sweep = SweepSummary(one, axes: ["x"], places: places)
  #expect(sweep.warnings.isEmpty && sweep.verdict.sentence.contains("(nothing in the two is random)"))
  let precision = PrecisionReport(one, goal: PrecisionGoal(relative: 0.05, atMost: 100), replications: 1)
  #expect(precision.isReached && precision.next == nil && precision.warning == nil)
  #expect(precision.means.map(\.mean) == [2e-4, 111, 1e-4, 100] && precision.means.allSatisfy { $0.precision == 0 })
}

/// Runs in which something is random agree by chance now and then, and are a sample for all that.
@Test func randomRunsThatAgreeAreNoCopies() throws {
  let summary = StudySummary(certain(20, isDeterministic: false))
  #expect(!summary.warnings.contains(.copies(arm: "a", runs: 20)))
  #expect(summary.comparison("b", with: "a")?.time?.isExact == nil)
  #expect(summary.arms[0].final("msd")?.interval != nil)
}

/// More pilots are more copies.
@Test func noMorePilotsAreAdvisedWhereNothingIsRandom() {
  let more = Warning.notMatched(arm: "b", reason: "", pilots: 5).remedy
  let none = Warning.notMatched(arm: "b", reason: "", pilots: nil).remedy
  #expect(more.hasPrefix("add `--pilots 15`, or choose with `--match-to` "))
  #expect(none.hasPrefix("choose with `--match-to` ") && !none.contains("--pilots"))
}
