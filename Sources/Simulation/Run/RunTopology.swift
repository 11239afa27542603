// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities

/// The network as plain columns, for the hot paths.
struct RunTopology: ~Copyable {
  /// Where the links of a node begin, and its own weight.
  struct Place: BitwiseCopyable {
    let incomingStart: Int
    let outgoingStart: Int
    let selfWeight: Double
  }

  let nodeCount: Int
  let linkCount: Int
  let senders: Column<NodeID>
  let receivers: Column<NodeID>
  let reverse: Column<LinkID>
  let weights: Column<Double>
  /// Of each node, and one more where its links would begin.
  private let places: Column<Place>
  private let outgoingLinks: Column<LinkID>

  init(_ network: Network) {
    nodeCount = network.nodeCount
    linkCount = network.linkCount
    senders = Column(network.senders)
    receivers = Column(network.receivers)
    reverse = Column(network.reverse)
    weights = Column(network.weights)
    places = Column(
      (0...network.nodeCount).lazy.map { rank in
        Place(
          incomingStart: network.incomingStart[rank], outgoingStart: network.outgoingStart[rank],
          selfWeight: rank < network.nodeCount ? network.selfWeights[rank] : 0)
      })
    outgoingLinks = Column(network.outgoing)
  }

  /// The links into an agent, senders in the order of names.
  @inline(__always)
  func incoming(_ node: NodeID) -> Range<Int> {
    Range(uncheckedBounds: (places[node.index].incomingStart, places[node.index + 1].incomingStart))
  }

  /// The positions of an agent's outgoing links in the order of `outgoing(at:)`.
  @inline(__always)
  func outgoing(_ node: NodeID) -> Range<Int> {
    Range(uncheckedBounds: (places[node.index].outgoingStart, places[node.index + 1].outgoingStart))
  }

  /// The weight c_kk that an agent gives to itself.
  @inline(__always)
  func selfWeight(_ node: NodeID) -> Double { places[node.index].selfWeight }

  /// Asks for where the links of a node begin.
  @inline(__always)
  func prefetch(_ node: NodeID) { prefetchLine(of: places.base + node.index) }

  /// Asks for what is known of the links into a node.
  @inline(__always)
  func prefetchIncoming(_ node: NodeID, most: Int) {
    let links = incoming(node).prefix(most)
    prefetchLines(of: weights.base + links.lowerBound, bytes: links.count &* MemoryLayout<Double>.stride)
    prefetchLines(of: senders.base + links.lowerBound, bytes: links.count &* MemoryLayout<NodeID>.stride)
  }

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
