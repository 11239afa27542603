// SPDX-License-Identifier: GPL-3.0-or-later

extension Perceptron {
  /// The slope of each row's weighted sum of outputs by one of its inputs: how much an action is worth that is an input.
  ///
  /// With Δ as `backward` has it, from the outputs on, the slopes are Δ times a column of the weights of the first layer.
  ///
  /// - Parameters:
  ///   - outputGradient: the weights of the outputs, rows × outputs.
  ///   - input: the position of the input.
  ///   - parameters: of the call of `forward` for this batch.
  ///   - slopes: one for each row, overwritten.
  ///   - workspace: as that call left it. What it kept stays.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func slopes(
    of outputGradient: UnsafePointer<Scalar>, byInput input: Int, rows: Int, at parameters: UnsafePointer<Scalar>,
    into slopes: UnsafeMutablePointer<Scalar>, workspace: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(input >= 0 && input < inputCount, "An input is one of those there are.")
    let base = checkedBase(of: workspace, rows: rows)
    var layer = self.layer(layerCount - 1)
    var next = base + rows * (layer.precedingUnits + layer.units)
    var other = next + rows * widestHiddenLayer
    var delta = outputGradient
    for position in (1..<layerCount).reversed() {
      layer = self.layer(position)
      Scalar.multiply(
        delta, transposed: false, parameters + layer.weights, transposed: false, into: next, rows: rows,
        columns: layer.inputs, depth: layer.units)
      let values = UnsafePointer(base + rows * (layer.precedingUnits - layer.inputs))
      multiplyBySlopes(of: values, next, count: rows * layer.inputs, activation)
      delta = UnsafePointer(next)
      swap(&next, &other)
    }
    layer = self.layer(0)
    Scalar.multiply(
      delta, transposed: false, parameters + layer.weights + input, stride: layer.inputs, into: slopes, rows: rows,
      columns: layer.units)
  }
}

@inline(__always)
private func multiplyBySlopes<Scalar: NeuralScalar>(
  of values: UnsafePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>, count: Int, _ activation: Activation
) {
  @inline(__always)
  func pass(_ activation: Activation) {
    for index in 0..<count { gradient[index] *= activation.slope(atValue: values[index]) }
  }
  switch activation {
  case .rectifier: pass(.rectifier)
  case .leakyRectifier: pass(.leakyRectifier)
  case .hyperbolicTangent: pass(.hyperbolicTangent)
  }
}
