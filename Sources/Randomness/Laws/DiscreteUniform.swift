// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema

extension Distribution {
  /// The multiples of a step from `first` to `first + count - 1` times it, equally probable: delays of whole ticks.
  package static func discreteUniform(first: Int, count: Int, step: Double) -> Distribution {
    precondition(count > 0, "A discrete uniform law needs at least one value.")
    return Distribution(.discreteUniform, Double(first), Double(count), step)
  }

  fileprivate var firstMultiple: Double { first }
  fileprivate var count: Double { second }
  fileprivate var step: Double { third }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let discreteUniform = LawDefinition(
    name: "discrete-uniform", meaning: "the multiples of a step between two bounds, equally probable",
    example: "{lower: a, upper: b, step: d}",
    parameters: [
      Parameter("lower", .quantityOfLaw(isPositive: false), "least value"),
      Parameter("upper", .quantityOfLaw(isPositive: false), "greatest value"),
      Parameter("step", .quantityOfLaw(isPositive: true), "of which both bounds are whole multiples"),
    ], canBeBounded: true,
    resolve: { (said, _) throws(Fault) in
      let (lower, upper) = (try said.required("lower"), try said.required("upper"))
      let step = try said.required("step")
      guard lower <= upper else { throw .whole("has its lower bound above its upper one") }
      guard (upper - lower) / step <= 1e6, abs(lower) / step <= 1e12 else {
        throw .whole("has a step too small for its bounds", hint: "at most a million values")
      }
      let (first, last) = ((lower / step).rounded(), (upper / step).rounded())
      for (bound, multiple, name) in [(lower, first, "lower"), (upper, last, "upper")]
      where abs(bound / step - multiple) > 1e-9 * max(1, abs(multiple)) {
        throw Fault(name, "is no whole multiple of its step")
      }
      return .discreteUniform(first: Int(first), count: Int(last - first) + 1, step: step)
    },
    write: { law in
      [
        ("lower", .number(law.firstMultiple * law.step)),
        ("upper", .number((law.firstMultiple + law.count - 1) * law.step)), ("step", .number(law.step)),
      ]
    },
    sampler: { draws, _, first, count, step, _ in
      // The whole part of a number at or above zero, without a call.
      (first + Double(Int64(draws.draws.pointee.uniform() * count))) * step
    },
    mean: { ($0.firstMultiple + ($0.count - 1) / 2) * $0.step },
    squaredCoefficientOfVariation: { law in
      let mean = law.firstMultiple + (law.count - 1) / 2
      return law.count == 1 ? 0 : (law.count * law.count - 1) / 12 / (mean * mean)
    },
    cumulativeProbability: { law, value in
      // The greatest multiple at or below the value, found by comparing with the values themselves.
      var multiple = (value / law.step).rounded()
      if multiple * law.step > value { multiple -= 1 }
      return min(1, max(0, (multiple - law.firstMultiple + 1) / law.count))
    },
    support: { ($0.firstMultiple * $0.step, ($0.firstMultiple + $0.count - 1) * $0.step) })
}
