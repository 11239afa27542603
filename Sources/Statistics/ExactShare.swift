// SPDX-License-Identifier: GPL-3.0-or-later

/// A product of fractions of whole numbers, kept exactly.
struct ExactShare {
  private var numerator = Natural(1)
  private var denominator = Natural(1)
  /// The newest factor of the numerator, not yet multiplied in: the next denominator mostly cancels it.
  private var pending = 1

  /// Multiplies by a fraction.
  mutating func multiply(by factor: Int, over divisor: Int) {
    if pending != divisor {
      numerator.multiply(by: pending)
      denominator.multiply(by: divisor)
    }
    pending = factor
  }

  /// Whether the product is one half or less.
  var isAtMostOneHalf: Bool {
    var doubled = numerator
    doubled.multiply(by: pending)
    doubled.multiply(by: 2)
    return !denominator.precedes(doubled)
  }
}

/// A natural number of any size, lowest words first, without zero words at the high end.
private struct Natural {
  private var words: [UInt32]

  init(_ value: UInt32) { words = value == 0 ? [] : [value] }

  /// Multiplies by a number that fits into 32 bits, as every number of runs does.
  mutating func multiply(by factor: Int) {
    guard factor > 0 else {
      words = []
      return
    }
    var carry: UInt64 = 0
    for index in words.indices {
      let product = UInt64(words[index]) * UInt64(factor) + carry
      words[index] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    if carry > 0 { words.append(UInt32(carry)) }
  }

  /// Whether this number is smaller than another.
  func precedes(_ other: Natural) -> Bool {
    if words.count != other.words.count { return words.count < other.words.count }
    return words.reversed().lexicographicallyPrecedes(other.words.reversed())
  }
}
