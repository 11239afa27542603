// SPDX-License-Identifier: GPL-3.0-or-later

/// A number of bytes.
@frozen
public struct ByteCount: Sendable, Hashable, Comparable {
  /// The number of bytes.
  public let bytes: UInt64

  /// No bytes.
  public static let zero = ByteCount(0)

  /// Makes a count of bytes.
  @inlinable
  public init(_ bytes: UInt64) { self.bytes = bytes }

  /// Whether the left count is the smaller.
  @inlinable
  public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

  /// The sum of two counts.
  @inlinable
  public static func + (left: ByteCount, right: ByteCount) -> ByteCount { ByteCount(left.bytes + right.bytes) }

  /// Adds a count in place.
  @inlinable
  public static func += (left: inout ByteCount, right: ByteCount) { left = left + right }
}
