// SPDX-License-Identifier: GPL-3.0-or-later

/// A number from zero to one.
@frozen
public struct Probability: Sendable, Hashable, Comparable {
  /// The number, from zero to one.
  public let value: Double

  /// What never happens.
  public static let never = Probability(unchecked: 0)

  /// Makes a probability, or nothing if the number is not in 0...1.
  @inlinable
  public init?(_ value: Double) {
    guard value >= 0, value <= 1 else { return nil }
    self.init(unchecked: value)
  }

  @inlinable
  init(unchecked value: Double) { self.value = value }

  /// Whether the left probability is the smaller.
  @inlinable
  public static func < (left: Probability, right: Probability) -> Bool { left.value < right.value }
}
