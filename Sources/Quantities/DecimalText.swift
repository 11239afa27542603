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
    isNegative = stands("-")
    if stands("+-") { end += 1 }
    let whole = digitsFrom(end)
    end = whole.endIndex
    var fraction = bytes[end..<end]
    if stands(".") {
      fraction = digitsFrom(end + 1)
      end = fraction.endIndex
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    let mantissa = "0\(String(decoding: whole, as: UTF8.self)).\(String(decoding: fraction, as: UTF8.self))0"
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
    let zeros = all.reversed().prefix { $0 == 48 }.count
    digits = all.dropLast(zeros).map { $0 - 48 }
    exponent = power - fraction.count + zeros
    length = end
    let magnitude = Double("\(mantissa)e\(power)") ?? (power > 0 ? .infinity : 0)
    value = isNegative && magnitude != 0 ? -magnitude : magnitude
  }

  /// Whether it is zero as written.
  package var isZero: Bool { digits.isEmpty }

  /// Whether it is a number other than zero that lies below the smallest `Double`.
  package var underflows: Bool { value == 0 && !isZero }

  /// What so many units are, each of them a whole number of some smaller unit.
  package enum Multiple: Equatable, Sendable {
    case whole(Int64)
    case fraction
    /// Beyond what an `Int64` holds.
    case tooLarge
  }

  /// The number times a unit, exactly.
  ///
  /// - Parameter unit: above zero.
  /// - Complexity: linear in the number of digits.
  package func times(_ unit: Int64) -> Multiple {
    guard !digits.isEmpty else { return .whole(0) }
    guard digits.count + exponent <= 20 else { return .tooLarge }
    // The digits do not end in zero, so they lack a factor of two or of five, and no unit brings more than 62.
    guard exponent >= -62 else { return .fraction }
    var (digits, unit) = (digits, unit)
    var (twos, fives) = (max(0, -exponent), max(0, -exponent))
    while twos > 0, unit % 2 == 0 { (twos, unit) = (twos - 1, unit / 2) }
    while fives > 0, unit % 5 == 0 { (fives, unit) = (fives - 1, unit / 5) }
    for divisor in [UInt8](repeating: 2, count: twos) + [UInt8](repeating: 5, count: fives) {
      guard Self.divide(&digits, by: divisor) else { return .fraction }
    }
    var whole: Int64 = 0
    for digit in digits + [UInt8](repeating: 0, count: max(0, exponent)) {
      let shifted = whole.multipliedReportingOverflow(by: 10)
      let sum = shifted.partialValue.addingReportingOverflow(Int64(digit))
      guard !shifted.overflow, !sum.overflow else { return .tooLarge }
      whole = sum.partialValue
    }
    let product = whole.multipliedReportingOverflow(by: unit)
    guard !product.overflow else { return .tooLarge }
    return .whole(isNegative ? -product.partialValue : product.partialValue)
  }

  /// Divides a number in decimal digits; says whether nothing remains.
  private static func divide(_ digits: inout [UInt8], by divisor: UInt8) -> Bool {
    var rest: UInt8 = 0
    for position in digits.indices {
      let piece = rest * 10 + digits[position]
      digits[position] = piece / divisor
      rest = piece % divisor
    }
    return rest == 0
  }
}
