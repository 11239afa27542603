// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema

extension Distribution {
  /// Weibull with a scale λ and a shape k: F(x) = 1 − exp(−(x/λ)ᵏ). A shape below one has a heavier tail than the
  /// exponential law, one is exponential.
  package static func weibull(scale: Double, shape: Double) -> Distribution { Distribution(.weibull, scale, shape) }

  fileprivate var scale: Double { first }
  fileprivate var shape: Double { second }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let weibull = LawDefinition(
    name: "weibull", meaning: "with a hazard that falls (shape below 1) or grows (shape above 1)",
    example: "{mean: m, shape: k}",
    // From 0.05 on, so that every draw and every moment is finite.
    parameters: [
      .mean, Parameter("scale", .quantityOfLaw(isPositive: true), "what 63 % of draws lie below", .optional),
      Parameter("shape", .number(Bounds(0.05...1000)), "below 1 the hazard falls, above 1 it grows"),
    ],
    resolve: { (said, isFactor) throws(Fault) in
      let shape = try said.required("shape")
      if isFactor, said.number("mean") == nil, said.number("scale") == nil {
        return .weibull(scale: 1 / unitMean(shape), shape: shape)
      }
      let size = try said.one(of: "mean", "scale")
      let scale = size.isFirst ? size.value / unitMean(shape) : size.value
      guard scale > 0 else { throw Fault("scale", "is too small a number") }
      return .weibull(scale: scale, shape: shape)
    },
    write: { [("scale", .number($0.scale)), ("shape", .number($0.shape))] },
    sampler: { draws, _, scale, shape, _, _ in
      pow(-log1p(-draws.draws.pointee.uniform()), 1 / shape) * scale
    },
    mean: { unitMean($0.shape) * $0.scale },
    squaredCoefficientOfVariation: { law in
      expm1(logGamma(1 + 2 / law.shape) - 2 * logGamma(1 + 1 / law.shape))
    },
    cumulativeProbability: { law, value in value <= 0 ? 0 : -expm1(-pow(value / law.scale, law.shape)) })
}

/// The mean of the law of scale one, Γ(1 + 1/k).
private func unitMean(_ shape: Double) -> Double { tgamma(1 + 1 / shape) }

private func logGamma(_ value: Double) -> Double { log(tgamma(value)) }
