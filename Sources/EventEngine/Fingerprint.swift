// SPDX-License-Identifier: GPL-3.0-or-later

/// A 64-bit hash of a sequence of words that sees their order: two runs with the same fingerprint did the same.
///
/// One step is h ← a · rotate(h ⊕ m, 29) with an odd factor a, a bijection of h for every word m: a difference never
/// vanishes by itself, later words only move it on. Not meant to resist an adversary.
@frozen
public struct Fingerprint: Sendable, Hashable {
  @usableFromInline var state: UInt64 = 0x243F_6A88_85A3_08D3

  /// The fingerprint of the empty sequence.
  @inlinable
  public init() {}

  /// The 64 bits that stand for all words so far.
  @inlinable
  public var value: UInt64 {
    var x = state
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return x ^ (x >> 31)
  }

  /// Adds one word.
  @inlinable
  public mutating func fold(_ word: UInt64) { mix(word &* 0xD6E8_FEB8_6659_FD93) }

  /// Adds two words at the price of one step.
  @inlinable
  mutating func fold(_ first: UInt64, _ second: UInt64) {
    let a = first &* 0x9E37_79B9_7F4A_7C15
    let b = second &* 0xC2B2_AE3D_27D4_EB4F
    mix(a ^ (b << 32 | b >> 32))
  }

  @inlinable
  mutating func mix(_ word: UInt64) {
    let x = state ^ word
    state = (x << 29 | x >> 35) &* 0xA076_1D64_78BD_642F
  }
}
