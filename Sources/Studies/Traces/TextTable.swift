// SPDX-License-Identifier: GPL-3.0-or-later

/// Texts that are written again and again, one behind the other in memory.
final class TextTable {
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let starts: UnsafeMutableBufferPointer<Int>

  init(_ texts: [String]) {
    let codes = texts.map { Array($0.utf8) }
    bytes = .allocate(capacity: codes.reduce(0) { $0 + $1.count })
    _ = bytes.initialize(from: codes.joined())
    starts = .allocate(capacity: texts.count + 1)
    var start = 0
    for (index, code) in codes.enumerated() {
      starts.initializeElement(at: index, to: start)
      start += code.count
    }
    starts.initializeElement(at: texts.count, to: start)
  }

  deinit {
    bytes.deallocate()
    starts.deallocate()
  }

  @inline(__always)
  subscript(rank: UInt32) -> UnsafeBufferPointer<UInt8> {
    let (start, end) = (starts[Int(rank)], starts[Int(rank) + 1])
    return UnsafeBufferPointer(start: UnsafePointer(bytes.baseAddress.map { $0 + start }), count: end - start)
  }
}

/// Numbers as decimals that read back as the same number. Those of late are kept, as weights come again and again.
struct DecimalTexts {
  private static let places = 256

  private var numbers = [UInt64](repeating: .max, count: DecimalTexts.places)
  private var texts = [[UInt8]](repeating: [], count: DecimalTexts.places)

  /// Hands over the text of a number; of one that is none `null`, as JSON has no such numbers.
  @inline(__always)
  mutating func withText(of number: Double, _ body: ([UInt8]) -> Void) {
    let bits = number.bitPattern
    let place = Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 56)
    if numbers[place] != bits {
      numbers[place] = bits
      texts[place] = Array(number.isFinite ? "\(number)".utf8 : "null".utf8)
    }
    body(texts[place])
  }
}
