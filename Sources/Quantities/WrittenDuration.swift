// SPDX-License-Identifier: GPL-3.0-or-later

/// Durations as people write them, exactly: `100 ms`, `1 h 30 min`, and `3 m 31 s` as the program itself prints them.
package enum WrittenDuration {
  /// What keeps a text from being a duration in whole nanoseconds.
  package enum Trouble: Error, Equatable {
    /// It does not begin with a number, or a number is missing within.
    case notANumber
    /// The unit is missing, except after a zero.
    case noUnit
    case unknownUnit(String)
    /// The units of a duration in several parts do not become smaller.
    case disordered
    case notWholeNanoseconds
    /// Longer than `longest`.
    case tooLong
  }

  /// The longest that can be written, 292 years of 365 days, in nanoseconds: virtual time counts little further.
  package static let longest: Int64 = 292 * 365 * 86_400 * 1_000_000_000

  /// The nanoseconds of a text, below zero if it says so.
  ///
  /// Between other parts, and behind them, `m` is the minute and `d` the day, as the program prints `3 m 31 s` and
  /// `2 d 04 h`; alone they are no units, since who writes `5 m` may mean anything.
  package static func nanoseconds(of text: String) throws(Trouble) -> Int64 {
    let parts = try parts(of: text)
    let isCompound = parts.count > 1
    var sum: Int64 = 0
    var last = Int64.max
    for part in parts {
      let unit = try nanosecondsOfUnit(of: part, isCompound: isCompound)
      guard unit < last else { throw .disordered }
      last = unit
      switch part.number.times(UInt64(unit)).wholeness {
      case .whole(let count) where count.magnitude <= longest.magnitude:
        sum += parts[0].number.isNegative ? -abs(count) : count
      case .fraction: throw .notWholeNanoseconds
      case .whole, .tooLarge: throw .tooLong
      }
      guard sum.magnitude <= longest.magnitude else { throw .tooLong }
    }
    return sum
  }

  private static func nanosecondsOfUnit(
    of part: (number: DecimalText, unit: String), isCompound: Bool
  ) throws(Trouble) -> Int64 {
    if part.unit.isEmpty {
      guard part.number.isZero, !isCompound else { throw .noUnit }
      return 1
    }
    let name = isCompound ? ["m": "min", "d": "day"][part.unit] ?? part.unit : part.unit
    guard let unit = UnitOfMeasure.durations.first(where: { $0.name == name }) else { throw .unknownUnit(part.unit) }
    return unit.nanoseconds
  }

  /// Whether a text is a duration in whole nanoseconds.
  /// What a time as a clock shows it, such as `1:40` or `1:02:30`, is as a duration: its last number is of seconds.
  package static func ofClock(_ text: String) -> String? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
    guard (2...3).contains(parts.count), !parts.contains(nil) else { return nil }
    let named = zip(parts.compactMap { $0 }, ["h", "min", "s"].suffix(parts.count)).filter { $0.0 > 0 }
    return named.isEmpty ? nil : named.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }

  package static func isWhole(_ text: String) -> Bool { (try? nanoseconds(of: text)) != nil }

  /// Whether a text is a duration in several parts.
  package static func isCompound(_ text: String) -> Bool { ((try? parts(of: text)) ?? []).count > 1 }

  /// Numbers with their units, at least one.
  private static func parts(of text: String) throws(Trouble) -> [(number: DecimalText, unit: String)] {
    var parts: [(number: DecimalText, unit: String)] = []
    var rest = Substring(text).drop(while: \.isWhitespace)
    while !rest.isEmpty || parts.isEmpty {
      guard let number = DecimalText(rest), parts.isEmpty || rest.utf8.first.map(isDigitOrPoint) == true else {
        // What follows a unit and is no number belongs to that unit: `5 metric tons`.
        guard let last = parts.popLast() else { throw .notANumber }
        throw .unknownUnit(last.unit + " " + rest)
      }
      rest = Substring(rest.utf8.dropFirst(number.length)).drop(while: \.isWhitespace)
      let unit = rest.prefix { !$0.isWhitespace && !($0.isASCII && $0.isNumber) }
      rest = rest.dropFirst(unit.count).drop(while: \.isWhitespace)
      parts.append((number, String(unit)))
    }
    return parts
  }

  private static func isDigitOrPoint(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 || byte == 46 }

  /// The usual way to write a number of nanoseconds; reads as exactly that number.
  package static func text(nanoseconds: Int64) -> String {
    for name in ["day", "h", "min", "s", "ms", "us", "ns"] {
      guard let unit = UnitOfMeasure.durations.first(where: { $0.name == name })?.nanoseconds,
        nanoseconds.magnitude >= unit.magnitude, let number = decimal(nanoseconds, over: unit), number.count <= 8
      else { continue }
      return "\(number) \(name)"
    }
    return "\(decimal(nanoseconds, over: 1_000_000_000) ?? "\(nanoseconds)e-9") s"
  }

  private static func decimal(_ dividend: Int64, over divisor: Int64) -> String? {
    let text = decimalText(UInt128(dividend.magnitude), over: UInt128(divisor.magnitude))
    return text.map { "\(dividend < 0 ? "-" : "")\($0)" }
  }
}

extension UnitOfMeasure {
  /// How many nanoseconds a unit of durations is.
  package var nanoseconds: Int64 { (0..<power + 9).reduce(Int64(factor)) { product, _ in product * 10 } }
}

extension VirtualDuration {
  /// How a scenario writes it: reads as exactly this duration.
  package var text: String { WrittenDuration.text(nanoseconds: nanoseconds) }
}
