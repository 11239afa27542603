// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels

/// The words of `Draws` for whoever takes many: 16 of them are made side by side.
struct BulkWords {
  /// First of all, so that they are where the state is.
  private var words = SIMD16<UInt32>()
  /// How many of these have been taken.
  private var position = 16
  /// The block of four words that comes after them.
  private var nextBlock: UInt32
  private let key: UInt64
  private let salt: UInt32
  private let index: UInt64

  /// The words from a counter on, as `Draws` has it.
  init(key: UInt64, counter: SIMD4<UInt32>) {
    self.key = key
    salt = counter.w
    index = UInt64(counter.y) << 32 | UInt64(counter.x)
    nextBlock = counter.z
  }

  /// The next 32 random bits. By a pointer, as a vector with a number that is not known would be copied whole.
  @inline(__always)
  static func word(_ state: UnsafeMutablePointer<BulkWords>) -> UInt32 {
    if state.pointee.position == 16 { state.pointee.refill() }
    let word = UnsafeRawPointer(state).load(fromByteOffset: state.pointee.position &* 4, as: UInt32.self)
    state.pointee.position &+= 1
    return word
  }

  /// The next number of [0, 1), with 53 random bits.
  static func uniform(_ state: UnsafeMutablePointer<BulkWords>) -> Double {
    let high = word(state)
    return unitNumber(high, word(state))
  }

  @inline(never)
  private mutating func refill() {
    withUnsafeMutableBytes(of: &words) {
      starling_next_words(key, salt, index, nextBlock, $0.baseAddress!.assumingMemoryBound(to: UInt32.self))
    }
    nextBlock &+= 4
    position = 0
  }

  /// The number of the first block of which no word has been taken.
  var blocksTaken: UInt32 { nextBlock &- UInt32((16 - position) / 4) }

  /// What is left of a block of which some words have been taken: its pairs of words, and how many these are.
  var rest: (first: UInt64, second: UInt64, taken: Int)? {
    guard position % 4 > 0 else { return nil }
    let start = position & ~3
    return (
      UInt64(words[start]) << 32 | UInt64(words[start + 1]), UInt64(words[start + 2]) << 32 | UInt64(words[start + 3]),
      position % 4
    )
  }
}
