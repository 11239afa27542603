// SPDX-License-Identifier: GPL-3.0-or-later

/// A mean, or a difference of two, with an interval that holds for skewed values too: Student's, drawn out towards the
/// longer tail (`SkewedPivot`).
///
/// One value, and values that are infinite or not a number, give a mean without bounds and test.
package struct MeanEstimate: Sendable, Equatable {
  package let mean: Double
  /// The bounds; nothing where there is no interval.
  package let low: Double?
  package let high: Double?
  /// The probability of a mean at least this far from zero if the true one is zero; nothing without an interval.
  package let twoSidedP: Double?

  /// The mean of a sample; nothing for an empty one.
  ///
  /// - Parameter level: the confidence level, above 0 and below 1.
  package init?(of values: [Double], level: Double = 0.95) {
    precondition(level > 0 && level < 1, "A confidence level lies between 0 and 1.")
    guard !values.isEmpty else { return nil }
    guard values.count > 1, values.allSatisfy(\.isFinite) else {
      self.init(withoutBounds: values.reduce(0, +) / Double(values.count))
      return
    }
    let moments = SampleCumulants(values)
    self.init(moments.mean, moments.pivot, level: level)
  }

  /// The mean of one sample minus that of another, drawn apart; nothing if one is empty.
  ///
  /// - Parameter level: the confidence level, above 0 and below 1.
  package init?(of first: [Double], minus second: [Double], level: Double = 0.95) {
    precondition(level > 0 && level < 1, "A confidence level lies between 0 and 1.")
    guard let own = MeanEstimate(of: first), let other = MeanEstimate(of: second) else { return nil }
    guard own.low != nil, other.low != nil else {
      self.init(withoutBounds: own.mean - other.mean)
      return
    }
    self.init(
      own.mean - other.mean, SampleCumulants(first).pivot(minus: 1, times: SampleCumulants(second)), level: level)
  }

  private init(_ mean: Double, _ pivot: SkewedPivot, level: Double) {
    guard mean.isFinite, pivot.error.isFinite else {
      self.init(withoutBounds: mean)
      return
    }
    self.mean = mean
    let bounds = pivot.bounds(around: mean, level: level)
    (low, high) = (bounds.low, bounds.high)
    twoSidedP = pivot.twoSidedP(distance: mean)
  }

  private init(withoutBounds mean: Double) {
    self.mean = mean
    (low, high, twoSidedP) = (nil, nil, nil)
  }
}
