// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Schema

extension Distribution {
  /// Gamma with a mean and a shape k = 1/cv².
  package static func gamma(mean: Double, shape: Double) -> Distribution { Distribution(.gamma, mean, shape) }

  fileprivate var shape: Double { second }
}

extension LawDefinition {
  /// *Randomness*: a variable number of words.
  package static let gamma = LawDefinition(
    name: "gamma", meaning: "a sum of exponential times; with a small shape it has a heavy tail",
    example: "{mean: m, shape: k}",
    parameters: [
      .mean, Parameter("shape", .number(Bounds(1e-5...1e13)), "one over the squared cv", .optional),
      .coefficientOfVariation,
    ],
    resolve: { (said, isFactor) throws(Fault) in
      let form = try said.one(of: "shape", "cv")
      return .gamma(
        mean: try said.mean(isFactor: isFactor), shape: form.isFirst ? form.value : 1 / (form.value * form.value))
    },
    write: { [("mean", .number($0.first)), ("shape", .number($0.shape))] },
    sampler: { draws, _, mean, shape, _, _ in
      draws.draws.pointee.withGenerator { gsl_ran_gamma($0, shape, 1 / shape) } * mean
    },
    mean: { $0.first },
    squaredCoefficientOfVariation: { 1 / $0.shape },
    cumulativeProbability: { law, value in gsl_cdf_gamma_P(value, law.shape, law.first / law.shape) })
}
