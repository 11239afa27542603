// SPDX-License-Identifier: GPL-3.0-or-later

/// A mean, or a difference of two, with an interval of 95 % that holds for skewed values too: Student's, drawn
/// out towards the longer tail (`SkewedPivot`).
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
  package init?(of values: [Double]) {
    guard !values.isEmpty else { return nil }
    guard values.count > 1, values.allSatisfy(\.isFinite) else {
      self.init(values.reduce(0, +) / Double(values.count), nil)
      return
    }
    let moments = SampleCumulants(values)
    self.init(moments.mean, moments.pivot)
  }

  /// The mean of one sample minus that of another, drawn apart; nothing if one is empty.
  package init?(of first: [Double], minus second: [Double]) {
    guard let own = MeanEstimate(of: first), let other = MeanEstimate(of: second) else { return nil }
    guard own.low != nil, other.low != nil else {
      self.init(own.mean - other.mean, nil)
      return
    }
    self.init(
      own.mean - other.mean, SampleCumulants(first).pivot(minus: 1, times: SampleCumulants(second)))
  }

  private init(_ mean: Double, _ pivot: SkewedPivot?) {
    self.mean = mean
    guard let pivot, mean.isFinite, pivot.error.isFinite else {
      (low, high, twoSidedP) = (nil, nil, nil)
      return
    }
    let bounds = pivot.bounds(around: mean)
    (low, high) = (bounds.low, bounds.high)
    twoSidedP = pivot.twoSidedP(distance: mean)
  }
}
