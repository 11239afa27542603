// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// The weights or the biases of a layer: a matrix with a row for each input, or a vector.
enum ReferenceTensor: Decodable, Sendable {
  case vector([Double])
  case matrix([[Double]])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let matrix = try? container.decode([[Double]].self) {
      self = .matrix(matrix)
    } else {
      self = .vector(try container.decode([Double].self))
    }
  }
}

/// Parameters, or numbers that belong to them: weights and biases of each layer in turn.
typealias ReferenceParameters = [ReferenceTensor]

/// The settings of Adam in a reference file.
struct ReferenceAdam: Decodable, Sendable {
  let lr: Double
  let beta1: Double
  let beta2: Double
  let eps: Double

  /// - Throws: if they are no settings of Adam.
  func optimiser() throws -> Optimiser {
    guard lr >= 0, (0..<1).contains(beta1), (0..<1).contains(beta2), eps > 0 else {
      throw ReferenceError("'adam' has a step size below zero, a decay not from 0 to 1, or no epsilon above zero.")
    }
    return Optimiser(.adam(firstDecay: beta1, secondDecay: beta2, epsilon: eps), stepSize: lr)
  }
}

/// A perceptron of a reference file.
struct ReferencePerceptron {
  let network: Perceptron<Double>

  init(_ network: Perceptron<Double>) { self.network = network }

  /// - Throws: if there is no such perceptron, or it has not as many outputs.
  init(sizes: [Int], activation: String, outputs: Int) throws {
    let activations: [String: Activation] = [
      "relu": .rectifier, "leaky_relu": .leakyRectifier, "tanh": .hyperbolicTangent,
    ]
    guard let known = activations[activation] else {
      throw ReferenceError("the activation '\(activation)' is not known.")
    }
    guard (2...16).contains(sizes.count), sizes.allSatisfy({ (1...4096).contains($0) }), sizes.last == outputs else {
      throw ReferenceError("the sizes \(sizes) are not 2 to 16 from 1 to 4096, the last of them \(outputs).")
    }
    network = Perceptron(layerSizes: sizes, activation: known)
  }

  /// The numbers in the order of our parameters, where a matrix has a row for each unit.
  ///
  /// - Throws: if they do not have the shape of the perceptron's parameters.
  func flat(_ tensors: ReferenceParameters) throws -> [Double] {
    guard tensors.count == 2 * network.layerCount else {
      throw ReferenceError("there are not weights and biases of \(network.layerCount) layers.")
    }
    return try (0..<network.layerCount).flatMap { position in
      let layer = network.layer(position)
      guard case .matrix(let rows) = tensors[2 * position], case .vector(let biases) = tensors[2 * position + 1],
        rows.count == layer.inputs, rows.allSatisfy({ $0.count == layer.units }), biases.count == layer.units
      else {
        throw ReferenceError(
          "the weights of layer \(position) are not \(layer.inputs) × \(layer.units), or there is no bias for each "
            + "unit.")
      }
      return (0..<layer.units).flatMap { unit in rows.map { $0[unit] } } + biases
    }
  }

  /// The inputs of a batch, one row behind the other.
  ///
  /// - Throws: if there are no rows, or a row is not one of the perceptron's inputs.
  func batch(_ states: [[Double]]) throws -> [Double] {
    guard !states.isEmpty, states.allSatisfy({ $0.count == network.inputCount }) else {
      throw ReferenceError("there are no states, or one has not \(network.inputCount) numbers.")
    }
    return states.flatMap(\.self)
  }
}

/// - Throws: if not each of so many states has a number of each kind.
func checkRows(_ rows: Int, _ counts: KeyValuePairs<String, Int>) throws {
  for (name, count) in counts where count != rows {
    throw ReferenceError("there are \(rows) states, but \(name) for \(count).")
  }
}
