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
    if run.present.changes { return presentLink(of: node, at: index, run) }
    let links = run.topology.outgoing(node)
    guard !links.isEmpty else { return nil }
    let choice = keys[node.index].integer(below: UInt32(links.count), at: index)
    return run.topology.outgoing(at: links.lowerBound + Int(choice))
  }

  /// One of the links that are there, each equally probable.
  @inline(never)
  private func presentLink<Scalar>(of node: NodeID, at index: UInt64, _ run: borrowing RunState<Scalar>) -> LinkID? {
    let links = run.topology.outgoing(node)
    var count: UInt32 = 0
    for position in links where run.present.has(run.topology.outgoing(at: position).index) { count += 1 }
    guard count > 0 else { return nil }
    var choice = keys[node.index].integer(below: count, at: index)
    for position in links where run.present.has(run.topology.outgoing(at: position).index) {
      if choice == 0 { return run.topology.outgoing(at: position) }
      choice -= 1
    }
    return nil
  }
}
