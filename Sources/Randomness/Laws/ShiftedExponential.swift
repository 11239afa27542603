// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Schema

extension Distribution {
  /// At least `shift`, and beyond it exponential with the mean `scale`. The usual model of compute times in coded
  /// computation.
  ///
  /// Source: Lee, Lam, Pedarsani, Papailiopoulos and Ramchandran, "Speeding up distributed machine learning using
  /// codes", IEEE Transactions on Information Theory 64(3), 2018, section III.
  package static func shiftedExponential(shift: Double, scale: Double) -> Distribution {
    Distribution(.shiftedExponential, shift, scale)
  }

  fileprivate var shift: Double { first }
  fileprivate var scale: Double { second }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let shiftedExponential = LawDefinition(
    name: "shifted-exponential", meaning: "a least value and an exponential time on top of it",
    example: "{shift: a, scale: b}",
    parameters: [
      Parameter("shift", .quantityOfLaw(isPositive: false), "least value"),
      Parameter("scale", .quantityOfLaw(isPositive: true), "mean of what comes on top of it", .optional), .mean,
    ],
    resolve: { (said, isFactor) throws(Fault) in
      let shift = try said.required("shift")
      guard shift >= 0 else { throw .whole("has a shift below zero") }
      let isUnit = isFactor && said.number("mean") == nil && said.number("scale") == nil
      let size = isUnit ? (value: 1, isFirst: false) : try said.one(of: "scale", "mean")
      if size.isFirst { return .shiftedExponential(shift: shift, scale: size.value) }
      guard size.value > shift else { throw .whole("has its mean at or below its shift") }
      return .shiftedExponential(shift: shift, scale: size.value - shift)
    },
    write: { [("shift", .number($0.shift)), ("scale", .number($0.scale))] },
    sampler: { draws, _, shift, scale, _, _ in shift + unitExponential(draws) * scale },
    mean: { $0.shift + $0.scale },
    squaredCoefficientOfVariation: { law in
      let share = law.scale / (law.shift + law.scale)
      return share * share
    },
    cumulativeProbability: { law, value in
      value <= law.shift ? 0 : gsl_cdf_exponential_P(value - law.shift, law.scale)
    },
    support: { ($0.shift, .infinity) })
}
