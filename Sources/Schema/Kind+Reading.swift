// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Why a text is no value of a kind, in whole sentences that name the key.
package struct WrongText: Error, Sendable, Equatable {
  package let message: String
  package let hint: String?
  package let note: String?

  package init(_ message: String, hint: String? = nil, note: String? = nil) {
    (self.message, self.hint, self.note) = (message, hint, note)
  }

  /// What is written is of another type than the key takes.
  ///
  /// - Parameters:
  ///   - path: the key, dotted.
  ///   - shown: what stands there, in words.
  package static func mistyped(_ path: String, shown: String, isEmpty: Bool, mustBe allowed: String) -> WrongText {
    isEmpty
      ? WrongText("\(path) has no value", hint: "it must be \(allowed)")
      : WrongText("\(path) must be \(allowed), not \(shown)")
  }
}

/// What stands at a key: a text, or something else that has none.
package struct Written {
  package let text: String?
  /// What it is, in words for messages.
  package let shown: String
  /// The key, dotted.
  package let path: String

  package init(text: String?, shown: String, path: String) {
    (self.text, self.shown, self.path) = (text, shown, path)
  }

  fileprivate func mistyped(mustBe allowed: String) -> WrongText {
    .mistyped(path, shown: shown, isEmpty: text == "", mustBe: allowed)
  }
}

/// How the kinds that are one text each are read. Lists, maps and laws are read by who knows their texts and places.
extension Kind {
  /// Whether a value of this kind is one text, and `value(of:)` reads it.
  package var isText: Bool {
    switch self {
    case .count, .seed, .quantity, .duration, .multipliedDuration, .messagesOrDuration, .bytes, .bandwidth, .flag,
      .line,
      .text, .word, .choice, .file:
      true
    case .table, .trace, .linkMatrix, .ofLinks, .command, .list, .listPerAgent, .either, .record, .oneOf, .dictionary,
      .law,
      .quantityOfLaw, .lawOfLaw, .edge, .anything:
      false
    case .described(let kind, _): kind.isText
    }
  }

  /// The value that a text says.
  ///
  /// - Throws: when it says none of this kind, or one out of bounds.
  package func value(of written: Written) throws(WrongText) -> Argument {
    switch self {
    case .count(let range): return .count(try written.count(range, allowed))
    case .seed:
      guard let seed = written.text.flatMap({ UInt64($0) }) else { throw written.mistyped(mustBe: allowed) }
      return .seed(seed)
    case .quantity(let kind, let bounds): return .number(try written.quantity(kind, bounds))
    case .duration(let bounds): return .duration(try written.duration(bounds))
    case .multipliedDuration(let bounds): return .duration(try written.multipliedDuration(bounds))
    case .messagesOrDuration: return try written.messagesOrDuration(allowed)
    case .bytes: return .bytes(try written.bytes())
    case .bandwidth: return .bandwidth(try written.bandwidth())
    case .flag:
      guard let flag = written.text.flatMap({ Bool($0) }) else { throw written.mistyped(mustBe: allowed) }
      return .flag(flag)
    case .line:
      guard let text = written.text, !text.isEmpty, !text.contains(where: \.isNewline), text.count <= 200 else {
        throw written.mistyped(mustBe: "one line of text, at most 200 characters")
      }
      return .text(text)
    case .text:
      guard let text = written.text, !text.isEmpty else { throw written.mistyped(mustBe: allowed) }
      return .text(text)
    case .file:
      guard let text = written.text, !text.isEmpty, !text.contains(where: \.isNewline), text.utf8.count <= 4000 else {
        throw written.mistyped(mustBe: allowed)
      }
      return .text(text)
    case .word(let word): return .text(try written.word(of: [word], allowed))
    case .choice(let words): return .text(try written.word(of: words, allowed))
    case .described(let kind, _) where kind.isText: return try kind.value(of: written)
    case .table, .trace, .linkMatrix, .ofLinks, .command, .list, .listPerAgent, .either, .record, .oneOf, .dictionary,
      .law,
      .quantityOfLaw, .lawOfLaw, .edge, .anything, .described:
      throw written.mistyped(mustBe: allowed)
    }
  }
}

extension Written {
  fileprivate func count(_ range: ClosedRange<Int>, _ allowed: String) throws(WrongText) -> Int {
    guard let text, let (number, unit) = numberAndUnit(text), unit.isEmpty else { throw mistyped(mustBe: allowed) }
    switch number.wholeness {
    case .whole(let count) where range.contains(Int(count)): return Int(count)
    case .fraction: throw mistyped(mustBe: allowed)
    case .whole, .tooLarge: throw WrongText("\(path) is \(text), out of range", hint: "it must be \(allowed)")
    }
  }

  fileprivate func word(of words: [String], _ allowed: String) throws(WrongText) -> String {
    if let text, words.contains(text) { return text }
    var guesses = text.flatMap { nearest(to: $0, among: words) }.map { [$0] } ?? []
    if let text, !text.isEmpty, guesses.isEmpty { guesses = words.filter { $0.hasPrefix("\(text)-") } }
    guard !guesses.isEmpty else { throw mistyped(mustBe: allowed) }
    throw WrongText(
      "\(path) must be \(allowed), not \(shown)",
      hint: "did you mean \(alternatives(guesses.map { "'\($0)'" }))?")
  }

  /// A quantity in base units.
  fileprivate func quantity(_ kind: QuantityKind, _ bounds: Bounds) throws(WrongText) -> Double {
    if kind == .duration, let text, WrittenDuration.isCompound(text) || WrittenDuration.isWhole(text) {
      return try multipliedDuration(bounds).seconds
    }
    guard let text, let (number, unit) = numberAndUnit(text) else { throw mistyped(mustBe: kind.phrase) }
    guard let value = kind.value(number, unit: unit) else { throw wrongUnit(kind, unit: unit) }
    guard number.value.isFinite, value.isFinite else { throw WrongText("\(path) is \(text), too large a number") }
    guard value != 0 || number.isZero else { throw WrongText("\(path) is \(text), too small a number") }
    guard bounds.contains(value) else { throw outOfRange(kind, bounds) }
    return value
  }

  /// A duration as exactly the nanoseconds that it says.
  fileprivate func duration(_ bounds: Bounds) throws(WrongText) -> VirtualDuration {
    guard let text else { throw mistyped(mustBe: QuantityKind.duration.phrase) }
    let nanoseconds: Int64
    do throws(WrittenDuration.Trouble) {
      nanoseconds = try WrittenDuration.nanoseconds(of: text)
    } catch {
      switch error {
      case .notANumber: throw mistyped(mustBe: QuantityKind.duration.phrase)
      case .noUnit: throw wrongUnit(.duration, unit: "")
      case .unknownUnit(let unit): throw wrongUnit(.duration, unit: unit)
      case .disordered: throw WrongText("the units of \(path) do not become smaller", hint: "write it as '1 h 30 min'")
      case .notWholeNanoseconds:
        throw WrongText("\(path) is \(text)", hint: "a duration is a whole number of nanoseconds")
      case .tooLong: throw WrongText("\(path) is \(text), out of range", hint: "it must be at most 292 years")
      }
    }
    guard bounds.contains(Double(nanoseconds) / 1e9) else { throw outOfRange(.duration, bounds) }
    return VirtualDuration(nanoseconds: nanoseconds)
  }

  /// A duration that is a number of seconds to the nanosecond.
  fileprivate func multipliedDuration(_ bounds: Bounds) throws(WrongText) -> VirtualDuration {
    let duration = try duration(bounds)
    guard VirtualDuration(seconds: duration.seconds) == duration else {
      throw WrongText(
        "\(path) is \(text ?? duration.text), too long to be held to the nanosecond where durations are drawn or "
          + "multiplied", hint: "one of more than 52 days is held in whole minutes")
    }
    return duration
  }

  fileprivate func messagesOrDuration(_ allowed: String) throws(WrongText) -> Argument {
    guard let text, let (number, unit) = numberAndUnit(text), unit == "messages" || unit == "message" else {
      if text.flatMap(numberAndUnit)?.unit == "" { throw mistyped(mustBe: allowed) }
      return .duration(try multipliedDuration(.positiveDuration))
    }
    guard number.value.isFinite, number.value > 0 else { throw mistyped(mustBe: allowed) }
    return .number(number.value)
  }

  fileprivate func bandwidth() throws(WrongText) -> Bandwidth {
    _ = try quantity(.rate, .positiveRate)
    guard let number = text.flatMap(QuantityKind.rate.inBaseUnits), let bandwidth = Bandwidth(bytesPerSecond: number)
    else {
      throw WrongText(
        "\(path) is \(shown), with more digits than are counted",
        hint: "in B/s it has at most 18 digits, of which 10 behind the point")
    }
    return bandwidth
  }

  /// A whole number of bytes.
  fileprivate func bytes() throws(WrongText) -> ByteCount {
    _ = try quantity(.size, .size)
    guard let number = text.flatMap(QuantityKind.size.inBaseUnits), case .whole(let bytes) = number.wholeness else {
      throw WrongText("\(path) is \(shown), not a whole number of bytes")
    }
    return ByteCount(UInt64(bytes))
  }

  private func outOfRange(_ kind: QuantityKind, _ bounds: Bounds) -> WrongText {
    var allowed = bounds.text(kind)
    if let text, kind.unitNames.contains("%"), let percents = Double(text), percents >= 2, percents <= 100 {
      allowed += allowed.isEmpty ? "" : ": did you mean \(text) %?"
    }
    return WrongText("\(path) is \(text ?? shown), out of range", hint: allowed.isEmpty ? nil : "it must be \(allowed)")
  }

  private func wrongUnit(_ kind: QuantityKind, unit: String) -> WrongText {
    let note = kind.unitNames.isEmpty ? nil : "allowed units: " + kind.unitNames.joined(separator: ", ")
    if unit.isEmpty { return WrongText("\(path) has no unit: it must be \(kind.phrase)", note: note) }
    if kind == .number {
      return WrongText("\(path) is a pure number, without a unit such as '\(unit)'", hint: "leave the unit out")
    }
    if let other = QuantityKind.allCases.first(where: { $0.unitNames.contains(unit) }) {
      return WrongText("'\(unit)' is a unit of \(other.unitPhrase), \(path) is \(kind.phrase)", note: note)
    }
    if kind == .duration, unit.hasPrefix(":"), let text, let meant = WrittenDuration.ofClock(text) {
      return WrongText("\(path) is no time of a clock, but a duration", hint: "did you mean '\(meant)'?", note: note)
    }
    let guess = likelyUnit(for: unit, among: kind.unitNames)
    return WrongText("unknown unit '\(unit)' in \(path)", hint: guess.map { "did you mean '\($0)'?" }, note: note)
  }
}
