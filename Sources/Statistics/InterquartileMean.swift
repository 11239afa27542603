// SPDX-License-Identifier: GPL-3.0-or-later

/// The mean of the middle half of values that come in clusters, such as those of the agents of one run, with an
/// interval of 95 % over clusters: values of one cluster are no independent sample.
///
/// ⌊N / 4⌋ of N values are dropped at each end. The variance is that of the clusters' sums of values clipped to what is
/// kept, with the degrees of freedom of clusters of one value each, which is the method of Tukey and McLaughlin there and
/// errs on the safe side for larger ones. The skewness is that of the clusters' means before clipping, which hides the
/// tail.
///
/// Source: Tukey and McLaughlin, "Less vulnerable confidence and significance procedures for location based on a single
/// sample: trimming/Winsorization 1", 1963.
package struct InterquartileMean: Sendable, Equatable {
  /// The mean of the middle half; nothing where -∞ and ∞ meet.
  package let mean: Double?
  /// The bounds; nothing for fewer than six clusters, of which too few are kept, and where the middle half is not finite.
  package let low: Double?
  package let high: Double?

  /// Nothing without values, for an empty cluster, and if a value is not a number.
  package init?(clusters: [[Double]]) {
    let sorted = clusters.flatMap { $0 }.sorted()
    guard !sorted.isEmpty, !clusters.contains(where: \.isEmpty), !sorted.contains(where: \.isNaN) else { return nil }
    let dropped = sorted.count / 4
    let middle = sorted[dropped..<sorted.count - dropped]
    guard let least = middle.first, let most = middle.last, least.isFinite, most.isFinite, clusters.count >= 6 else {
      mean = defined(SampleCumulants(middle).mean)
      (low, high) = (nil, nil)
      return
    }
    let mean = SampleCumulants(middle).mean
    self.mean = mean
    let clipped = SampleCumulants(sorted.map { min(max($0, least), most) }).mean
    let scale = Double(clusters.count) / Double(middle.count)
    let influences = clusters.map { cluster in
      scale * cluster.reduce(0) { $0 + min(max($1, least), most) - clipped }
    }
    let raw = clusters.map { $0.reduce(0, +) / Double($0.count) }
    let shape = SampleCumulants(raw.allSatisfy(\.isFinite) ? raw : influences)
    let count = Double(clusters.count)
    let kept = Double(clusters.count - 2 * (clusters.count / 4))
    let inflation = (count - 1) * kept / (count * (kept - 1))
    let pivot = SkewedPivot(
      error: SampleCumulants(influences).pivot.error * inflation.squareRoot(), skewness: shape.pivot.skewness,
      degreesOfFreedom: kept - 1)
    (low, high) = pivot.bounds(around: mean)
  }
}
