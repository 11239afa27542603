// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema

extension Distribution {
  /// Equally probable between two bounds.
  package static func uniform(lower: Double, upper: Double) -> Distribution { Distribution(.uniform, lower, upper) }

  fileprivate var lower: Double { first }
  fileprivate var upper: Double { second }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let uniform = LawDefinition(
    name: "uniform", meaning: "any value between two bounds, equally probable",
    example: "[a, b]", form: .list,
    parameters: [
      Parameter("lower", .quantityOfLaw(isPositive: false), "least value"),
      Parameter("upper", .quantityOfLaw(isPositive: false), "greatest value"),
    ], canBeBounded: true,
    resolve: { (said, _) throws(Fault) in
      let (lower, upper) = (try said.required("lower"), try said.required("upper"))
      guard lower <= upper else { throw .whole("has its lower bound above its upper one") }
      return .uniform(lower: lower, upper: upper)
    },
    write: { [("lower", .number($0.lower)), ("upper", .number($0.upper))] },
    sampler: { draws, _, lower, upper, _, _ in lower + draws.draws.pointee.uniform() * (upper - lower) },
    mean: { ($0.lower + $0.upper) / 2 },
    squaredCoefficientOfVariation: { law in
      law.upper == law.lower ? 0 : pow((law.upper - law.lower) / (law.lower + law.upper), 2) / 3
    },
    cumulativeProbability: { law, value in
      if law.upper == law.lower { return value >= law.lower ? 1 : 0 }
      return min(1, max(0, (value - law.lower) / (law.upper - law.lower)))
    },
    support: { ($0.lower, $0.upper) })
}
