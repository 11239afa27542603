// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results

/// What the study says in one sentence, and what that sentence does not prove.
package struct Verdict: Sendable, Codable, Equatable {
  package let sentence: String
  /// Nothing, or why the sentence alone is not a finding.
  package let remark: String?
  /// The arms that the sentence compares, the one it is about first.
  package let arms: [String]
}

extension Verdict {
  init(
    header: StudyHeader, arms: [ArmSummary], comparisons: [Comparison], family: TestFamily, matched: MatchedStudy?,
    metric: MetricDefinition
  ) {
    let words = VerdictWords(header: header, family: family, metric: metric)
    let writer = VerdictWriter(
      header: header, arms: arms, comparisons: comparisons, matched: matched, metric: metric, words: words)
    self = writer.write()
  }
}

/// Chooses which two arms the verdict is about.
struct VerdictWriter {
  let header: StudyHeader
  let arms: [ArmSummary]
  let comparisons: [Comparison]
  let matched: MatchedStudy?
  let metric: MetricDefinition
  let words: VerdictWords

  func write() -> Verdict {
    let present = arms.filter { $0.runs > 0 }
    guard let first = present.first else {
      return Verdict(sentence: "no run has finished, so there is nothing to say.", remark: nil, arms: [])
    }
    guard present.count > 1 else { return Verdict(sentence: words.alone(first), remark: nil, arms: [first.name]) }
    if header.isFork { return ofBranches() }
    let base = present.first { $0.name == matched?.reference } ?? first
    if let verdict = matched.flatMap({ atEqualError($0, base, among: present) }) { return verdict }
    guard header.target != nil else { return byFinals(present, base) }
    let ranked = present.sorted { rank($0) < rank($1) }
    guard let soonest = ranked.first, soonest.toTarget?.reached ?? 0 > 0 else {
      let horizon = header.arms.map(\.until).max() ?? 0
      let isOpen = present.contains { $0.toTarget?.cutShort != nil }
      let preface =
        isOpen
        ? "the arms are measured too seldom to tell when they reach \(header.targetPhrase); "
        : "no arm reaches \(header.targetPhrase) within \(humanDuration(horizon)); "
      return byFinals(present, base, preface: preface)
    }
    return byTime(soonest, soonest.name == base.name ? ranked[1] : base, ranked: ranked)
  }

  private func rank(_ arm: ArmSummary) -> (Int, Double) { arm.toTarget?.rank ?? ArmSummary.ToTarget.last }

  // MARK: - At equal error

  /// Nothing if no arm could be matched, or if there is no target: then the plain verdict has to do.
  private func atEqualError(_ study: MatchedStudy, _ base: ArmSummary, among present: [ArmSummary]) -> Verdict? {
    let compared = study.comparable.filter { arm in present.contains { $0.name == arm.name } }
    guard header.target != nil, !compared.isEmpty else { return nil }
    let clauses = compared.compactMap { arm in
      comparisons.comparison(arm.name, with: base.name).map { words.atEqualError($0) }
    }
    let level = base.final(study.metric)?.decibels ?? study.level
    let left = study.arms.compactMap { arm in arm.reason.map { "\(arm.name) is not compared: \($0)" } }
    // What equal means: the margin within which the reported runs show it for all of these arms.
    let margins = compared.compactMap(\.equivalentWithin)
    let margin = margins.count == compared.count ? margins.max().map { ", to within \(humanDecibels($0))" } : nil
    let sentence =
      "at equal final \(header.metric(study.metric).title) (\(humanDecibels(level))\(margin ?? "")), "
      + (clauses + left).joined(separator: "; ") + "."
    return Verdict(sentence: sentence, remark: nil, arms: compared.map(\.name) + [base.name])
  }

  // MARK: - Of a fork

  /// What is shown of each branch against the run as it was, in the order of the branches.
  private func ofBranches() -> Verdict {
    let clauses = comparisons.compactMap { comparison -> String? in
      guard let branch = arms.first(where: { $0.name == comparison.arm }),
        let origin = arms.first(where: { $0.name == comparison.other })
      else { return nil }
      return words.branch(branch, origin, comparison)
    }
    guard !clauses.isEmpty else {
      return Verdict(
        sentence: "no branch can be compared with the run as it was: one of the two has no run.", remark: nil, arms: [])
    }
    let names = comparisons.flatMap { [$0.arm, $0.other] }
    return Verdict(
      sentence: clauses.joined(separator: "; ") + ".", remark: nil,
      arms: names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }.map(\.element))
  }

  // MARK: - By time

  private func byTime(_ arm: ArmSummary, _ opponent: ArmSummary, ranked: [ArmSummary]) -> Verdict {
    guard let comparison = comparisons.comparison(arm.name, with: opponent.name) else {
      return byFinals(ranked, opponent)
    }
    // Where runs spent a budget, means up to its end may order two arms the other way.
    if let time = comparison.time, time.isShown, time.ratio < 1 { return byTime(opponent, arm, ranked: ranked) }
    var sentence = words.time(arm, opponent, comparison)
    let ending = words.final(comparison)
    if let next = ranked.dropFirst().first, next.name != opponent.name,
      let time = comparisons.comparison(arm.name, with: next.name)?.time, time.isSooner
    {
      sentence += ", \(words.factor(time.ratio, time.interval)) sooner than the next (\(next.name))"
      if ending.hasPrefix(" and") { sentence += "," }
    }
    let isTraded = (comparison.time?.isSooner ?? false) && (comparison.final?.isWorse ?? false)
    let worse = metric.sense == .more ? "lower" : "higher"
    let trade =
      metric.scale == .decibels
      ? "Sooner but less accurate alone proves nothing: a larger step size does the same."
      : "Sooner with a \(worse) \(metric.title) in the end alone proves nothing: larger step sizes may do the same."
    let remark = isTraded ? trade : nil
    return Verdict(sentence: sentence + ending + ".", remark: remark, arms: [arm.name, opponent.name])
  }

  // MARK: - By final error

  private func byFinals(_ present: [ArmSummary], _ base: ArmSummary, preface: String = "") -> Verdict {
    let ranked = present.sorted { finalLevel($0) < finalLevel($1) }
    let best = ranked[0]
    let opponent = best.name == base.name ? ranked[1] : base
    let clause = words.finals(best, opponent, comparisons.comparison(best.name, with: opponent.name))
    return Verdict(sentence: preface + clause + ".", remark: nil, arms: [best.name, opponent.name])
  }

  private func finalLevel(_ arm: ArmSummary) -> Double {
    arm.final(metric.name)?.rank ?? .infinity
  }
}
