// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation

/// How far an estimate may be from what it estimates: Student's t, and the same corrected for skewness.
///
/// The estimates of few runs with a long tail on one side lie too close to where there is no tail, and Student's
/// interval is too short towards it. With κ the skewness of the estimate, Hall's transformation
/// g(t) = t + κ t² / 3 + κ² t³ / 27 + κ / 6 takes the skewness out of t. A value is left out, and a difference shown,
/// only where both t and g(t) are beyond Student's quantile: never sooner than Student's test would.
///
/// Source: Hall, "On the removal of skewness by transformation", 1992; for two samples Zhou and Dinh, "Nonparametric
/// confidence intervals for the one- and two-sample problems", 2005.
struct SkewedPivot {
  /// The standard error of the estimate.
  let error: Double
  /// The third cumulant of the estimate over the 3/2 power of its variance; γ / √n for a mean of values with skewness γ.
  let skewness: Double
  let degreesOfFreedom: Double

  /// Student's quantile of a two-sided level.
  func quantile(level: Double) -> Double {
    _ = numericsPrepared
    return gsl_cdf_tdist_Qinv((1 - level) / 2, degreesOfFreedom)
  }

  /// The two statistics of an estimate that lies so far above a value.
  private func statistics(_ distance: Double) -> (plain: Double, corrected: Double) {
    let t = distance / error
    let bend = skewness * t
    return (t, t * (1 + bend / 3 + bend * bend / 27) + skewness / 6)
  }

  /// Whether a value so far below the estimate is compatible with it.
  func isCompatible(distance: Double, quantile: Double) -> Bool {
    guard error > 0 else { return distance == 0 }
    let (plain, corrected) = statistics(distance)
    return min(abs(plain), abs(corrected)) <= quantile
  }

  /// How probable an estimate at least so far from a value is if that is the true one: the larger of what the two
  /// statistics say.
  func twoSidedP(distance: Double) -> Double {
    guard error > 0 else { return distance == 0 ? 1 : 0 }
    _ = numericsPrepared
    let (plain, corrected) = statistics(distance)
    return 2 * gsl_cdf_tdist_Q(min(abs(plain), abs(corrected)), degreesOfFreedom)
  }

  /// How sure it is that what is estimated lies above a value that is so far below the estimate: one minus the
  /// one-sided p-value, the smaller of what the two statistics say.
  func confidence(distance: Double) -> Double {
    guard error > 0 else { return distance > 0 ? 1 : distance < 0 ? 0 : 0.5 }
    _ = numericsPrepared
    let (plain, corrected) = statistics(distance)
    return gsl_cdf_tdist_P(min(plain, corrected), degreesOfFreedom)
  }

  /// All compatible values.
  func bounds(around estimate: Double, level: Double) -> (low: Double, high: Double) {
    let quantile = quantile(level: level)
    return (
      estimate - error * max(quantile, uncorrected(quantile)), estimate - error * min(-quantile, uncorrected(-quantile))
    )
  }

  /// The t that Hall's transformation takes to a value: g(t) = ((1 + κ t / 3)³ - 1) / κ + κ / 6 solved for t.
  private func uncorrected(_ value: Double) -> Double {
    // Below this the transformation is nothing but rounding.
    guard abs(skewness) > 1e-7 else { return value }
    return 3 / skewness * (cbrt(1 + skewness * (value - skewness / 6)) - 1)
  }
}

/// What the pivots of means need of a sample: its mean, and its variance and third cumulant without bias.
///
/// Source: Fisher, "Moments and product moments of sampling distributions", 1930 (k-statistics).
struct SampleCumulants {
  let count: Double
  let mean: Double
  /// k₂ = Σ (x - x̄)² / (n - 1); not a number for a single value.
  let variance: Double
  /// k₃ = n Σ (x - x̄)³ / ((n - 1) (n - 2)); zero for two values, which have no skewness.
  let third: Double

  /// Of no values the mean is not a number.
  init(_ values: some Collection<Double>) {
    count = Double(values.count)
    var sum = 0.0
    // Sums of differences to one of the values, so that equal values have no deviation.
    let origin = values.first ?? .nan
    for value in values { sum += value - origin }
    let mean = origin + sum / count
    var (squares, cubes) = (0.0, 0.0)
    for value in values {
      let deviation = value - mean
      squares += deviation * deviation
      cubes += deviation * deviation * deviation
    }
    self.mean = mean
    variance = squares / (count - 1)
    third = count > 2 ? count * cubes / ((count - 1) * (count - 2)) : 0
  }

  /// The pivot of the mean; for two values or more.
  var pivot: SkewedPivot {
    let skewness = variance > 0 ? third / (variance * variance.squareRoot() * count.squareRoot()) : 0
    return SkewedPivot(error: (variance / count).squareRoot(), skewness: skewness, degreesOfFreedom: count - 1)
  }

  /// The pivot of the mean of these values minus so many times that of others, drawn apart; for two values or more of
  /// each. Degrees of freedom after Satterthwaite, 1946.
  func pivot(minus factor: Double, times other: SampleCumulants) -> SkewedPivot {
    let own = variance / count
    let others = factor * factor * other.variance / other.count
    let sum = own + others
    guard sum > 0 else {
      return SkewedPivot(error: 0, skewness: 0, degreesOfFreedom: min(count, other.count) - 1)
    }
    let shares = (own / sum, others / sum)
    let degrees = 1 / (shares.0 * shares.0 / (count - 1) + shares.1 * shares.1 / (other.count - 1))
    let cumulant = third / (count * count) - factor * factor * factor * other.third / (other.count * other.count)
    return SkewedPivot(
      error: sum.squareRoot(), skewness: cumulant / (sum * sum.squareRoot()), degreesOfFreedom: degrees)
  }
}
