// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// Fills a vector with independent standard normal numbers: GSL's ziggurat on the draws of one index.
///
/// Source: Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000.
package func fillStandardNormal(_ values: UnsafeMutableBufferPointer<Double>, from draws: inout Draws) {
  draws.withGenerator { generator in
    for index in values.indices { values[index] = gsl_ran_gaussian_ziggurat(generator, 1) }
  }
}
