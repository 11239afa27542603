// SPDX-License-Identifier: GPL-3.0-or-later

/// The second moments of pairwise gossip among agents that come and go one after the other, all of them neighbours.
///
/// All values have mean 0, and fresh ones variance σ². The moments S = E Σ x_k² and Q = E (Σ x_k)² of the N agents that are
/// there close the recursion:
///
/// - one of them leaves, each equally probable: S ← (1 - 1/N) S, Q ← (1 - 2/N) Q + S/N
/// - one joins with a fresh value: S ← S + σ², Q ← Q + σ²
/// - two different ones average: Q stays, and S - Q/N becomes (1 - 1/(N - 1)) of it
///
/// Source: Hendrickx and Martin, "Open multi-agent systems: gossiping with random arrivals and departures", 56th IEEE
/// Conference on Decision and Control (2017), for the moments that close the recursion.
package struct OpenGossipCourse: Sendable {
  /// N.
  package private(set) var agents: Int
  private var sumOfSquares: Double
  private var squaredSum: Double
  /// σ².
  private let variance: Double

  /// Agents with fresh values.
  package init(agents: Int, variance: Double) {
    self.agents = agents
    self.variance = variance
    sumOfSquares = Double(agents) * variance
    squaredSum = Double(agents) * variance
  }

  /// E Σ (x_k - x̄)² / N; of nobody it is no number.
  package var disagreement: Double {
    let count = Double(agents)
    return (sumOfSquares - squaredSum / count) / count
  }

  /// What a pair that averages leaves of the disagreement, in the mean.
  package var averagingFactor: Double { agents > 1 ? 1 - 1 / Double(agents - 1) : 1 }

  /// So many agents leave, all choices equally probable.
  package mutating func leave(_ count: Int) {
    for _ in 0..<min(count, agents) {
      let share = 1 / Double(agents)
      squaredSum = (1 - 2 * share) * squaredSum + share * sumOfSquares
      sumOfSquares *= 1 - share
      agents -= 1
    }
  }

  /// So many agents join.
  package mutating func join(_ count: Int) {
    sumOfSquares += Double(count) * variance
    squaredSum += Double(count) * variance
    agents += count
  }

  /// Pairs average.
  ///
  /// - Parameter factor: what they leave of the disagreement, in the mean: a power of `averagingFactor`, or the mean of powers.
  package mutating func average(leaving factor: Double) {
    guard agents > 0 else { return }
    let agreed = squaredSum / Double(agents)
    sumOfSquares = agreed + factor * (sumOfSquares - agreed)
  }
}
