// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Schema

/// A row of values from one quantity to another, as an override or a `sweep` block writes it.
///
/// On the command line it is `FROM:TO:STEP` or `log(FROM:TO:POINTS)`. No value of a scenario looks like these: none has
/// a colon between two numbers, or a bracket behind a word. Steps are taken in decimal numbers, so the fourth value of
/// 0:0.3:0.1 is 0.3 and the second 0.1.
struct ValueRange: Sendable {
  enum Spacing: Sendable {
    case step(String)
    /// So many values with the same distance, or with the same ratio, between each and the next.
    case points(Int, isLogarithmic: Bool)
  }

  /// What is wrong with a range, as the rest of a sentence.
  struct Trouble: Error {
    let reason: String
    var hint: String?
  }

  let from: String
  let to: String
  let spacing: Spacing

  /// More values than any sweep holds.
  private static let most = 100_000

  /// Reads the form of the command line.
  ///
  /// - Returns: nothing for a text that is no range but a value.
  init?(_ text: String) throws(Trouble) {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    let isLogarithmic = trimmed.hasPrefix("log(") && trimmed.hasSuffix(")")
    let inner = isLogarithmic ? String(trimmed.dropFirst(4).dropLast()) : trimmed
    let parts = inner.split(separator: ":", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard isLogarithmic || (parts.count == 3 && parts.allSatisfy { numberAndUnit($0) != nil }) else { return nil }
    guard parts.count == 3 else { throw Trouble(reason: "is no range", hint: "such as log(0.001:0.1:7)") }
    (from, to) = (parts[0], parts[1])
    guard isLogarithmic else {
      spacing = .step(parts[2])
      return
    }
    guard let points = Int(parts[2]) else {
      throw Trouble(reason: "has no whole number of points", hint: "such as log(0.001:0.1:7)")
    }
    spacing = .points(points, isLogarithmic: true)
  }

  init(from: String, to: String, spacing: Spacing) {
    self.from = from
    self.to = to
    self.spacing = spacing
  }

  /// The values as texts, both ends included.
  ///
  /// - Throws: also when the steps pass the end by, so that it would be no value.
  func values() throws(Trouble) -> [String] {
    switch spacing {
    case .step(let step): try stepped(by: step)
    case .points(let points, let isLogarithmic): try spread(over: points, isLogarithmic: isLogarithmic)
    }
  }

  private func stepped(by text: String) throws(Trouble) -> [String] {
    let (ends, unit) = try decimals([from, to, text])
    let (start, end, step) = (ends[0], ends[1], ends[2])
    guard step != 0 else { throw Trouble(reason: "has a step of zero") }
    guard start == end || (start < end) == (step > 0) else {
      throw Trouble(reason: "never comes to its end", hint: "the step must lead from \(from) to \(to)")
    }
    guard ((end - start) / step) < Decimal(Self.most) else {
      throw Trouble(reason: "has more than \(Self.most) values")
    }
    var values: [String] = []
    var value = start
    while step > 0 ? value <= end : value >= end {
      values.append(written(value, unit))
      value = start + Decimal(values.count) * step
    }
    let last = value - step
    guard last == end else {
      throw Trouble(
        reason: "does not come to its end: its steps lead to \(written(last, unit)) and \(written(value, unit))",
        hint: "end it at one of these, or choose a step that divides the way")
    }
    return values
  }

  private func spread(over points: Int, isLogarithmic: Bool) throws(Trouble) -> [String] {
    let (ends, unit) = try decimals([from, to])
    let (first, last) = (number(ends[0]), number(ends[1]))
    guard points >= 2, points <= Self.most else {
      throw Trouble(reason: "has \(counted(points, "point"))", hint: "from 2 to \(Self.most) are possible")
    }
    guard !isLogarithmic || (first > 0 && last > 0) else {
      throw Trouble(reason: "has an end that is not above zero", hint: "a logarithmic range needs positive ends")
    }
    guard first != last else { throw Trouble(reason: "begins where it ends") }
    let exact = (0..<points).map { index in
      let share = Double(index) / Double(points - 1)
      return isLogarithmic ? first * pow(last / first, share) : first + (last - first) * share
    }
    // As few digits as tell the values well apart: a row that people can read and type again.
    let gap = zip(exact, exact.dropFirst()).map { abs($1 - $0) }.min() ?? 0
    var texts: [String] = []
    for digits in 3...17 {
      let rounded = exact.map { String(format: "%.\(digits)g", $0) }
      texts = rounded
      let isClose = zip(rounded, exact).allSatisfy { abs((Double($0) ?? .infinity) - $1) <= 0.02 * gap }
      if isClose { break }
    }
    texts[0] = written(ends[0], "")
    texts[points - 1] = written(ends[1], "")
    return texts.map { text in
      let number = Decimal(string: text, locale: posix) ?? 0
      return written(number, unit)
    }
  }

  /// Numbers in one unit, the smallest that is named. Zero needs none.
  private func decimals(_ texts: [String]) throws(Trouble) -> ([Decimal], unit: String) {
    var parts: [(number: Decimal, unit: String)] = []
    for text in texts {
      guard let (written, unit) = numberAndUnit(text) else { throw Trouble(reason: "has '\(text)' for a number") }
      let digits = text.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
      guard abs(written.value) <= 1e18, written.isZero || abs(written.value) >= 1e-18,
        let number = Decimal(string: digits, locale: posix)
      else { throw Trouble(reason: "has '\(text)', too large or too small a number for a range") }
      parts.append((number, unit))
    }
    let named = Set(parts.map(\.unit).filter { !$0.isEmpty }).sorted()
    guard let first = named.first else { return (parts.map(\.number), "") }
    if let bare = zip(parts, texts).first(where: { $0.0.unit.isEmpty && $0.0.number != 0 }) {
      throw Trouble(reason: "has no unit at '\(bare.1)'", hint: "write '\(bare.1) \(first)'")
    }
    guard named.count > 1 else { return (parts.map(\.number), first) }
    return try inOneUnit(parts, named)
  }

  private func inOneUnit(
    _ parts: [(number: Decimal, unit: String)], _ named: [String]
  ) throws(Trouble) -> ([Decimal], unit: String) {
    let kind = QuantityKind.allCases.first { kind in
      named.allSatisfy { name in kind.units.contains { $0.name == name } }
    }
    guard let kind else {
      throw Trouble(reason: "mixes the units " + named.joined(separator: " and "))
    }
    let units = kind.units.filter { named.contains($0.name) }
    guard let smallest = units.min(by: { $0.size < $1.size }) else {
      throw Trouble(reason: "has no unit")
    }
    let numbers = parts.map { part in
      guard let unit = units.first(where: { $0.name == part.unit }) else { return part.number }
      return part.number * unit.size / smallest.size
    }
    return (numbers, smallest.name)
  }

  private func written(_ number: Decimal, _ unit: String) -> String {
    let text = "\(number)"
    return unit.isEmpty ? text : "\(text) \(unit)"
  }

  private func number(_ decimal: Decimal) -> Double { Double("\(decimal)") ?? 0 }
}

extension UnitOfMeasure {
  /// What it is in base units.
  fileprivate var size: Decimal { Decimal(sign: .plus, exponent: power, significand: Decimal(factor)) }
}

/// Numbers are written with a point wherever the program runs.
private let posix = Locale(identifier: "en_US_POSIX")
