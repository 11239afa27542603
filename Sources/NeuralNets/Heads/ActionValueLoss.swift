// SPDX-License-Identifier: GPL-3.0-or-later

/// The loss of what actions are worth, to be made small: L = mean((f(s,a) − y)²), with targets y that do not move.
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, algorithm 1; no factor of one half.
///
/// - Parameters:
///   - worths: f, rows × actions.
///   - actions: a, one for each row.
///   - targets: y, one for each row.
///   - gradient: rows × actions, overwritten with that of L with respect to f.
/// - Returns: L.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
@discardableResult
package func actionValueLoss<Scalar: NeuralScalar>(
  _ worths: UnsafePointer<Scalar>, rows: Int, actionCount: Int, actions: UnsafePointer<Int32>,
  targets: UnsafePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
) -> Double {
  let share = 2 / Scalar(rows)
  var sum = 0.0
  gradient.update(repeating: 0, count: rows * actionCount)
  for row in 0..<rows {
    let action = Int(actions[row])
    precondition(action >= 0 && action < actionCount, "An action is one of those that have a worth.")
    let index = row * actionCount + action
    let error = worths[index] - targets[row]
    sum += Double(error * error)
    gradient[index] = share * error
  }
  return sum / Double(rows)
}
