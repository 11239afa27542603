// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation
import Schema

extension Distribution {
  /// The size of a normal variable around zero: σ |z| with the mean σ √(2/π).
  package static func halfNormal(mean: Double) -> Distribution { Distribution(.halfNormal, mean) }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let halfNormal = LawDefinition(
    name: "half-normal", meaning: "the size of a normal variable around zero",
    example: "{mean: m}",
    parameters: [
      .mean,
      Parameter("scale", .quantityOfLaw(isPositive: true), "standard deviation of the normal variable", .optional),
    ],
    resolve: { (said, isFactor) throws(Fault) in
      if isFactor, said.number("mean") == nil, said.number("scale") == nil { return .halfNormal(mean: 1) }
      let size = try said.one(of: "mean", "scale")
      return .halfNormal(mean: size.isFirst ? size.value : size.value / scaleOfUnitMean)
    },
    write: { [("mean", .number($0.first))] },
    sampler: { draws, _, mean, _, _, _ in
      gsl_cdf_ugaussian_Qinv((1 - draws.draws.pointee.uniform()) / 2) * scaleOfUnitMean * mean
    },
    mean: { $0.first },
    squaredCoefficientOfVariation: { _ in .pi / 2 - 1 },
    cumulativeProbability: { law, value in
      value <= 0 ? 0 : erf(value / (law.first * scaleOfUnitMean * 2.0.squareRoot()))
    })
}

/// σ of the half-normal law of mean one: √(π/2).
private let scaleOfUnitMean = (Double.pi / 2).squareRoot()
