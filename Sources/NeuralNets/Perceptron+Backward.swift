// SPDX-License-Identifier: GPL-3.0-or-later

extension Perceptron {
  /// The gradient with respect to the parameters, from that with respect to the outputs.
  ///
  /// With values H of the units before a layer, and Δ the gradient with respect to its weighted sums: that of W is ΔᵀH,
  /// that of b the sum of the rows of Δ, and the Δ before it is (Δ W) ⊙ slope(H).
  ///
  /// - Parameters:
  ///   - outputGradient: rows × outputs.
  ///   - inputs: of the call of `forward` for this batch.
  ///   - rows: the samples that the gradient is of.
  ///   - forwardRows: those of that call, of which these are the first; nothing means that they are all.
  ///   - parameters: of that call.
  ///   - gradient: `parameterCount` numbers, overwritten.
  ///   - inputGradient: rows × inputs, overwritten with the gradient with respect to the inputs, Δ W, where it is given.
  ///   - workspace: as that call left it. What it kept stays, so several gradients can be taken.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func backward(
    _ outputGradient: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>, rows: Int, of forwardRows: Int? = nil,
    at parameters: UnsafePointer<Scalar>, into gradient: UnsafeMutablePointer<Scalar>,
    inputGradient: UnsafeMutablePointer<Scalar>? = nil, workspace: UnsafeMutableBufferPointer<Scalar>
  ) {
    let kept = forwardRows ?? rows
    precondition(rows > 0 && rows <= kept, "A gradient is of samples that went forward.")
    let base = checkedBase(of: workspace, rows: kept)
    var layer = self.layer(layerCount - 1)
    var next = base + kept * (layer.precedingUnits + layer.units)
    var other = next + kept * widestHiddenLayer
    var delta = outputGradient
    Scalar.sumRows(delta, rows: rows, columns: layer.units, into: gradient + layer.biases)
    for position in (0..<layerCount).reversed() {
      layer = self.layer(position)
      let preceding = layer.precedingUnits - layer.inputs
      let layerInputs = position == 0 ? inputs : UnsafePointer(base + kept * preceding)
      if position == 0 && isSparse(inputs, rows: rows) {
        Scalar.multiply(
          delta, bySparse: inputs, into: gradient + layer.weights, rows: rows, columns: layer.units,
          depth: layer.inputs, room: base + keptCount(rows: kept))
      } else {
        Scalar.multiply(
          delta, transposed: true, layerInputs, transposed: false, into: gradient + layer.weights, rows: layer.units,
          columns: layer.inputs, depth: rows)
      }
      if position == 0 {
        if let inputGradient {
          Scalar.multiply(
            delta, transposed: false, parameters + layer.weights, transposed: false, into: inputGradient, rows: rows,
            columns: layer.inputs, depth: layer.units)
        }
        break
      }
      let sums = gradient + self.layer(position - 1).biases
      if let slope = activation.slopeBelowZero {
        Scalar.layerBefore(
          delta, parameters + layer.weights, values: layerInputs, slope: Scalar(slope), into: next, rows: rows,
          columns: layer.inputs, depth: layer.units, sums: sums)
      } else {
        Scalar.multiply(
          delta, transposed: false, parameters + layer.weights, transposed: false, into: next, rows: rows,
          columns: layer.inputs, depth: layer.units)
        multiplyBySlopesOfTangents(layerInputs, next, rows: rows, columns: layer.inputs, sums: sums)
      }
      delta = UnsafePointer(next)
      swap(&next, &other)
    }
  }
}

/// One pass over the gradient: the slopes of hyperbolic tangents, and the sums that are the gradient of the biases.
@inline(__always)
private func multiplyBySlopesOfTangents<Scalar: NeuralScalar>(
  _ values: UnsafePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int,
  sums: UnsafeMutablePointer<Scalar>
) {
  sums.update(repeating: 0, count: columns)
  for row in 0..<rows {
    let values = values + row * columns
    let gradient = gradient + row * columns
    for column in 0..<columns {
      let product = gradient[column] * Activation.hyperbolicTangent.slope(atValue: values[column])
      gradient[column] = product
      sums[column] += product
    }
  }
}
