// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Records
import Results
import Summaries
import Testing

private func judged(_ text: String, _ study: StoredStudy, resamples: Int = 2000) throws -> RequirementOutcome {
  let arms = study.header.arms.map { (name: $0.name, hasTarget: $0.target != nil) }
  return try Requirement(text, arms: arms, metrics: known).judge(study, resamples: resamples)
}

/// Six runs of `slow` that ended at 4 s far from their target, after 400 updates of each of two agents, and six of
/// `fast` that reached it at 1 s.
private func cutAtFour(_ ending: RunRecord.Ending = .until) -> StoredStudy {
  study(
    [arm("slow", until: 4), arm("fast", until: 4)],
    (0..<6).flatMap { replication in
      [
        run("slow", replication, reaches: nil, msd: 0.5, ending: ending, endTime: 4),
        run("fast", replication, reaches: 1, msd: 1e-4, endTime: 4),
      ]
    })
}

/// What runs that ended before their target say, and what they leave open.
@Test(arguments: [
  ("slow.time-to-target > 20 s", RequirementOutcome.Status.notDecided),
  ("slow.time-to-target < 20 s", .notDecided),
  ("slow.time-to-target > 10 * fast.time-to-target", .notDecided),
  ("fast.time-to-target < 0.1 * slow.time-to-target", .notDecided),
  ("slow.time-to-target - fast.time-to-target > 10 s", .notDecided),
  ("fast.time-to-target / slow.time-to-target > 0.1", .notDecided),
  ("slow.time-to-target > slow.time-to-target", .notDecided),
  ("slow.time-to-target > 3 s", .shown), ("slow.time-to-target > 4 s", .shown),
  ("slow.time-to-target <= 4 s", .refuted), ("20 s < slow.time-to-target", .notDecided),
  ("fast.time-to-target < slow.time-to-target", .shown),
  ("fast.time-to-target >= slow.time-to-target", .refuted),
  ("slow.time-to-target > 3.9 * fast.time-to-target", .shown),
  ("slow.time-to-target - fast.time-to-target > 2 s", .shown),
  ("fast.time-to-target - slow.time-to-target < -2 s", .shown),
  ("fast.time-to-target / slow.time-to-target < 0.3", .shown),
  // 400 updates were spent in vain, 800 samples of both agents.
  ("slow.updates-to-target > 300", .shown), ("slow.updates-to-target < 300", .refuted),
  ("slow.updates-to-target > 500", .notDecided), ("slow.samples-to-target > 700", .shown),
  ("slow.samples-to-target > 900", .notDecided), ("slow.bytes-to-target < 1 B", .notDecided),
]) func aRequirementIsDecidedByWhatRunsSay(text: String, status: RequirementOutcome.Status) throws {
  let outcome = try judged(text, cutAtFour())
  #expect(outcome.status == status)
  #expect(outcome.isShown == (status == .shown))
  #expect((outcome.remedy == "lengthen `measure.until`") == (status == .notDecided))
}

@Test func whatIsOpenIsSaidWithItsRemedy() throws {
  let outcome = try judged("slow.time-to-target > 20 s", cutAtFour())
  let text = outcome.lines(TerminalStyle(width: 120)).joined(separator: " ")
  #expect(
    text.split(separator: " ").joined(separator: " ")
      == "Require not decided: slow.time-to-target (at least 4.00 s) > 20 s: runs ended before their target; lengthen "
      + "`measure.until`")
  #expect(try judged("slow.updates-to-target > 500", cutAtFour(.budget)).remedy == "raise `measure.budget`")
}

/// Runs in which nobody can go on any more never get there, however long they are.
@Test func runsThatStalledDecide() throws {
  let stalled = cutAtFour(.stalled)
  #expect(try judged("slow.time-to-target > 20 s", stalled).status == .shown)
  #expect(try judged("slow.time-to-target < 20 s", stalled).status == .refuted)
  #expect(try judged("slow.updates-to-target > 1e6", stalled).status == .shown)
}

/// Whatever was decided stays true when the runs that were cut short go on, each to a time of its own or for ever:
/// 60 studies of two arms, half of whose runs are cut, 8 requirements, 5 ways to go on.
@Test(arguments: 0..<60) func noDecisionIsTakenBackByLongerRuns(trial: Int) throws {
  var draws = Draws(StreamKey(seed: 3, replication: 0, purpose: .data, entity: "cut"), at: UInt64(trial))
  func number() -> Double { draws.uniform() }
  var times: [String: [(time: Double, isReached: Bool)]] = [:]
  for name in ["a", "b"] {
    let level = 2 + 8 * number()
    times[name] = (0..<8).map { _ in (level * (0.5 + number()), number() < 0.5) }
  }
  func made(_ complete: (Double) -> Double?) -> StoredStudy {
    study(
      [arm("a"), arm("b")],
      ["a", "b"].flatMap { name in
        (times[name] ?? []).enumerated().map { place, one in
          run(name, place, reaches: one.isReached ? one.time : complete(one.time), msd: 0.5, endTime: one.time)
        }
      })
  }
  let bound = 1 + 12 * number()
  let claims =
    ["a.time-to-target < \(bound) s", "b.time-to-target >= \(bound) s", "a.time-to-target > \(bound / 4) s"]
    + ["<", ">"].flatMap { sign in
      [
        "a.time-to-target \(sign) \(bound / 6) * b.time-to-target",
        "b.time-to-target / a.time-to-target \(sign) \(bound / 6)",
      ]
    } + ["a.time-to-target - b.time-to-target < \(bound) s"]
  let cut = made { _ in nil }
  for claim in claims {
    let decided = try judged(claim, cut, resamples: 1000)
    guard decided.status == .shown || decided.status == .refuted else { continue }
    for _ in 0..<5 {
      // A target that is never reached is reached beyond all times.
      let longer = try judged(claim, made { $0 * (1 + 4 * number()) + (number() < 0.2 ? 1e9 : 0) }, resamples: 100)
      let holds: Bool =
        switch longer.comparison {
        case .less: longer.left < longer.right
        case .atMost: longer.left <= longer.right
        case .greater: longer.left > longer.right
        case .atLeast: longer.left >= longer.right
        }
      #expect(holds == (decided.status == .shown), "\(claim)")
    }
  }
}

// MARK: - Medians

/// Four of twelve runs reach the target. The median lies below the third time where fewer than three of twelve tosses are
/// heads, which has a probability of 1.9 %; fewer than four are in 7.3 %.
private let mostlyCensored = study(
  [arm("a")], (0..<12).map { run("a", $0, reaches: $0 < 4 ? 100 * Double($0 + 1) : nil, msd: 0.5) })

@Test func aMedianThatWasNotReachedShowsItsLowerEnd() throws {
  let target = try #require(StudySummary(mostlyCensored).arms[0].toTarget)
  #expect(target.medianTime == nil && target.medianAtLeast == 300)
  #expect(target.interval == Interval(lower: 300, upper: .infinity))
  let text = StudySummary(mostlyCensored).text(TerminalStyle(width: 120))
  #expect(text.contains("at least 5 m 00 s (4/12)") && !text.contains(" > "))
}

@Test func allFormatsShowTheLowerEnd() throws {
  let key = try SettingKey("arm", in: mostlyCensored.header)
  let report = try SummaryReport(mostlyCensored, .groups(keys: [key], metrics: [known.metric("time-to-target")]))
  for format in [SummaryFormat.table, .markdown, .latex] {
    #expect(try report.text(format, TerminalStyle(width: 120)).contains("at least 5 m 00 s"), "\(format)")
  }
  // The median itself is empty, its lower end 300 s, its upper end open.
  #expect(try report.text(.csv, TerminalStyle()).contains(",12,,,,,300,inf,"))
  #expect(try report.text(.json, TerminalStyle()).contains("\"median_at_least\":300"))
}

/// Of twelve runs that all go on beyond 600 s the median lies there too, but for a chance of 2⁻¹².
@Test func aMedianOfRunsThatAllGoOnLiesBeyondTheirEnd() throws {
  let none = study([arm("a")], (0..<12).map { run("a", $0, reaches: nil, msd: 0.5) })
  #expect(StudySummary(none).arms[0].toTarget?.interval == Interval(lower: 600, upper: .infinity))
  let few = study([arm("a")], (0..<4).map { run("a", $0, reaches: nil, msd: 0.5) })
  #expect(StudySummary(few).arms[0].toTarget?.interval == nil)
  #expect(StudySummary(few).text(TerminalStyle()).contains("at least 10 m 00 s"))
}

// MARK: - Too few measurements

/// Runs whose last measurement alone is beyond the target may have reached it.
@Test func tooFewMeasurementsAreSaidAndNotTakenForNever() throws {
  let short = study([arm("a")], (0..<10).map { run("a", $0, reaches: nil, msd: 1e-4) })
  let summary = StudySummary(short)
  #expect(summary.arms[0].toTarget?.cutShort == 10)
  #expect(summary.warnings.contains(.cutShort(arm: "a", runs: 10, of: 10, target: "-30 dB")))
  #expect(!summary.warnings.contains { if case .censored = $0 { true } else { false } })
  #expect(summary.verdict.sentence.hasPrefix("a is measured too seldom to tell when it reaches -30 dB and ends at"))
  #expect(try judged("time-to-target > 600 s", short).status == .notDecided)
  #expect(try judged("time-to-target >= 600 s", short).status == .shown)
}
