// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Results
import Statistics

/// How the parts of a verdict are worded: sooner, better and worse are said only of what the family of tests shows.
struct VerdictWords {
  let header: StudyHeader
  let family: TestFamily
  let metric: MetricDefinition

  private var target: String { header.targetPhrase }

  // MARK: - One arm

  func alone(_ arm: ArmSummary) -> String {
    var parts: [String] = []
    if let aim = arm.toTarget {
      parts.append(aim.deed(target))
    }
    if let deed = arm.final(metric.name)?.deed {
      parts.append(deed)
    } else if arm.nobodyUp > 0 {
      parts.append("ends with nobody up (\(arm.nobodyUp) of \(counted(arm.runs, "run")))")
    }
    return "\(arm.name) \(parts.isEmpty ? "has run" : parts.joined(separator: " and "))."
  }

  // MARK: - Time

  func time(_ arm: ArmSummary, _ opponent: ArmSummary, _ comparison: Comparison) -> String {
    if let aim = opponent.toTarget, aim.reached == 0, aim.cutShort == nil, let own = arm.toTarget {
      return "\(arm.name) reaches \(target) in \(own.reached) of \(counted(own.runs, "run")), \(opponent.name) in none "
        + "of \(aim.runs) within \(humanDuration(aim.restrictedTo))"
    }
    guard let time = comparison.time else {
      return "\(arm.name) and \(opponent.name) cannot be compared by their time to \(target)"
    }
    guard time.isSooner else {
      return "no difference shown between \(arm.name) and \(opponent.name) in the time to \(target) "
        + "(\(unseen(time, comparison)))"
    }
    return "\(arm.name) reaches \(target) \(factor(time.ratio, time.interval)) sooner than \(opponent.name)"
      + basis(time) + " (\(evidence(time, comparison)))"
  }

  /// To what times are restricted, where runs never reached the target.
  private func basis(_ time: Comparison.Time) -> String {
    time.restrictedTo.map { " by the mean of the first \(humanDuration($0)) of both arms' runs" } ?? ""
  }

  private func evidence(_ time: Comparison.Time, _ comparison: Comparison) -> String {
    if time.isExact ?? false { return "nothing in the two is random" }
    guard let sooner = time.soonerPairs else { return "unpaired, Welch's test" }
    return "\(sooner) of \(counted(comparison.pairs, "pair"))"
  }

  private func unseen(_ time: Comparison.Time, _ comparison: Comparison) -> String {
    let ratio = "ratio \(factor(time.ratio, time.interval))\(basis(time))\(comparison.isPaired ? "" : ", unpaired")"
    if time.isExact ?? false {
      return time.isEqual ? "the same in every run" : "\(ratio); nothing in the two is random"
    }
    guard let interval = time.interval else { return "\(ratio) in one pair, which shows nothing" }
    if interval.upper - interval.lower < 0.0005, time.isEqual { return "the same in every pair" }
    if let pairs = tooFew(comparison) { return "\(ratio); \(pairs)" }
    let visible = exp(detectable(halfWidth: log(interval.upper / interval.lower) / 2, comparison))
    // Where few pairs differ, more than that may be there and not shown.
    guard visible.isFinite, visible > max(time.ratio, 1 / time.ratio) else {
      return "\(ratio); too few runs to tell"
    }
    return "\(ratio); a factor of \(told(visible, from: 1)) would have been seen"
  }

  /// A number that is near another one, with so many digits that it is told from that one.
  private func told(_ value: Double, from other: Double) -> String {
    let digits = (1 - log10(abs(value - other))).rounded(.down)
    return digits > 2 && digits < 16 ? String(format: "%.\(Int(digits))f", value) : trimmed(value)
  }

  /// What four of five such studies would have shown.
  private func detectable(halfWidth: Double, _ comparison: Comparison) -> Double {
    detectableDifference(
      halfWidth: halfWidth, degreesOfFreedom: Double(max(1, comparison.degreesOfFreedom)), tests: family.tests)
  }

  /// Nothing, or that so few pairs cannot show anything, however large, and how many of them could.
  private func tooFew(_ comparison: Comparison) -> String? {
    func canShow(_ pairs: Int) -> Bool { SmallestP.paired(pairs) * Double(family.tests) < significanceLevel }
    guard comparison.isPaired, !canShow(comparison.pairs) else { return nil }
    let enough = (comparison.pairs...).first(where: canShow).map { ", \($0) would do" } ?? ""
    let pairs = comparison.pairs
    return "\(counted(pairs, "pair")) \(pairs == 1 ? "is" : "are") too few to show any\(enough)"
  }

  // MARK: - Final error

  /// How the arm ends, as the last part of a sentence about time.
  func final(_ comparison: Comparison) -> String {
    let title = metric.title
    guard let final = comparison.final else {
      return ", but the final \(title) of the two cannot be compared"
    }
    guard final.isShown else { return "; no difference shown in final \(title)" + unseen(final, comparison) }
    // After a clause that names no winner the arm has to be named again.
    let start = comparison.time?.isSooner ?? false ? " and" : "; \(comparison.arm)"
    let place = final.isRatio ? "" : " in final \(title)"
    return "\(start) \(final.clause) than \(comparison.other)\(place)"
  }

  /// How the best arm ends, as a sentence of its own.
  func finals(_ best: ArmSummary, _ opponent: ArmSummary, _ comparison: Comparison?) -> String {
    let title = metric.title
    guard let comparison, let final = comparison.final else {
      let levels = [best, opponent].compactMap { $0.final(metric.name)?.mean }
      if levels.count == 2, metric.scale == .decibels, levels.allSatisfy({ $0 <= roundingLevel }) {
        return "\(best.name) and \(opponent.name) both end with a \(title) that is zero to rounding"
      }
      return "the final \(title) of \(best.name) and \(opponent.name) cannot be compared"
    }
    guard final.isShown else {
      return "no difference shown between \(best.name) and \(opponent.name) in final \(title)"
        + unseen(final, comparison)
    }
    return "\(best.name) \(final.clause) than \(opponent.name) in final \(title)"
  }

  private func unseen(_ final: Comparison.Final, _ comparison: Comparison) -> String {
    if final.isToRounding ?? false { return " (one of the two is zero to rounding)" }
    if final.isExact ?? false { return " (the same in every run)" }
    guard let interval = final.deficitInterval else { return " (one pair shows nothing)" }
    let halfWidth = (interval.upper - interval.lower) / 2
    if halfWidth <= final.rounding, final.isEqual {
      if halfWidth > 0 || final.deficit != 0 { return " (the same to 0.01 dB)" }
      return comparison.isPaired ? " (the same in every pair)" : " (the same in every run)"
    }
    if let pairs = tooFew(comparison) { return " (\(pairs))" }
    let visible = detectable(halfWidth: halfWidth, comparison)
    let isKnown = visible.isFinite && visible > abs(final.deficit)
    let difference = final.isRatio ? "" : "a difference of "
    let size = !final.isRatio || visible >= 0.01 ? final.sizeText(visible) : told(visible, from: 0) + " dB"
    return isKnown ? " (\(difference)\(size) would have been seen)" : " (too few runs to tell)"
  }

  // MARK: - Forks

  /// How a branch ends, and when it reaches the target if that is shown to differ, against the run as it was.
  func branch(_ branch: ArmSummary, _ origin: ArmSummary, _ comparison: Comparison) -> String {
    let ending = finals(branch, origin, comparison)
    guard let difference = comparison.time, difference.isShown else { return ending }
    let time =
      difference.isSooner
      ? self.time(branch, origin, comparison)
      : "\(branch.name) reaches \(target) \(factor(1 / difference.ratio, difference.interval?.reciprocal)) later than "
        + "\(origin.name)\(basis(difference))"
    return ending + ", and " + time
  }

  // MARK: - At equal error

  /// An arm against the reference, both of which end equally accurate.
  func atEqualError(_ comparison: Comparison) -> String {
    guard let time = comparison.time else {
      return "\(comparison.arm) and \(comparison.other) cannot be compared by their time to \(target)"
    }
    let cost = costs(comparison).map { ", with \($0)" } ?? ""
    if time.isShown {
      let (ratio, interval, word) =
        time.ratio > 1
        ? (time.ratio, time.interval, "sooner") : (1 / time.ratio, time.interval?.reciprocal, "later")
      return "\(comparison.arm) reaches \(target) \(factor(ratio, interval)) \(word) than \(comparison.other)"
        + "\(basis(time))\(cost)"
    }
    return "no difference shown between \(comparison.arm) and \(comparison.other) in the time to \(target) "
      + "(\(unseen(time, comparison)))\(cost)"
  }

  /// `2.1x [2.0, 2.2] the updates and samples and 2.3x [2.2, 2.4] the bytes`; equal ratios are said once.
  func costs(_ comparison: Comparison) -> String? {
    var parts: [(ratio: String, names: [String])] = []
    for cost in comparison.costs {
      let ratio = factor(cost.ratio, cost.interval)
      if let last = parts.indices.last, parts[last].ratio == ratio {
        parts[last].names.append(cost.metric)
      } else {
        parts.append((ratio, [cost.metric]))
      }
    }
    guard !parts.isEmpty else { return nil }
    return listed(parts.map { "\($0.ratio) the \(listed($0.names))" })
  }

  func factor(_ ratio: Double, _ interval: Interval?) -> String {
    let text = humanRatio(ratio, interval)
    return text.interval.isEmpty ? text.ratio : "\(text.ratio) \(text.interval)"
  }
}

/// `a`, `a and b`, `a, b and c`.
package func listed(_ parts: [String]) -> String {
  guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
  return parts.dropLast().joined(separator: ", ") + " and " + last
}
