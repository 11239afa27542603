// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// Episodes of a finite decision process, step by step.
extension FiniteDecisionProcess {
  /// A first state.
  ///
  /// *Randomness*: one uniform number.
  package func firstState(_ draws: inout Draws) -> Int { choice(start, from: 0, count: stateCount, &draws) }

  /// The state after an action.
  ///
  /// *Randomness*: one uniform number.
  package func nextState(after state: Int, taking action: Int, _ draws: inout Draws) -> Int {
    choice(transitions, from: (state * actionCount + action) * stateCount, count: stateCount, &draws)
  }
}

extension TabularPolicy {
  /// An action in a state.
  ///
  /// *Randomness*: one uniform number.
  package func action(in state: Int, _ draws: inout Draws) -> Int {
    choice(probabilities, from: state * actionCount, count: actionCount, &draws)
  }
}

/// A whole number with the probabilities of a part of a table; the last possible one if rounding leaves nothing.
private func choice(_ table: [Double], from first: Int, count: Int, _ draws: inout Draws) -> Int {
  let uniform = draws.uniform()
  var sum = 0.0
  var last = 0
  for index in 0..<count where table[first + index] > 0 {
    sum += table[first + index]
    last = index
    if uniform < sum { return index }
  }
  return last
}
