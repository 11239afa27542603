// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// Fills a vector with independent standard normal numbers: GSL's ziggurat on the draws of one index.
///
/// Source: Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000.
public func fillStandardNormal(_ values: UnsafeMutableBufferPointer<Double>, from draws: inout Draws) {
  func fill(_ generator: UnsafePointer<gsl_rng>) {
    for index in values.indices { values[index] = gsl_ran_gaussian_ziggurat(generator, 1) }
  }
  // Mostly each takes one word.
  if values.count > 4 { draws.withBulkGenerator(fill) } else { draws.withGenerator(fill) }
}

/// The standard normal quantile of a number of [0, 1]; zero is moved half a step inside, and one a step, where the
/// quantile is finite.
func standardNormalQuantile(_ uniform: Double) -> Double {
  gsl_cdf_ugaussian_Pinv(min(uniform + 0x1p-54, 1 - 0x1p-53))
}
