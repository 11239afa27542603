// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation
import Schema

extension Distribution {
  /// A normal variable with mean μ and standard deviation σ under the condition that it lies between two bounds: drawn
  /// again until it does. μ and σ are those before the condition; `mean` is that of what is drawn.
  package static func normal(
    mean: Double, standardDeviation: Double, lower: Double = 0, upper: Double = .infinity
  ) -> Distribution {
    Distribution(.normal, mean, standardDeviation, lower, upper)
  }

  fileprivate var centre: Double { first }
  fileprivate var deviation: Double { second }
  fileprivate var lower: Double { third }
  fileprivate var upper: Double { fourth }
  /// The bounds in standard deviations from the centre.
  fileprivate var alpha: Double { (lower - centre) / deviation }
  fileprivate var beta: Double { (upper - centre) / deviation }

  /// The probability of the condition, Z.
  fileprivate var condition: Double { gsl_cdf_ugaussian_P(beta) - gsl_cdf_ugaussian_P(alpha) }

  /// Mean and variance of (X − μ)/σ: (φ(α) − φ(β))/Z and 1 + (αφ(α) − βφ(β))/Z − mean².
  ///
  /// Source: Johnson, Kotz and Balakrishnan, "Continuous univariate distributions", volume 1, 1994, section 13.10.1.
  fileprivate var standardMoments: (mean: Double, variance: Double) {
    let (densityBelow, densityAbove) = (gsl_ran_ugaussian_pdf(alpha), gsl_ran_ugaussian_pdf(beta))
    let mean = (densityBelow - densityAbove) / condition
    let edges = alpha * densityBelow - (beta.isFinite ? beta * densityAbove : 0)
    return (mean, 1 + edges / condition - mean * mean)
  }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let normal = LawDefinition(
    name: "normal", meaning: "a normal variable, drawn again until it lies between its bounds",
    example: "{mean: m, standard-deviation: s}",
    parameters: [
      Parameter(
        "mean", .quantityOfLaw(isPositive: false), "mean before values beyond a bound are drawn again", .optional),
      Parameter("standard-deviation", .quantityOfLaw(isPositive: true), "before that, too", .optional),
      .coefficientOfVariation,
      Parameter("lower", .quantityOfLaw(isPositive: false), "least value; by default 0", .optional),
      Parameter("upper", .quantityOfLaw(isPositive: false), "greatest value", .optional),
    ], canBeBounded: true,
    resolve: { (said, isFactor) throws(Fault) in
      let (lower, upper) = (said.number("lower") ?? 0, said.number("upper") ?? .infinity)
      guard lower < upper else { throw .whole("has its lower bound at or above its upper one") }
      let centre = try centre(said, isFactor: isFactor)
      let spread = try said.one(of: "standard-deviation", "cv")
      let deviation = spread.isFirst ? spread.value : spread.value * centre
      guard deviation > 0 else { throw .whole("has a cv and a mean that is not above zero") }
      let law = Distribution.normal(mean: centre, standardDeviation: deviation, lower: lower, upper: upper)
      guard law.condition >= 1e-6 else {
        throw .whole("lies almost never between its bounds", hint: "move mean, lower or upper")
      }
      return law
    },
    write: { law in
      [("mean", .number(law.centre)), ("standard-deviation", .number(law.deviation))]
        + (law.lower != 0 ? [("lower", .number(law.lower))] : [])
        + (law.upper.isFinite ? [("upper", .number(law.upper))] : [])
    },
    sampler: { draws, _, centre, deviation, lower, upper in
      let below = gsl_cdf_ugaussian_P((lower - centre) / deviation)
      let above = gsl_cdf_ugaussian_P((upper - centre) / deviation)
      let quantile = standardNormalQuantile(below + draws.draws.pointee.uniform() * (above - below))
      return min(upper, max(lower, centre + quantile * deviation))
    },
    mean: { $0.centre + $0.standardMoments.mean * $0.deviation },
    squaredCoefficientOfVariation: { law in
      let ratio = law.deviation / law.mean
      return law.standardMoments.variance * ratio * ratio
    },
    cumulativeProbability: { law, value in
      if value >= law.upper { return 1 }
      if value < law.lower { return 0 }
      let below = gsl_cdf_ugaussian_P(law.alpha)
      return (gsl_cdf_ugaussian_P((value - law.centre) / law.deviation) - below) / law.condition
    },
    support: { ($0.lower, $0.upper) })
}

/// The stated μ; for a factor that states nothing but its cv, the μ with which the mean above zero is one.
private func centre(_ said: Arguments, isFactor: Bool) throws(Fault) -> Double {
  guard said.number("mean") == nil, isFactor, let variation = said.number("cv"),
    said.number("lower") == nil, said.number("upper") == nil
  else { return try said.required("mean") }
  return 1 / Distribution.normal(mean: 1, standardDeviation: variation).mean
}
