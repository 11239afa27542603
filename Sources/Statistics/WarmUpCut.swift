// SPDX-License-Identifier: GPL-3.0-or-later

/// How much of the start of a series to leave out so that the rest says most of its steady state: MSER-5.
///
/// Of the means z of batches of five values, those before d are left out, where d makes
/// Σ (zᵢ - z̄)² / (number kept)² smallest; at most half of them, and the fewest where several do. An incomplete last
/// batch is left out too.
///
/// Source: White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation", Winter
/// Simulation Conference 2000; Spratt, "An evaluation of contemporary heuristics for the startup problem", 1998.
package struct WarmUpCut: Sendable, Equatable {
  /// The number of values in each batch.
  package let batchSize: Int
  /// The number of whole batches.
  package let batches: Int
  /// How many of them are left out.
  package let cutBatches: Int
  /// The sum of squares of the kept batch means over the square of their number.
  package let statistic: Double
  /// The mean of the kept whole batches.
  package let mean: Double

  /// How many values at the start are left out.
  package var cutValues: Int { cutBatches * batchSize }
  /// Whether as much was left out as may be: then the series is too short to trust the cut.
  package var isAtLimit: Bool { cutBatches == batches / 2 }

  /// The cut of a series; nothing if it is shorter than a batch, or if a value is infinite or not a number.
  ///
  /// - Complexity: O(n).
  package init?(of series: [Double], batchSize: Int = 5) {
    precondition(batchSize > 0, "A batch has values.")
    guard series.count >= batchSize, series.allSatisfy(\.isFinite) else { return nil }
    let means = batchMeans(series[...], batchSize: batchSize)
    // From the end on, mean and sum of squares of what is kept are brought up to date (Welford, 1962).
    var mean = 0.0
    var squares = 0.0
    var best = (cut: 0, statistic: Double.infinity, mean: Double.nan)
    for (index, batch) in means.enumerated().reversed() {
      let kept = Double(means.count - index)
      let step = batch - mean
      mean += step / kept
      squares += step * (batch - mean)
      let statistic = squares / (kept * kept)
      if index <= means.count / 2, statistic <= best.statistic { best = (index, statistic, mean) }
    }
    guard best.mean.isFinite else { return nil }
    self.batchSize = batchSize
    batches = means.count
    cutBatches = best.cut
    statistic = best.statistic
    self.mean = best.mean
  }
}

/// The means of neighbouring batches, without an incomplete last one.
///
/// Each is a value plus the mean difference to it, so that equal values have that very value as their mean.
func batchMeans(_ series: ArraySlice<Double>, batchSize: Int) -> [Double] {
  (0..<series.count / batchSize).map { batch in
    let start = series.startIndex + batch * batchSize
    let origin = series[start]
    return origin + series[start..<start + batchSize].reduce(0) { $0 + ($1 - origin) } / Double(batchSize)
  }
}
