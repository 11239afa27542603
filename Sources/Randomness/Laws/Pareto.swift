// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Schema

extension Distribution {
  /// Pareto with a least value x₀ and a shape α, F(x) = 1 − (x₀/x)^α, under the condition that it is at most `cap`.
  package static func pareto(minimum: Double, shape: Double, cap: Double = .infinity) -> Distribution {
    // F(cap) without the condition; kept, so that a draw takes one power.
    let reach = cap.isFinite ? -expm1(shape * log(minimum / cap)) : 1
    return Distribution(.pareto, minimum, shape, cap, reach)
  }

  fileprivate var minimum: Double { first }
  fileprivate var shape: Double { second }
  fileprivate var cap: Double { third }
  fileprivate var reach: Double { fourth }

  /// E[Xᵏ] in units of x₀ᵏ: α/F(cap) ∫ tᵏ⁻¹⁻ᵅ dt from 1 to cap/x₀.
  fileprivate func unitMoment(_ power: Double) -> Double {
    let excess = shape - power
    guard cap.isFinite else { return excess > 0 ? shape / excess : .infinity }
    let span = log(cap / minimum)
    return shape / reach * (excess == 0 ? span : -expm1(-excess * span) / excess)
  }
}

extension LawDefinition {
  /// *Randomness*: one uniform number, with which the value grows.
  package static let pareto = LawDefinition(
    name: "pareto", meaning: "a power law from a least value on, perhaps with a cap",
    example: "{mean: m, shape: k, cap: c}",
    parameters: [
      .mean, Parameter("minimum", .quantityOfLaw(isPositive: true), "least value", .optional),
      Parameter("shape", .number(Bounds(0.05...1000)), "exponent of the tail"),
      Parameter("cap", .quantityOfLaw(isPositive: true), "greatest value", .optional),
    ], canBeBounded: true,
    resolve: { (said, isFactor) throws(Fault) in
      let (shape, cap) = (try said.required("shape"), said.number("cap") ?? .infinity)
      guard shape > 1 || cap.isFinite else {
        throw .whole("has an infinite mean: its shape is at most 1", hint: "give a shape above 1, or a cap")
      }
      let isUnit = isFactor && said.number("mean") == nil && said.number("minimum") == nil
      let size = isUnit ? (value: 1, isFirst: true) : try said.one(of: "mean", "minimum")
      guard size.value < cap else { throw .whole("has its cap at or below its \(size.isFirst ? "mean" : "minimum")") }
      let minimum = size.isFirst ? leastValue(mean: size.value, shape: shape, cap: cap) : size.value
      guard minimum > 0, cap == .infinity || cap / minimum <= widestSpan else {
        throw Fault("minimum", "is too small a number")
      }
      return .pareto(minimum: minimum, shape: shape, cap: cap)
    },
    write: { law in
      [("minimum", .number(law.minimum)), ("shape", .number(law.shape))]
        + (law.cap.isFinite ? [("cap", .number(law.cap))] : [])
    },
    sampler: { draws, _, minimum, shape, cap, reach in
      min(cap, pow(1 - draws.draws.pointee.uniform() * reach, -1 / shape) * minimum)
    },
    mean: { $0.unitMoment(1) * $0.minimum },
    squaredCoefficientOfVariation: { law in
      let mean = law.unitMoment(1)
      return mean.isFinite ? law.unitMoment(2) / (mean * mean) - 1 : .infinity
    },
    cumulativeProbability: { law, value in
      if value <= law.minimum { return 0 }
      return value >= law.cap ? 1 : min(1, -expm1(law.shape * log(law.minimum / value)) / law.reach)
    },
    support: { ($0.minimum, $0.cap) })
}

/// How far the cap may lie above the minimum, so that the moments are finite numbers.
private let widestSpan = 1e100

/// The least value with which the law has a mean: in closed form without a cap, else by bisection over the logarithm
/// of minimum / cap, which depends on mean / cap alone.
private func leastValue(mean: Double, shape: Double, cap: Double) -> Double {
  guard cap.isFinite else { return mean * (shape - 1) / shape }
  let wanted = mean / cap
  var (low, high) = (-log(widestSpan) - 1, 0.0)
  for _ in 0..<200 {
    let middle = (low + high) / 2
    let isBelow = Distribution.pareto(minimum: exp(middle), shape: shape, cap: 1).mean < wanted
    if isBelow { low = middle } else { high = middle }
  }
  return exp(low) * cap
}
