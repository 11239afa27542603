// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// A part of the reference of gradients in which one network is looked at: what its head makes of the outputs, losses
/// with their gradients, and three moves by Adam on the first of the losses.
struct TrainedNetworkGradients<Head: GradientHead>: GradientCase {
  static var part: String { Head.part }

  private let training: Training
  private let head: Head

  /// The network and its moves, as every such part writes them.
  private struct Training: Decodable, Sendable {
    let sizes: [Int]
    let activation: String
    let params: ReferenceParameters
    let states: [[Double]]
    let paramsAfter1: ReferenceParameters
    let paramsAfter3: ReferenceParameters
    let lossBefore1: Double
    let lossBefore3: Double
    let adam: ReferenceAdam
  }

  init(from decoder: any Decoder) throws {
    training = try Training(from: decoder)
    head = try Head(from: decoder)
  }

  func compare(_ comparison: inout GradientComparison) throws {
    let outputCount = try head.outputCount(of: training.sizes)
    let perceptron = try ReferencePerceptron(
      sizes: training.sizes, activation: training.activation, outputs: outputCount)
    let states = training.states
    let (batch, start) = (try perceptron.batch(states), try perceptron.flat(training.params))
    try checkRows(states.count, head.rowCounts)
    try head.compareRows(perceptron.network.outputs(batch, at: start), rows: states.count, &comparison)
    let optimiser = try training.adam.optimiser()
    let losses = try head.losses(rows: states.count, outputCount: outputCount)
    let trainings = losses.map { loss in
      ThreeMoves(perceptron.network, batch: batch, from: start, optimiser, head: loss.function)
    }
    for (loss, moves) in zip(losses, trainings) {
      comparison.number(loss.name, moves.losses[0], loss.value)
      comparison.gradient(loss.gradientName, moves.firstGradient, try perceptron.flat(loss.gradient))
    }
    guard let moves = trainings.first else { return }
    comparison.number("the loss before move 1", moves.losses[0], training.lossBefore1)
    comparison.number("the loss before move 3", moves.losses[2], training.lossBefore3)
    comparison.numbers("parameters after move 1", moves.parameters[1], try perceptron.flat(training.paramsAfter1))
    comparison.numbers("parameters after move 3", moves.parameters[3], try perceptron.flat(training.paramsAfter3))
  }
}

/// What stands behind the outputs of a network: a policy, or values. Its keys lie beside those of the network.
protocol GradientHead: Decodable, Sendable {
  /// The key of the part, as Swift spells it.
  static var part: String { get }

  /// The numbers of what there is one of for each state, with their names.
  var rowCounts: KeyValuePairs<String, Int> { get }

  /// How many outputs the network has.
  ///
  /// - Throws: if the sizes of its layers, or what is to be done, do not allow it.
  func outputCount(of sizes: [Int]) throws -> Int

  /// Compares what is made of the outputs before the first move.
  func compareRows(_ outputs: [Double], rows: Int, _ comparison: inout GradientComparison) throws

  /// The losses, the first of which moves the network.
  func losses(rows: Int, outputCount: Int) throws -> [HeadLoss]
}

/// A loss of a head, and what the file says of it before the first move.
struct HeadLoss {
  /// Takes the outputs, writes the gradient of the loss with respect to them, and returns the loss.
  typealias Function = (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double

  var name = "the loss"
  var gradientName = "gradient"
  let value: Double
  let gradient: ReferenceParameters
  let function: Function
}

/// Three moves on one batch.
private struct ThreeMoves {
  /// The losses before the moves.
  private(set) var losses: [Double] = []
  /// The gradient before the first move.
  private(set) var firstGradient: [Double] = []
  /// Before the first move and after every one.
  private(set) var parameters: [[Double]]

  init(
    _ network: Perceptron<Double>, batch: [Double], from start: [Double], _ optimiser: Optimiser,
    head: HeadLoss.Function
  ) {
    parameters = [start]
    var current = start
    var state = [Double](repeating: 0, count: optimiser.stateCount(parameters: start.count))
    for move in 1...3 {
      let (loss, gradient) = network.lossAndGradient(batch, at: current, head: head)
      optimiser.update(&current, gradient: gradient, count: gradient.count, state: &state, move: UInt64(move))
      losses.append(loss)
      if move == 1 { firstGradient = gradient }
      parameters.append(current)
    }
  }
}
