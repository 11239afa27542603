// SPDX-License-Identifier: GPL-3.0-or-later

/// A point of virtual time: whole nanoseconds since the start of a run, never negative.
///
/// Sums and comparisons are those of integers, so what is equal on paper is equal, in every unit. The last
/// representable time, 292 years after the start, stands for *never*; whatever would come later never comes.
@frozen
public struct VirtualTime: Sendable, Hashable, Comparable {
  /// Nanoseconds since the start of the run.
  public let nanoseconds: Int64

  /// The start of every run.
  @inlinable public static var zero: VirtualTime { VirtualTime(.zero) }

  /// A point of time that no event reaches.
  @inlinable public static var never: VirtualTime { VirtualTime(.forever) }

  /// Makes a time from nanoseconds.
  ///
  /// - Parameter nanoseconds: at least zero.
  @inlinable
  public init(nanoseconds: Int64) {
    precondition(nanoseconds >= 0, "A virtual time lies at or after the start of the run.")
    self.nanoseconds = nanoseconds
  }

  /// The time nearest to a number of seconds; beyond 292 years *never*.
  ///
  /// - Parameter seconds: at least zero and not NaN.
  @inlinable
  public init(seconds: Double) { nanoseconds = nearestNanoseconds(seconds) }

  /// A time so long after the start.
  @inlinable
  public init(_ sinceStart: VirtualDuration) { nanoseconds = sinceStart.nanoseconds }

  /// Seconds since the start of the run: the nearest number, so that 300 ms is 0.3; infinity for *never*.
  @inlinable
  public var seconds: Double { sinceStart.seconds }

  /// How long after the start.
  @inlinable
  public var sinceStart: VirtualDuration { VirtualDuration(known: nanoseconds) }

  /// Whether the left time is before the right one.
  @inlinable
  public static func < (left: VirtualTime, right: VirtualTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The time a while later.
  @inlinable
  public static func + (time: VirtualTime, duration: VirtualDuration) -> VirtualTime {
    VirtualTime(time.sinceStart + duration)
  }

  /// How much later the left time is; the left one must not be the earlier.
  @inlinable
  public static func - (left: VirtualTime, right: VirtualTime) -> VirtualDuration {
    VirtualDuration(nanoseconds: left.nanoseconds &- right.nanoseconds)
  }

  /// Moves the time by a while.
  @inlinable
  public static func += (time: inout VirtualTime, duration: VirtualDuration) { time = time + duration }
}
