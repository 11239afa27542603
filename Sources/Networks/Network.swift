// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// A network as the engine sees it: agents in the order of their names, directed links in the order (receiver,
/// sender), and the weight of every link.
package struct Network: Sendable {
  /// The agents' names in natural order; the position is the rank.
  package let names: [String]
  /// What the streams of each agent are keyed by.
  package let keys: [EntityKey]
  /// The sender of each link.
  package let senders: [NodeID]
  /// The receiver of each link.
  package let receivers: [NodeID]
  /// The link in the other direction, for each link; `noLink` where a directed graph has none.
  package let reverse: [LinkID]
  /// Where the incoming links of each agent start in the order of links; one entry more than agents.
  package let incomingStart: [Int]
  /// All outgoing links, grouped by sender, receivers in the order of names within a group.
  package let outgoing: [LinkID]
  /// Where the outgoing links of each agent start in `outgoing`; one entry more than agents.
  package let outgoingStart: [Int]
  /// c_lk of each link (from l to k): the weight that the receiver gives to the sender.
  package let weights: [Double]
  /// c_kk of each agent.
  package let selfWeights: [Double]
  /// Whether links go one way only, so that a link need not have a reverse.
  package let isDirected: Bool
  /// How often the graph was drawn again before it was connected.
  package let redraws: Int
  /// Where each agent lies in the unit square; nothing for a topology without places.
  package let positions: [SIMD2<Double>]?

  /// Stands for a link that is not there.
  package static let noLink = LinkID(rank: .max)

  /// The number of agents, N.
  package var nodeCount: Int { names.count }
  /// The number of directed links, in an undirected graph twice the number of edges.
  package var linkCount: Int { senders.count }
  /// The links into an agent, senders in the order of names.
  package func incoming(_ node: NodeID) -> Range<Int> { incomingStart[node.index]..<incomingStart[node.index + 1] }
  /// The links out of an agent, receivers in the order of names.
  package func outgoing(_ node: NodeID) -> ArraySlice<LinkID> {
    outgoing[outgoingStart[node.index]..<outgoingStart[node.index + 1]]
  }
  /// The number of agents that hear an agent, itself not counted.
  package func listenerCount(_ node: NodeID) -> Int { outgoingStart[node.index + 1] - outgoingStart[node.index] }
  /// The number of agents that an agent hears, itself not counted.
  package func degree(_ node: NodeID) -> Int { incoming(node).count }
  /// What a link's streams are keyed by.
  package func key(_ link: LinkID) -> EntityKey {
    EntityKey(from: keys[senders[link.index].index], to: keys[receivers[link.index].index])
  }
}
