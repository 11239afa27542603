// SPDX-License-Identifier: GPL-3.0-or-later

/// A length of virtual time in whole nanoseconds, never negative.
///
/// Arithmetic is that of integers. The greatest duration, 292 years, stands for *for ever*: whatever is longer is that.
@frozen
public struct VirtualDuration: Sendable, Hashable, Comparable {
  /// The length in nanoseconds.
  public let nanoseconds: Int64

  // Computed: a stored one would be read through a call in every other room.

  /// No time at all.
  @inlinable public static var zero: VirtualDuration { VirtualDuration(known: 0) }

  /// The shortest length that is not zero.
  @inlinable public static var nanosecond: VirtualDuration { VirtualDuration(known: 1) }

  /// Longer than any run.
  @inlinable public static var forever: VirtualDuration { VirtualDuration(known: .max) }

  /// Makes a duration from nanoseconds.
  ///
  /// - Parameter nanoseconds: at least zero.
  @inlinable
  public init(nanoseconds: Int64) {
    precondition(nanoseconds >= 0, "A virtual duration is never negative.")
    self.nanoseconds = nanoseconds
  }

  /// Nanoseconds that are known not to be negative.
  @inlinable @inline(__always)
  init(known nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The duration nearest to a number of seconds, as for one that was drawn; beyond 292 years *for ever*.
  ///
  /// - Parameter seconds: at least zero and not NaN.
  @inlinable @inline(__always)
  public init(seconds: Double) { nanoseconds = nearestNanoseconds(seconds) }

  /// The duration nearest to a number of seconds, as `init(seconds:)`.
  @inlinable
  public static func seconds(_ seconds: Double) -> VirtualDuration { VirtualDuration(seconds: seconds) }

  /// The length in seconds: the nearest number; infinity for *for ever*.
  @inlinable
  public var seconds: Double {
    guard nanoseconds >= 1 << 53 else { return Double(nanoseconds) / 1e9 }
    return Self.nearestSeconds(nanoseconds)
  }

  /// Beyond 104 days nanoseconds have no exact number; what was written in longer units has one in those.
  @usableFromInline
  static func nearestSeconds(_ nanoseconds: Int64) -> Double {
    if nanoseconds == .max { return .infinity }
    var (whole, divisor) = (nanoseconds, 1e9)
    while whole % 10 == 0, divisor > 1 { (whole, divisor) = (whole / 10, divisor / 10) }
    return Double(whole) / divisor
  }

  /// Whether the left duration is the shorter.
  @inlinable
  public static func < (left: VirtualDuration, right: VirtualDuration) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The sum of two durations.
  @inlinable
  public static func + (left: VirtualDuration, right: VirtualDuration) -> VirtualDuration {
    let (sum, overflows) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
    return VirtualDuration(known: overflows ? .max : sum)
  }

  /// Adds a duration.
  @inlinable
  public static func += (left: inout VirtualDuration, right: VirtualDuration) { left = left + right }

  /// How much longer the left duration is; the right one must not be the longer.
  @inlinable
  public static func - (left: VirtualDuration, right: VirtualDuration) -> VirtualDuration {
    VirtualDuration(nanoseconds: left.nanoseconds &- right.nanoseconds)
  }

  /// So many times the duration.
  ///
  /// - Parameter count: at least zero.
  @inlinable
  public static func * (duration: VirtualDuration, count: Int) -> VirtualDuration {
    let (product, overflows) = duration.nanoseconds.multipliedReportingOverflow(by: Int64(count))
    return VirtualDuration(nanoseconds: overflows ? .max : product)
  }

  /// A factor of the duration, rounded to the nearest nanosecond.
  ///
  /// - Parameter factor: at least zero and not NaN.
  @inlinable
  public func scaled(by factor: Double) -> VirtualDuration {
    self == .forever || factor == 1 ? self : VirtualDuration(seconds: seconds * factor)
  }

  /// The end of a part where the duration is divided into equal parts, rounded down to a whole nanosecond. Parts between
  /// such ends add up to the whole.
  ///
  /// - Parameters:
  ///   - part: from zero, the start, to `parts`, the end.
  ///   - parts: into how many, above zero.
  @inlinable
  public func end(ofPart part: Int, of parts: Int) -> VirtualDuration {
    let divisor = Int64(parts)
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: divisor)
    return VirtualDuration(nanoseconds: whole * Int64(part) + rest * Int64(part) / divisor)
  }

  /// How many whole durations of another length fit in; the other must not be zero.
  @inlinable
  public func count(of other: VirtualDuration) -> Int64 { nanoseconds / other.nanoseconds }
}

/// Whole nanoseconds nearest to a number of seconds, ties to even; from 2^63 on the greatest integer.
///
/// Adding and taking away 2^52 rounds numbers below it; larger ones are whole. No call of the C library is needed.
@inlinable @inline(__always)
func nearestNanoseconds(_ seconds: Double) -> Int64 {
  precondition(seconds >= 0, "Virtual time is a number of seconds at or above zero.")
  let nanoseconds = seconds * 1e9
  if nanoseconds < 0x1p52 { return Int64(nanoseconds + 0x1p52 - 0x1p52) }
  return nanoseconds < 0x1p63 ? Int64(nanoseconds) : .max
}
