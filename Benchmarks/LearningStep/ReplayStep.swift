// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Randomness

/// A network of the values of actions and a batch of transitions to learn from, in single precision: the sizes with which
/// Distral's grid worlds are learnt, where the overhead of a framework outweighs its arithmetic.
final class ReplayStep {
  private let rows: Int
  private let network = Perceptron<Float>(layerSizes: [96, 50, 50, 5], activation: .leakyRectifier)
  private let optimiser = Optimiser(.adam(), stepSize: 0.001)
  private let discount: Float = 0.95
  private var moves: UInt64 = 0
  private let parameters: UnsafeMutablePointer<Float>
  private let target: UnsafeMutablePointer<Float>
  private let state: UnsafeMutablePointer<Float>
  private let gradient: UnsafeMutablePointer<Float>
  private let observations: UnsafeMutablePointer<Float>
  private let nextObservations: UnsafeMutablePointer<Float>
  private let rewards: UnsafeMutablePointer<Float>
  private let targets: UnsafeMutablePointer<Float>
  private let outputGradient: UnsafeMutablePointer<Float>
  private let workspace: UnsafeMutableBufferPointer<Float>

  init(rows: Int) {
    self.rows = rows
    func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    let count = network.parameterCount
    parameters = zeros(count)
    target = zeros(count)
    state = zeros(optimiser.stateCount(parameters: count))
    gradient = zeros(count)
    observations = zeros(rows * 96)
    nextObservations = zeros(rows * 96)
    rewards = zeros(rows)
    targets = zeros(rows)
    outputGradient = zeros(rows * 5)
    let room = network.workspaceCount(rows: rows)
    workspace = UnsafeMutableBufferPointer(start: zeros(room), count: room)
    var draws = Draws(StreamKey(seed: 1, replication: 0, purpose: .data, entity: "benchmark"), at: 0)
    network.initialise(parameters, hidden: .uniformByInputs, output: .uniformByInputs, from: &draws)
    target.update(from: parameters, count: count)
    for index in 0..<rows * 96 {
      observations[index] = Float(draws.uniform())
      nextObservations[index] = Float(draws.uniform())
    }
    for row in 0..<rows { rewards[row] = Float(draws.uniform() - 0.6) }
  }

  /// Targets from the target network, the Huber loss of the values, and a move.
  func learn() {
    moves += 1
    let next = network.forward(nextObservations, rows: rows, at: target, workspace: workspace)
    for row in 0..<rows {
      var greatest = next[5 * row]
      for action in 1..<5 { greatest = max(greatest, next[5 * row + action]) }
      targets[row] = rewards[row] + discount * greatest
    }
    let values = network.forward(observations, rows: rows, at: parameters, workspace: workspace)
    outputGradient.update(repeating: 0, count: 5 * rows)
    for row in 0..<rows {
      let place = 5 * row + row % 5
      let error = values[place] - targets[row]
      outputGradient[place] = min(max(error, -1), 1) / Float(rows)
    }
    network.backward(
      outputGradient, inputs: observations, rows: rows, at: parameters, into: gradient, workspace: workspace)
    optimiser.update(parameters, gradient: gradient, count: network.parameterCount, state: state, move: moves)
  }

  /// The best action in one state.
  func choose(_ row: Int) -> Int {
    let values = network.forward(observations + 96 * (row % rows), rows: 1, at: parameters, workspace: workspace)
    var best = 0
    for action in 1..<5 where values[action] > values[best] { best = action }
    return best
  }

  /// Something that depends on everything that was learned.
  var checksum: Float { (0..<network.parameterCount).reduce(0) { $0 + abs(parameters[$1]) } }
}
