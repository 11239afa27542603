// SPDX-License-Identifier: GPL-3.0-or-later

/// The loss of a critic, to be made small: L = mean(½ (v − y)²). So its gradient has no factor two.
///
/// Source: Valcarcel Macua et al., "Diff-DAC", equation 23.
///
/// - Parameters:
///   - values: v, the outputs, one for each row.
///   - targets: y, one for each row.
///   - gradient: overwritten with that of L with respect to the values.
/// - Returns: L.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
@discardableResult
package func squaredErrorLoss<Scalar: NeuralScalar>(
  _ values: UnsafePointer<Scalar>, rows: Int, targets: UnsafePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
) -> Double {
  let share = 1 / Scalar(rows)
  var sum = 0.0
  for row in 0..<rows {
    let error = values[row] - targets[row]
    sum += Double(error * error)
    gradient[row] = share * error
  }
  return sum / Double(2 * rows)
}
