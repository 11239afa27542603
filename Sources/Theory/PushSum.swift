// SPDX-License-Identifier: GPL-3.0-or-later

/// Push-sum in synchronous rounds without loss: each agent keeps the share 1 / (1 + d_out) of its sum and its weight
/// and sends as much to each agent that it sends to; s / w comes to the mean.
///
/// Source: Kempe, Dobra and Gehrke, "Gossip-based computation of aggregate information", 2003.
package struct PushSum: Sendable {
  /// Whom each agent sends to, itself not counted.
  package let receivers: [[Int]]

  /// Makes the model of a directed graph.
  package init(receivers: [[Int]]) {
    precondition(
      receivers.indices.allSatisfy { sender in
        receivers[sender].allSatisfy { $0 != sender && receivers.indices.contains($0) }
      }, "Agents send to other agents.")
    self.receivers = receivers
  }

  /// The estimates s_k / w_k of all agents after some rounds.
  ///
  /// - Parameters:
  ///   - values: x_k, of which the mean is wanted.
  ///   - rounds: in rising order.
  package func estimates(from values: [Double], after rounds: [Int]) -> [[Double]] {
    precondition(values.count == receivers.count, "Every agent has one value.")
    var sums = values
    var weights = [Double](repeating: 1, count: values.count)
    var round = 0
    return rounds.map { target in
      while round < target {
        sums = shared(sums)
        weights = shared(weights)
        round += 1
      }
      return zip(sums, weights).map { $0 / $1 }
    }
  }

  /// The factor by which the error of the estimates shrinks per round in the long run: the second eigenvalue modulus
  /// of the matrix of shares. One for a graph in pieces.
  package func rate(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    guard receivers.count > 1 else { return 0 }
    return try eigenvalueModuli(matrixOfShares(), count: receivers.count, operationLimit: operationLimit)[1]
  }

  /// The factor by which the expected mass shrinks per round in the long run where each message is lost with a
  /// probability p: the largest eigenvalue of the matrix of shares in which those that are sent count (1 − p) times. With
  /// d receivers for every agent it is 1 − p d / (1 + d).
  package func massFactor(lossProbability: Double, operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    let matrix = matrixOfShares(arriving: 1 - lossProbability)
    return try eigenvalueModuli(matrix, count: receivers.count, operationLimit: operationLimit)[0]
  }

  /// Row by row what each receiver has of each sender's mass after a round.
  ///
  /// - Parameter probability: the share of what is sent that arrives.
  private func matrixOfShares(arriving probability: Double = 1) -> [Double] {
    let count = receivers.count
    var matrix = [Double](repeating: 0, count: count * count)
    for sender in 0..<count {
      let share = 1 / Double(1 + receivers[sender].count)
      matrix[sender * count + sender] = share
      for receiver in receivers[sender] { matrix[receiver * count + sender] += share * probability }
    }
    return matrix
  }

  /// What every agent has after one round.
  private func shared(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for sender in values.indices {
      let share = values[sender] / Double(1 + receivers[sender].count)
      result[sender] += share
      for receiver in receivers[sender] { result[receiver] += share }
    }
    return result
  }
}
