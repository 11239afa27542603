// SPDX-License-Identifier: GPL-3.0-or-later

/// The second moments of differences from the mean of all values, Z = Π E[x x'] Π with Π = I - 11'/N, under pairwise
/// gossip.
///
/// A tick of the pair (i, j) adds Δ = -½ (b_i e_i - b_j e_j) (e_i - e_j)', where b are zero or one; so
///
///     Z ← Π (Z + D Z + Z D + Σ P_ij E[Δ Z Δ']) Π,   D = Σ P_ij E Δ,   Δ Z Δ' = ¼ z_ij (b_i e_i - b_j e_j) (…)'
///
/// with z_ij = Z_ii - 2 Z_ij + Z_jj. The recursion is closed as values that agree stay as they are, W 1 = 1.
struct GossipRecursion: MomentRecursion {
  /// Two agents that exchange values, and the probability that a tick is theirs.
  struct Pair {
    let first: Int
    let second: Int
    let probability: Double
  }

  let size: Int
  let pairs: [Pair]
  let initialMoments: [Double]
  /// D = E W - I.
  let meanChange: [Double]
  /// E b².
  private let arrival: Double
  /// E b_i b_j.
  private let jointArrival: Double

  init(_ gossip: PairwiseGossip, from values: [Double]) {
    let size = gossip.neighbours.count
    precondition(values.count == size, "Every agent has one value.")
    var pairs: [Pair] = []
    for (agent, others) in gossip.neighbours.enumerated() {
      for other in others where other > agent {
        let probability =
          gossip.wakeShares[agent] / Double(others.count)
          + gossip.wakeShares[other] / Double(gossip.neighbours[other].count)
        pairs.append(Pair(first: agent, second: other, probability: probability))
      }
    }
    let arrival = 1 - gossip.lossProbability
    var change = [Double](repeating: 0, count: size * size)
    for pair in pairs {
      let weight = pair.probability * arrival / 2
      change[pair.first * size + pair.first] -= weight
      change[pair.second * size + pair.second] -= weight
      change[pair.first * size + pair.second] += weight
      change[pair.second * size + pair.first] += weight
    }
    let mean = values.reduce(0, +) / Double(size)
    self.size = size
    self.pairs = pairs
    self.initialMoments = values.flatMap { value in values.map { (value - mean) * ($0 - mean) } }
    self.meanChange = change
    self.arrival = arrival
    self.jointArrival = gossip.loss == .wholeExchange ? arrival : arrival * arrival
  }

  var operationsPerStep: Double { Double(size) * Double(size) * Double(size) }

  /// E W without its eigenvalue one, which belongs to the mean.
  var meanMatrix: [Double] {
    var matrix = meanChange.map { $0 - 1 / Double(size) }
    for agent in 0..<size { matrix[agent * size + agent] += 1 }
    return matrix
  }

  func advance(_ moments: inout [Double]) {
    average(&moments)
    center(&moments)
  }

  /// A tick for moments of any values, E[x x'], whose mean may move.
  func average(_ moments: inout [Double]) {
    let gaps = pairs.map { squaredGap($0, moments) }
    var half = moments
    multiply(meanChange, moments, rows: size, inner: size, columns: size, into: &half)
    for row in 0..<size {
      for column in 0..<size {
        moments[row * size + column] += half[row * size + column] + half[column * size + row]
      }
    }
    for (pair, gap) in zip(pairs, gaps) {
      let weight = pair.probability * gap / 4
      moments[pair.first * size + pair.first] += weight * arrival
      moments[pair.second * size + pair.second] += weight * arrival
      moments[pair.first * size + pair.second] -= weight * jointArrival
      moments[pair.second * size + pair.first] -= weight * jointArrival
    }
  }

  /// z_ij = E (x_i - x_j)².
  func squaredGap(_ pair: Pair, _ moments: [Double]) -> Double {
    moments[pair.first * size + pair.first] + moments[pair.second * size + pair.second]
      - moments[pair.first * size + pair.second] - moments[pair.second * size + pair.first]
  }

  /// Z ← Π Z Π.
  private func center(_ moments: inout [Double]) {
    let count = Double(size)
    let means = (0..<size).map { row in
      moments[row * size..<(row + 1) * size].reduce(0, +) / count
    }
    let mean = means.reduce(0, +) / count
    for row in 0..<size {
      for column in 0..<size { moments[row * size + column] += mean - means[row] - means[column] }
    }
  }
}
