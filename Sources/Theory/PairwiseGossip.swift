// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Randomised gossip: at each tick one agent wakes, chooses one of its neighbours with equal probability, and both take
/// the mean of their values.
///
/// Source: Boyd, Ghosh, Prabhakar and Shah, "Randomized gossip algorithms", 2006.
package struct PairwiseGossip: Sendable {
  /// What is lost when a message is.
  package enum Loss: Sendable {
    /// The whole exchange: neither agent changes. The mean of all values is kept.
    case wholeExchange
    /// One direction, independently of the other: only the agent without a message keeps its value.
    case eachDirection
  }

  /// The neighbours of each agent; neighbourhood is mutual.
  package let neighbours: [[Int]]
  /// The probability that the agent that wakes is this one.
  package let wakeShares: [Double]
  /// The probability of a loss.
  package let lossProbability: Double
  /// What is lost.
  package let loss: Loss

  /// Makes the model.
  ///
  /// - Parameters:
  ///   - neighbours: of each agent.
  ///   - wakeRates: how often each agent wakes, in any unit; nothing means all alike.
  ///   - lossProbability: of an exchange or of each direction.
  ///   - loss: what is lost.
  package init(
    neighbours: [[Int]], wakeRates: [Double]? = nil, lossProbability: Double = 0, loss: Loss = .wholeExchange
  ) {
    let rates = wakeRates ?? [Double](repeating: 1, count: neighbours.count)
    precondition(!neighbours.isEmpty && rates.count == neighbours.count, "Every agent has one rate.")
    precondition((0...1).contains(lossProbability), "A probability is between zero and one.")
    for (agent, others) in neighbours.enumerated() {
      precondition(
        others.allSatisfy { neighbours.indices.contains($0) && $0 != agent && neighbours[$0].contains(agent) },
        "Neighbourhood is mutual.")
    }
    let total = rates.reduce(0, +)
    self.neighbours = neighbours
    self.wakeShares = rates.map { $0 / total }
    self.lossProbability = lossProbability
    self.loss = loss
  }

  /// The mean disagreement E Σ_k (x_k - x̄)² after some ticks, where x̄ is the mean at that time.
  ///
  /// - Parameters:
  ///   - values: x_k before the first tick.
  ///   - ticks: in rising order.
  package func disagreement(
    from values: [Double], after ticks: [Int], operationLimit: Double = 1e10
  ) throws(TheoryError) -> [Double] {
    guard let last = ticks.last else { return [] }
    let recursion = GossipRecursion(self, from: values)
    let operations = Double(last) * recursion.operationsPerStep
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var moments = recursion.initialMoments
    var tick = 0
    return ticks.map { target in
      while tick < target {
        recursion.advance(&moments)
        tick += 1
      }
      return trace(moments, count: values.count)
    }
  }

  /// The mean disagreement at some times, when all agents together wake at a rate.
  package func disagreement(
    from values: [Double], at times: [Double], wakeRate: Double, operationLimit: Double = 1e10
  ) throws(TheoryError) -> [Double] {
    let recursion = GossipRecursion(self, from: values)
    let mixture = PoissonMixture(means: times.map { $0 * wakeRate })
    let operations = Double(mixture.lastEvent) * recursion.operationsPerStep
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var moments = recursion.initialMoments
    return mixture.average(count: 1) { events in
      if events > 0 { recursion.advance(&moments) }
      return [trace(moments, count: values.count)]
    }.map { $0[0] }
  }

  /// The variance of the value on which all agree in the end. Zero where whole exchanges are lost; where directions are,
  /// the mean is a martingale, whose steps add up to this.
  package func varianceOfFinalMean(
    from values: [Double], operationLimit: Double = 1e10
  ) throws(TheoryError) -> Double {
    guard loss == .eachDirection else { return 0 }
    let recursion = GossipRecursion(self, from: values)
    let sum = try recursion.stationaryMoments(source: recursion.initialMoments, operationLimit: operationLimit)
    let count = Double(values.count)
    let variance = lossProbability * (1 - lossProbability) / 2 / (count * count)
    return recursion.pairs.reduce(0) { $0 + variance * $1.probability * recursion.squaredGap($1, sum) }
  }

  /// The factor by which the mean disagreement shrinks per tick in the long run.
  package func disagreementFactor(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    let values = [Double](repeating: 0, count: neighbours.count)
    return try GossipRecursion(self, from: values).momentRadius(operationLimit: operationLimit)
  }

  /// λ₂(E W), the second eigenvalue of the mean of the random averaging matrix.
  package func secondEigenvalueOfMean() throws(TheoryError) -> Double {
    let count = neighbours.count
    guard count > 1 else { return 0 }
    var mean = GossipRecursion(self, from: [Double](repeating: 0, count: count)).meanChange
    for agent in 0..<count { mean[agent * count + agent] += 1 }
    return try symmetricEigenvalues(mean, count: count)[1]
  }

  /// Bounds of the averaging time in ticks, log ε⁻¹ / log λ₂⁻¹ times one half and three.
  ///
  /// Source: Boyd et al. 2006, theorem 3.
  package func averagingTimeBounds(accuracy: Double) throws(TheoryError) -> ClosedRange<Double> {
    let scale = log(accuracy) / log(try secondEigenvalueOfMean())
    return 0.5 * scale...3 * scale
  }
}
