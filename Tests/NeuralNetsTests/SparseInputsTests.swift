// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Randomness
import Testing

/// Inputs most of which are zero, as places in a grid world are.
struct SparseInputsTests {
  /// Widths that fill vectors of 16 and that do not.
  static let shapes = [[32, 3], [40, 16, 2], [96, 50, 50, 5], [131, 17, 4, 1]]

  /// Rows with `entries` numbers that are not zero, and beside them the same with a tiny number in place of every zero,
  /// which are multiplied as a whole: what both give differs by what tiny numbers can do.
  private func pair(_ rows: Int, _ inputs: Int, entries: (Int) -> Int, _ draws: inout Draws) -> (
    sparse: [Double], full: [Double]
  ) {
    var sparse = [Double](repeating: 0, count: rows * inputs)
    for row in 0..<rows {
      for _ in 0..<entries(row) {
        sparse[row * inputs + Int(draws.integer(below: UInt32(inputs)))] = draws.uniform() - 0.5
      }
    }
    return (sparse, sparse.map { $0 == 0 ? 1e-16 : $0 })
  }

  @Test(arguments: shapes, [1, 2, 3, 17])
  func whatIsMultipliedEntryByEntryIsTheSameNetwork(shape: [Int], rows: Int) {
    let perceptron = Perceptron<Double>(layerSizes: shape, activation: .leakyRectifier)
    var draws = draws(21)
    let parameters = perceptron.randomParameters(&draws)
    // The rows that are looked at are sparse, others need not be.
    let few = [0, rows / 2, rows - 1]
    for entries: (Int) -> Int in [{ _ in 0 }, { _ in 3 }, { few.contains($0) ? 2 : 2 * shape[0] }] {
      let inputs = pair(rows, shape[0], entries: entries, &draws)
      let weights = draws.numbers(rows * perceptron.outputCount)
      func gradient(_ inputs: [Double]) -> (loss: Double, gradient: [Double]) {
        perceptron.lossAndGradient(inputs, at: parameters) { outputs, gradient in
          for index in weights.indices { gradient[index] = weights[index] + outputs[index] }
          return outputs[0]
        }
      }
      #expect(
        distance(perceptron.outputs(inputs.sparse, at: parameters), perceptron.outputs(inputs.full, at: parameters))
          < 1e-12)
      #expect(distance(gradient(inputs.sparse).gradient, gradient(inputs.full).gradient) < 1e-12)
    }
  }

  @Test func singlePrecisionFollowsDoubleOnSparseInputs() {
    let shape = [96, 50, 50, 5]
    let (single, double) = (
      Perceptron<Float>(layerSizes: shape, activation: .leakyRectifier),
      Perceptron<Double>(layerSizes: shape, activation: .leakyRectifier)
    )
    var draws = draws(22)
    let parameters = single.randomParameters(&draws)
    let inputs = pair(128, 96, entries: { _ in 3 }, &draws).sparse.map { Float($0) }
    func gradient<Scalar: NeuralScalar>(_ network: Perceptron<Scalar>) -> [Double] {
      network.lossAndGradient(inputs.map { Scalar($0) }, at: parameters.map { Scalar($0) }) { outputs, gradient in
        for index in 0..<640 { gradient[index] = outputs[index] / 128 }
        return 0
      }.gradient.map { Double($0) }
    }
    #expect(distance(gradient(single), gradient(double)) < 1e-5)
  }
}
