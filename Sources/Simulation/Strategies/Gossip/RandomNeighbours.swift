// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// Whom an agent turns to that meets one neighbour at a time: drawn anew, each equally probable.
///
/// *Randomness*: `gossipPeer` of the agent at an index that the strategy chooses.
struct RandomNeighbours: ~Copyable {
  private let keys: Column<StreamKey>

  init(_ context: StrategyContext) {
    let peers = StreamFamily(
      seed: context.settings.seed, replication: context.replication, purpose: .gossipPeer)
    keys = Column(context.world.network.keys.map { peers.key($0) })
  }

  /// The link to the neighbour of a number; nothing where an agent has none that is there.
  @inline(__always)
  func link<Scalar>(of node: NodeID, at index: UInt64, _ run: borrowing RunState<Scalar>) -> LinkID? {
    run.present.outgoing(of: node, drawnBy: keys[node.index], at: index, run.topology)
  }
}
