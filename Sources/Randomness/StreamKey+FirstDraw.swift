// SPDX-License-Identifier: GPL-3.0-or-later

/// The first number of an index without the bookkeeping of `Draws`: most indices are asked for one number only.
extension StreamKey {
  /// What `Draws(self, at: index).uniform()` gives first.
  package func uniform(at index: UInt64) -> Double {
    let words = firstWords(at: index)
    return unitNumber(words.x, words.y)
  }

  /// What `Draws(self, at: index).integer(below: bound)` gives first.
  package func integer(below bound: UInt32, at index: UInt64) -> UInt32 {
    let product = UInt64(firstWords(at: index).x) * UInt64(bound)
    // Products with a low half below the bound may have to be drawn again, so that all are equally probable.
    if UInt32(truncatingIfNeeded: product) >= bound { return UInt32(product >> 32) }
    var draws = Draws(self, at: index)
    return draws.integer(below: bound)
  }

  @inline(__always)
  func firstWords(at index: UInt64) -> SIMD4<UInt32> {
    Philox.block(
      SIMD4(UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), 0, salt), key: key)
  }
}
