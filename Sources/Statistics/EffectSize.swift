// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// How far the means of two arms lie apart, measured by how much single values vary.
package struct EffectSize: Sendable, Equatable {
  /// (x̄ - ȳ) / s with the pooled deviation s.
  ///
  /// Source: Cohen, "Statistical power analysis for the behavioral sciences", 1988, section 2.5.
  package let cohenD: Double
  /// Cohen's d without its bias: d Γ(m/2) / (√(m/2) Γ((m - 1)/2)) with m = n₁ + n₂ - 2; nothing for m = 1.
  ///
  /// Source: Hedges, "Distribution theory for Glass's estimator of effect size and related estimators", 1981.
  package let hedgesG: Double?

  /// Compares two arms. Nothing if one is empty, for two values in all, if no arm varies, and if a value is infinite or
  /// not a number.
  package init?(_ first: [Double], _ second: [Double]) {
    let degrees = first.count + second.count - 2
    guard !first.isEmpty, !second.isEmpty, degrees > 0, (first + second).allSatisfy(\.isFinite) else { return nil }
    _ = numericsPrepared
    let means = (gsl_stats_mean(first, 1, first.count), gsl_stats_mean(second, 1, second.count))
    let squares =
      gsl_stats_tss_m(first, 1, first.count, means.0) + gsl_stats_tss_m(second, 1, second.count, means.1)
    let deviation = (squares / Double(degrees)).squareRoot()
    guard deviation > 0, deviation.isFinite else { return nil }
    cohenD = (means.0 - means.1) / deviation
    guard degrees > 1 else {
      hedgesG = nil
      return
    }
    let half = Double(degrees) / 2
    hedgesG = cohenD * gsl_sf_exp(gsl_sf_lngamma(half) - gsl_sf_lngamma(half - 0.5)) / half.squareRoot()
  }
}
