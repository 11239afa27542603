// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// How sure replications are that a number which they give together lies above zero: one minus a one-sided p-value.
package enum Confidence {
  /// Of a smooth function of means, by the jackknife: what each replication adds is told by leaving it out, and the
  /// test is Student's corrected for skewness (`SkewedPivot`). For a sum of means it is just that test, but for the
  /// skewness, which counts twice as much: here one end alone decides, and no other end makes up for it.
  ///
  /// Source: Tukey, "Bias and confidence in not-quite large samples", 1958.
  ///
  /// - Parameters:
  ///   - estimate: the number from all replications.
  ///   - leavingOut: the same without each of them; two or more.
  /// - Returns: nothing where one of them is not finite.
  package static func jackknife(_ estimate: Double, leavingOut: [Double]) -> Double? {
    guard leavingOut.count > 1, estimate.isFinite, leavingOut.allSatisfy(\.isFinite) else { return nil }
    let parts = leavingOut.map { Double(leavingOut.count - 1) * (estimate - $0) }
    let pivot = SampleCumulants(parts).pivot
    let doubled = SkewedPivot(
      error: pivot.error, skewness: 2 * pivot.skewness, degreesOfFreedom: pivot.degreesOfFreedom)
    return doubled.confidence(distance: estimate)
  }

  /// Of anything else, by the share of resamples in which it lies above zero: resamples of few replications vary too
  /// little, by the factor √((n - 1) / n) and by Student's quantiles against normal ones.
  ///
  /// Source: Hesterberg, "What teachers should know about the bootstrap", 2015, section 5.3 (expanded percentiles).
  ///
  /// - Parameters:
  ///   - share: of so many resamples.
  ///   - replications: two or more.
  package static func expanded(share: Double, resamples: Int, replications: Int) -> Double {
    _ = numericsPrepared
    // No share of resamples tells more than one more of them could.
    let least = 1 / Double(resamples + 1)
    let z = gsl_cdf_ugaussian_Pinv(min(max(share, least), 1 - least))
    let count = Double(replications)
    return gsl_cdf_tdist_P(z * ((count - 1) / count).squareRoot(), count - 1)
  }
}
