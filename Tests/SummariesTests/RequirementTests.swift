// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Results
import Summaries
import Testing

private func judged(_ text: String, _ study: StoredStudy) throws -> RequirementOutcome {
  let arms = study.header.arms.map { (name: $0.name, hasTarget: $0.target != nil) }
  return try Requirement(text, arms: arms, metrics: known).judge(study)
}

private let twelvePairs = study([arm("slow"), arm("fast")], fastAndSlow())

@Test func aClearDifferenceIsShownAndItsContraryRefuted() throws {
  let claim = try judged("fast.time-to-target < 0.5 * slow.time-to-target", twelvePairs)
  #expect(claim.status == .shown && claim.replications == 12)
  // All resamples say so, and one more of 10 000 could have said the contrary: by normal and Student's tables 0.99777.
  #expect(abs(try #require(claim.satisfiedConfidence) - 0.99777) < 1e-5)
  #expect(claim.left == 103.02 || abs(claim.left - 103) < 2)
  #expect(abs(claim.right - 153) < 2)
  let contrary = try judged("fast.time-to-target >= 0.5 * slow.time-to-target", twelvePairs)
  #expect(contrary.status == .refuted && contrary.violatedConfidence == claim.satisfiedConfidence)
}

@Test func valuesAreThoseOfTheSummary() throws {
  let summary = StudySummary(twelvePairs)
  let fast = summary.arms[1]
  #expect(try judged("fast.time-to-target < 1 s", twelvePairs).left == fast.toTarget?.medianTime)
  #expect(try judged("fast.updates-to-target < 1", twelvePairs).left == fast.toTarget?.medianUpdates)
  #expect(try judged("fast.bytes-to-target < 1 B", twelvePairs).left == fast.toTarget?.medianBytes)
  for (name, value) in [
    ("updates < 1", fast.updatesMean), ("updates-least < 1", fast.updatesLeast), ("messages < 1", fast.messages),
    ("bytes < 1 B", fast.bytes), ("samples < 1", fast.samples), ("lost < 1", fast.lostShare),
    ("waiting < 1", fast.waitingShare), ("staleness < 1", fast.stalenessUpdates),
    ("staleness-time < 1 s", fast.stalenessSeconds), ("msd < 1", fast.final("msd")?.mean),
  ] {
    let seen = try judged("fast.\(name)", twelvePairs).left
    #expect(abs(seen - (value ?? .nan)) <= 1e-12 * abs(seen), "\(name)")
  }
}

@Test func whatChanceMightTurnIsNotShownEitherWay() throws {
  // Nothing is less than itself, whatever it is.
  let middle = try judged("slow.final-msd < slow.final-msd", twelvePairs)
  #expect(middle.status == .refuted)
  let mean = try #require(StudySummary(twelvePairs).arms[0].final("msd")?.mean)
  // The standard error of the mean is 0.4 % of it: the margins are half of it, and five of it.
  let near = try judged("slow.final-msd < \(mean * 1.002)", twelvePairs)
  let far = try judged("slow.final-msd < \(mean * 1.02)", twelvePairs)
  let confidences = try [near, far].map { try #require($0.satisfiedConfidence) }
  #expect(near.status == .notShown && 0.5 <= confidences[0] && confidences[0] < 0.975)
  #expect(far.status == .shown && confidences[1] > 0.975)
  let contrary = try judged("slow.final-msd > \(mean * 1.002)", twelvePairs)
  #expect(contrary.status == .notShown)
}

@Test func replicationsOfOneSeedStayPaired() throws {
  // Ten times more spread between seeds than between arms: only pairs show the difference of 2 %.
  let runs = (0..<12).flatMap { replication in
    let level = 1e-4 * pow(10, Double(replication % 4) / 2)
    return [
      run("a", replication, reaches: 10, msd: level),
      run("b", replication, reaches: 10, msd: level * (1.02 + 0.001 * Double(replication % 3))),
    ]
  }
  #expect(try judged("a.msd < b.msd", study([arm("a"), arm("b")], runs)).status == .shown)
}

@Test func medianOfRunsThatNeverGetThereIsBeyondTheirEnd() throws {
  let runs = (0..<12).flatMap { replication in
    [run("a", replication, reaches: 10, msd: 1e-4), run("b", replication, reaches: nil, msd: 1e-2)]
  }
  let stalling = study([arm("a"), arm("b")], runs)
  #expect(try judged("a.time-to-target < 0.5 * b.time-to-target", stalling).status == .shown)
  #expect(try judged("b.time-to-target <= 10 min", stalling).status == .refuted)
  #expect(try judged("b.time-to-target <= 1 h", stalling).status == .notDecided)
  // Which of two that had not arrived is sooner is not known.
  for sign in ["<", "<=", ">", ">="] {
    let both = try judged("b.time-to-target \(sign) 2 * b.time-to-target", stalling)
    #expect(both.status == .notDecided && both.satisfiedConfidence == 0 && both.violatedConfidence == 0)
  }
}

@Test func aDivergedRunCountsAsInfinitelyBad() throws {
  let runs = (0..<12).map { run("a", $0, reaches: nil, msd: $0 == 3 ? .nan : 1e-4) }
  let outcome = try judged("msd < -30 dB", study([arm("a")], runs))
  // A resample leaves the run out with probability (11/12)^12 = 0.352; 10 000 resamples tell it to 0.005. That is a
  // confidence of 0.3614 by normal and Student's tables.
  #expect(outcome.left == .infinity && outcome.status == .notShown)
  #expect(abs((outcome.satisfiedConfidence ?? 0) - 0.3614) < 0.025)
}

@Test func oneReplicationShowsNothing() throws {
  let outcome = try judged("msd < 1", study([arm("a")], [run("a", 0, reaches: 1, msd: 1e-4)]))
  #expect(outcome.status == .notShown && outcome.satisfiedConfidence == nil)
  #expect(outcome.lines(TerminalStyle(width: 120)).joined().contains("too few to show anything"))
}

@Test func theLineSaysBothSidesAndHowSure() throws {
  let lines = try judged("fast.time-to-target<0.5*slow.time-to-target", twelvePairs).lines(TerminalStyle(width: 120))
  #expect(
    lines.joined(separator: " ").hasPrefix("Require  shown: fast.time-to-target (1 m 4"), "\(lines)")
  #expect(lines.joined().contains(" < 0.5*slow.time-to-target (2 m 3"))
  #expect(lines.joined().hasSuffix("with 99.7 % confidence"))
  let decibels = try judged("slow.msd > -30 dB", twelvePairs).lines(TerminalStyle(width: 120))
  #expect(decibels == ["Require  refuted: slow.msd (-39.9 dB) > -30 dB with 99.9 % confidence"])
}

@Test func resamplesAreAFunctionOfTheSeedAndTheText() throws {
  let mean = try #require(StudySummary(twelvePairs).arms[0].final("msd")?.mean)
  let first = try judged("slow.final-msd < \(mean)", twelvePairs)
  #expect(try judged("slow.final-msd < \(mean)", twelvePairs) == first)
  var shuffled = twelvePairs
  shuffled.runs.reverse()
  #expect(try judged("slow.final-msd < \(mean)", shuffled).satisfiedConfidence == first.satisfiedConfidence)
}

/// Of five values of a continuous symmetric law around a bound all lie on one side in 1 of 16 studies, however sure a
/// test is of them; of six in 1 of 32, half of them on the side of the claim.
@Test(arguments: 2...6) func replicationsThatAgreeByChanceShowNothing(count: Int) throws {
  let runs = (0..<count).map { run("a", $0, reaches: 1, msd: 1e-4 * (1 + 0.01 * Double($0))) }
  let outcome = try judged("msd < 1", study([arm("a")], runs))
  #expect(outcome.satisfiedConfidence == 1 - exp2(-Double(count)))
  #expect(outcome.status == (count < 6 ? .notShown : .shown))
  let line = outcome.lines(TerminalStyle(width: 120)).joined()
  #expect(line.hasSuffix(count < 6 ? "\(count) replications are too few to show anything" : "98.4 % confidence"))
  let contrary = try judged("msd > 1", study([arm("a")], runs))
  #expect(contrary.status == (count < 6 ? .notShown : .refuted))
}

// MARK: - What does not vary

/// Runs that send ten messages each, of which so many get lost.
private func losing(_ lost: [Int], isDeterministic: Bool? = nil) -> StoredStudy {
  let runs = lost.enumerated().map { replication, lost in
    var one = run("a", replication, reaches: 10, msd: 1e-4)
    one.record.fingerprint = 1
    (one.record.messages.sent, one.record.messages.lost) = (10, UInt64(lost))
    return one
  }
  var only = arm("a")
  only.isDeterministic = isDeterministic
  return study([only], runs)
}

/// Where one message in a hundred gets lost, six runs of ten mostly lose none: that shows no bound of the mean, be the
/// fingerprints of the runs the same.
@Test(arguments: [0, 1, 10]) func aMeanOfRandomRunsThatDoNotVaryIsNotShown(lost: Int) throws {
  let study = losing(Array(repeating: lost, count: 7), isDeterministic: false)
  for claim in ["lost < 0.5 %", "lost > 0.5 %", "lost <= 10 %", "lost >= 100 %"] {
    let outcome = try judged(claim, study)
    #expect(outcome.status == .notShown && outcome.doesNotVary == true, "\(claim)")
    #expect(outcome.satisfiedConfidence == nil && outcome.violatedConfidence == nil)
    let line = outcome.lines(TerminalStyle(width: 200)).joined()
    #expect(line.hasSuffix("; the runs do not vary, and so say nothing of how far off their mean is"), "\(line)")
  }
}

/// Of a median they say what an exact test of signs does: the true one lies beyond six equal values in one study of 64.
@Test(arguments: [6, 12]) func aMedianOfRunsThatDoNotVaryIsAsSureAsSignsAre(count: Int) throws {
  let outcome = try judged("time-to-target < 11 s", losing(Array(repeating: 0, count: count), isDeterministic: false))
  let sure = try #require(outcome.satisfiedConfidence)
  #expect(outcome.status == .shown && sure <= 1 - exp2(-Double(count)) && sure < 0.999)
}

/// Runs may vary, and the difference of two arms not, but for rounding.
@Test func aDifferenceThatDoesNotVaryIsNotShown() throws {
  let runs = (0..<10).flatMap { replication in
    let level = 1e-4 * pow(10, Double(replication % 7) / 7)
    return [run("a", replication, reaches: 1, msd: level), run("b", replication, reaches: 1, msd: level + 3e-5)]
  }
  let outcome = try judged("a.msd < b.msd", study([arm("a"), arm("b")], runs))
  #expect(outcome.status == .notShown && outcome.doesNotVary == true)
}

/// Where nothing is random there is nothing to vary, and one run is all there is to know.
@Test(arguments: [1, 2, 7]) func aClaimAboutACertainArmIsDecidedByItsValue(count: Int) throws {
  let study = losing(Array(repeating: 1, count: count), isDeterministic: true)
  for (claim, status) in [("lost < 20 %", RequirementOutcome.Status.shown), ("lost < 5 %", .refuted)] {
    let outcome = try judged(claim, study)
    #expect(outcome.status == status && outcome.isExact == true)
    #expect(outcome.lines(TerminalStyle(width: 200)).joined().hasSuffix(", and nothing in it is random"))
  }
}
