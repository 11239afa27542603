// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities

/// The optimisers of every node, one for each block of the parameters, as they lie in the vector. A gradient that is zero is
/// of a step in which nobody has learnt anything, and no move.
final class BlockOptimisers: @unchecked Sendable {
  /// A block, which may be empty, and how steps change it.
  struct Block {
    let optimiser: Optimiser
    let count: Int
    /// After how many moves the step size has fallen to zero, along a line; nothing where it stays.
    var lastMove: UInt64?

    /// Numbers that the optimiser keeps.
    var stateCount: Int { optimiser.stateCount(parameters: count) }

    /// The optimiser with the step size that a move has, from one on: α (1 − (t − 1) / T).
    func optimiser(ofMove move: UInt64) -> Optimiser {
      guard let lastMove else { return optimiser }
      let left = Double(lastMove) - Double(min(move - 1, lastMove))
      return Optimiser(optimiser.rule, stepSize: optimiser.stepSize * left / Double(lastMove))
    }
  }

  let blocks: [Block]
  /// Moments of all nodes, block after block.
  private let moments: Column<Float>
  private let momentsPerNode: Int
  /// Moves of each optimiser so far.
  private let moves: Column<UInt64>

  init(_ blocks: [Block], nodes: Int) {
    self.blocks = blocks
    momentsPerNode = Self.momentsPerNode(blocks)
    moments = Column(repeating: 0, count: nodes * momentsPerNode)
    moves = Column(repeating: 0, count: nodes * blocks.count)
  }

  /// How many numbers the optimisers of a node keep.
  static func momentsPerNode(_ blocks: [Block]) -> Int { blocks.reduce(0) { $0 + $1.stateCount } }

  var bytes: Int { moments.count * MemoryLayout<Float>.stride + moves.count * MemoryLayout<UInt64>.stride }

  /// Replaces the gradient of a block, in its place in a vector of all blocks, by the move of a node's optimiser.
  func turn(_ block: Int, of vector: UnsafeMutablePointer<Float>, for node: Int) {
    var place = vector
    var state = moments.base + node * momentsPerNode
    for earlier in blocks[..<block] {
      place += earlier.count
      state += earlier.stateCount
    }
    let own = blocks[block]
    guard (0..<own.count).contains(where: { place[$0] != 0 }) else { return }
    let move = node * blocks.count + block
    moves[move] += 1
    own.optimiser(ofMove: moves[move])
      .turnIntoMove(place, count: own.count, state: state, move: moves[move])
  }

  /// Makes a node's optimisers what others, of the same blocks, are.
  func copy(_ node: Int, from other: BlockOptimisers) {
    let (first, count) = (node * momentsPerNode, momentsPerNode)
    (moments.base + first).update(from: other.moments.base + first, count: count)
    (moves.base + node * blocks.count).update(from: other.moves.base + node * blocks.count, count: blocks.count)
  }

  /// Starts a node's optimisers afresh.
  func forget(_ node: Int) {
    (moments.base + node * momentsPerNode).update(repeating: 0, count: momentsPerNode)
    (moves.base + node * blocks.count).update(repeating: 0, count: blocks.count)
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("moments", moments)
    try memory.column("moves", moves)
  }

  func visit(_ memory: inout RunMemory, of node: Int) throws(RunMemoryFault) {
    try memory.values("moments of an agent", moments.base + node * momentsPerNode, count: momentsPerNode)
    try memory.values("moves of an agent", moves.base + node * blocks.count, count: blocks.count)
  }
}
