// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness

/// What a sender needs of one of its links for every message: with those of its other links, in the order in which it sends,
/// this lies in a few cache lines, where columns by link would be a miss each.
package struct OutgoingLink: BitwiseCopyable {
  /// Of the latencies of its messages.
  let latencyKey: StreamKey
  /// Of their losses.
  let lossKey: StreamKey
  /// The typical latency, with which draws are multiplied.
  let latencyScale: Double
  /// Messages sent so far.
  package var sent: UInt64 = 0
  package let link: LinkID
  /// Whom the link leads to.
  package let receiver: NodeID
}

extension Transmissions {
  /// Where a link is among those of its sender.
  @inline(__always)
  package func place(of link: LinkID) -> Int { Int(places[link.index]) }

  /// Messages sent so far over a link.
  @inline(__always)
  package func sent(over link: LinkID) -> UInt64 { outgoing[place(of: link)].sent }

  /// Says how many messages were sent so far over a link.
  package func setSent(_ count: UInt64, over link: LinkID) { outgoing[place(of: link)].sent = count }

  /// Where the number of messages sent over the link at a place is.
  func sentPlace(_ place: Int) -> UnsafeMutablePointer<UInt64> {
    (UnsafeMutableRawPointer(outgoing.base + place) + offsets.sent).assumingMemoryBound(to: UInt64.self)
  }

  /// What senders need of their links, in the order of `Network.outgoing`.
  static func outgoing(
    _ network: Network, scales: [Double], seed: UInt64, replication: UInt32
  ) -> Column<OutgoingLink> {
    let latency = StreamFamily(seed: seed, replication: replication, purpose: .latency)
    let loss = StreamFamily(seed: seed, replication: replication, purpose: .loss)
    return Column(
      network.outgoing.lazy.map { link in
        let key = network.key(link)
        return OutgoingLink(
          latencyKey: latency.key(key), lossKey: loss.key(key),
          latencyScale: scales.isEmpty ? 1 : scales[link.index], link: link, receiver: network.receivers[link.index])
      })
  }

  /// Where each link is in `outgoing`.
  static func places(_ network: Network) -> Column<UInt32> {
    let places = Column<UInt32>(repeating: 0, count: network.linkCount)
    for (place, link) in network.outgoing.enumerated() { places[link.index] = UInt32(place) }
    return places
  }
}

/// Where in an `OutgoingLink` is what a broadcast draws from, in bytes.
struct OutgoingLinkOffsets {
  let sent: Int
  let latencyKey: Int
  let lossKey: Int

  init() {
    func offset(_ property: PartialKeyPath<OutgoingLink>) -> Int {
      guard let offset = MemoryLayout<OutgoingLink>.offset(of: property) else {
        preconditionFailure("The property is stored.")
      }
      return offset
    }
    sent = offset(\.sent)
    latencyKey = offset(\.latencyKey)
    lossKey = offset(\.lossKey)
  }
}
