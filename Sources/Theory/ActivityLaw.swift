// SPDX-License-Identifier: GPL-3.0-or-later

/// The joint law of the weights g_lk of a slot and of the activities of those whose values they weigh.
struct ActivityLaw {
  /// A term of w_k: the value of an agent, plus or minus, with the weight g_lk of a link from `sender`, or with one.
  private struct Part {
    let agent: Int
    let sign: Double
    let sender: Int?
  }

  let matrix: CombinationMatrix
  let deliveryProbabilities: [Double]
  let activeProbabilities: [Double]
  /// Whether an inactive agent does not send either.
  let sleeps: Bool
  /// Whom each agent gives weight to, itself not counted.
  let senders: [[Int]]

  init(
    matrix: CombinationMatrix, deliveryProbabilities: [Double], activeProbabilities: [Double], sleeps: Bool
  ) {
    self.matrix = matrix
    self.deliveryProbabilities = deliveryProbabilities
    self.activeProbabilities = activeProbabilities
    self.sleeps = sleeps
    self.senders = (0..<matrix.count).map { matrix.senders(to: $0) }
  }

  /// For each agent x that E w_k is made of, the weight of its value at rest and of its value after a step.
  func firstMoments(_ agent: Int) -> [(source: Int, weights: [Double])] {
    let sources = [agent] + senders[agent]
    var weights = [[Double]](repeating: [0, 0], count: sources.count)
    for part in parts(of: agent) {
      guard let place = sources.firstIndex(of: part.agent) else { continue }
      var involved = [part.agent]
      if let sender = part.sender { include([agent, sender], in: &involved) }
      for active in 0..<(1 << involved.count) {
        let weight = probability(of: involved, active) * mean(part, of: agent, involved, active)
        weights[place][active & 1] += part.sign * weight
      }
    }
    return Array(zip(sources, weights))
  }

  /// For each pair (x, y) of agents that E w_k w_l' is made of, the weight of E x y' where bit 0 says whether x made a
  /// step and bit 1 whether y did.
  func secondMoments(_ first: Int, _ second: Int) -> [(source: (row: Int, column: Int), weights: [Double])] {
    let rows = [first] + senders[first]
    let columns = [second] + senders[second]
    var weights = [[Double]](repeating: [0, 0, 0, 0], count: rows.count * columns.count)
    for left in parts(of: first) {
      for right in parts(of: second) {
        guard let row = rows.firstIndex(of: left.agent), let column = columns.firstIndex(of: right.agent) else {
          continue
        }
        add(left, first, right, second, to: &weights[row * columns.count + column])
      }
    }
    return weights.indices.map { ((rows[$0 / columns.count], columns[$0 % columns.count]), weights[$0]) }
  }

  /// Adds the weights of one pair of terms, over the activities of all that they depend on.
  private func add(_ left: Part, _ first: Int, _ right: Part, _ second: Int, to weights: inout [Double]) {
    var involved = [left.agent]
    include([right.agent], in: &involved)
    if let sender = left.sender { include([first, sender], in: &involved) }
    if let sender = right.sender { include([second, sender], in: &involved) }
    // One link cannot deliver and lose at once: b² = b, not η².
    var isShared = false
    if let sender = left.sender, first == second, right.sender == sender { isShared = true }
    let columnBit = left.agent == right.agent ? 1 : 2
    for active in 0..<(1 << involved.count) {
      var weight = probability(of: involved, active) * mean(left, of: first, involved, active)
      weight *= mean(right, of: second, involved, active)
      if isShared, let sender = left.sender {
        let delivery = deliveryProbabilities[sender * matrix.count + first]
        weight = delivery == 0 ? 0 : weight / delivery
      }
      let bits = (active & 1) | (active & columnBit != 0 ? 2 : 0)
      weights[bits] += left.sign * right.sign * weight
    }
  }

  /// The terms of w_k = ψ_k + Σ_l g_lk (ψ_l - ψ_k).
  private func parts(of agent: Int) -> [Part] {
    [Part(agent: agent, sign: 1, sender: nil)]
      + senders[agent].flatMap {
        [Part(agent: $0, sign: 1, sender: $0), Part(agent: agent, sign: -1, sender: $0)]
      }
  }

  /// The mean weight of a term of an agent, given who is active.
  private func mean(_ part: Part, of agent: Int, _ involved: [Int], _ active: Int) -> Double {
    guard let sender = part.sender else { return 1 }
    func isActive(_ which: Int) -> Bool { involved.firstIndex(of: which).map { active & (1 << $0) != 0 } ?? false }
    guard isActive(agent), !sleeps || isActive(sender) else { return 0 }
    return matrix[sender, agent] * deliveryProbabilities[sender * matrix.count + agent]
  }

  /// The probability that exactly the marked ones of some agents are active.
  private func probability(of involved: [Int], _ active: Int) -> Double {
    var probability = 1.0
    for (bit, agent) in involved.enumerated() {
      let share = activeProbabilities[agent]
      probability *= active & (1 << bit) != 0 ? share : 1 - share
    }
    return probability
  }

  private func include(_ agents: [Int], in involved: inout [Int]) {
    for agent in agents where !involved.contains(agent) { involved.append(agent) }
  }
}
