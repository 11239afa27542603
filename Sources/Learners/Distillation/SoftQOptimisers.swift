// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// The optimisers of every node: one of what agents share, and one of what each has of its own. A gradient that is zero is
/// of a step in which nobody has learnt anything, and no move.
final class SoftQOptimisers: @unchecked Sendable {
  private let shared: Optimiser
  private let own: Optimiser
  private let sharedCount: Int
  private let ownCount: Int
  /// Moments of all nodes: of what is shared, then of what is its own.
  private let moments: Column<Float>
  private let momentsPerNode: Int
  /// Moves so far, two numbers for each node.
  private let moves: Column<UInt64>

  init(_ settings: SoftQSettings, networks: SoftQNetworks, nodes: Int) {
    own = settings.optimiser.optimiser(stepSize: settings.taskStepSize)
    shared = networks.prior == nil ? own : settings.optimiser.optimiser(stepSize: settings.priorStepSize)
    let layout = networks.layout
    sharedCount = layout.sharedCount
    ownCount = layout.parameterCount - layout.sharedCount
    momentsPerNode = Self.momentsPerNode(settings, networks: networks)
    moments = Column(repeating: 0, count: nodes * momentsPerNode)
    moves = Column(repeating: 0, count: 2 * nodes)
  }

  /// How many numbers a node keeps.
  static func momentsPerNode(_ settings: SoftQSettings, networks: SoftQNetworks) -> Int {
    settings.optimiser.optimiser(stepSize: settings.taskStepSize).stateCount(parameters: networks.parameterCount)
  }

  var bytes: Int { moments.count * MemoryLayout<Float>.stride + moves.count * MemoryLayout<UInt64>.stride }

  /// Replaces the gradient at the front of a vector.
  func turnShared(_ vector: UnsafeMutablePointer<Float>, of node: Int) {
    guard (0..<sharedCount).contains(where: { vector[$0] != 0 }) else { return }
    moves[2 * node] += 1
    shared.turnIntoMove(
      vector, count: sharedCount, state: moments.base + node * momentsPerNode, move: moves[2 * node])
  }

  /// Replaces the gradient behind it.
  func turnOwn(_ vector: UnsafeMutablePointer<Float>, of node: Int) {
    let place = vector + sharedCount
    guard (0..<ownCount).contains(where: { place[$0] != 0 }) else { return }
    moves[2 * node + 1] += 1
    own.turnIntoMove(
      place, count: ownCount,
      state: moments.base + node * momentsPerNode + shared.stateCount(parameters: sharedCount),
      move: moves[2 * node + 1])
  }

  /// Starts a node's optimisers afresh.
  func forget(_ node: Int) {
    (moments.base + node * momentsPerNode).update(repeating: 0, count: momentsPerNode)
    moves[2 * node] = 0
    moves[2 * node + 1] = 0
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("moments", moments)
    try memory.column("moves", moves)
  }

  func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try memory.values("moments of an agent", moments.base + node * momentsPerNode, count: momentsPerNode)
    try memory.values("moves of an agent", moves.base + 2 * node, count: 2)
  }
}
