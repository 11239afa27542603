// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
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
  init(header: StudyHeader, arms: [ArmSummary], comparisons: [Comparison], metric: String) {
    let writer = VerdictWriter(header: header, arms: arms, comparisons: comparisons, metric: metric)
    self = writer.write()
  }
}

/// Chooses which two arms the verdict is about, and words it.
struct VerdictWriter {
  let header: StudyHeader
  let arms: [ArmSummary]
  let comparisons: [Comparison]
  let metric: String

  func write() -> Verdict {
    let present = arms.filter { $0.runs > 0 }
    guard let first = present.first else {
      return Verdict(sentence: "no run has finished, so there is nothing to say.", remark: nil, arms: [])
    }
    guard present.count > 1 else { return alone(first) }
    guard header.target != nil else { return byFinals(present) }
    let ranked = present.sorted { rank($0) < rank($1) }
    guard let soonest = ranked.first, soonest.toTarget?.reached ?? 0 > 0 else {
      let horizon = header.arms.map(\.until).max() ?? 0
      return byFinals(present, preface: "no arm reaches \(targetText) within \(humanDuration(horizon)); ")
    }
    let opponent = soonest.name == first.name ? ranked[1] : first
    return byTime(soonest, opponent, ranked: ranked)
  }

  private func rank(_ arm: ArmSummary) -> Double {
    guard let target = arm.toTarget, target.reached > 0 else { return .infinity }
    return target.medianTime ?? target.restrictedTo + target.restrictedMean
  }

  // MARK: - One arm

  private func alone(_ arm: ArmSummary) -> Verdict {
    var parts: [String] = []
    if let target = arm.toTarget {
      let count = "in \(target.reached) of \(target.runs) \(target.runs == 1 ? "run" : "runs")"
      if let median = target.medianTime {
        let interval = target.interval.map { " " + humanDurations($0) } ?? ""
        parts.append("reaches \(targetText) in \(humanDuration(median))\(interval) (\(count))")
      } else if target.reached == 0 {
        parts.append("does not reach \(targetText) within \(humanDuration(target.restrictedTo))")
      } else {
        parts.append("reaches \(targetText) only \(count)")
      }
    }
    if let final = arm.final(metric), let level = final.decibels {
      let interval = final.decibelsInterval.map { " " + humanInterval($0) } ?? ""
      let ending = level.isFinite ? "ends at \(metricTitle(metric)) \(humanDecibels(level))\(interval)" : "diverges"
      parts.append(ending)
    }
    return Verdict(sentence: "\(arm.name) \(parts.joined(separator: " and ")).", remark: nil, arms: [arm.name])
  }

  // MARK: - By time

  private func byTime(_ arm: ArmSummary, _ opponent: ArmSummary, ranked: [ArmSummary]) -> Verdict {
    guard let comparison = comparisons.comparison(arm.name, with: opponent.name) else {
      return byFinals(ranked)
    }
    var sentence = timeClause(arm, opponent, comparison)
    let ending = finalClause(comparison, than: ranked.count > 2 ? opponent.name : nil)
    if let next = ranked.dropFirst().first, next.name != opponent.name,
      let time = comparisons.comparison(arm.name, with: next.name)?.time, time.isSooner
    {
      sentence += ", \(factor(time.ratio))\(intervalText(time.interval)) sooner than the next (\(next.name))"
      if ending.hasPrefix(" and") { sentence += "," }
    }
    sentence += ending
    let isWorse = comparison.final?.decibelsInterval.map { $0.lower > 0 } ?? false
    let isSooner = comparison.time?.isSooner ?? false
    let remark =
      isSooner && isWorse
      ? "Sooner but less accurate alone proves nothing: a larger step size does the same." : nil
    return Verdict(sentence: sentence + ".", remark: remark, arms: [arm.name, opponent.name])
  }

  private func timeClause(_ arm: ArmSummary, _ opponent: ArmSummary, _ comparison: Comparison) -> String {
    let pairs = comparison.pairs
    if let target = opponent.toTarget, target.reached == 0, let own = arm.toTarget {
      return "\(arm.name) reaches \(targetText) in \(own.reached) of \(own.runs) runs, \(opponent.name) in none of "
        + "\(target.runs) within \(humanDuration(target.restrictedTo))"
    }
    guard let time = comparison.time else {
      return "\(arm.name) and \(opponent.name) cannot be compared by their time to \(targetText)"
    }
    guard time.isSooner || time.interval == nil else {
      let visible = time.interval.map { smallestVisibleFactor($0) } ?? 1
      let detail =
        !visible.isFinite
        ? "too few runs reached it to tell"
        : visible > 1.0005
          ? "ratio \(factor(time.ratio))\(intervalText(time.interval)); a factor of \(trimmed(visible)) would have "
            + "been seen"
          : "the same in every pair"
      return "no difference shown between \(arm.name) and \(opponent.name) in the time to \(targetText) (\(detail))"
    }
    let basis =
      time.basis == .median ? "" : " in mean time restricted to \(humanDuration(arm.toTarget?.restrictedTo ?? 0))"
    return "\(arm.name) reaches \(targetText) \(factor(time.ratio))\(intervalText(time.interval)) sooner than "
      + "\(opponent.name)\(basis) (\(time.soonerPairs) of \(pairs) \(pairs == 1 ? "pair" : "pairs"))"
  }

  // MARK: - By final error

  private func byFinals(_ present: [ArmSummary], preface: String = "") -> Verdict {
    let ranked = present.sorted { finalLevel($0) < finalLevel($1) }
    let best = ranked[0]
    let opponent = best.name == present[0].name ? ranked[1] : present[0]
    guard let comparison = comparisons.comparison(best.name, with: opponent.name), let final = comparison.final else {
      let names = "\(best.name) and \(opponent.name)"
      let sentence = "\(preface)the final \(metricTitle(metric)) of \(names) cannot be compared."
      return Verdict(sentence: sentence, remark: nil, arms: [best.name, opponent.name])
    }
    let clause: String
    if let interval = final.decibelsInterval, interval.contains(0) {
      clause =
        "no difference shown between \(best.name) and \(opponent.name) in final \(metricTitle(metric))"
        + visibleDecibels(interval)
    } else {
      clause = "\(best.name) ends \(level(final)) better than \(opponent.name) in final \(metricTitle(metric))"
    }
    return Verdict(sentence: preface + clause + ".", remark: nil, arms: [best.name, opponent.name])
  }

  private func finalLevel(_ arm: ArmSummary) -> Double {
    guard let mean = arm.final(metric)?.mean, mean.isFinite else { return .infinity }
    return mean
  }

  /// How the arm ends, as the last part of a sentence about time.
  private func finalClause(_ comparison: Comparison, than other: String?) -> String {
    guard let final = comparison.final else { return ", but their final \(metricTitle(metric)) cannot be compared" }
    if let interval = final.decibelsInterval, interval.contains(0) {
      return "; no difference shown in final \(metricTitle(metric))" + visibleDecibels(interval)
    }
    let than = other.map { " than \($0)" } ?? ""
    return " and ends \(level(final)) \(final.decibels > 0 ? "worse" : "better")\(than)"
  }

  // MARK: - Words

  private var targetText: String { header.target.map(targetTitle) ?? "the target" }

  /// `0.5 dB [0.3, 0.7]` without signs: the sentence says better or worse.
  private func level(_ final: Comparison.Final) -> String {
    let bounds = final.decibelsInterval.map { final.decibels > 0 ? $0 : $0.negated }
    return humanDecibels(abs(final.decibels)) + intervalText(bounds)
  }

  private func visibleDecibels(_ interval: Interval) -> String {
    let visible = shareOfVisible * (interval.upper - interval.lower) / 2
    return visible < 0.005
      ? " (the same in every pair)" : " (\(humanDecibels(visible)) would have been seen)"
  }

  private func smallestVisibleFactor(_ interval: Interval) -> Double {
    exp(shareOfVisible * log(interval.upper / interval.lower) / 2)
  }

  private func factor(_ ratio: Double) -> String { trimmed(ratio) + "x" }

  private func intervalText(_ interval: Interval?) -> String {
    interval.map { " [\(trimmed($0.lower)), \(trimmed($0.upper))]" } ?? ""
  }
}

extension Comparison.Time {
  /// Whether the interval leaves no doubt that this arm is the sooner one.
  var isSooner: Bool { interval.map { $0.lower > 1 } ?? (ratio > 1) }
}

/// Half of a 95 % interval times this is the difference that four of five such studies would show:
/// (z₀.₉₇₅ + z₀.₈₀) / z₀.₉₇₅ with normal quantiles z.
private let shareOfVisible = (1.959964 + 0.841621) / 1.959964
