// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// A kind of quantity, with the units in which scenarios write it. The base units are seconds, bytes, bytes per
/// second and pure numbers.
enum QuantityKind: String, CaseIterable, Sendable {
  case number
  case duration
  case size
  case rate
  /// A number that may be written in per cent.
  case share
  /// A power-like number that may be written in decibels.
  case power

  /// One unit: so many base units are `multiplier` / `divisor` of it. Both are whole, so that a decimal fraction
  /// such as 100 ms becomes the number nearest to it.
  struct Unit: Sendable {
    let name: String
    var multiplier = 1.0
    var divisor = 1.0
  }

  /// The units, the first of equal ones being the one to write.
  var units: [Unit] {
    switch self {
    case .number: []
    case .power: []
    case .share: [Unit(name: "%", divisor: 100)]
    case .duration:
      [
        Unit(name: "ns", divisor: 1e9), Unit(name: "us", divisor: 1e6), Unit(name: "µs", divisor: 1e6),
        Unit(name: "μs", divisor: 1e6), Unit(name: "ms", divisor: 1e3), Unit(name: "s"),
        Unit(name: "min", multiplier: 60), Unit(name: "h", multiplier: 3600), Unit(name: "day", multiplier: 86_400),
      ]
    case .size:
      [
        Unit(name: "B"), Unit(name: "kB", multiplier: 1e3), Unit(name: "MB", multiplier: 1e6),
        Unit(name: "GB", multiplier: 1e9), Unit(name: "KiB", multiplier: 1024),
        Unit(name: "MiB", multiplier: 1_048_576), Unit(name: "GiB", multiplier: 1_073_741_824),
      ]
    case .rate:
      [
        Unit(name: "bit/s", divisor: 8), Unit(name: "kbit/s", multiplier: 125),
        Unit(name: "Mbit/s", multiplier: 125_000), Unit(name: "Gbit/s", multiplier: 125_000_000),
        Unit(name: "B/s"), Unit(name: "kB/s", multiplier: 1e3), Unit(name: "MB/s", multiplier: 1e6),
        Unit(name: "GB/s", multiplier: 1e9),
      ]
    }
  }

  /// The names of the units, for messages; the other spellings of the microsecond are left out.
  var unitNames: [String] {
    self == .power ? ["dB"] : units.map(\.name).filter { $0 != "µs" && $0 != "μs" }
  }

  /// Whether a number without a unit is complete.
  var allowsBareNumber: Bool {
    switch self {
    case .number, .share, .power: true
    case .duration, .size, .rate: false
    }
  }

  /// What it is called with its article.
  var phrase: String {
    switch self {
    case .number: "a number"
    case .duration: "a duration such as '20 ms'"
    case .size: "a size such as '64 B'"
    case .rate: "a rate such as '10 Mbit/s'"
    case .share: "a number such as 0.05 or '5 %'"
    case .power: "a number or decibels such as '-30 dB'"
    }
  }

  /// The same without its example.
  var shortPhrase: String { phrase.components(separatedBy: " such as")[0].replacing(" or decibels", with: " or dB") }

  /// The value in base units of a number of a unit; nothing when the unit is not of this kind.
  func value(_ number: Double, unit: String) -> Double? {
    if unit.isEmpty { return allowsBareNumber || number == 0 ? number : nil }
    if self == .power { return unit == "dB" ? Quantities.power(ofDecibels: number) : nil }
    guard let unit = units.first(where: { $0.name == unit }) else { return nil }
    return number * unit.multiplier / unit.divisor
  }

  /// The usual way to write a value in base units; reads as exactly that value.
  func text(_ value: Double) -> String {
    if self == .power { return decibelText(value) ?? plainNumber(value) }
    guard !allowsBareNumber, value != 0 else { return plainNumber(value) }
    for unit in writtenUnits {
      let number = plainNumber(value * unit.divisor / unit.multiplier)
      let isShort = abs(value * unit.divisor) >= unit.multiplier && number.count <= 8 && !number.contains("e")
      if isShort, Double(number).flatMap({ self.value($0, unit: unit.name) }) == value {
        return "\(number) \(unit.name)"
      }
    }
    let base = units.first { $0.multiplier == $0.divisor }?.name ?? ""
    return "\(plainNumber(value)) \(base)"
  }

  /// The units to write values in, the largest first.
  private var writtenUnits: [Unit] {
    let names =
      switch self {
      case .duration: ["day", "h", "min", "s", "ms", "us", "ns"]
      case .size: ["GB", "MB", "kB", "B"]
      case .rate: ["Gbit/s", "Mbit/s", "kbit/s", "bit/s"]
      case .number, .share, .power: [String]()
      }
    return names.compactMap { name in units.first { $0.name == name } }
  }

  private func decibelText(_ value: Double) -> String? {
    guard value > 0 else { return nil }
    let number = plainNumber((decibels(ofPower: value) * 1e6).rounded() / 1e6)
    return Double(number).map(Quantities.power(ofDecibels:)) == value ? "\(number) dB" : nil
  }
}

/// The shortest decimal text that reads as exactly this number, whole numbers without a point.
func plainNumber(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A text that begins with a decimal number: the number, and what follows it without blanks.
///
/// - Returns: nothing when the text does not begin with a decimal number. A number too large for a Double is
///   infinite. Neither `inf`, `nan` nor hexadecimal numbers are numbers here.
func numberAndUnit(_ text: String) -> (number: Double, unit: String)? {
  let bytes = Array(text.utf8)
  var end = 0
  func skipDigits() -> Int {
    let start = end
    while end < bytes.count, bytes[end] >= 48, bytes[end] <= 57 { end += 1 }
    return end - start
  }
  func skip(_ letters: String) -> Bool {
    guard end < bytes.count, letters.utf8.contains(bytes[end]) else { return false }
    end += 1
    return true
  }
  _ = skip("+-")
  var digits = skipDigits()
  if skip(".") { digits += skipDigits() }
  guard digits > 0 else { return nil }
  let mantissaEnd = end
  if skip("eE") {
    _ = skip("+-")
    if skipDigits() == 0 { end = mantissaEnd }
  }
  var digitsText = String(decoding: bytes[..<end], as: UTF8.self)
  if digitsText.hasSuffix(".") { digitsText.removeLast() }
  guard let number = Double(digitsText) else { return nil }
  let unit = String(decoding: bytes[end...], as: UTF8.self).trimmingCharacters(in: .whitespaces)
  return (number + 0.0, unit)
}
