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
  /// The link in the other direction, for each link, found by its ends.
  ///
  /// - Throws: if a link goes in one direction only.
  func oppositeLinks() throws(SimulationError) -> [LinkID] {
    var links: [LinkID] = []
    links.reserveCapacity(linkCount)
    for link in 0..<linkCount {
      let (sender, receiver) = (senders[link], receivers[link])
      guard let back = incoming(sender).first(where: { senders[$0] == receiver }) else {
        throw SimulationError(
          "Two agents that average at one instant hear each other, but the link from '\(names[sender.index])' to "
            + "'\(names[receiver.index])' goes in one direction only.")
      }
      links.append(LinkID(back))
    }
    return links
  }
}
