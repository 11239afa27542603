// SPDX-License-Identifier: GPL-3.0-or-later

/// Gossip among agents that come and go on any graph: in each event, with probability p one of N agents, each equally
/// probable, is replaced by one with a fresh value of mean 0 and variance σ² and the same neighbours; else an agent, each
/// equally probable, and one of its neighbours, each equally probable, average.
///
/// All second moments S = E[x x'] close the recursion,
///
///     S ← p R(S) + (1 - p) (S + D S + S D + Σ P_ij ¼ z_ij (e_i - e_j) (e_i - e_j)'),   D = -½ Σ P_ij (e_i - e_j) (e_i - e_j)'
///
/// with z_ij = S_ii - 2 S_ij + S_jj and the probability P_ij that an averaging is of i and j. A replacement makes of S_ab,
/// a ≠ b, the share 1 - 2/N, as it is nothing where a or b is fresh, and of S_aa (1 - 1/N) S_aa + σ²/N.
struct OpenGossipRecursion: MomentRecursion {
  private let averaging: GossipRecursion
  private let replacementProbability: Double
  private let variance: Double
  let initialMoments: [Double]

  /// - Parameters:
  ///   - neighbours: of each agent; neighbourhood is mutual.
  ///   - values: x_k before the first event.
  init(neighbours: [[Int]], replacementProbability: Double, standardDeviation: Double, from values: [Double]) {
    precondition((0...1).contains(replacementProbability), "A probability is between zero and one.")
    averaging = GossipRecursion(PairwiseGossip(neighbours: neighbours), from: values)
    self.replacementProbability = replacementProbability
    variance = standardDeviation * standardDeviation
    initialMoments = values.flatMap { value in values.map { value * $0 } }
  }

  var size: Int { averaging.size }
  var operationsPerStep: Double { averaging.operationsPerStep }

  /// E W of an event: fresh values are nothing in the mean.
  var meanMatrix: [Double] {
    var matrix = averaging.meanChange.map { (1 - replacementProbability) * $0 }
    for agent in 0..<size { matrix[agent * size + agent] += 1 - replacementProbability / Double(size) }
    return matrix
  }

  func advance(_ moments: inout [Double]) {
    let share = replacementProbability / Double(size)
    var averaged = moments
    averaging.average(&averaged)
    for row in 0..<size {
      for column in 0..<size {
        let place = row * size + column
        // p R(S) + (1 - p) S; what averaging changes comes on top.
        let kept = row == column ? moments[place] * (1 - share) + variance * share : moments[place] * (1 - 2 * share)
        moments[place] = kept + (1 - replacementProbability) * (averaged[place] - moments[place])
      }
    }
  }
}

/// The moments of gossip among agents that come and go on any graph.
package struct OpenGossipNetwork: Sendable {
  /// The neighbours of each agent; neighbourhood is mutual.
  package let neighbours: [[Int]]
  /// The probability that an event is a replacement.
  package let replacementProbability: Double
  /// σ of the fresh values.
  package let standardDeviation: Double

  package init(neighbours: [[Int]], replacementProbability: Double, standardDeviation: Double) {
    self.neighbours = neighbours
    self.replacementProbability = replacementProbability
    self.standardDeviation = standardDeviation
  }

  /// The moments after some events.
  ///
  /// - Parameters:
  ///   - values: x_k before the first event.
  ///   - events: in rising order.
  package func moments(
    from values: [Double], after events: [Int], operationLimit: Double = 1e10
  ) throws(TheoryError) -> [ValueMoments] {
    let recursion = recursion(from: values)
    let operations = Double(events.last ?? 0) * recursion.operationsPerStep
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var all = recursion.initialMoments
    var event = 0
    return events.map { target in
      while event < target {
        recursion.advance(&all)
        event += 1
      }
      return moments(all)
    }
  }

  /// The moments in the long run.
  ///
  /// - Throws: `diverges` where nobody is ever replaced, as the mean then stays what it was.
  package func limit(operationLimit: Double = 1e10) throws(TheoryError) -> ValueMoments {
    let recursion = recursion(from: [Double](repeating: 0, count: neighbours.count))
    return moments(try recursion.stationaryMoments(operationLimit: operationLimit))
  }

  private func recursion(from values: [Double]) -> OpenGossipRecursion {
    OpenGossipRecursion(
      neighbours: neighbours, replacementProbability: replacementProbability, standardDeviation: standardDeviation,
      from: values)
  }

  private func moments(_ all: [Double]) -> ValueMoments {
    let count = Double(neighbours.count)
    return ValueMoments(
      meanSquared: all.reduce(0, +) / (count * count), meanOfSquares: trace(all, count: neighbours.count) / count)
  }
}
