// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// Room for what one thread computes of a step of soft actor-critic at a time.
package final class SoftActorCriticRoom: @unchecked Sendable {
  package let batch: ReplayBatch
  let observation: Column<Float>
  let action: Column<Float>
  /// Standard normal numbers: of the actions in the next states first, then of those in the states themselves.
  package let noise: Column<Float>
  let numbers: Column<Double>
  /// What critics see, rows × (observation, action).
  let inputs: Column<Float>
  package let logDensities: Column<Float>
  package let targets: Column<Float>
  /// What each critic makes of a row, and how that grows with the action.
  let worths: Column<Float>
  let otherWorths: Column<Float>
  let slopes: Column<Float>
  let otherSlopes: Column<Float>
  let ones: Column<Float>
  let outputGradients: Column<Float>
  let policyNetwork: Column<Float>
  let criticNetwork: Column<Float>
  /// The slow critics of the step.
  package let slow: Column<Float>

  package init(batch count: Int, networks: SoftActorCriticNetworks) {
    func numbers(_ perRow: Int) -> Column<Float> { Column(repeating: 0, count: perRow * count) }
    batch = ReplayBatch(count: count, observationCount: networks.observationCount, actionCount: 1)
    observation = Column(repeating: 0, count: networks.observationCount)
    action = Column(repeating: 0, count: 1)
    noise = numbers(2)
    self.numbers = Column(repeating: 0, count: 2 * count)
    inputs = numbers(networks.critic.inputCount)
    logDensities = numbers(1)
    targets = numbers(1)
    worths = numbers(1)
    otherWorths = numbers(1)
    slopes = numbers(1)
    otherSlopes = numbers(1)
    ones = Column(repeating: 1, count: count)
    outputGradients = numbers(2)
    policyNetwork = Column(repeating: 0, count: networks.policy.workspaceCount(rows: count))
    criticNetwork = Column(repeating: 0, count: networks.critic.workspaceCount(rows: count))
    slow = Column(repeating: 0, count: networks.criticCount)
  }

  /// About how many bytes such a room has. In Double, so that no size can overflow.
  static func bytes(batch count: Int, networks: SoftActorCriticNetworks) -> Double {
    let workspaces = networks.policy.workspaceCount(rows: 1) + networks.critic.workspaceCount(rows: 1)
    let perRow = 4 * (15 + networks.critic.inputCount + workspaces)
    return ReplayBatch.bytes(count: count, observationCount: networks.observationCount, actionCount: 1)
      + Double(count) * Double(perRow) + 4 * Double(networks.criticCount)
  }

  var policyRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: policyNetwork.base, count: policyNetwork.count)
  }

  var criticRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: criticNetwork.base, count: criticNetwork.count)
  }

  /// Draws the noise of a step.
  func drawNoise(from draws: inout Draws) {
    fillStandardNormal(UnsafeMutableBufferPointer(start: numbers.base, count: numbers.count), from: &draws)
    for index in 0..<numbers.count { noise[index] = Float(numbers[index]) }
  }
}
