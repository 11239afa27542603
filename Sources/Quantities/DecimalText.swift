// SPDX-License-Identifier: GPL-3.0-or-later

/// A decimal number as somebody wrote it, digit for digit: digits × 10^exponent. So `0.1` is a tenth and nothing near it.
package struct DecimalText: Sendable {
  package let isNegative: Bool
  /// From 0 to 9, without zeros at either end; none for zero.
  private let digits: [UInt8]
  private let exponent: Int
  /// The number nearest to it; infinite beyond the largest, and zero below the smallest.
  package let value: Double
  /// How many bytes of the text are the number.
  package let length: Int

  /// The number at the beginning of a text; nothing where none stands there. Neither `inf`, `nan` nor hexadecimal
  /// numbers are numbers here.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    var end = 0
    func digitsFrom(_ start: Int) -> ArraySlice<UInt8> { bytes[start...].prefix { $0 >= 48 && $0 <= 57 } }
    func stands(_ letters: StaticString) -> Bool {
      end < bytes.count && letters.withUTF8Buffer { $0.contains(bytes[end]) }
    }
    let isNegative = stands("-")
    if stands("+-") { end += 1 }
    let whole = digitsFrom(end)
    end = whole.endIndex
    var fraction = bytes[end..<end]
    if stands(".") {
      fraction = digitsFrom(end + 1)
      end = fraction.endIndex
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var power = 0
    if stands("eE") {
      let mark = end
      end += 1
      let isSmall = stands("-")
      if stands("+-") { end += 1 }
      let written = digitsFrom(end)
      end = written.isEmpty ? mark : written.endIndex
      // No text is long enough to bring back what lies beyond.
      for digit in written { power = min(power * 10 + Int(digit - 48), 1_000_000_000_000) }
      if isSmall { power.negate() }
    }
    let all = (whole + fraction).drop { $0 == 48 }
    self.init(isNegative, all.map { $0 - 48 }, exponent: power - fraction.count, length: end)
  }

  /// - Parameter digits: not beginning with zero.
  private init(_ isNegative: Bool, _ digits: [UInt8], exponent: Int, length: Int) {
    let zeros = digits.reversed().prefix { $0 == 0 }.count
    self.isNegative = isNegative
    self.digits = digits.dropLast(zeros)
    self.exponent = exponent + zeros
    self.length = length
    let mantissa = String(decoding: self.digits.map { $0 + 48 }, as: UTF8.self)
    let isLarge = self.digits.count + self.exponent > 0
    let magnitude = mantissa.isEmpty ? 0 : Double("\(mantissa)e\(self.exponent)") ?? (isLarge ? .infinity : 0)
    value = isNegative && magnitude != 0 ? -magnitude : magnitude
  }

  /// The same text for equal numbers, however they are written.
  package var canonicalText: String {
    guard !isZero else { return "0" }
    return "\(isNegative ? "-" : "")\(String(decoding: digits.map { $0 + 48 }, as: UTF8.self))e\(exponent)"
  }

  /// Whether it is zero as written.
  package var isZero: Bool { digits.isEmpty }

  /// Whether it is a number other than zero that lies below the smallest `Double`.
  package var underflows: Bool { value == 0 && !isZero }

  /// The number times a whole one and a power of ten, digit for digit.
  ///
  /// - Parameter factor: above zero and below 2^60.
  /// - Complexity: linear in the number of digits.
  package func times(_ factor: UInt64, tenToThe power: Int = 0) -> DecimalText {
    var product: [UInt8] = []
    product.reserveCapacity(digits.count + 20)
    var carry: UInt64 = 0
    func appendDigit() {
      product.append(UInt8(carry % 10))
      carry /= 10
    }
    for digit in digits.reversed() {
      carry += UInt64(digit) * factor
      appendDigit()
    }
    while carry > 0 { appendDigit() }
    return DecimalText(isNegative, product.reversed(), exponent: exponent + power, length: length)
  }

  /// What a number is among the whole ones.
  package enum Wholeness: Equatable, Sendable {
    case whole(Int64)
    case fraction
    /// Beyond what an `Int64` holds.
    case tooLarge
  }

  /// The number as a whole one.
  package var wholeness: Wholeness {
    if isZero { return .whole(0) }
    guard digits.count + exponent <= 20 else { return .tooLarge }
    guard exponent >= 0 else { return .fraction }
    guard let (magnitude, _) = fraction, let whole = Int64(exactly: magnitude) else { return .tooLarge }
    return .whole(isNegative ? -whole : whole)
  }

  /// The magnitude as a whole number over a power of ten; nothing where one of the two has more than 28 zeros or digits.
  package var fraction: (numerator: UInt128, denominator: UInt128)? {
    if isZero { return (0, 1) }
    guard digits.count + max(0, exponent) <= 28, exponent >= -28 else { return nil }
    let significand = digits.reduce(0) { $0 * 10 + UInt128($1) }
    let power = (0..<exponent.magnitude).reduce(UInt128(1)) { power, _ in power * 10 }
    return exponent < 0 ? (significand, power) : (significand * power, 1)
  }
}

/// A quotient as a decimal number; nothing where it has none of at most 40 places.
///
/// - Parameter divisor: from one to 10^37.
func decimalText(_ dividend: UInt128, over divisor: UInt128) -> String? {
  let (whole, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
  var text = "\(whole)"
  var rest = remainder
  if rest > 0 { text += "." }
  for _ in 0..<40 where rest > 0 {
    text += "\(rest * 10 / divisor)"
    rest = rest * 10 % divisor
  }
  return rest == 0 ? text : nil
}
