// SPDX-License-Identifier: GPL-3.0-or-later

/// Adapt, then combine where an agent's activity in a slot decides about its combination as well as about its step:
/// w_k = ψ_k + Σ_l g_lk (ψ_l - ψ_k), with ψ_l after a step if l is active and before it otherwise, and
///
///     g_lk = c_lk b_lk a_k        pull: an active agent reads what its neighbours have, active or not
///     g_lk = c_lk b_lk a_k a_l    sleep: an inactive agent neither sends, receives nor combines
///
/// for independent activities a with probability q and deliveries b with probability η.
///
/// A block E w̃_k w̃_l' depends on the activities of at most four agents, so it is a fixed sum of blocks of K after the
/// steps of the active ones; the coefficients are found once, without enumerating all sets of active agents.
struct ActivityRecursion: MomentRecursion {
  /// `coefficient` times the block (x, y) of K after steps of x and y as `isActive` says goes to the block (k, l).
  private struct Term {
    let target: (row: Int, column: Int)
    let source: (row: Int, column: Int)
    let isActive: (row: Bool, column: Bool)
    let coefficient: Double
  }

  private let adaptation: GaussianAdaptation
  private let terms: [Term]
  let meanMatrix: [Double]

  var size: Int { adaptation.size }
  var operationsPerStep: Double {
    Double(terms.count * adaptation.blockSize * adaptation.blockSize) + 2 * adaptation.operations
  }
  var initialMoments: [Double] { adaptation.initialMoments(copies: 1) }

  /// Finds the coefficients.
  init(
    adaptation: GaussianAdaptation, matrix: CombinationMatrix, deliveryProbabilities: [Double], sleeps: Bool,
    operationLimit: Double
  ) throws(TheoryError) {
    let law = ActivityLaw(
      matrix: matrix, deliveryProbabilities: deliveryProbabilities,
      activeProbabilities: adaptation.activeProbabilities, sleeps: sleeps)
    let reach = law.senders.reduce(0) { $0 + Double($1.count + 1) }
    guard 64 * reach * reach <= operationLimit else {
      throw .tooExpensive(operations: 64 * reach * reach, limit: operationLimit)
    }
    var terms: [Term] = []
    for row in 0..<matrix.count {
      for column in 0...row {
        for (source, weights) in law.secondMoments(row, column) {
          for (active, weight) in weights.enumerated() where weight != 0 {
            terms.append(
              Term(
                target: (row, column), source: source, isActive: (active & 1 != 0, active & 2 != 0),
                coefficient: weight))
          }
        }
      }
    }
    self.terms = terms
    self.adaptation = adaptation
    var mean = [Double](repeating: 0, count: adaptation.size * adaptation.size)
    for agent in 0..<matrix.count {
      for (source, weights) in law.firstMoments(agent) {
        let stepped = adaptation.meanFactor(of: source, probability: 1).map { $0 * weights[1] }
        var block = stepped
        for entry in 0..<adaptation.blockSize { block[entry * adaptation.blockSize + entry] += weights[0] }
        adaptation.setBlock(&mean, agent, source, stride: adaptation.size, block)
      }
    }
    self.meanMatrix = mean
  }

  func advance(_ moments: inout [Double]) {
    let resting = moments
    // K after a step of the row's agent, and after steps of both; the own blocks exist only for both or none.
    var halfStepped = moments
    for agent in 0..<adaptation.agentCount {
      adaptation.scaleRows(
        &halfStepped, agent, adaptation.meanFactor(of: agent, probability: 1), stride: size)
    }
    var stepped = halfStepped
    for agent in 0..<adaptation.agentCount {
      adaptation.scaleColumns(&stepped, agent, adaptation.meanFactor(of: agent, probability: 1), stride: size)
    }
    for agent in 0..<adaptation.agentCount {
      let own = adaptation.stepped(agent, adaptation.block(resting, agent, agent, stride: size), probability: 1)
      adaptation.setBlock(&stepped, agent, agent, stride: size, own)
    }
    var columnStepped = halfStepped
    transpose(&columnStepped, count: size)
    for index in moments.indices { moments[index] = 0 }
    for term in terms {
      switch term.isActive {
      case (false, false): add(term, resting, to: &moments)
      case (true, false): add(term, halfStepped, to: &moments)
      case (false, true): add(term, columnStepped, to: &moments)
      case (true, true): add(term, stepped, to: &moments)
      }
    }
    for row in 0..<size {
      for column in 0..<row { moments[column * size + row] = moments[row * size + column] }
    }
  }

  /// Adds the block of one term.
  private func add(_ term: Term, _ source: [Double], to moments: inout [Double]) {
    let side = adaptation.blockSize
    for row in 0..<side {
      let from = (term.source.row * side + row) * size + term.source.column * side
      let to = (term.target.row * side + row) * size + term.target.column * side
      for column in 0..<side { moments[to + column] += term.coefficient * source[from + column] }
    }
  }
}
