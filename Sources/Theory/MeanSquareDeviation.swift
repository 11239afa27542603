// SPDX-License-Identifier: GPL-3.0-or-later

/// Mean-square deviations E|w° - w_k|², linear (not in decibels).
package struct MeanSquareDeviation: Sendable, Equatable {
  /// Of each agent.
  package let agents: [Double]
  /// Their mean.
  package var network: Double { agents.reduce(0, +) / Double(agents.count) }

  /// The mean of some of them.
  package func mean(of ranks: [Int]) -> Double { ranks.reduce(0) { $0 + agents[$1] } / Double(ranks.count) }
}

extension SlottedRecursion {
  /// The steady state of each agent.
  ///
  /// - Parameters:
  ///   - usesTraces: whether to use that traces suffice; by default for white regressors, and only for them.
  ///   - operationLimit: the most multiplications to wait for.
  /// - Throws: `diverges` if there is none, `tooExpensive` beyond the limit.
  package func steadyState(
    usesTraces: Bool? = nil, operationLimit: Double = 1e10
  ) throws(TheoryError) -> MeanSquareDeviation {
    let recursion = try recursion(usesTraces: usesTraces ?? isWhite, operationLimit: operationLimit)
    return deviations(try recursion.stationaryMoments(operationLimit: operationLimit), stride: recursion.size)
  }

  /// The deviations after some slots; slot 0 is before the first step, when all parameters are zero.
  ///
  /// - Parameters:
  ///   - slots: in rising order.
  ///   - usesTraces: see `steadyState`.
  ///   - operationLimit: the most multiplications to wait for.
  package func transient(
    at slots: [Int], usesTraces: Bool? = nil, operationLimit: Double = 1e10
  ) throws(TheoryError) -> [MeanSquareDeviation] {
    guard let last = slots.last else { return [] }
    precondition(zip(slots, slots.dropFirst()).allSatisfy { $0 <= $1 } && slots[0] >= 0, "Slots are in rising order.")
    let recursion = try recursion(usesTraces: usesTraces ?? isWhite, operationLimit: operationLimit)
    let operations = Double(last) * recursion.operationsPerStep
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var moments = recursion.initialMoments
    var current = 0
    var curve: [MeanSquareDeviation] = []
    for slot in slots {
      while current < slot {
        recursion.advance(&moments)
        current += 1
      }
      curve.append(deviations(moments, stride: recursion.size))
    }
    return curve
  }

  /// The first slot after which the network's deviation stays within a share of its steady state.
  ///
  /// - Parameters:
  ///   - share: how near is near, 0.01 for one per cent.
  ///   - operationLimit: the most multiplications to wait for.
  package func settlingSlot(within share: Double = 0.01, operationLimit: Double = 1e10) throws(TheoryError) -> Int {
    let recursion = try recursion(usesTraces: isWhite, operationLimit: operationLimit)
    let stationary = try recursion.stationaryMoments(operationLimit: operationLimit)
    let limit = deviations(stationary, stride: recursion.size).network
    var moments = recursion.initialMoments
    var slot = 0
    var settled = 0
    var operations = 0.0
    while true {
      let gap = abs(deviations(moments, stride: recursion.size).network - limit)
      if gap > share * limit { settled = slot + 1 }
      // What is left decays; a curve that came this near does not leave the band again.
      if gap <= share * limit / 100 { return settled }
      operations += recursion.operationsPerStep
      guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
      recursion.advance(&moments)
      slot += 1
    }
  }

  /// The matrix B of the mean recursion E w̃ ← B E w̃, row by row, for the stacked deviations of all agents (with late
  /// messages, of all that are remembered).
  package func meanMatrix(operationLimit: Double = 1e10) throws(TheoryError) -> [Double] {
    try recursion(usesTraces: isWhite, operationLimit: operationLimit).meanMatrix
  }

  /// The spectral radius of the mean recursion: below one where the mean converges, and then the factor by which it
  /// shrinks in the long run.
  package func meanSpectralRadius(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    let recursion = try recursion(usesTraces: isWhite, operationLimit: operationLimit)
    return try spectralRadius(recursion.meanMatrix, count: recursion.size, operationLimit: operationLimit)
  }

  /// The spectral radius of the exact recursion of second moments: the factor by which the excess of the mean-square
  /// deviation shrinks per slot in the long run.
  ///
  /// - Throws: `diverges` where it does not shrink, though the mean may converge.
  package func meanSquareSpectralRadius(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    try recursion(usesTraces: isWhite, operationLimit: operationLimit).momentRadius(operationLimit: operationLimit)
  }

  /// E|w° - w_k|² of each agent from second moments, whose first blocks are the agents'.
  private func deviations(_ moments: [Double], stride: Int) -> MeanSquareDeviation {
    // Traces are single numbers, so the blocks' side follows from the size.
    let side = stride / (costs.agentCount * (delay + 1))
    return MeanSquareDeviation(
      agents: (0..<costs.agentCount).map { agent in
        (agent * side..<(agent + 1) * side).reduce(0) { $0 + moments[$1 * stride + $1] }
      })
  }
}
