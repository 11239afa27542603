// SPDX-License-Identifier: GPL-3.0-or-later

/// The exact mean-square deviation of slotted diffusion while links are cut and the common truth moves at known slots.
///
/// Between two events the recursion is that of `SlottedRecursion`. A cut link delivers with probability zero, so that its
/// weight returns to the receiver. A move of the truth by δ adds δ to every w̃_k = w° - w_k, so that with m = E w̃
///
///     K_kl ← K_kl + m_k δ' + δ m_l' + δ δ',     m_k ← m_k + δ
///
/// and a move that is drawn, with mean zero and covariance (s²/M) I, adds (s²/M) I to every block and leaves m.
package struct ScriptedRecursion: Sendable {
  /// How the common truth moves.
  package enum Move: Sendable, Equatable {
    /// By one known vector of M numbers.
    case by([Double])
    /// By a vector of mean zero, independent of all else, all directions alike; s² is its mean squared length.
    case drawn(meanSquare: Double)
  }

  /// What happens before the steps of a slot begin.
  package struct Event: Sendable {
    package let slot: Int
    /// η_lk from then on, row by row; nothing where links stay as they are.
    package let deliveryProbabilities: [Double]?
    package let moves: [Move]

    package init(slot: Int, deliveryProbabilities: [Double]? = nil, moves: [Move] = []) {
      self.slot = slot
      self.deliveryProbabilities = deliveryProbabilities
      self.moves = moves
    }
  }

  private let model: SlottedRecursion
  private let events: [Event]

  /// - Parameters:
  ///   - model: what holds at the start.
  ///   - events: in rising order of slots.
  /// - Throws: `noClosedForm` for late messages, of which the state remembers more than the present.
  package init(_ model: SlottedRecursion, events: [Event]) throws(TheoryError) {
    guard model.delay == 0 else {
      throw .noClosedForm(reason: "Through a timeline the exact recursion covers messages that are not late only.")
    }
    precondition(zip(events, events.dropFirst()).allSatisfy { $0.slot <= $1.slot }, "Events are in rising order.")
    self.model = model
    self.events = events
  }

  /// The deviations from the present truth at the start of each slot from 0 to the last one, after its events and before
  /// its steps.
  ///
  /// - Parameter operationLimit: the most multiplications to wait for.
  package func curve(through last: Int, operationLimit: Double = 1e10) throws(TheoryError) -> [MeanSquareDeviation] {
    var present = try model.recursion(usesTraces: model.isWhite, operationLimit: operationLimit)
    let operations = Double(last) * present.operationsPerStep
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var state = State(model, size: present.size, moments: present.initialMoments)
    var mean = present.meanMatrix
    var curve: [MeanSquareDeviation] = []
    var next = 0
    for slot in 0...last {
      while next < events.count, events[next].slot <= slot {
        for move in events[next].moves { state.move(move) }
        if let probabilities = events[next].deliveryProbabilities {
          present = try model.delivering(probabilities).recursion(
            usesTraces: model.isWhite, operationLimit: operationLimit)
          mean = present.meanMatrix
        }
        next += 1
      }
      curve.append(state.deviations)
      present.advance(&state.moments)
      state.advanceMean(by: mean)
    }
    return curve
  }
}

extension ScriptedRecursion {
  /// First and second moments of all deviations.
  private struct State {
    let agents: Int
    let dimension: Int
    /// The numbers along one side of a block: M, or one for traces.
    let side: Int
    let size: Int
    /// K, or the traces of its blocks.
    var moments: [Double]
    /// m_k, agent after agent; N × M numbers.
    var mean: [Double]

    init(_ model: SlottedRecursion, size: Int, moments: [Double]) {
      agents = model.costs.agentCount
      dimension = model.costs.dimension
      side = size / agents
      self.size = size
      self.moments = moments
      mean = model.costs.truths
    }

    var deviations: MeanSquareDeviation {
      MeanSquareDeviation(
        agents: (0..<agents).map { agent in
          (agent * side..<(agent + 1) * side).reduce(0) { $0 + moments[$1 * size + $1] }
        })
    }

    /// m ← B m; of traces, where B is alike for all entries of a vector, entry by entry.
    mutating func advanceMean(by matrix: [Double]) {
      let before = mean
      multiply(matrix, before, rows: size, inner: size, columns: dimension / side, into: &mean)
    }

    mutating func move(_ move: Move) {
      switch move {
      case .drawn(let meanSquare):
        for row in 0..<size {
          // Traces of blocks grow by s², entries of their diagonals by s²/M.
          for agent in 0..<agents {
            moments[row * size + agent * side + row % side] += meanSquare / Double(side)
          }
        }
      case .by(let vector):
        for row in 0..<size {
          for column in 0..<size { moments[row * size + column] += added(row, column, vector) }
        }
        for entry in mean.indices { mean[entry] += vector[entry % dimension] }
      }
    }

    /// An entry of m δ' + δ m' + δ δ', or the trace of a block of it.
    private func added(_ row: Int, _ column: Int, _ vector: [Double]) -> Double {
      guard side == 1, dimension > 1 else {
        let (left, right) = (vector[row % dimension], vector[column % dimension])
        return mean[row] * right + left * mean[column] + left * right
      }
      return (0..<dimension).reduce(0) { sum, entry in
        sum + vector[entry] * (mean[row * dimension + entry] + mean[column * dimension + entry] + vector[entry])
      }
    }
  }
}

extension SlottedRecursion {
  /// The same with other probabilities of delivery.
  fileprivate func delivering(_ probabilities: [Double]) throws(TheoryError) -> SlottedRecursion {
    try SlottedRecursion(
      costs: costs, stepSizes: stepSizes, noiseVariances: noiseVariances, combination: combination,
      strategy: strategy, activity: activity, activeProbabilities: activeProbabilities,
      deliveryProbabilities: probabilities, delay: delay)
  }
}
