// SPDX-License-Identifier: GPL-3.0-or-later

/// The order of events that agree in time, wave and class.
public enum TieOrder: Sendable, Equatable {
  /// As they were scheduled.
  case firstInFirstOut
  /// By a bijection of the sequence number that the seed chooses.
  case random(seed: UInt64)
}

/// A bijection of the 44-bit sequence numbers, chosen by a seed.
///
/// Every step (exclusive or with a key, an odd factor, a shift to the right folded in) is a bijection of 44 bits, so
/// distinct sequence numbers stay distinct and the order of events stays total.
@usableFromInline
package struct SequencePermutation: Sendable {
  @usableFromInline static let mask: UInt64 = 1 << 44 - 1
  /// The factors modulo 2⁴⁴; a bijection needs odd ones.
  @usableFromInline package static let factors: (UInt64, UInt64, UInt64) = (
    0xBF5_8476_D1CF, 0x94D_049B_B133, 0xC2B_2AE3_D27B
  )
  @usableFromInline let keys: (UInt64, UInt64, UInt64)

  /// The bijection of a seed.
  package init(seed: UInt64) {
    var source = Fingerprint()
    source.fold(seed)
    let first = source.value
    source.fold(1)
    let second = source.value
    source.fold(2)
    keys = (first & Self.mask, second & Self.mask, source.value & Self.mask)
  }

  /// What takes the place of a sequence number below 2⁴⁴.
  @inlinable
  package func callAsFunction(_ sequence: UInt64) -> UInt64 {
    var x = sequence ^ keys.0
    x = x &* Self.factors.0 & Self.mask
    x ^= x >> 22
    x = (x &+ keys.1) &* Self.factors.1 & Self.mask
    x ^= x >> 19
    x = (x ^ keys.2) &* Self.factors.2 & Self.mask
    return x ^ (x >> 23)
  }
}
