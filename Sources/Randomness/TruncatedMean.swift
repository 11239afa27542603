// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// E[min(X, x)] for many bounds x: how long what follows a law lasts in the mean, as far as it lies within x. It is finite
/// where the mean is not. With several draws, how long the longest of them lasts.
///
///     E[min(max(X_1 … X_d), x)] = ∫_0^x 1 − (m + (1 − m) F(t))^d dt
///
/// m is the probability that a draw is missing and lasts no time. The integral is a sum over a geometric grid, from above
/// or from below, so that it is a bound within a tenth.
package struct TruncatedMean {
  package enum Side {
    case below
    case above
  }

  /// The grid begins at this share of the largest bound; what is shorter counts as this long, or as nothing.
  private static let least = 1e-15
  private static let pointsPerDoubling = 8.0

  private let law: Distribution
  private let isConstant: Bool
  /// The share of cases in which any draw is there.
  private let presence: Double
  private let isSingle: Bool
  private let first: Double
  /// The integral up to first · 2^(i / 8).
  private var sums: [Double] = []

  /// - Parameters:
  ///   - law: of values at or above zero.
  ///   - side: on which side of the integral the sum lies.
  ///   - draws: d, of which the longest counts.
  ///   - missing: m.
  ///   - blockedAt: with a rate c, draws that begin one after another at this rate end in their order: each lasts until
  ///     all before it have ended, P(D ≤ t) = F(t) exp(c ∫_t^∞ ln F).
  ///   - bound: the largest x that will be asked for; finite.
  package init(
    of law: Distribution, _ side: Side, longestOf draws: Double = 1, missing: Double = 0, blockedAt rate: Double? = nil,
    upTo bound: Double
  ) {
    self.law = law
    isConstant = law.isConstant
    isSingle = draws == 1 && missing == 0 && rate == nil
    presence = 1 - pow(missing, draws)
    first = max(bound * Self.least, .leastNormalMagnitude)
    guard !isConstant, bound > 0 else { return }
    let count = Int((log2(bound / first) * Self.pointsPerDoubling).rounded(.up)) + 1
    let points = (0..<count).map { first * exp2(Double($0) / Self.pointsPerDoubling) }
    var within = points.map { law.cumulativeProbability($0) }
    if let rate { Self.keepOrder(&within, points, rate) }
    let lasts = within.map { 1 - pow(missing + (1 - missing) * $0, draws) }
    sums.reserveCapacity(count)
    sums.append(side == .above ? first * presence : 0)
    for index in 1..<max(1, count) {
      let width = points[index] - points[index - 1]
      sums.append(sums[index - 1] + width * (side == .above ? lasts[index - 1] : lasts[index]))
    }
  }

  /// Turns the distribution of what lasts X into that of what ends in order.
  private static func keepOrder(_ within: inout [Double], _ points: [Double], _ rate: Double) {
    var exponent = 0.0
    for index in within.indices.reversed() {
      let own = within[index]
      if index + 1 < points.count { exponent += rate * (points[index + 1] - points[index]) * log(own) }
      within[index] = own == 0 ? 0 : own * exp(exponent)
    }
  }

  /// E[min(X, x)], at most for a bound that was announced.
  package func callAsFunction(_ bound: Double) -> Double {
    if isConstant { return presence * min(law.mean, bound) }
    if bound <= 0 { return 0 }
    // Where nothing to speak of lies beyond the bound the mean is known exactly.
    if isSingle, law.cumulativeProbability(bound) > 1 - 1e-9 { return law.mean }
    let position = log2(bound / first) * Self.pointsPerDoubling
    guard position > 0, let last = sums.last else { return min(bound, first) * presence }
    let index = min(Int(position), sums.count - 1)
    guard index + 1 < sums.count else { return last }
    // Between two points the sum grows as the bound does, not as its logarithm.
    let share =
      (exp2((position - Double(index)) / Self.pointsPerDoubling) - 1) / (exp2(1 / Self.pointsPerDoubling) - 1)
    return sums[index] + share * (sums[index + 1] - sums[index])
  }
}

extension Distribution {
  /// E[min(X, x)], or a little less: how long what follows the law lasts within a time.
  package func mean(within bound: Double) -> Double { TruncatedMean(of: self, .below, upTo: bound)(bound) }
}
