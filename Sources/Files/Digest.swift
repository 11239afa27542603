// SPDX-License-Identifier: GPL-3.0-or-later

/// A 64-bit digest of bytes, by which a reader notices that a file has changed under it. It keeps no secrets.
///
/// Source: Fowler, Noll and Vo, FNV-1a with 64 bits.
package struct Digest: Sendable, Equatable {
  private(set) package var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  package mutating func add(_ bytes: some Sequence<UInt8>) {
    // The bytes of a curve lie in one piece, and there are many.
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { addAll($0) }
    if isDone == nil { addAll(bytes) }
  }

  private mutating func addAll(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }

  /// Adds a text and its length, so that texts in a row do not run into each other.
  package mutating func add(_ text: String) {
    add(text.utf8)
    add(UInt64(text.utf8.count))
  }

  package mutating func add(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { add($0) }
  }

  /// Adds the bits of a number, or that there is none.
  package mutating func add(_ number: Double?) {
    guard let number else { return add("none") }
    add(number.bitPattern)
  }
}

/// 64 bits as 16 hexadecimal digits: many readers of JSON round whole numbers beyond 53 bits, and SQLite has no
/// unsigned ones.
package func hexadecimal(_ bits: UInt64) -> String {
  let digits = String(bits, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
