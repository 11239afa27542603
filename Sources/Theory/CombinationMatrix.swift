// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// The combination matrix C as plain numbers: c_lk is the weight that agent k gives to what it has from agent l.
///
/// Columns sum to one, C'1 = 1: what an agent combines are averages. The graph may be directed.
package struct CombinationMatrix: Sendable, Equatable {
  /// The number of agents, N.
  package let count: Int
  /// c_lk in row l and column k, row by row; N × N numbers.
  package let values: [Double]

  /// Makes the matrix from its numbers.
  ///
  /// - Parameters:
  ///   - count: the number of agents, at least one.
  ///   - values: row by row, each column with a sum of one.
  package init(count: Int, values: [Double]) {
    precondition(count > 0 && values.count == count * count, "A combination matrix is square.")
    for column in 0..<count {
      let sum = (0..<count).reduce(0) { $0 + values[$1 * count + column] }
      precondition(abs(sum - 1) <= 1e-9, "The weights that an agent gives sum to one.")
    }
    self.count = count
    self.values = values
  }

  /// Makes the matrix from its rows: `rows[l][k]` is c_lk.
  package init(rows: [[Double]]) {
    self.init(count: rows.count, values: rows.flatMap { $0 })
  }

  /// The combination matrix of a network, in the order of ranks.
  package init(_ network: Network) {
    let count = network.nodeCount
    var values = [Double](repeating: 0, count: count * count)
    for agent in 0..<count {
      values[agent * count + agent] = network.selfWeights[agent]
      for link in network.incoming(NodeID(agent)) {
        values[network.senders[link].index * count + agent] = network.weights[link]
      }
    }
    self.init(count: count, values: values)
  }

  /// Agents that combine with nobody.
  package static func identity(_ count: Int) -> CombinationMatrix {
    CombinationMatrix(count: count, values: identityMatrix(count))
  }

  /// c_lk: the weight that `receiver` gives to `sender`.
  package subscript(sender: Int, receiver: Int) -> Double { values[sender * count + receiver] }

  /// Whom an agent gives weight to, itself not counted, in the order of ranks.
  package func senders(to receiver: Int) -> [Int] {
    (0..<count).filter { $0 != receiver && self[$0, receiver] != 0 }
  }

  /// The mean of the matrix when each message from l to k arrives with some probability and the weight of a missing
  /// one returns to the receiver: c_lk η_lk beside the diagonal, the rest of each column on it.
  ///
  /// - Parameter deliveryProbabilities: η_lk, row by row like the matrix.
  package func mean(deliveryProbabilities: [Double]) -> CombinationMatrix {
    precondition(deliveryProbabilities.count == values.count, "Every entry has one probability of delivery.")
    var mean = values
    for receiver in 0..<count {
      for sender in senders(to: receiver) {
        let entry = sender * count + receiver
        mean[entry] = values[entry] * deliveryProbabilities[entry]
        mean[receiver * count + receiver] += values[entry] - mean[entry]
      }
    }
    return CombinationMatrix(count: count, values: mean)
  }

  /// The Perron vector: C p = p with 1'p = 1. Repeated combining brings agents that start at x to p'x.
  ///
  /// - Throws: `singular` if there is more than one, as for a network in pieces.
  package func perronVector() throws(TheoryError) -> [Double] {
    // The equations (C - I) p = 0 depend on each other, so the last one gives way to 1'p = 1.
    var equations = values
    for agent in 0..<count { equations[agent * count + agent] -= 1 }
    for agent in 0..<count { equations[(count - 1) * count + agent] = 1 }
    var rightSide = [Double](repeating: 0, count: count)
    rightSide[count - 1] = 1
    let solution = try solution(equations, rightSide)
    // With two vectors the equations are singular, which rounding can hide. The largest entry belongs to agents that
    // give weight among themselves only; there are no others of that kind if everybody hears from them.
    guard let heaviest = solution.indices.max(by: { solution[$0] < solution[$1] }), everybodyHears(heaviest) else {
      throw .singular
    }
    return solution
  }

  /// Whether what an agent has reaches everybody, over others if need be.
  private func everybodyHears(_ agent: Int) -> Bool {
    var isReached = [Bool](repeating: false, count: count)
    isReached[agent] = true
    var waiting = [agent]
    while let sender = waiting.popLast() {
      for receiver in 0..<count where !isReached[receiver] && self[sender, receiver] != 0 {
        isReached[receiver] = true
        waiting.append(receiver)
      }
    }
    return !isReached.contains(false)
  }
}

/// The identity, row by row.
func identityMatrix(_ count: Int) -> [Double] {
  var values = [Double](repeating: 0, count: count * count)
  for index in 0..<count { values[index * count + index] = 1 }
  return values
}
