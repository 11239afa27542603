// SPDX-License-Identifier: GPL-3.0-or-later

/// Whole batches in memory of their own, for checks. Agents use `forward` and `backward`, which allocate nothing.
extension Perceptron {
  /// The outputs of a batch, rows × outputs.
  ///
  /// - Parameters:
  ///   - inputs: rows × inputs, at least one row.
  ///   - parameters: `parameterCount` numbers.
  package func outputs(_ inputs: [Scalar], at parameters: [Scalar]) -> [Scalar] {
    let rows = checkedRows(inputs, parameters)
    var workspace = [Scalar](repeating: .nan, count: workspaceCount(rows: rows))
    return workspace.withUnsafeMutableBufferPointer {
      Array(
        UnsafeBufferPointer(
          start: forward(inputs, rows: rows, at: parameters, workspace: $0), count: rows * outputCount))
    }
  }

  /// The loss of a batch and its gradient with respect to the parameters.
  ///
  /// - Parameters:
  ///   - inputs: rows × inputs, at least one row.
  ///   - parameters: `parameterCount` numbers.
  ///   - head: takes the outputs, writes the gradient of the loss with respect to them, and returns the loss.
  package func lossAndGradient(
    _ inputs: [Scalar], at parameters: [Scalar],
    head: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Double
  ) -> (loss: Double, gradient: [Scalar]) {
    let rows = checkedRows(inputs, parameters)
    var workspace = [Scalar](repeating: .nan, count: workspaceCount(rows: rows))
    var gradient = [Scalar](repeating: .nan, count: parameterCount)
    var outputGradient = [Scalar](repeating: .nan, count: rows * outputCount)
    let loss = workspace.withUnsafeMutableBufferPointer { workspace in
      let outputs = forward(inputs, rows: rows, at: parameters, workspace: workspace)
      let loss = head(outputs, &outputGradient)
      backward(outputGradient, inputs: inputs, rows: rows, at: parameters, into: &gradient, workspace: workspace)
      return loss
    }
    return (loss, gradient)
  }

  private func checkedRows(_ inputs: [Scalar], _ parameters: [Scalar]) -> Int {
    precondition(
      inputs.count.isMultiple(of: inputCount) && parameters.count == parameterCount,
      "A batch has whole rows, and a perceptron all of its parameters.")
    return inputs.count / inputCount
  }
}
