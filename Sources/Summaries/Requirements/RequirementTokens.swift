// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records

/// A piece of a requirement.
struct RequirementToken {
  enum Kind: Equatable {
    case number(Double, MetricDefinition.Scale)
    /// A name without quotes, which may be the beginning of an arm's name.
    case name(String)
    case quoted(String)
    /// An operator, a parenthesis or a point.
    case sign(String)
    case end
  }

  let kind: Kind
  /// In Unicode scalars.
  let place: Range<Int>
}

/// Takes a requirement apart. Names hold letters, digits, `_` and `-`; a number may be followed by a unit.
struct RequirementScanner {
  private static let units: [(unit: UnitOfMeasure, scale: MetricDefinition.Scale)] =
    UnitOfMeasure.durations.map { ($0, .seconds) } + UnitOfMeasure.sizes.map { ($0, .bytes) }
    + UnitOfMeasure.shares.map { ($0, .share) }
  private static let unitNote =
    "units: dB, " + units.filter { !$0.unit.isOtherSpelling }.map(\.unit.name).joined(separator: ", ")

  private let text: String
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  static func tokens(of text: String) throws(RequirementError) -> [RequirementToken] {
    var scanner = RequirementScanner(text)
    var tokens: [RequirementToken] = []
    repeat { tokens.append(try scanner.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func next() throws(RequirementError) -> RequirementToken {
    skipBlanks()
    let start = position
    guard let first = current else { return RequirementToken(kind: .end, place: start..<start + 1) }
    let kind: RequirementToken.Kind
    if isDigit(first) || first == "." && position + 1 < scalars.count && isDigit(scalars[position + 1]) {
      kind = try number()
    } else if isLetter(first) {
      kind = .name(take { isLetter($0) || isDigit($0) || $0 == "-" || $0 == "_" })
    } else if first == "\"" || first == "'" {
      kind = try quoted(first)
    } else {
      kind = .sign(try sign(first))
    }
    return RequirementToken(kind: kind, place: start..<position)
  }

  private mutating func number() throws(RequirementError) -> RequirementToken.Kind {
    let start = position
    _ = take(isDigit)
    if current == ".", position + 1 < scalars.count, isDigit(scalars[position + 1]) {
      position += 1
      _ = take(isDigit)
    }
    if current == "e" || current == "E" { skipExponent() }
    let digits = string(start..<position)
    guard let written = DecimalText(digits), written.value.isFinite, !written.underflows else {
      let isSmall = DecimalText(digits)?.underflows == true
      throw RequirementError(text, at: start..<position, "'\(digits)' is too \(isSmall ? "small" : "large") a number")
    }
    let number = written.value
    let end = position
    skipBlanks()
    let unitStart = position
    let unit = current == "%" ? take { $0 == "%" } : take { isLetter($0) || isDigit($0) }
    // A claim that goes on with `and` is for the parser to complain of.
    if unit.isEmpty || unit == "and" || unit == "or" {
      position = end
      return .number(number, .count)
    }
    if unit == "dB" { return .number(number, .decibels) }
    if UnitOfMeasure.durations.contains(where: { $0.name == unit }) || unit == "m" || unit == "d",
      let seconds = try compound(from: start)
    {
      return .number(seconds, .seconds)
    }
    guard let known = Self.units.first(where: { $0.unit.name == unit }) else {
      throw unknownUnit(unit, at: unitStart..<position)
    }
    return .number(known.unit.inBaseUnits(written).value, known.scale)
  }

  private func unknownUnit(_ unit: String, at place: Range<Int>) -> RequirementError {
    let guess = likelyUnit(for: unit, among: ["dB"] + Self.units.map(\.unit.name))
    return RequirementError(
      text, at: place, "unknown unit '\(unit)'", hint: guess.map { "did you mean '\($0)'?" }, note: Self.unitNote)
  }

  /// The seconds of a duration in several parts, such as `1 h 30 min`, whose first part ends here; nothing where no
  /// second part follows.
  private mutating func compound(from start: Int) throws(RequirementError) -> Double? {
    let mark = position
    var end = position
    while true {
      skipBlanks()
      guard let first = current, isDigit(first) else { break }
      _ = take { isDigit($0) || $0 == "." }
      skipBlanks()
      _ = take(isLetter)
      end = position
    }
    position = end
    guard end > mark else { return nil }
    do throws(WrittenDuration.Trouble) {
      return Double(try WrittenDuration.nanoseconds(of: string(start..<end))) / 1e9
    } catch {
      if case .unknownUnit(let unit) = error { throw unknownUnit(unit, at: start..<end) }
      throw RequirementError(
        text, at: start..<end, "'\(string(start..<end))' is no duration", hint: "write it as 1 h 30 min",
        note: Self.unitNote)
    }
  }

  private mutating func skipExponent() {
    let mark = position
    position += 1
    if current == "+" || current == "-" { position += 1 }
    if take(isDigit).isEmpty { position = mark }
  }

  private mutating func quoted(_ quote: Unicode.Scalar) throws(RequirementError) -> RequirementToken.Kind {
    let start = position
    position += 1
    let content = take { $0 != quote }
    guard current == quote else {
      throw RequirementError(text, at: start..<start + 1, "this quotation mark is never closed")
    }
    position += 1
    return .quoted(content)
  }

  private mutating func sign(_ first: Unicode.Scalar) throws(RequirementError) -> String {
    position += 1
    switch first {
    case "+", "-", "*", "/", "(", ")", ".": return String(first)
    case "<", ">":
      guard current == "=" else { return String(first) }
      position += 1
      return "\(first)="
    default:
      let hint: String? =
        switch first {
        case "=", "≤", "≥", "!": "compare with <, <=, > or >="
        case "&", "|", ",", ";": "one comparison each: give --require again for the next"
        default: nil
        }
      throw RequirementError(
        text, at: position - 1..<position, "'\(first)' means nothing here", hint: hint,
        note: "such as 'async.time-to-target < 0.5 * sync.time-to-target'")
    }
  }

  // MARK: - Scalars

  private mutating func skipBlanks() { while let scalar = current, scalar.properties.isWhitespace { position += 1 } }

  private mutating func take(_ belongs: (Unicode.Scalar) -> Bool) -> String {
    let start = position
    while let scalar = current, belongs(scalar) { position += 1 }
    return string(start..<position)
  }

  private func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

private func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
