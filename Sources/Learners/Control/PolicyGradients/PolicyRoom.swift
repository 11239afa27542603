// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness

/// What a policy learns from, a row for each step of the environment; somebody else's memory.
struct PolicyRows: BitwiseCopyable {
  let count: Int
  /// count × observations.
  let observations: UnsafePointer<Float>
  let actions: UnsafePointer<Int32>
  let advantages: UnsafePointer<Float>
  /// Of the critic.
  let targets: UnsafePointer<Float>
  /// log of the probability with which each action was taken; of proximal learning.
  let takenLogarithms: UnsafePointer<Float>
}

/// Rows with memory of their own.
package struct PolicyColumns: ~Copyable {
  let observations: Column<Float>
  let actions: Column<Int32>
  package let advantages: Column<Float>
  package let targets: Column<Float>
  let takenLogarithms: Column<Float>

  /// - Parameter observationCount: numbers of an observation; 0 where these lie elsewhere.
  init(rows: Int, observationCount: Int) {
    observations = Column(repeating: 0, count: rows * observationCount)
    actions = Column(repeating: 0, count: rows)
    advantages = Column(repeating: 0, count: rows)
    targets = Column(repeating: 0, count: rows)
    takenLogarithms = Column(repeating: 0, count: rows)
  }

  /// The first rows.
  func rows(_ count: Int, observations elsewhere: UnsafePointer<Float>? = nil) -> PolicyRows {
    PolicyRows(
      count: count, observations: elsewhere ?? UnsafePointer(observations.base), actions: UnsafePointer(actions.base),
      advantages: UnsafePointer(advantages.base), targets: UnsafePointer(targets.base),
      takenLogarithms: UnsafePointer(takenLogarithms.base))
  }
}

/// Room for what one thread computes of a step that follows the gradient of a policy.
package final class PolicyRoom: @unchecked Sendable {
  /// The steps of all copies of the environment, copy after copy.
  package let batch: ReplayBatch
  /// How many there are.
  package var count = 0
  package let columns: PolicyColumns
  let observation: Column<Float>
  let action: Column<Float>
  /// Of copies that act side by side: episodes that have begun in the step, and the number of each action.
  let begun: Column<UInt64>
  let numbers: Column<Double>
  /// Rewards, with what comes behind a stretch that is cut off, and where stretches end.
  let rewards: Column<Float>
  let ends: Column<Bool>
  /// v of each row, and one number more.
  let values: Column<Float>
  /// What was seen behind stretches that are cut off.
  let lastObservations: Column<Float>
  let outputGradients: Column<Float>
  let network: Column<Float>

  /// Of proximal learning: the order of the rows, those of a part, the parameters on the way and their gradient.
  let order: Column<Int32>
  let part: PolicyColumns
  let parameters: Column<Float>
  let gradient: Column<Float>

  package init(_ settings: PolicySettings, networks: PolicyNetworks, rows: Int) {
    let (inputs, isProximal) = (networks.observationCount, settings.proximal != nil)
    batch = ReplayBatch(count: rows, observationCount: inputs, actionCount: 1)
    columns = PolicyColumns(rows: rows, observationCount: 0)
    let copies = settings.environments
    observation = Column(repeating: 0, count: copies * inputs)
    action = Column(repeating: 0, count: copies)
    begun = Column(repeating: 0, count: copies)
    numbers = Column(repeating: 0, count: rows)
    rewards = Column(repeating: 0, count: rows)
    ends = Column(repeating: false, count: rows)
    values = Column(repeating: 0, count: rows + 1)
    lastObservations = Column(repeating: 0, count: rows * inputs)
    outputGradients = Column(repeating: 0, count: rows * networks.actionCount)
    network = Column(repeating: 0, count: networks.workspaceCount(rows: rows))
    order = Column(repeating: 0, count: isProximal ? rows : 0)
    part = PolicyColumns(rows: isProximal ? rows : 0, observationCount: inputs)
    parameters = Column(repeating: 0, count: isProximal ? networks.parameterCount : 0)
    gradient = Column(repeating: 0, count: isProximal ? networks.parameterCount : 0)
  }

  /// About how many bytes such a room has. In Double, so that no size can overflow.
  static func bytes(_ settings: PolicySettings, networks: PolicyNetworks, rows: Int) -> Double {
    let inputs = networks.observationCount
    var perRow = inputs + networks.actionCount + networks.workspaceCount(rows: 1) + 9
    if settings.proximal != nil { perRow += inputs + 5 }
    return ReplayBatch.bytes(count: rows, observationCount: inputs, actionCount: 1)
      + 4 * Double(rows) * Double(perRow) + (settings.proximal == nil ? 0 : 8 * Double(networks.parameterCount))
  }

  var networkRoom: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: network.base, count: network.count)
  }

  /// All rows.
  var all: PolicyRows { columns.rows(count, observations: UnsafePointer(batch.observations.base)) }

  // MARK: - Parts

  /// Puts the rows into an order of which each is equally probable.
  ///
  /// *Randomness*: a whole number for each row but the first, from the last one down.
  func shuffle(_ draws: inout Draws) {
    for place in 0..<count { order[place] = Int32(place) }
    for place in (1..<max(1, count)).reversed() {
      let other = Int(draws.integer(below: UInt32(place + 1)))
      (order[place], order[other]) = (order[other], order[place])
    }
  }

  /// One of so many parts of the rows in their order, as equal as can be.
  func rows(ofPart number: Int, of parts: Int) -> PolicyRows {
    let (first, end) = (number * count / parts, (number + 1) * count / parts)
    let width = part.observations.count / max(1, order.count)
    for place in first..<end {
      let (row, to) = (Int(order[place]), place - first)
      (part.observations.base + to * width).update(from: batch.observations.base + row * width, count: width)
      part.actions[to] = columns.actions[row]
      part.advantages[to] = columns.advantages[row]
      part.targets[to] = columns.targets[row]
      part.takenLogarithms[to] = columns.takenLogarithms[row]
    }
    return part.rows(end - first)
  }
}
