// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// The ratio of the means of two arms whose values are not negative, with an interval of 95 % and a test of one pivot.
///
/// A ratio r is compatible with the runs if the mean of x - r y does not differ from zero: by Student's paired test
/// where the arms are paired, else by Welch's, either corrected for skewness (`SkewedPivot`). So the interval leaves
/// out one just where the p-value here is below 5 %; whoever holds that against an exact test of so few values
/// (`SmallestP`), as of five pairs or fewer, may have to call it larger. Arms that differ in nothing but their draws
/// have differences without skewness, and there the test keeps its level however long their tails are.
///
/// Source: Fieller, "Some problems in interval estimation", 1954.
package struct RatioOfMeans: Sendable, Equatable {
  /// First over second.
  package let ratio: Double
  /// The lower bound, 0 where it is open; nothing where an arm has a single value.
  package let low: Double?
  /// The upper bound, ∞ where it is open: where the second mean is not known to be above zero.
  package let high: Double?
  /// The probability of means at least this far apart if the true ones are equal; nothing without an interval.
  package let twoSidedP: Double?

  /// The ratio of paired values; nothing where a mean is zero or not finite.
  ///
  /// - Parameters:
  ///   - first: the values of one arm.
  ///   - second: those of the other, on the same seeds in the same order.
  package init?(paired first: [Double], with second: [Double]) {
    precondition(first.count == second.count, "Paired values come in equal numbers.")
    var differences = first
    let quantile = SkewedPivot.quantile(Double(max(2, first.count) - 1))
    self.init(first, second) { ratio in
      for index in first.indices { differences[index] = first[index] - ratio * second[index] }
      return SampleCumulants(differences).pivot(quantile: quantile)
    }
  }

  /// The ratio of values that were drawn apart; nothing where a mean is zero or not finite.
  package init?(of first: [Double], over second: [Double]) {
    let (own, other) = (SampleCumulants(first), SampleCumulants(second))
    self.init(first, second) { own.pivot(minus: $0, times: other) }
  }

  /// - Parameter pivot: of the mean of the first minus so many times that of the second.
  private init?(_ first: [Double], _ second: [Double], pivot: (Double) -> SkewedPivot) {
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let (own, other) = (SampleCumulants(first).mean, SampleCumulants(second).mean)
    let ratio = own / other
    guard own > 0, other > 0, ratio.isFinite, ratio > 0 else { return nil }
    self.ratio = ratio
    guard first.count > 1, second.count > 1, pivot(1).error.isFinite else {
      (low, high, twoSidedP) = (nil, nil, nil)
      return
    }
    func isCompatible(_ value: Double) -> Bool { pivot(value).isCompatible(distance: own - value * other) }
    // At the ratio itself the distance is one of rounding; what it is divided by says how far to look at first.
    let step = max(1e-12, pivot(ratio).error / own)
    low = end(of: ratio, step: -step, while: isCompatible)
    high = end(of: ratio, step: step, while: isCompatible)
    twoSidedP = pivot(1).twoSidedP(distance: own - other)
  }
}

/// How far up or down, in steps of the logarithm, values are compatible; 0 or ∞ where there is no end to it.
private func end(of ratio: Double, step: Double, while isCompatible: (Double) -> Bool) -> Double {
  var (inside, outside) = (0.0, step)
  while isCompatible(ratio * exp(outside)) {
    (inside, outside) = (outside, 2 * outside)
    // Beyond a factor of e³⁰ nothing is known.
    if abs(outside) > 30 { return step < 0 ? 0 : .infinity }
  }
  while abs(outside - inside) > 1e-9 * abs(outside) {
    let middle = (inside + outside) / 2
    if isCompatible(ratio * exp(middle)) { inside = middle } else { outside = middle }
  }
  return ratio * exp(inside)
}
