// SPDX-License-Identifier: GPL-3.0-or-later

/// Averaging with late messages, x_k(t+1) = c_kk x_k(t) + Σ_l≠k c_lk x_l(t-τ), where all values before the start were
/// the first ones.
package struct DelayedConsensus: Sendable {
  /// Who gives whom what weight.
  package let combination: CombinationMatrix
  /// τ in rounds.
  package let delay: Int

  /// Makes the recursion.
  package init(combination: CombinationMatrix, delay: Int) {
    precondition(delay >= 0, "Messages are not from the future.")
    self.combination = combination
    self.delay = delay
  }

  /// What all agents come to: Σ p_k (1 + τ (1 - c_kk)) x_k(0) / Σ p_k (1 + τ (1 - c_kk)), for any delay.
  ///
  /// It is the mean of the first values only if the matrix is doubly stochastic with one c_kk for all.
  package func limit(from values: [Double]) throws(TheoryError) -> Double {
    precondition(values.count == combination.count, "Every agent has one value.")
    let shares = try combination.perronVector()
    var (sum, weights) = (0.0, 0.0)
    for agent in values.indices {
      let weight = shares[agent] * (1 + Double(delay) * (1 - combination[agent, agent]))
      sum += weight * values[agent]
      weights += weight
    }
    return sum / weights
  }

  /// The factor by which the disagreement shrinks per round in the long run: the second eigenvalue modulus of the
  /// recursion of (x(t), …, x(t-τ)). One for a network in pieces.
  package func rate(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    let size = combination.count * (delay + 1)
    guard size > 1 else { return 0 }
    return try eigenvalueModuli(augmentedMatrix, count: size, operationLimit: operationLimit)[1]
  }

  /// The values of all agents after some rounds.
  ///
  /// - Parameters:
  ///   - values: x_k(0).
  ///   - rounds: in rising order.
  package func trajectory(
    from values: [Double], at rounds: [Int], operationLimit: Double = 1e10
  ) throws(TheoryError) -> [[Double]] {
    let count = combination.count
    precondition(values.count == count, "Every agent has one value.")
    guard let last = rounds.last else { return [] }
    let operations = Double(last) * Double(count * count)
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    // What is τ rounds old is overwritten by what is new.
    var history = [[Double]](repeating: values, count: delay + 1)
    var current = values
    var result: [[Double]] = []
    var round = 0
    for target in rounds {
      while round < target {
        history[round % (delay + 1)] = current
        let late = history[(round + 1) % (delay + 1)]
        current = (0..<count).map { receiver in
          (0..<count).reduce(combination[receiver, receiver] * current[receiver]) {
            $1 == receiver ? $0 : $0 + combination[$1, receiver] * late[$1]
          }
        }
        round += 1
      }
      result.append(current)
    }
    return result
  }

  /// The matrix of the stacked (x(t), …, x(t-τ)), row by row.
  private var augmentedMatrix: [Double] {
    let count = combination.count
    let size = count * (delay + 1)
    var matrix = [Double](repeating: 0, count: size * size)
    for receiver in 0..<count {
      for sender in 0..<count {
        let age = sender == receiver ? 0 : delay
        matrix[receiver * size + age * count + sender] = combination[sender, receiver]
      }
    }
    for row in count..<max(count, size) { matrix[row * size + row - count] = 1 }
    return matrix
  }
}
