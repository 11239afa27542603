// SPDX-License-Identifier: GPL-3.0-or-later

/// What one combination over lossy links does to second moments: w̃_k ← φ_k + Σ_l g_lk (φ_l - φ_k), where g_lk = c_lk
/// with probability η_lk and 0 otherwise, so that the weight of a missing message returns to the receiver.
///
///     K ← C̄' K C̄, and for the block of k in addition Σ_l v_lk (K_ll - K_lk - K_kl + K_kk)
///
/// with C̄ = E C(i) and v_lk = c²_lk η_lk (1 - η_lk).
///
/// Source: Zhao and Sayed, "Asynchronous adaptation and learning over networks, part I", 2015.
struct LossyCombination: Sendable {
  /// A link that can fail, and the variance of its weight.
  struct Link: Sendable {
    let sender: Int
    let receiver: Int
    let variance: Double
  }

  let agentCount: Int
  let blockSize: Int
  /// C̄, row by row.
  let mean: [Double]
  /// The links whose messages can be lost.
  let uncertain: [Link]

  init(_ matrix: CombinationMatrix, deliveryProbabilities: [Double], blockSize: Int) {
    self.agentCount = matrix.count
    self.blockSize = blockSize
    self.mean = matrix.mean(deliveryProbabilities: deliveryProbabilities).values
    var uncertain: [Link] = []
    for receiver in 0..<matrix.count {
      for sender in matrix.senders(to: receiver) {
        let probability = deliveryProbabilities[sender * matrix.count + receiver]
        let variance = matrix[sender, receiver] * matrix[sender, receiver] * probability * (1 - probability)
        if variance > 0 { uncertain.append(Link(sender: sender, receiver: receiver, variance: variance)) }
      }
    }
    self.uncertain = uncertain
  }

  /// The combination of all agents, on moments of nothing but deviations.
  func combine(_ moments: inout [Double]) {
    let size = agentCount * blockSize
    let added = lossVariances(moments, stride: size, senderOffset: 0)
    var half = moments
    // C̄' K, turned over for C̄' (C̄' K)' = C̄' K' C̄, and turned back.
    multiply(
      mean, moments, rows: agentCount, inner: agentCount, columns: blockSize * size, into: &half, transposesLeft: true)
    transpose(&half, count: size)
    multiply(
      mean, half, rows: agentCount, inner: agentCount, columns: blockSize * size, into: &moments, transposesLeft: true)
    transpose(&moments, count: size)
    add(added, to: &moments, stride: size)
  }

  /// Σ_l v_lk E (φ_l - φ_k) (φ_l - φ_k)' of each agent, block after block.
  ///
  /// - Parameter senderOffset: where the agents' values begin that senders are read at, in agents.
  func lossVariances(_ moments: [Double], stride: Int, senderOffset: Int) -> [Double] {
    var added = [Double](repeating: 0, count: agentCount * blockSize * blockSize)
    for link in uncertain {
      let sender = (link.sender + senderOffset) * blockSize
      let receiver = link.receiver * blockSize
      for row in 0..<blockSize {
        for column in 0..<blockSize {
          added[(receiver + row) * blockSize + column] +=
            link.variance
            * (moments[(sender + row) * stride + sender + column] - moments[(sender + row) * stride + receiver + column]
              - moments[(receiver + row) * stride + sender + column]
              + moments[(receiver + row) * stride + receiver + column])
        }
      }
    }
    return added
  }

  /// Adds one block to the own block of each agent.
  func add(_ blocks: [Double], to moments: inout [Double], stride: Int) {
    for agent in 0..<agentCount {
      for row in 0..<blockSize {
        let start = (agent * blockSize + row) * stride + agent * blockSize
        for column in 0..<blockSize {
          moments[start + column] += blocks[(agent * blockSize + row) * blockSize + column]
        }
      }
    }
  }
}

/// C' ⊗ I, row by row: the matrix that combines stacked vectors.
func combining(_ matrix: [Double], agentCount: Int, blockSize: Int) -> [Double] {
  let size = agentCount * blockSize
  var result = [Double](repeating: 0, count: size * size)
  for sender in 0..<agentCount {
    for receiver in 0..<agentCount {
      for entry in 0..<blockSize {
        result[(receiver * blockSize + entry) * size + sender * blockSize + entry] =
          matrix[sender * agentCount + receiver]
      }
    }
  }
  return result
}
