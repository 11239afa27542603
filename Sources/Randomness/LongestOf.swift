// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Numerics

/// How long the longest of independent durations lasts in the mean, each with a law times a factor of its own.
///
///     E[max X_i] = Σ E[X_i] − ∫_0^∞ D(t) dt,   D(t) = Σ p_i(t) − (1 − Π (1 − p_i(t))),   p_i(t) = P(X_i > t)
///
/// The means are known exactly, and D falls like the square of the p_i: so heavy tails, which a sum over probabilities
/// near one loses, count in full. The integral goes over the logarithm of t.
package struct LongestOf {
  private let law: Distribution
  /// Different factors, and how many durations have each.
  private let factors: [(factor: Double, count: Double)]

  /// Different factors, at most: more take too long.
  package static let mostFactors = 2000

  /// - Parameter factors: of the durations, at or above zero; one for each.
  package init(of law: Distribution, times factors: [Double]) {
    self.law = law
    let counts = Dictionary(grouping: factors.filter { $0 > 0 }, by: { $0 }).mapValues(\.count)
    self.factors = counts.sorted { $0.key < $1.key }.map { ($0.key, Double($0.value)) }
  }

  /// Whether it can be computed.
  package var isWithinReach: Bool { factors.count <= Self.mostFactors }

  /// The mean of the longest; infinite where the law has no mean.
  package var mean: Double { mean(atLeast: 0) }

  /// The mean of the longest where none counts as shorter than a bound.
  package func mean(atLeast least: Double) -> Double {
    guard let greatest = factors.last?.factor else { return least }
    guard law.mean.isFinite else { return .infinity }
    if law.isConstant { return max(least, greatest * law.mean) }
    let sum = factors.reduce(0) { $0 + $1.count * $1.factor * law.mean }
    let scale = greatest * law.mean
    // Below the first point nothing has come to its end that counts.
    let first = scale * 1e-13
    let all = factors.reduce(0) { $0 + $1.count }
    var last = scale
    while excess(last) * last > scale * 1e-15, last < scale * 1e200 { last *= 2 }
    let rest = integral(from: log(first), to: log(last), parts: 40, tolerance: scale * 1e-11) { logarithm in
      let time = exp(logarithm)
      return excess(time) * time
    }
    let mean = sum - rest - (all - 1) * first
    guard least > 0 else { return mean }
    // E[max(X, l)] = E[X] + ∫_0^l P(X ≤ t) dt.
    return mean + integral(from: 0, to: least, tolerance: scale * 1e-11) { exp(logProbability(within: $0)) }
  }

  /// D(t): by how much the sum of the probabilities that each lasts longer exceeds that of any.
  private func excess(_ time: Double) -> Double {
    var (sum, logarithm) = (0.0, 0.0)
    for (factor, count) in factors {
      let longer = 1 - law.cumulativeProbability(time / factor)
      sum += count * longer
      logarithm += count * log1p(-longer)
    }
    return max(0, sum + expm1(logarithm))
  }

  /// The logarithm of the probability that all are over within a time.
  private func logProbability(within time: Double) -> Double {
    factors.reduce(0) { $0 + $1.count * log(law.cumulativeProbability(time / $1.factor)) }
  }
}
