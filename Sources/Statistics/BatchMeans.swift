// SPDX-License-Identifier: GPL-3.0-or-later

/// The mean of a steady series with an interval: the means of long batches are almost independent.
///
/// The warm-up is to be left out before (`WarmUpCut`). What does not fill the batches is left out at the start.
///
/// Source: Law, "Simulation modeling and analysis", 2015, section 9.5.3.
package struct BatchMeans: Sendable, Equatable {
  /// The number of values in each batch.
  package let batchSize: Int
  /// The mean of the batches with Student's interval.
  package let interval: TInterval
  /// How much neighbouring batches resemble each other; above about 0.2 the batches are too short and the interval is
  /// too narrow. Nothing if all batches are equal.
  package let lag1Autocorrelation: Double?

  /// The number of batches.
  package var batches: Int { interval.count }

  /// The interval from a series; nothing with fewer values than batches, and if a value is infinite or not a number.
  ///
  /// - Parameters:
  ///   - series: values in the order of time.
  ///   - batches: at least two.
  ///   - level: the confidence level, above 0 and below 1.
  package init?(of series: [Double], batches: Int = 20, level: Double = 0.95) {
    precondition(batches > 1, "An interval needs two batches.")
    guard series.count >= batches, series.allSatisfy(\.isFinite) else { return nil }
    let size = series.count / batches
    let means = batchMeans(series.suffix(size * batches), batchSize: size)
    guard let interval = TInterval(of: means, level: level) else { return nil }
    batchSize = size
    self.interval = interval
    lag1Autocorrelation = Autocorrelation(of: means, upTo: 1)?.coefficients[1]
  }
}
