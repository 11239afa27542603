// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Testing

@Suite struct InputSlopesTests {
  /// Central differences with a step of 1e-6, for every input; the gradient by the parameters is unchanged by it.
  @Test(arguments: [[3, 2], [4, 1, 3], [6, 19, 40, 5], [3, 5, 5, 5, 5, 4]], Activation.allCases)
  func slopesByInputsAreThoseOfFiniteDifferences(shape: [Int], activation: Activation) {
    let perceptron = Perceptron<Double>(layerSizes: shape, activation: activation)
    var draws = draws(61)
    for rows in [1, 4] {
      let parameters = perceptron.randomParameters(&draws)
      let inputs = draws.numbers(rows * shape[0], bound: 2)
      let weights = draws.numbers(rows * perceptron.outputCount)
      func sum(_ inputs: [Double], row: Int) -> Double {
        let outputs = perceptron.outputs(inputs, at: parameters)
        return (0..<perceptron.outputCount).reduce(0) {
          $0 + weights[row * perceptron.outputCount + $1] * outputs[row * perceptron.outputCount + $1]
        }
      }
      var workspace = [Double](repeating: .nan, count: perceptron.workspaceCount(rows: rows))
      workspace.withUnsafeMutableBufferPointer { workspace in
        perceptron.forward(inputs, rows: rows, at: parameters, workspace: workspace)
        for input in 0..<shape[0] {
          var slopes = [Double](repeating: .nan, count: rows)
          perceptron.slopes(
            of: weights, byInput: input, rows: rows, at: parameters, into: &slopes, workspace: workspace)
          for row in 0..<rows {
            var (above, below) = (inputs, inputs)
            above[row * shape[0] + input] += 1e-6
            below[row * shape[0] + input] -= 1e-6
            #expect(abs(slopes[row] - (sum(above, row: row) - sum(below, row: row)) / 2e-6) < 1e-7)
          }
        }
      }
    }
  }
}
