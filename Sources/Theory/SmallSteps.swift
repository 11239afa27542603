// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

extension CombinationMatrix {
  /// p_k and π_kk for messages that can be lost: the mean of the matrix, its Perron vector p, and the diagonal of the
  /// Perron vector of E[C(i) ⊗ C(i)], written as a matrix Π with Π 1 = p.
  ///
  /// Without loss Π = p p'. The Perron equation Π = E[C(i) Π C(i)'] reads, with the weights' variances v_lk,
  ///
  ///     Π = C̄ Π C̄' + Σ_k π_kk Σ_l v_lk (e_l - e_k) (e_l - e_k)'
  ///
  /// and Π - p p' has rows with sum zero, on which C̄ acts like C̄ - p 1', whose powers die out.
  ///
  /// Source: Zhao and Sayed, "Asynchronous adaptation and learning over networks, part II", 2015.
  func perronMoments(
    deliveryProbabilities: [Double], operationLimit: Double
  ) throws(TheoryError) -> (vector: [Double], diagonal: [Double]) {
    let mean = mean(deliveryProbabilities: deliveryProbabilities)
    let vector = try mean.perronVector()
    let loss = LossyCombination(self, deliveryProbabilities: deliveryProbabilities, blockSize: 1)
    let squares = vector.map { $0 * $0 }
    guard !loss.uncertain.isEmpty else { return (vector, squares) }
    var remainder = mean.values
    for row in 0..<count {
      for column in 0..<count { remainder[row * count + column] -= vector[row] }
    }
    let doubling = try DoublingSum(remainder, size: count, operationLimit: operationLimit)
    var diagonal = squares
    var operations = 0.0
    while true {
      operations += doubling.operations
      guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
      var excess = [Double](repeating: 0, count: count * count)
      for link in loss.uncertain {
        let weight = link.variance * diagonal[link.receiver]
        excess[link.sender * count + link.sender] += weight
        excess[link.receiver * count + link.receiver] += weight
        excess[link.sender * count + link.receiver] -= weight
        excess[link.receiver * count + link.sender] -= weight
      }
      doubling.sum(&excess)
      let next = (0..<count).map { squares[$0] + excess[$0 * count + $0] }
      let change = zip(next, diagonal).reduce(0) { max($0, abs($1.0 - $1.1) / $1.0) }
      diagonal = next
      if change <= 1e-13 { return (vector, diagonal) }
    }
  }

  /// m = Σ_k p_k (1 + τ (1 - c_kk)): how much slower diffusion is when neighbours' messages are τ slots late, and by
  /// how much their small-step deviation is smaller.
  package func delayFactor(delay: Int) throws(TheoryError) -> Double {
    let shares = try perronVector()
    return (0..<count).reduce(0) { $0 + shares[$1] * (1 + Double(delay) * (1 - self[$1, $1])) }
  }
}

extension SlottedRecursion {
  /// The mean-square deviation in the limit of small steps, the same for every agent and every order of adapt and
  /// combine, for agents that rest with their adaptation only:
  ///
  ///     ½ tr [(Σ q_k μ_k p_k R_k)⁻¹ (Σ q_k μ_k² π_kk σ²_v,k R_k)] / m
  ///
  /// with p and π of the lossy links (π_kk = p²_k without loss), and m = Σ p_k (1 + τ (1 - c_kk)) for late messages.
  /// Agents that do not cooperate have their own, of which this is the mean.
  ///
  /// An approximation: at practical steps the deviation of sparse networks lies a decibel or more above it.
  ///
  /// Source: Zhao and Sayed 2015, part II; the delay factor was confirmed against the exact recursion only.
  package func smallStepDeviationApproximation(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    guard activity == .compute else {
      throw .noClosedForm(reason: "The small-step formula covers agents that combine in every slot.")
    }
    if strategy == .nonCooperative {
      // ½ μ σ²_v M for each; a probability of being active cancels.
      let own = (0..<costs.agentCount).map { stepSizes[$0] * noiseVariances[$0] * Double(costs.dimension) / 2 }
      return own.reduce(0, +) / Double(own.count)
    }
    let (vector, diagonal) = try combination.perronMoments(
      deliveryProbabilities: deliveryProbabilities, operationLimit: operationLimit)
    let drift = vector.indices.map { activeProbabilities[$0] * stepSizes[$0] * vector[$0] }
    let noise = vector.indices.map {
      activeProbabilities[$0] * stepSizes[$0] * stepSizes[$0] * diagonal[$0] * noiseVariances[$0]
    }
    let mean = combination.mean(deliveryProbabilities: deliveryProbabilities)
    return try costs.halfTrace(drift: drift, noise: noise) / mean.delayFactor(delay: delay)
  }
}

extension QuadraticCosts {
  /// ½ tr [(Σ a_k R_k)⁻¹ (Σ b_k R_k)].
  func halfTrace(drift: [Double], noise: [Double]) throws(TheoryError) -> Double {
    let noise = weightedCovariance(noise)
    // Both matrices are symmetric, so rows serve as columns.
    let columns = (0..<dimension).map { Array(noise[$0 * dimension..<($0 + 1) * dimension]) }
    let solutions = try solutions(of: weightedCovariance(drift), columns).mapError(TheoryError.init).get()
    return solutions.indices.reduce(0) { $0 + solutions[$1][$1] } / 2
  }
}
