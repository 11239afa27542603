// SPDX-License-Identifier: GPL-3.0-or-later

/// An agent (or another node of the network), by the rank of its NAME in natural order.
///
/// Sums and outputs go in the order of ranks, so a result cannot depend on the order in which agents were listed.
@frozen
public struct NodeID: Sendable, Hashable, Comparable, BitwiseCopyable {
  /// The position of the node's name among all names, from zero.
  public let rank: UInt32

  /// Makes the identity of the node with this rank.
  @inlinable
  public init(rank: UInt32) { self.rank = rank }

  /// Makes the identity of the node at a position of an array that is in the order of ranks.
  @inlinable
  public init(_ index: Int) { self.rank = UInt32(index) }

  /// The rank as the index of an array.
  @inlinable
  public var index: Int { Int(rank) }

  /// Whether the left name comes first.
  @inlinable
  public static func < (left: NodeID, right: NodeID) -> Bool { left.rank < right.rank }
}

/// A directed link, by its rank in the order (receiver, sender).
@frozen
public struct LinkID: Sendable, Hashable, Comparable, BitwiseCopyable {
  /// The position of the link among all links, from zero.
  public let rank: UInt32

  /// Makes the identity of the link with this rank.
  @inlinable
  public init(rank: UInt32) { self.rank = rank }

  /// Makes the identity of the link at a position of an array that is in the order of ranks.
  @inlinable
  public init(_ index: Int) { self.rank = UInt32(index) }

  /// The rank as the index of an array.
  @inlinable
  public var index: Int { Int(rank) }

  /// Whether the left link comes first.
  @inlinable
  public static func < (left: LinkID, right: LinkID) -> Bool { left.rank < right.rank }
}
