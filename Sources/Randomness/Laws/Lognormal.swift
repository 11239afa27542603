// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation
import Schema

extension Distribution {
  /// The exponential of a normal variable: `median` times exp(σ z).
  package static func lognormal(median: Double, sigma: Double) -> Distribution {
    Distribution(.lognormal, median, sigma)
  }

  fileprivate var median: Double { first }
  fileprivate var sigma: Double { second }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let lognormal = LawDefinition(
    name: "lognormal", meaning: "the exponential of a normal variable",
    example: "{median: m, sigma: s}",
    // A σ of at most 10, so that every draw and every mean is finite.
    parameters: [
      .median, .mean, Parameter("sigma", .number(Bounds(0...10)), "standard deviation of the logarithm", .optional),
      .coefficientOfVariation,
    ],
    resolve: { (said, isFactor) throws(Fault) in
      let spread = try said.one(of: "sigma", "cv")
      let sigma = spread.isFirst ? spread.value : sqrt(log1p(spread.value * spread.value))
      if isFactor, said.number("mean") == nil, said.number("median") == nil {
        return .lognormal(median: exp(-sigma * sigma / 2), sigma: sigma)
      }
      let centre = try said.one(of: "median", "mean")
      let median = centre.isFirst ? centre.value : centre.value / exp(sigma * sigma / 2)
      guard median > 0 else { throw Fault("median", "is too small a number") }
      return .lognormal(median: median, sigma: sigma)
    },
    write: { [("median", .number($0.median)), ("sigma", .number($0.sigma))] },
    sampler: { draws, _, median, sigma, _, _ in
      exp(sigma * standardNormalQuantile(draws.draws.pointee.uniform())) * median
    },
    mean: { $0.median * exp($0.sigma * $0.sigma / 2) },
    squaredCoefficientOfVariation: { expm1($0.sigma * $0.sigma) },
    cumulativeProbability: { law, value in
      if law.sigma == 0 { return value >= law.median ? 1 : 0 }
      return gsl_cdf_lognormal_P(value, log(law.median), law.sigma)
    })
}
