// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// A kind of quantity, with the units in which people write it. The base units are seconds, bytes, bytes per
/// second, watts, joules per byte and pure numbers.
public enum QuantityKind: String, CaseIterable, Sendable {
  case number
  case duration
  case size
  case rate
  /// A number that may be written in per cent.
  case share
  /// A power-like number that may be written in decibels.
  case power
  /// Energy over time.
  case watts
  case energyPerByte

  /// The units, the first of equal ones being the one to write.
  package var units: [UnitOfMeasure] {
    switch self {
    case .number, .power: []
    case .share: UnitOfMeasure.shares
    case .duration: UnitOfMeasure.durations
    case .size: UnitOfMeasure.sizes
    case .rate: UnitOfMeasure.rates
    case .watts: UnitOfMeasure.powers
    case .energyPerByte: UnitOfMeasure.energiesPerByte
    }
  }

  /// The names of the units, for messages; the other spellings of the microsecond are left out.
  package var unitNames: [String] {
    self == .power ? ["dB"] : units.filter { !$0.isOtherSpelling }.map(\.name)
  }

  /// Whether a number without a unit is complete.
  package var allowsBareNumber: Bool {
    switch self {
    case .number, .share, .power: true
    case .duration, .size, .rate, .watts, .energyPerByte: false
    }
  }

  /// What it is called with its article.
  package var phrase: String {
    switch self {
    case .number: shortPhrase
    case .duration: "\(shortPhrase) such as '20 ms'"
    case .size: "\(shortPhrase) such as '64 B'"
    case .rate: "\(shortPhrase) such as '10 Mbit/s'"
    case .share: "\(shortPhrase) such as 0.05 or '5 %'"
    case .watts: "\(shortPhrase) such as '10 W'"
    case .energyPerByte: "\(shortPhrase) such as '1 uJ/B'"
    case .power: "a number or decibels such as '-30 dB'"
    }
  }

  /// The same without its example.
  package var shortPhrase: String {
    switch self {
    case .number, .share: "a number"
    case .duration: "a duration"
    case .size: "a size"
    case .rate: "a rate"
    case .watts: "a power"
    case .energyPerByte: "an energy per byte"
    case .power: "a number or dB"
    }
  }

  /// What its units are units of.
  var unitPhrase: String {
    switch self {
    case .number: "numbers"
    case .duration: "durations"
    case .size: "sizes"
    case .rate: "rates"
    case .watts: "powers"
    case .energyPerByte: "energies per byte"
    case .share: "shares"
    case .power: "decibels"
    }
  }

  /// The value in base units of a number of a unit; nothing when the unit is not of this kind.
  package func value(_ number: DecimalText, unit: String) -> Double? {
    if unit.isEmpty { return allowsBareNumber || number.isZero ? number.value : nil }
    if self == .power { return unit == "dB" ? Quantities.power(ofDecibels: number.value) : nil }
    return units.first { $0.name == unit }?.inBaseUnits(number).value
  }

  /// The number of a text with a unit of this kind, or with none, in base units, digit for digit.
  package func inBaseUnits(_ text: String) -> DecimalText? {
    guard let (number, name) = numberAndUnit(text) else { return nil }
    return name.isEmpty ? number : units.first { $0.name == name }?.inBaseUnits(number)
  }

  /// The usual way to write a value in base units; reads as exactly that value.
  package func text(_ value: Double) -> String {
    if self == .power { return decibelText(value) ?? plainNumber(value) }
    guard !allowsBareNumber, value != 0 else { return plainNumber(value) }
    for unit in writtenUnits {
      let (multiplier, divisor) = unit.quotient
      let number = plainNumber(value * divisor / multiplier)
      let isShort = abs(value * divisor) >= multiplier && number.count <= 8 && !number.contains("e")
      if isShort, DecimalText(number).flatMap({ self.value($0, unit: unit.name) }) == value {
        return "\(number) \(unit.name)"
      }
    }
    let base = units.first(where: \.isBase)?.name ?? ""
    return "\(plainNumber(value)) \(base)"
  }

  /// The units to write values in, the largest first.
  private var writtenUnits: [UnitOfMeasure] {
    switch self {
    case .duration: Self.writtenDurations
    case .size: Self.writtenSizes
    case .rate: Self.writtenRates
    case .watts: Self.writtenPowers
    case .energyPerByte: Self.writtenEnergies
    case .number, .share, .power: []
    }
  }

  private static let writtenDurations = written(
    ["day", "h", "min", "s", "ms", "us", "ns"], of: UnitOfMeasure.durations)
  private static let writtenSizes = written(["GB", "MB", "kB", "B"], of: UnitOfMeasure.sizes)
  private static let writtenRates = written(["Gbit/s", "Mbit/s", "kbit/s", "bit/s"], of: UnitOfMeasure.rates)

  private static let writtenPowers = written(["W", "mW"], of: UnitOfMeasure.powers)
  private static let writtenEnergies = written(["J/B", "uJ/B", "nJ/B"], of: UnitOfMeasure.energiesPerByte)

  private static func written(_ names: [String], of units: [UnitOfMeasure]) -> [UnitOfMeasure] {
    names.compactMap { name in units.first { $0.name == name } }
  }

  private func decibelText(_ value: Double) -> String? {
    guard value > 0 else { return nil }
    let number = plainNumber((decibels(ofPower: value) * 1e6).rounded() / 1e6)
    return Double(number).map(Quantities.power(ofDecibels:)) == value ? "\(number) dB" : nil
  }
}

/// The shortest decimal text that reads as exactly this number, whole numbers without a point.
package func plainNumber(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A text that begins with a decimal number: the number, and what follows it without blanks.
///
/// - Returns: nothing when the text does not begin with a decimal number.
package func numberAndUnit(_ text: String) -> (number: DecimalText, unit: String)? {
  guard let number = DecimalText(text) else { return nil }
  let unit = String(decoding: text.utf8.dropFirst(number.length), as: UTF8.self)
  return (number, unit.trimmingCharacters(in: .whitespaces))
}
