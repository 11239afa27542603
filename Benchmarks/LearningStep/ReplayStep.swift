// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import NeuralNets
import Randomness

/// A step of deep Q-learning from a batch of transitions, in single precision: the sizes with which Distral's grid worlds are
/// learnt, where the overhead of a framework outweighs its arithmetic.
final class ReplayStep {
  private let rows: Int
  private let network = Perceptron<Float>(layerSizes: [96, 50, 50, 5], activation: .leakyRectifier)
  private let loss: DeepQLoss
  private let room: DeepQRoom
  private let optimiser = Optimiser(.adam(), stepSize: 0.001)
  private var moves: UInt64 = 0
  private let parameters: UnsafeMutablePointer<Float>
  private let target: UnsafeMutablePointer<Float>
  private let state: UnsafeMutablePointer<Float>
  private let gradient: UnsafeMutablePointer<Float>
  private let workspace: UnsafeMutableBufferPointer<Float>

  init(rows: Int) {
    self.rows = rows
    func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    loss = DeepQLoss(DeepQSettings(discount: 0.95), network: network)
    room = DeepQRoom(batch: rows, network: network)
    let count = network.parameterCount
    parameters = zeros(count)
    target = zeros(count)
    state = zeros(optimiser.stateCount(parameters: count))
    gradient = zeros(count)
    let one = network.workspaceCount(rows: 1)
    workspace = UnsafeMutableBufferPointer(start: zeros(one), count: one)
    var draws = Draws(StreamKey(seed: 1, replication: 0, purpose: .data, entity: "benchmark"), at: 0)
    network.initialise(parameters, hidden: .uniformByInputs, output: .uniformByInputs, from: &draws)
    target.update(from: parameters, count: count)
    for index in 0..<rows * 96 {
      room.batch.observations[index] = Float(draws.uniform())
      room.batch.nextObservations[index] = Float(draws.uniform())
    }
    for row in 0..<rows {
      room.batch.rewards[row] = Float(draws.uniform() - 0.6)
      room.batch.actions[row] = Float(row % 5)
    }
  }

  /// Targets from the target network, the Huber loss of the values, and a move.
  func learn() {
    moves += 1
    loss.writeTargets(at: parameters, target: target, in: room)
    loss.gradient(at: parameters, into: gradient, in: room)
    optimiser.update(parameters, gradient: gradient, count: network.parameterCount, state: state, move: moves)
  }

  /// The best action in one state.
  func choose(_ row: Int) -> Int {
    let values = network.forward(
      room.batch.observations.base + 96 * (row % rows), rows: 1, at: parameters, workspace: workspace)
    var best = 0
    for action in 1..<5 where values[action] > values[best] { best = action }
    return best
  }

  /// Something that depends on everything that was learned.
  var checksum: Float { (0..<network.parameterCount).reduce(0) { $0 + abs(parameters[$1]) } }
}
