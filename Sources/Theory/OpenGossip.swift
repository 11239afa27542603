// SPDX-License-Identifier: GPL-3.0-or-later

/// The second moments of the values of N agents that gossip, x̄ = Σ x_k / N.
package struct ValueMoments: Sendable, Equatable {
  /// E x̄².
  package var meanSquared: Double
  /// E Σ x_k² / N.
  package var meanOfSquares: Double

  package init(meanSquared: Double, meanOfSquares: Double) {
    self.meanSquared = meanSquared
    self.meanOfSquares = meanOfSquares
  }

  /// The moments of values that are given.
  package init(of values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.init(meanSquared: mean * mean, meanOfSquares: values.reduce(0) { $0 + $1 * $1 } / count)
  }

  /// The mean disagreement of an agent, E Σ (x_k - x̄)² / N.
  package var disagreement: Double { meanOfSquares - meanSquared }
}

/// Gossip among agents that come and go, all of them neighbours: in each event, with probability p one of N agents, each
/// equally probable, is replaced by one with a fresh value of mean 0 and variance σ²; else a pair averages.
///
/// Two moments close the recursion. With X = (E x̄², E Σ x_k² / N), X ← A X + b,
///
///     A = ⎡ 1 - 2p/N    p/N²       ⎤      b = σ² ⎡ p/N² ⎤
///         ⎣ c           1 - p/N - c ⎦             ⎣ p/N  ⎦
///
/// where c is the share of the disagreement that averaging takes from Σ x_k² / N in an event: a pair keeps x̄ and takes
/// (x_i - x_j)²/2 from Σ x_k², in the mean Σ (x_k - x̄)² / (N - 1) for two different agents, so that c = (1 - p) / (N - 1), and
/// Σ (x_k - x̄)² / N where both are drawn independently, so that c = (1 - p) / N.
///
/// Source: Hendrickx and Martin, "Open multi-agent systems: gossiping with random arrivals and departures", 56th IEEE
/// Conference on Decision and Control (2017).
package struct OpenGossip: Sendable {
  /// How the pair that averages is drawn.
  package enum PairRule: String, Sendable, CaseIterable {
    /// Two agents, independent and each equally probable; where they are the same one, nothing changes.
    case withReplacement = "with-replacement"
    /// Two different agents, each pair equally probable.
    case distinct
    /// An agent and one of its neighbours, each equally probable; among neighbours of all, two different agents.
    case nodeThenNeighbour = "node-then-neighbour"
  }

  /// N.
  package let agents: Int
  /// p.
  package let replacementProbability: Double
  /// σ².
  package let variance: Double
  private let pair: PairRule

  /// - Parameters:
  ///   - agents: at least two.
  ///   - standardDeviation: σ of the fresh values.
  package init(agents: Int, replacementProbability: Double, standardDeviation: Double, pair: PairRule) {
    precondition(agents >= 2, "It takes two to gossip.")
    precondition((0...1).contains(replacementProbability), "A probability is between zero and one.")
    self.agents = agents
    self.replacementProbability = replacementProbability
    self.variance = standardDeviation * standardDeviation
    self.pair = pair
  }

  private var count: Double { Double(agents) }

  /// p/N and c.
  private var rates: (replacement: Double, averaging: Double) {
    let partners = pair == .withReplacement ? count : count - 1
    return (replacementProbability / count, (1 - replacementProbability) / partners)
  }

  /// A, row by row.
  package var matrix: [[Double]] {
    let (replacement, averaging) = rates
    return [[1 - 2 * replacement, replacement / count], [averaging, 1 - replacement - averaging]]
  }

  /// b.
  package var vector: [Double] {
    [variance * rates.replacement / count, variance * rates.replacement]
  }

  /// The moments after some events.
  ///
  /// - Parameter events: in rising order.
  package func moments(from start: ValueMoments, after events: [Int]) -> [ValueMoments] {
    let (matrix, vector) = (matrix, vector)
    var moments = start
    var event = 0
    return events.map { target in
      while event < target {
        moments = ValueMoments(
          meanSquared: matrix[0][0] * moments.meanSquared + matrix[0][1] * moments.meanOfSquares + vector[0],
          meanOfSquares: matrix[1][0] * moments.meanSquared + matrix[1][1] * moments.meanOfSquares + vector[1])
        event += 1
      }
      return moments
    }
  }

  /// The moments in the long run, X = A X + b; nothing where nobody is ever replaced, as the mean then stays what it was.
  package var limit: ValueMoments? {
    guard replacementProbability > 0 else { return nil }
    // I - A, without the rounding of differences from one.
    let (replacement, averaging) = rates
    let (first, second) = (2 * replacement, replacement + averaging)
    let determinant = first * second - replacement / count * averaging
    return ValueMoments(
      meanSquared: (vector[0] * second + replacement / count * vector[1]) / determinant,
      meanOfSquares: (first * vector[1] + averaging * vector[0]) / determinant)
  }

  /// The larger eigenvalue of A: the factor by which an excess over the limit shrinks per event in the long run.
  package var slowEigenvalue: Double {
    let (matrix, half) = (matrix, (matrix[0][0] + matrix[1][1]) / 2)
    let difference = (matrix[0][0] - matrix[1][1]) / 2
    return half + (difference * difference + matrix[0][1] * matrix[1][0]).squareRoot()
  }
}
