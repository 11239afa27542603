// SPDX-License-Identifier: GPL-3.0-or-later

extension Perceptron {
  /// The outputs for a batch.
  ///
  /// - Parameters:
  ///   - inputs: rows × inputs.
  ///   - rows: the samples of the batch, at least one. One alone is multiplied as a vector.
  ///   - parameters: `parameterCount` numbers.
  ///   - workspace: at least `workspaceCount(rows:)` numbers; keeps what `backward` needs.
  /// - Returns: rows × outputs, inside the workspace.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func forward(
    _ inputs: UnsafePointer<Scalar>, rows: Int, at parameters: UnsafePointer<Scalar>,
    workspace: UnsafeMutableBufferPointer<Scalar>
  ) -> UnsafeMutablePointer<Scalar> {
    let base = checkedBase(of: workspace, rows: rows)
    var layerInputs = inputs
    var values = base
    for position in 0..<layerCount {
      let layer = self.layer(position)
      let weights = parameters + layer.weights
      values = base + rows * layer.precedingUnits
      if rows == 1 {
        Scalar.multiply(
          weights, transposed: false, layerInputs, stride: 1, into: values, rows: layer.units, columns: layer.inputs)
      } else if position == 0 && isSparse(inputs, rows: rows) {
        Scalar.multiplySparse(
          inputs, weights, into: values, rows: rows, columns: layer.units, depth: layer.inputs,
          room: base + keptCount(rows: rows))
      } else {
        Scalar.multiply(
          layerInputs, transposed: false, weights, transposed: true, into: values, rows: rows, columns: layer.units,
          depth: layer.inputs)
      }
      let biases = parameters + layer.biases
      if position == layerCount - 1 {
        Scalar.addBiases(biases, to: values, rows: rows, columns: layer.units)
      } else {
        addBiasesAndActivate(biases, values, rows: rows, columns: layer.units, activation)
      }
      layerInputs = UnsafePointer(values)
    }
    return values
  }

  /// The beginning of a workspace that is large enough.
  @inline(__always)
  func checkedBase(of workspace: UnsafeMutableBufferPointer<Scalar>, rows: Int) -> UnsafeMutablePointer<Scalar> {
    guard rows > 0, let base = workspace.baseAddress, workspace.count >= workspaceCount(rows: rows) else {
      preconditionFailure("A batch has rows, and its workspace holds workspaceCount(rows:) numbers.")
    }
    return base
  }
}

/// One pass over the weighted sums.
@inline(__always)
private func addBiasesAndActivate<Scalar: NeuralScalar>(
  _ biases: UnsafePointer<Scalar>, _ values: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int,
  _ activation: Activation
) {
  switch activation {
  case .rectifier: Scalar.addBiasesAndRectify(biases, values, rows: rows, columns: columns, slope: 0)
  case .leakyRectifier:
    Scalar.addBiasesAndRectify(biases, values, rows: rows, columns: columns, slope: Scalar(Activation.leakiness))
  case .hyperbolicTangent:
    for row in 0..<rows {
      let values = values + row * columns
      for column in 0..<columns {
        values[column] = Activation.hyperbolicTangent.value(at: values[column] + biases[column])
      }
    }
  }
}
