// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// A sample in ascending order, ready for quantiles.
///
/// Infinite values take their place in the order. A quantile between a finite and an infinite value is infinite.
package struct SortedSample: Sendable, Equatable {
  /// The values, the smallest first.
  package let values: [Double]

  /// Sorts a sample; nothing if it is empty or a value is not a number.
  package init?(_ values: [Double]) {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return nil }
    self.values = values.sorted()
  }

  /// The quantile of a probability by linear interpolation at (n - 1) p (type 7 of Hyndman and Fan, the default of R
  /// and NumPy); nothing between -∞ and ∞.
  ///
  /// - Parameter probability: from 0 to 1.
  package func quantile(_ probability: Double) -> Double? {
    precondition(probability >= 0 && probability <= 1, "A quantile belongs to a probability.")
    _ = numericsPrepared
    if values[0].isFinite, values[values.count - 1].isFinite {
      return gsl_stats_quantile_from_sorted_data(values, 1, values.count, probability)
    }
    let position = Double(values.count - 1) * probability
    let below = values[Int(position)]
    let share = position - position.rounded(.down)
    // An infinite value times a share of zero would not be a number.
    guard share > 0 else { return below }
    let above = values[Int(position) + 1]
    let quantile = below == above ? below : below * (1 - share) + above * share
    return quantile.isNaN ? nil : quantile
  }

  /// The value in the middle; nothing between -∞ and ∞.
  package var median: Double? { quantile(0.5) }

  /// The mean of what is left when the lowest and the highest quarter are dropped, rounding their sizes down (the
  /// interquartile mean); nothing where -∞ and ∞ meet.
  package var interquartileMean: Double? {
    _ = numericsPrepared
    let dropped = values.count / 4
    let middle = values[dropped..<values.count - dropped]
    guard middle.allSatisfy(\.isFinite) else {
      let mean = middle.reduce(0, +) / Double(middle.count)
      return mean.isNaN ? nil : mean
    }
    return gsl_stats_trmean_from_sorted_data(0.25, values, 1, values.count)
  }
}
