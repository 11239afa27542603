// SPDX-License-Identifier: GPL-3.0-or-later

/// A point of virtual time: seconds since the start of a run, never negative, never NaN.
///
/// Times are compared as numbers. As both ends of a run lie at or above zero, the bit patterns of two times order
/// as the times do, which the event queue uses.
@frozen
public struct VirtualTime: Sendable, Hashable, Comparable {
  /// Seconds since the start of the run.
  public let seconds: Double

  /// The start of every run.
  public static let zero = VirtualTime(seconds: 0)

  /// A point of time that no event reaches.
  public static let never = VirtualTime(seconds: .infinity)

  /// Makes a time from seconds.
  ///
  /// - Parameter seconds: at least zero and not NaN; `-0.0` becomes `0.0`, so that equal times have equal bits.
  @inlinable
  public init(seconds: Double) {
    precondition(seconds >= 0, "A virtual time is a number of seconds at or above zero.")
    self.seconds = seconds + 0.0
  }

  /// Whether the left time is before the right one.
  @inlinable
  public static func < (left: VirtualTime, right: VirtualTime) -> Bool { left.seconds < right.seconds }

  /// The time a while later.
  @inlinable
  public static func + (time: VirtualTime, duration: VirtualDuration) -> VirtualTime {
    VirtualTime(seconds: time.seconds + duration.seconds)
  }

  /// How much later the left time is; the left one must not be the earlier.
  @inlinable
  public static func - (left: VirtualTime, right: VirtualTime) -> VirtualDuration {
    VirtualDuration(seconds: left.seconds - right.seconds)
  }
}

/// A length of virtual time in seconds, never negative, never NaN.
@frozen
public struct VirtualDuration: Sendable, Hashable, Comparable {
  /// The length in seconds.
  public let seconds: Double

  /// No time at all.
  public static let zero = VirtualDuration(seconds: 0)

  /// Makes a duration from seconds.
  ///
  /// - Parameter seconds: at least zero and not NaN.
  @inlinable
  public init(seconds: Double) {
    precondition(seconds >= 0, "A virtual duration is a number of seconds at or above zero.")
    self.seconds = seconds + 0.0
  }

  /// Whether the left duration is the shorter.
  @inlinable
  public static func < (left: VirtualDuration, right: VirtualDuration) -> Bool { left.seconds < right.seconds }

  /// The sum of two durations.
  @inlinable
  public static func + (left: VirtualDuration, right: VirtualDuration) -> VirtualDuration {
    VirtualDuration(seconds: left.seconds + right.seconds)
  }
}
