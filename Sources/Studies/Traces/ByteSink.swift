// SPDX-License-Identifier: GPL-3.0-or-later

/// Gathers bytes in one large buffer and hands on many at a time: nothing is allocated for a line, nor formatted by anybody
/// else.
///
/// Copies share the buffer, so whoever holds one lets nobody else write.
struct ByteSink {
  /// What is handed on at a time, at most.
  private static let capacity = 1 << 18

  private final class Memory {
    let base = UnsafeMutablePointer<UInt8>.allocate(capacity: ByteSink.capacity)
    deinit { base.deallocate() }
  }

  private let memory = Memory()
  private let base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private let handOn: (UnsafeBufferPointer<UInt8>) throws -> Void
  /// Why bytes could not be handed on; what comes after is dropped.
  private(set) var trouble: (any Error)?

  init(_ handOn: @escaping (UnsafeBufferPointer<UInt8>) throws -> Void) {
    base = memory.base
    self.handOn = handOn
  }

  /// Hands on what has been gathered.
  @inline(never)
  mutating func flush() {
    if trouble == nil, count > 0 {
      do { try handOn(UnsafeBufferPointer(start: base, count: count)) } catch { trouble = error }
    }
    count = 0
  }

  /// Makes room for so many bytes, which are far fewer than the buffer holds.
  @inline(__always)
  private mutating func reserve(_ bytes: Int) {
    if count &+ bytes > Self.capacity { flush() }
  }

  /// Where a byte stands that has just been gathered, to be written again.
  @inline(__always)
  func setByte(_ position: Int, to byte: UInt8) { base[position] = byte }

  /// Makes room for a piece that is written byte by byte, so that it stays in one place until it is whole.
  @inline(__always)
  mutating func begin(_ bytes: Int) { reserve(bytes) }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    base[count] = byte
    count &+= 1
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    (base + count).update(from: text.utf8Start, count: length)
    count &+= length
  }

  /// Bytes of any number.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let part = min(bytes.count - done, Self.capacity)
      reserve(part)
      (base + count).update(from: start + done, count: part)
      count &+= part
      done += part
    }
  }

  mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

  /// A whole number in decimal digits.
  @inline(__always)
  mutating func append(decimal number: UInt64) {
    reserve(20)
    let length = digitCount(number)
    write(number, digits: length)
    count &+= length
  }

  /// Seconds in decimal digits, exact to the nanosecond, without zeros at their end.
  mutating func append(seconds nanoseconds: UInt64) {
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    append(decimal: whole)
    guard rest > 0 else { return }
    reserve(10)
    put(UInt8(ascii: "."))
    var (fraction, digits) = (rest, 9)
    while fraction % 10 == 0 { (fraction, digits) = (fraction / 10, digits - 1) }
    write(fraction, digits: digits)
    count &+= digits
  }

  /// Writes so many digits of a number, the last ones, behind what there is.
  @inline(__always)
  private func write(_ number: UInt64, digits: Int) {
    var rest = number
    var place = base + count + digits
    for _ in 0..<digits {
      place -= 1
      let quotient = rest / 10
      place.pointee = UInt8(truncatingIfNeeded: rest &- quotient &* 10) &+ UInt8(ascii: "0")
      rest = quotient
    }
  }
}

@inline(__always)
private func digitCount(_ number: UInt64) -> Int {
  var (bound, digits): (UInt64, Int) = (10, 1)
  while digits < 20, number >= bound {
    digits += 1
    if digits == 20 { break }
    bound &*= 10
  }
  return digits
}
