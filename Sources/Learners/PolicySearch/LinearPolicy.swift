// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Policies that act with a ~ N(θ·φ, σ²), where θ = L s of the agent's copy of the basis, column by column, and its code.
///
/// Parameters are the basis, d × k numbers, and behind it the code, k numbers.
package struct LinearPolicy: Sendable {
  /// What each number of an observation is divided by.
  package let scales: [Double]
  /// k.
  package let columns: Int
  /// σ.
  package let deviation: Double

  package init(scales: [Double], columns: Int, deviation: Double) {
    (self.scales, self.columns, self.deviation) = (scales, columns, deviation)
  }

  /// d.
  package var featureCount: Int { scales.count }

  package var parameterCount: Int { (featureCount + 1) * columns }

  package var layout: StepLayout {
    StepLayout([.shared("basis", featureCount * columns), .own("code", columns)])
  }

  /// θ of parameters.
  func mix<Scalar: BinaryFloatingPoint>(
    _ parameters: UnsafePointer<Scalar>, into policy: UnsafeMutablePointer<Double>
  ) {
    let count = featureCount
    for row in 0..<count {
      var sum = 0.0
      for column in 0..<columns {
        sum += Double(parameters[column * count + row]) * Double(parameters[columns * count + column])
      }
      policy[row] = sum
    }
  }

  /// Writes the action of each row of observations: the mean, and so many deviations beside it.
  func act(
    _ observations: UnsafePointer<Float>, rows: Int, at parameters: UnsafePointer<Float>,
    numbers: UnsafePointer<Double>?, into actions: UnsafeMutablePointer<Float>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: featureCount) { room in
      guard let policy = room.baseAddress else { return }
      mix(parameters, into: policy)
      for row in 0..<rows {
        var action = deviation * (numbers?[row] ?? 0)
        for entry in 0..<featureCount {
          action += policy[entry] * (Double(observations[row * featureCount + entry]) / scales[entry])
        }
        actions[row] = Float(action)
      }
    }
  }

  /// The policies of such parameters.
  var policies: PolicyForm {
    PolicyForm(parameterCount: parameterCount) {
      .linear(self, at: $0, noise: nil)
    } drawn: {
      .linear(self, at: $0, noise: $1)
    }
  }
}
