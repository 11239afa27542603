// SPDX-License-Identifier: GPL-3.0-or-later

/// The network of an arm in its first replication, as figures draw it.
package struct StoredNetwork: Sendable, Codable, Equatable {
  /// A directed link, or an agent's weight for itself.
  package struct Link: Sendable, Equatable {
    /// Ranks of agents.
    package var sender: Int
    package var receiver: Int
    /// The entry c_lk of the combination matrix, from sender l to receiver k.
    package var weight: Double

    package init(sender: Int, receiver: Int, weight: Double) {
      self.sender = sender
      self.receiver = receiver
      self.weight = weight
    }
  }

  /// The agents' names; the position is the rank.
  package var names: [String]
  /// Where agents lie in the unit square, in the order of ranks; nothing for a topology without places.
  package var positions: [[Double]]?
  package var links: [Link]

  package init(names: [String], positions: [[Double]]?, links: [Link]) {
    self.names = names
    self.positions = positions
    self.links = links
  }
}

/// A link is written as a list `[sender, receiver, weight]`, which keeps large networks small.
extension StoredNetwork.Link: Codable {
  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(sender)
    try list.encode(receiver)
    try list.encode(weight)
  }

  package init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    sender = try list.decode(Int.self)
    receiver = try list.decode(Int.self)
    weight = try list.decode(Double.self)
  }
}
