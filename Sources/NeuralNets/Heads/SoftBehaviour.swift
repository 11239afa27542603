// SPDX-License-Identifier: GPL-3.0-or-later

/// How an agent of soft Q-learning acts on what it takes actions to be worth, f.
///
/// | behaviour | policy |
/// |---|---|
/// | `twoColumns` | softmax(α log π₀ + β f), the policy whose values it learns |
/// | `oneColumn` | softmax(f) |
/// | `sharpOneColumn` | softmax(β' f) |
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019.
package enum SoftBehaviour<Scalar: NeuralScalar>: Sendable, Hashable {
  case twoColumns(SoftValue<Scalar>)
  case oneColumn(actionCount: Int)
  /// β'.
  case sharpOneColumn(actionCount: Int, sharpness: Scalar)

  /// log of the policy, rows × actions.
  ///
  /// - Parameters:
  ///   - prior: log π₀, rows × actions; nothing means uniform. Only the first form looks at it.
  ///   - worths: f, rows × actions.
  ///   - logProbabilities: rows × actions; may be either of these.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func logProbabilities(
    prior: UnsafePointer<Scalar>?, worths: UnsafePointer<Scalar>, rows: Int,
    into logProbabilities: UnsafeMutablePointer<Scalar>
  ) {
    let count: Int
    switch self {
    case .twoColumns(let soft):
      count = soft.actionCount
      soft.logits(prior: prior, worths: worths, rows: rows, into: logProbabilities)
    case .oneColumn(let actionCount):
      count = actionCount
      for index in 0..<rows * count { logProbabilities[index] = worths[index] }
    case .sharpOneColumn(let actionCount, let sharpness):
      count = actionCount
      for index in 0..<rows * count { logProbabilities[index] = sharpness * worths[index] }
    }
    CategoricalPolicy(actionCount: count).logProbabilities(
      UnsafePointer(logProbabilities), rows: rows, into: logProbabilities)
  }
}
