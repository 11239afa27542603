// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// Room for what one thread computes of a step of deep Q-learning at a time.
package final class DeepQRoom: @unchecked Sendable {
  package let batch: ReplayBatch
  let observation: Column<Float>
  let action: Column<Float>
  package let targets: Column<Float>
  let outputGradients: Column<Float>
  let network: Column<Float>

  package init(batch count: Int, network: Perceptron<Float>) {
    batch = ReplayBatch(count: count, observationCount: network.inputCount, actionCount: 1)
    observation = Column(repeating: 0, count: network.inputCount)
    action = Column(repeating: 0, count: 1)
    targets = Column(repeating: 0, count: count)
    outputGradients = Column(repeating: 0, count: count * network.outputCount)
    self.network = Column(repeating: 0, count: network.workspaceCount(rows: count))
  }

  /// About how many bytes such a room has. In Double, so that no size can overflow.
  static func bytes(batch count: Int, network: Perceptron<Float>) -> Double {
    let perRow = 4 * (1 + network.outputCount + network.workspaceCount(rows: 1))
    return ReplayBatch.bytes(count: count, observationCount: network.inputCount, actionCount: 1)
      + Double(count) * Double(perRow)
  }

  var networkRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: network.base, count: network.count)
  }
}

/// Targets and loss of deep Q-learning, over transitions (s, a, r, s′):
///
///     y = r + γ max_a′ Q⁻(s′, a′)               or, double, r + γ Q⁻(s′, argmax_a′ Q(s′, a′))
///     L = mean over the batch of ℓ(Q(s, a) − y)
///
/// with Q⁻ the target network and y = r where the task ended the episode in s′; an episode that the time limit cut off
/// has a value there as any other. y is no function of the parameters when gradients are taken.
///
/// | ℓ | error δ | slope |
/// |---|---|---|
/// | squared | ½ δ² | δ |
/// | Huber | ½ δ² up to \|δ\| = 1, \|δ\| − ½ beyond | δ clipped to ±1 |
///
/// Source: Mnih et al., "Human-level control through deep reinforcement learning", 2015, with its clipped errors; van
/// Hasselt, Guez and Silver, "Deep reinforcement learning with double Q-learning", 2016, equation 4.
package struct DeepQLoss: Sendable {
  let network: Perceptron<Float>
  let discount: Float
  let isDouble: Bool
  let isHuber: Bool
  let clip: Double?

  package init(_ settings: DeepQSettings, network: Perceptron<Float>) {
    self.network = network
    discount = Float(settings.discount)
    isDouble = settings.isDouble
    isHuber = settings.loss == .huber
    clip = settings.gradientClip
  }

  /// The targets of the batch in the room, where `targets` are to be.
  ///
  /// - Parameters:
  ///   - parameters: of Q.
  ///   - target: of Q⁻.
  package func writeTargets(
    at parameters: UnsafePointer<Float>, target: UnsafePointer<Float>, in room: DeepQRoom
  ) {
    let (rows, actions) = (room.batch.count, network.outputCount)
    let next = UnsafePointer(room.batch.nextObservations.base)
    // Of double learning: the actions that Q chooses stand where their values come to stand.
    if isDouble {
      let values = network.forward(next, rows: rows, at: parameters, workspace: room.networkRoom)
      for row in 0..<rows {
        room.targets[row] = Float(greatest(UnsafePointer(values + row * actions), count: actions))
      }
    }
    let values = network.forward(next, rows: rows, at: target, workspace: room.networkRoom)
    for row in 0..<rows {
      let own = UnsafePointer(values + row * actions)
      let best = isDouble ? Int(room.targets[row]) : greatest(own, count: actions)
      let future = room.batch.isTerminal[row] ? 0 : discount * own[best]
      room.targets[row] = room.batch.rewards[row] + future
    }
  }

  /// The gradient of the loss at the parameters, from the targets in the room.
  ///
  /// - Returns: the loss.
  @discardableResult
  package func gradient(
    at parameters: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>, in room: DeepQRoom
  ) -> Double {
    let (rows, actions) = (room.batch.count, network.outputCount)
    let observations = UnsafePointer(room.batch.observations.base)
    let values = network.forward(observations, rows: rows, at: parameters, workspace: room.networkRoom)
    let share = 1 / Float(rows)
    var loss = 0.0
    room.outputGradients.base.update(repeating: 0, count: rows * actions)
    for row in 0..<rows {
      let place = row * actions + Int(room.batch.actions[row])
      let error = values[place] - room.targets[row]
      let size = Double(abs(error))
      loss += isHuber && size > 1 ? size - 0.5 : size * size / 2
      // What is not a number stays so, and so shows.
      room.outputGradients[place] = share * (isHuber && size > 1 ? (error > 0 ? 1 : -1) : error)
    }
    network.backward(
      UnsafePointer(room.outputGradients.base), inputs: observations, rows: rows, at: parameters, into: gradient,
      workspace: room.networkRoom)
    if let clip { clipNorm(gradient, count: network.parameterCount, to: clip) }
    return loss / Double(rows)
  }
}

/// The position of the greatest of some values, the first one where several are; the first where none is a number.
@inline(__always)
func greatest(_ values: UnsafePointer<Float>, count: Int) -> Int {
  var best = 0
  for index in 1..<max(1, count) where values[index] > values[best] { best = index }
  return best
}
