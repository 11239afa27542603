// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// The network as plain columns, for the hot paths.
struct RunTopology: ~Copyable {
  let nodeCount: Int
  let linkCount: Int
  let senders: Column<NodeID>
  let receivers: Column<NodeID>
  let reverse: Column<LinkID>
  let weights: Column<Double>
  let selfWeights: Column<Double>
  private let incomingStart: Column<Int>
  private let outgoingStart: Column<Int>
  private let outgoingLinks: Column<LinkID>

  init(_ network: Network) {
    nodeCount = network.nodeCount
    linkCount = network.linkCount
    senders = Column(network.senders)
    receivers = Column(network.receivers)
    reverse = Column(network.reverse)
    weights = Column(network.weights)
    selfWeights = Column(network.selfWeights)
    incomingStart = Column(network.incomingStart)
    outgoingStart = Column(network.outgoingStart)
    outgoingLinks = Column(network.outgoing)
  }

  /// The links into an agent, senders in the order of names.
  func incoming(_ node: NodeID) -> Range<Int> { incomingStart[node.index]..<incomingStart[node.index + 1] }

  /// The positions of an agent's outgoing links in the order of `outgoing(at:)`.
  func outgoing(_ node: NodeID) -> Range<Int> { outgoingStart[node.index]..<outgoingStart[node.index + 1] }

  /// The outgoing link at a position.
  func outgoing(at position: Int) -> LinkID { outgoingLinks[position] }
}

extension Network {
  /// The link in the other direction, for each link.
  ///
  /// - Throws: if a link goes in one direction only.
  func oppositeLinks() throws(SimulationError) -> [LinkID] {
    if let link = reverse.firstIndex(of: Network.noLink) {
      let (sender, receiver) = (names[senders[link].index], names[receivers[link].index])
      throw SimulationError(
        "Two agents that average at one instant hear each other, but the link from '\(sender)' to '\(receiver)' goes in one "
          + "direction only.")
    }
    return reverse
  }
}
