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
    if number <= UInt32.max {
      write(UInt32(truncatingIfNeeded: number), digits: length)
    } else {
      write(number, digits: length)
    }
    count &+= length
  }

  /// Seconds in decimal digits, exact to the nanosecond, without zeros at their end.
  mutating func append(seconds nanoseconds: UInt64) {
    let whole = nanoseconds / 1_000_000_000
    append(decimal: whole)
    var fraction = UInt32(truncatingIfNeeded: nanoseconds &- whole &* 1_000_000_000)
    guard fraction > 0 else { return }
    reserve(10)
    put(UInt8(ascii: "."))
    var digits = 9
    while fraction % 10 == 0 { (fraction, digits) = (fraction / 10, digits - 1) }
    write(fraction, digits: digits)
    count &+= digits
  }

  /// Writes so many digits of a number, the last ones, behind what there is: two at a time.
  @inline(__always)
  private func write<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number, digits: Int) {
    var rest = number
    var left = digits
    let start = base + count
    while left > 1 {
      let quotient = rest / 100
      let pair = Int(truncatingIfNeeded: rest &- quotient &* 100) &* 2
      left -= 2
      start[left] = pairs.utf8Start[pair]
      start[left + 1] = pairs.utf8Start[pair + 1]
      rest = quotient
    }
    if left == 1 { start[0] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0") }
  }
}

/// All numbers of two digits.
private let pairs: StaticString = """
  0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
  5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
  """

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
