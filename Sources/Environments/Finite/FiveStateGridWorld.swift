// SPDX-License-Identifier: GPL-3.0-or-later

/// Two tasks on five cells in a row that no deterministic policy serves best together.
///
/// ## Description
///
///     S1 ─ S2 ─ S3 ─ S4 ─ S5
///
/// The two tasks have opposite goals. The best policy for the sum of their values goes left and right equally often in
/// the middle, where it is worth 2γ / (2 − γ²); any deterministic policy is worth γ.
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021,
/// section 2.2 and figure 1.
///
/// ## Actions
/// 0 is left, 1 is right. In task 2 their effect is reversed in S2 and S4. With the modified dynamics the action does
/// not matter in S2 and S4: task 1 moves left with probability 1 − p and right with p, task 2 the other way round.
///
/// ## Observations
/// | number | observation | range |
/// |---|---|---|
/// | state | the cell, S1 being 0 | 0 to 4 |
///
/// ## Rewards
/// On entering S1: 1 in task 1, −1 in task 2. On entering S5: the opposite. Nothing else.
///
/// ## Start
/// As asked for; the experiments of the paper start in S3.
///
/// ## Episode end
/// S1 and S5 are never left.
///
/// ## Arguments
/// The discount γ, the distribution of the first state, and p of the modified dynamics, if these are meant. The paper's
/// statements about them are for p between a half and one; then going left and right equally often is the worst.
package enum FiveStateGridWorld: Int, Sendable, CaseIterable {
  /// The task with the goal S1.
  case leftGoal = 1
  /// The task with the goal S5.
  case rightGoal = 2

  package static let stateCount = 5
  package static let actionCount = 2
  /// S3, in which the tasks disagree.
  package static let middle = 2
  /// Always in the middle.
  package static let startInMiddle = [0.0, 0, 1, 0, 0]

  /// The task as a decision process.
  ///
  /// - Parameter driftProbability: p of the modified dynamics; nothing for the original ones.
  /// - Throws: if a probability or the discount is out of range.
  package func process(
    discount: Double, start: [Double] = startInMiddle, driftProbability: Double? = nil
  ) throws(EnvironmentError) -> FiniteDecisionProcess {
    let sign = self == .leftGoal ? 1.0 : -1.0
    var transitions = [[[Double]]]()
    var rewards = [[Double]]()
    for state in 0..<Self.stateCount {
      var rows = [[Double]]()
      for action in 0..<Self.actionCount {
        var row = [Double](repeating: 0, count: Self.stateCount)
        if state == 0 || state == Self.stateCount - 1 {
          row[state] = 1
        } else {
          let left = leftProbability(state: state, action: action, driftProbability: driftProbability)
          row[state - 1] = left
          row[state + 1] = 1 - left
        }
        rows.append(row)
      }
      transitions.append(rows)
      rewards.append(rows.map { state == 1 ? sign * $0[0] : state == 3 ? -sign * $0[4] : 0 })
    }
    return try FiniteDecisionProcess(transitions: transitions, rewards: rewards, discount: discount, start: start)
  }

  private func leftProbability(state: Int, action: Int, driftProbability: Double?) -> Double {
    if state == Self.middle { return action == 0 ? 1 : 0 }
    if let driftProbability { return self == .leftGoal ? 1 - driftProbability : driftProbability }
    return (action == 0) == (self == .leftGoal) ? 1 : 0
  }

  /// The policy of the closed forms: left in S2 and S4, left in the middle with some probability, and anything in S1
  /// and S5.
  package static func policy(leftInMiddle: Double) -> TabularPolicy {
    var left = [Double](repeating: 1, count: stateCount)
    left[middle] = leftInMiddle
    return TabularPolicy(actionCount: actionCount, probabilities: left.flatMap { [$0, 1 - $0] })
  }
}
