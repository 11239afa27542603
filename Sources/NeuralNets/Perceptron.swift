// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

/// A multilayer perceptron: its shape, not its parameters, which are a flat vector that agents exchange and average.
///
/// Hidden layers have an activation, the last layer has none. Batches are matrices with a row for each sample.
///
/// The vector holds one layer after the other, from the inputs on, and of each layer
///
/// | part | shape | order |
/// |---|---|---|
/// | weights W | units × inputs | row by row: all weights of the first unit, of the second, … |
/// | biases b | units | |
///
/// so that a layer computes X Wᵀ + b. This is how PyTorch lays `Linear` modules out one behind the other. One sample is
/// a product of W with a vector along the rows of W, which reads memory once from front to back.
///
/// A trivial value: using it touches no reference count.
///
/// *Workspace*: `forward` and `backward` compute in memory of the caller, `workspaceCount(rows:)` numbers, which are
/// the same for both. They allocate nothing.
package struct Perceptron<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  /// Numbers of inputs, of the units of each hidden layer, and of outputs.
  private let sizes: SIMD16<Int32>
  /// How many layers have weights: the hidden ones and the outputs.
  package let layerCount: Int
  /// Of the hidden layers.
  package let activation: Activation
  /// The length of the vector of parameters.
  package let parameterCount: Int

  /// A perceptron of this shape.
  ///
  /// - Parameter layerSizes: numbers of inputs, of the units of each hidden layer, and of outputs; 2 to 16 numbers.
  package init(layerSizes: [Int], activation: Activation) {
    precondition((2...16).contains(layerSizes.count), "A perceptron has 1 to 15 layers behind its inputs.")
    precondition(layerSizes.allSatisfy { (1...1 << 20).contains($0) }, "A layer has 1 to 2²⁰ units.")
    var sizes = SIMD16<Int32>.zero
    for (index, size) in layerSizes.enumerated() { sizes[index] = Int32(size) }
    self.sizes = sizes
    self.activation = activation
    layerCount = layerSizes.count - 1
    parameterCount = zip(layerSizes, layerSizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    _ = numericsPrepared
  }

  /// Numbers of inputs, of the units of each hidden layer, and of outputs.
  package var layerSizes: [Int] { (0...layerCount).map { Int(sizes[$0]) } }

  /// How many numbers go in.
  package var inputCount: Int { Int(sizes[0]) }

  /// How many numbers come out.
  package var outputCount: Int { Int(sizes[layerCount]) }

  /// The layer at a position, counted from the inputs on.
  package func layer(_ position: Int) -> PerceptronLayer {
    precondition(position >= 0 && position < layerCount, "A position lies inside the perceptron.")
    var layer = PerceptronLayer(inputs: Int(sizes[0]), units: Int(sizes[1]), weights: 0, precedingUnits: 0)
    for next in 0..<position {
      layer = PerceptronLayer(
        inputs: layer.units, units: Int(sizes[next + 2]), weights: layer.end,
        precedingUnits: layer.precedingUnits + layer.units)
    }
    return layer
  }

  /// How many numbers `forward` and `backward` compute in.
  ///
  /// - Parameter rows: the samples of a batch.
  package func workspaceCount(rows: Int) -> Int { keptCount(rows: rows) + sparseRoomCount(rows: rows) }

  /// How many of them hold values of units and gradients.
  func keptCount(rows: Int) -> Int {
    var units = 0
    for layer in 1...layerCount { units += Int(sizes[layer]) }
    return rows * (units + 2 * widestHiddenLayer)
  }

  /// The units of the widest hidden layer; zero without one.
  var widestHiddenLayer: Int {
    var widest = 0
    for layer in 1..<layerCount { widest = max(widest, Int(sizes[layer])) }
    return widest
  }
}

/// Where a layer of a perceptron lies in the vector of parameters.
package struct PerceptronLayer: Sendable, Hashable, BitwiseCopyable {
  /// How many numbers go in.
  package let inputs: Int
  /// How many come out.
  package let units: Int
  /// Where the weights begin.
  package let weights: Int
  /// The units of all layers before, without the inputs.
  let precedingUnits: Int

  /// Where the biases begin.
  package var biases: Int { weights + inputs * units }

  /// Where the next layer begins.
  package var end: Int { biases + units }
}
