// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Randomness
import Testing

/// Shapes that take every path (no hidden layer, one unit, narrow and wide layers, many of them), and random ones.
private let shapes: [[Int]] = {
  let chosen = [[3, 2], [1, 1], [4, 1, 3], [2, 33, 1], [6, 19, 40, 5], [3, 5, 5, 5, 5, 5, 4]]
  var draws = draws(0)
  let random = (0..<6).map { _ in
    (0..<2 + Int(draws.integer(below: 4))).map { _ in 1 + Int(draws.integer(below: 20)) }
  }
  return chosen + random
}()

@Suite struct PerceptronTests {
  @Test func parametersLieLayerByLayerWeightsFirst() {
    let perceptron = Perceptron<Double>(layerSizes: [2, 3, 1], activation: .rectifier)
    #expect(perceptron.parameterCount == 13)
    #expect(perceptron.layer(0).weights == 0)
    #expect(perceptron.layer(0).biases == 6)
    #expect(perceptron.layer(1).weights == 9)
    #expect(perceptron.layer(1).biases == 12)
    // Unit by unit: 1·2 + 2·3 + 1 = 9, −1·2 + 1·3 + 0 = 1, −2 − 3 + 2 = −3 → 0; then 9 · 10 + 1 · 100 + 0.5.
    let parameters: [Double] = [1, 2, -1, 1, -1, -1, 1, 0, 2, 10, 100, 1000, 0.5]
    #expect(perceptron.outputs([2, 3], at: parameters) == [190.5])
    #expect(perceptron.outputs([2, 3, 2, 3], at: parameters) == [190.5, 190.5])
  }

  /// Plain loops in the order of the definition, for every shape, batch and activation.
  @Test(arguments: shapes, Activation.allCases)
  func outputsAreThoseOfPlainLoops(shape: [Int], activation: Activation) {
    let perceptron = Perceptron<Double>(layerSizes: shape, activation: activation)
    var draws = draws(1)
    for rows in [1, 2, 5, 31] {
      let parameters = perceptron.randomParameters(&draws)
      let inputs = draws.numbers(rows * shape[0], bound: 2)
      let expected = (0..<rows).flatMap { row in
        plainOutputs(perceptron, inputs: Array(inputs[row * shape[0]..<(row + 1) * shape[0]]), parameters)
      }
      #expect(distance(perceptron.outputs(inputs, at: parameters), expected) < 1e-13)
    }
  }

  /// Central differences with a step of 1e-6, whose error is about 1e-10 for values near one. A rectifier's kink within
  /// such a step would fail; the seed is fixed, and there is none.
  @Test(arguments: shapes, Activation.allCases)
  func gradientsAreThoseOfFiniteDifferences(shape: [Int], activation: Activation) {
    let perceptron = Perceptron<Double>(layerSizes: shape, activation: activation)
    var draws = draws(2)
    for rows in [1, 2, 7] {
      let parameters = perceptron.randomParameters(&draws)
      let inputs = draws.numbers(rows * shape[0], bound: 2)
      let weights = draws.numbers(rows * perceptron.outputCount)
      // The loss Σ w o + ½ o² has a gradient that differs from output to output.
      func loss(_ outputs: [Double]) -> Double { zip(weights, outputs).map { $0 * $1 + $1 * $1 / 2 }.reduce(0, +) }
      let (_, gradient) = perceptron.lossAndGradient(inputs, at: parameters) { outputs, gradient in
        for index in weights.indices { gradient[index] = weights[index] + outputs[index] }
        return 0
      }
      for index in parameters.indices {
        var (above, below) = (parameters, parameters)
        above[index] += 1e-6
        below[index] -= 1e-6
        let slope = (loss(perceptron.outputs(inputs, at: above)) - loss(perceptron.outputs(inputs, at: below))) / 2e-6
        #expect(abs(slope - gradient[index]) < 1e-7 * max(1, abs(slope)), "parameter \(index), \(rows) rows")
      }
    }
  }

  @Test(arguments: shapes)
  func permutingABatchPermutesTheOutputsAndKeepsTheGradient(shape: [Int]) {
    let perceptron = Perceptron<Double>(layerSizes: shape, activation: .rectifier)
    var draws = draws(3)
    let rows = 13
    let parameters = perceptron.randomParameters(&draws)
    let inputs = draws.numbers(rows * shape[0])
    let order = (0..<rows).map { 5 * $0 % rows }
    let permuted = order.flatMap { inputs[$0 * shape[0]..<($0 + 1) * shape[0]] }
    let outputs = perceptron.outputs(inputs, at: parameters)
    let width = perceptron.outputCount
    let expected = order.flatMap { outputs[$0 * width..<($0 + 1) * width] }
    #expect(distance(perceptron.outputs(permuted, at: parameters), Array(expected)) < 1e-13)
    let squares = { (outputs: UnsafePointer<Double>, gradient: UnsafeMutablePointer<Double>) in
      for index in 0..<rows * width { gradient[index] = outputs[index] }
      return 0.0
    }
    let one = perceptron.lossAndGradient(inputs, at: parameters, head: squares).gradient
    let other = perceptron.lossAndGradient(permuted, at: parameters, head: squares).gradient
    #expect(distance(one, other) < 1e-12)
  }

  @Test func aBatchOfOneIsARowOfALargerOne() {
    let perceptron = Perceptron<Float>(layerSizes: [4, 50, 60, 2], activation: .rectifier)
    var draws = draws(4)
    let parameters = perceptron.randomParameters(&draws)
    let inputs = draws.numbers(9 * 4).map { Float($0) }
    let outputs = perceptron.outputs(inputs, at: parameters)
    for row in 0..<9 {
      let alone = perceptron.outputs(Array(inputs[4 * row..<4 * row + 4]), at: parameters)
      #expect(distance(alone, Array(outputs[2 * row..<2 * row + 2])) < 1e-6)
    }
  }

  /// What a batch of a thousand is to the learners, in single precision beside double.
  @Test func singlePrecisionFollowsDouble() {
    let (single, double) = (
      Perceptron<Float>(layerSizes: [4, 64, 64, 2], activation: .rectifier),
      Perceptron<Double>(layerSizes: [4, 64, 64, 2], activation: .rectifier)
    )
    var draws = draws(5)
    let parameters = single.randomParameters(&draws)
    let inputs = draws.numbers(400).map { Float($0) }
    let (_, gradient) = single.lossAndGradient(inputs, at: parameters) { outputs, gradient in
      for index in 0..<200 { gradient[index] = outputs[index] / 100 }
      return 0
    }
    let (_, expected) = double.lossAndGradient(inputs.map { Double($0) }, at: parameters.map { Double($0) }) {
      outputs, gradient in
      for index in 0..<200 { gradient[index] = outputs[index] / 100 }
      return 0
    }
    #expect(distance(gradient.map { Double($0) }, expected) < 1e-6)
    #expect(expected.contains { abs($0) > 1e-3 })
  }

  @Test func theWorkspaceKeepsWhatSeveralGradientsNeed() {
    let perceptron = Perceptron<Double>(layerSizes: [2, 5, 6, 1], activation: .hyperbolicTangent)
    var draws = draws(6)
    let parameters = perceptron.randomParameters(&draws)
    let inputs = draws.numbers(6)
    var workspace = [Double](repeating: 0, count: perceptron.workspaceCount(rows: 3))
    var (first, second) = (Array(repeating: 0.0, count: 61), Array(repeating: 0.0, count: 61))
    let count = perceptron.parameterCount
    #expect(count == 58)
    workspace.withUnsafeMutableBufferPointer { workspace in
      perceptron.forward(inputs, rows: 3, at: parameters, workspace: workspace)
      perceptron.backward([1, 2, 3], inputs: inputs, rows: 3, at: parameters, into: &first, workspace: workspace)
      perceptron.backward([1, 2, 3], inputs: inputs, rows: 3, at: parameters, into: &second, workspace: workspace)
    }
    #expect(first == second)
    #expect(first[count...].allSatisfy { $0 == 0 })
    #expect(first.contains { $0 != 0 })
  }
}

/// The definition of a perceptron, one sample at a time.
private func plainOutputs(_ perceptron: Perceptron<Double>, inputs: [Double], _ parameters: [Double]) -> [Double] {
  var values = inputs
  for position in 0..<perceptron.layerCount {
    let layer = perceptron.layer(position)
    values = (0..<layer.units).map { unit in
      var sum = parameters[layer.biases + unit]
      for input in 0..<layer.inputs { sum += parameters[layer.weights + unit * layer.inputs + input] * values[input] }
      if position == perceptron.layerCount - 1 { return sum }
      switch perceptron.activation {
      case .rectifier: return max(0, sum)
      case .leakyRectifier: return max(sum, sum / 100)
      case .hyperbolicTangent: return Double.hyperbolicTangent(sum)
      }
    }
  }
  return values
}
