// SPDX-License-Identifier: GPL-3.0-or-later

/// The costs of all agents in least-mean-squares learning, J_k(w) = (w - w°_k)' R_k (w - w°_k) and the noise power.
///
/// The regressor covariance of agent k is R_k[a][b] = σ²_k ρ_k^|a-b|. Agents stand in the order of ranks.
package struct QuadraticCosts: Sendable {
  /// The number of parameters, M.
  package let dimension: Int
  /// σ²_k of each agent's regressor, above zero.
  package let regressorVariances: [Double]
  /// ρ_k of each agent's regressor, between -1 and 1.
  package let regressorCorrelations: [Double]
  /// The minimisers w°_k, agent after agent; N × M numbers.
  package let truths: [Double]

  /// The number of agents, N.
  package var agentCount: Int { regressorVariances.count }

  /// Makes the costs.
  ///
  /// - Parameters:
  ///   - dimension: the number of parameters, at least one.
  ///   - regressorVariances: one number for each agent.
  ///   - regressorCorrelations: one number for each agent.
  ///   - truths: M numbers for each agent.
  package init(
    dimension: Int, regressorVariances: [Double], regressorCorrelations: [Double], truths: [Double]
  ) {
    precondition(dimension > 0 && !regressorVariances.isEmpty, "Costs need a parameter and an agent.")
    precondition(regressorCorrelations.count == regressorVariances.count, "Every agent has one correlation.")
    precondition(truths.count == dimension * regressorVariances.count, "Every agent has M true parameters.")
    self.dimension = dimension
    self.regressorVariances = regressorVariances
    self.regressorCorrelations = regressorCorrelations
    self.truths = truths
  }

  /// The minimiser w°_k of an agent.
  package func truth(of agent: Int) -> ArraySlice<Double> {
    truths[agent * dimension..<(agent + 1) * dimension]
  }

  /// The regressor covariance R_k of an agent, row by row.
  package func covariance(of agent: Int) -> [Double] {
    let powers = powers(of: regressorCorrelations[agent])
    var matrix: [Double] = []
    matrix.reserveCapacity(dimension * dimension)
    for row in 0..<dimension {
      for column in 0..<dimension { matrix.append(regressorVariances[agent] * powers[abs(row - column)]) }
    }
    return matrix
  }

  /// The minimiser of the sum of all costs: (Σ R_k)⁻¹ Σ R_k w°_k.
  package func networkOptimum() throws(TheoryError) -> [Double] {
    try minimiser(weights: [Double](repeating: 1, count: agentCount))
  }

  /// Where diffusion with small steps settles: (Σ p_k μ_k R_k)⁻¹ Σ p_k μ_k R_k w°_k, the Pareto point of the agents'
  /// costs weighted by their step sizes.
  ///
  /// Source: Chen and Sayed, "Distributed Pareto optimization via diffusion strategies", 2013.
  ///
  /// - Parameters:
  ///   - stepSizes: μ_k of each agent.
  ///   - perronVector: p_k of each agent; nothing means 1/N, as for doubly stochastic matrices.
  package func paretoPoint(stepSizes: [Double], perronVector: [Double]? = nil) throws(TheoryError) -> [Double] {
    precondition(stepSizes.count == agentCount, "Every agent has one step size.")
    guard let perronVector else { return try minimiser(weights: stepSizes) }
    precondition(perronVector.count == agentCount, "Every agent has one Perron entry.")
    return try minimiser(weights: zip(stepSizes, perronVector).map { $0 * $1 })
  }

  /// (Σ a_k R_k)⁻¹ Σ a_k R_k w°_k.
  private func minimiser(weights: [Double]) throws(TheoryError) -> [Double] {
    let differences = differencesFromFirstTruth()
    var rightSide = [Double](repeating: 0, count: dimension)
    for agent in 0..<agentCount {
      let pull = product(agent, differences[agent * dimension..<(agent + 1) * dimension])
      for entry in 0..<dimension { rightSide[entry] += weights[agent] * pull[entry] }
    }
    let shift = try isUncorrelated ? divided(rightSide, weights) : solution(weightedCovariance(weights), rightSide)
    return zip(truth(of: 0), shift).map { $0 + $1 }
  }

  /// Whether the entries of no agent's regressors are correlated: then all covariances are multiples of the unit matrix,
  /// and nothing of M × M numbers need be made.
  private var isUncorrelated: Bool { regressorCorrelations.allSatisfy { $0 == 0 } }

  /// (Σ a_k σ²_k)⁻¹ x.
  private func divided(_ vector: [Double], _ weights: [Double]) throws(TheoryError) -> [Double] {
    let power = zip(weights, regressorVariances).reduce(0) { $0 + $1.0 * $1.1 }
    let quotients = vector.map { $0 / power }
    guard quotients.allSatisfy(\.isFinite) else { throw .singular }
    return quotients
  }

  /// Σ a_k R_k, row by row.
  func weightedCovariance(_ weights: [Double]) -> [Double] {
    var lags = [Double](repeating: 0, count: dimension)
    for agent in 0..<agentCount {
      for (lag, power) in powers(of: regressorCorrelations[agent]).enumerated() {
        lags[lag] += weights[agent] * regressorVariances[agent] * power
      }
    }
    return (0..<dimension).flatMap { row in (0..<dimension).map { column in lags[abs(row - column)] } }
  }

  /// R_k x for an agent.
  func product(_ agent: Int, _ vector: ArraySlice<Double>) -> [Double] {
    if regressorCorrelations[agent] == 0 { return vector.map { regressorVariances[agent] * $0 } }
    let powers = powers(of: regressorCorrelations[agent])
    return (0..<dimension).map { row in
      var sum = 0.0
      for column in 0..<dimension { sum += powers[abs(row - column)] * vector[vector.startIndex + column] }
      return regressorVariances[agent] * sum
    }
  }

  /// w°_k - w°_0: solving for differences makes a common truth come out exactly.
  func differencesFromFirstTruth() -> [Double] {
    truths.indices.map { truths[$0] - truths[$0 % dimension] }
  }

  /// ρ⁰, ρ¹ and so on, one for each lag; 0⁰ is one.
  private func powers(of correlation: Double) -> [Double] {
    var powers = [1.0]
    while powers.count < dimension { powers.append(powers[powers.count - 1] * correlation) }
    return powers
  }
}
