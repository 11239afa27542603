// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation

/// A probability law of a non-negative quantity, in the base unit of that quantity (seconds, or a pure number).
///
/// A draw is a draw from the unit law, scaled afterwards. So laws stay comparable between arms, and multiplying all
/// times by a power of two multiplies every draw by it exactly.
package enum Distribution: Sendable, Equatable {
  /// Always the same value.
  case constant(Double)
  /// Equally probable between two bounds.
  case uniform(lower: Double, upper: Double)
  /// Exponential with a mean.
  case exponential(mean: Double)
  /// The exponential of a normal variable: `median` times exp(σ z).
  case lognormal(median: Double, sigma: Double)
  /// Gamma with a mean and a shape k = 1/cv².
  case gamma(mean: Double, shape: Double)

  /// The value at an index of a stream; a pure function of its arguments.
  ///
  /// *Randomness*: constant takes no draw, uniform, exponential and lognormal one uniform number each (the value
  /// grows with it), gamma a variable number, all of this index.
  package func sample(_ key: StreamKey, at index: UInt64) -> Double {
    if case .constant(let value) = self { return value }
    var draws = Draws(key, at: index)
    switch self {
    case .constant(let value):
      return value
    case .uniform(let lower, let upper):
      return lower + draws.uniform() * (upper - lower)
    case .exponential(let mean):
      return draws.withGenerator { gsl_ran_exponential($0, 1) } * mean
    case .lognormal(let median, let sigma):
      return exp(sigma * standardNormal(draws.uniform())) * median
    case .gamma(let mean, let shape):
      return draws.withGenerator { gsl_ran_gamma($0, shape, 1 / shape) } * mean
    }
  }

  /// The expected value.
  package var mean: Double {
    switch self {
    case .constant(let value): value
    case .uniform(let lower, let upper): (lower + upper) / 2
    case .exponential(let mean), .gamma(let mean, _): mean
    case .lognormal(let median, let sigma): median * exp(sigma * sigma / 2)
    }
  }

  /// The variance over the squared mean; zero for a constant.
  package var squaredCoefficientOfVariation: Double {
    switch self {
    case .constant: 0
    case .uniform(let lower, let upper):
      upper == lower ? 0 : pow((upper - lower) / (lower + upper), 2) / 3
    case .exponential: 1
    case .lognormal(_, let sigma): expm1(sigma * sigma)
    case .gamma(_, let shape): 1 / shape
    }
  }

  /// The expected square, E[X²].
  package var secondMoment: Double { mean * mean * (1 + squaredCoefficientOfVariation) }

  /// Whether every draw gives the same value.
  package var isConstant: Bool { squaredCoefficientOfVariation == 0 }

  /// The probability of a value at or below `value`.
  package func cumulativeProbability(_ value: Double) -> Double {
    switch self {
    case .constant(let constant): value >= constant ? 1 : 0
    case .uniform(let lower, let upper): min(1, max(0, (value - lower) / (upper - lower)))
    case .exponential(let mean): gsl_cdf_exponential_P(value, mean)
    case .lognormal(let median, let sigma): gsl_cdf_lognormal_P(value, log(median), sigma)
    case .gamma(let mean, let shape): gsl_cdf_gamma_P(value, shape, mean / shape)
    }
  }
}

/// The standard normal quantile of a number of [0, 1); zero is moved half a step inside, where the quantile is
/// finite, and the sum never rounds to one.
private func standardNormal(_ uniform: Double) -> Double {
  gsl_cdf_ugaussian_Pinv(min(uniform + 0x1p-54, 1 - 0x1p-53))
}

/// Fills a vector with independent standard normal numbers: GSL's ziggurat on the draws of one index.
///
/// Source: Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000.
package func fillStandardNormal(_ values: UnsafeMutableBufferPointer<Double>, from draws: inout Draws) {
  draws.withGenerator { generator in
    for index in values.indices { values[index] = gsl_ran_gaussian_ziggurat(generator, 1) }
  }
}
