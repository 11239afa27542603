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
      let biases = parameters + layer.biases
      let activation = position == layerCount - 1 ? nil : self.activation
      // A hyperbolic tangent follows by itself, and so do outputs nothing.
      let slope = activation?.slopeBelowZero.map { Scalar($0) } ?? 1
      if rows == 1 {
        Scalar.multiply(
          weights, transposed: false, layerInputs, stride: 1, into: values, rows: layer.units, columns: layer.inputs)
        Scalar.addBiasesAndRectify(biases, values, rows: 1, columns: layer.units, slope: slope)
      } else if position == 0 && isSparse(inputs, rows: rows) {
        Scalar.sparseLayer(
          inputs, weights, biases, slope: slope, into: values, rows: rows, columns: layer.units, depth: layer.inputs,
          room: base + keptCount(rows: rows))
      } else {
        Scalar.layer(
          layerInputs, weights, biases, slope: slope, into: values, rows: rows, columns: layer.units,
          depth: layer.inputs)
      }
      if activation == .hyperbolicTangent {
        for index in 0..<rows * layer.units { values[index] = Scalar.hyperbolicTangent(values[index]) }
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
