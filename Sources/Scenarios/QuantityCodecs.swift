// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The values that a quantity may take.
struct Bounds: Sendable {
  var lower: Double
  var includesLower = true
  var upper: Double
  var includesUpper = true

  static let anyNumber = Bounds(lower: -.greatestFiniteMagnitude, upper: .greatestFiniteMagnitude)
  static let notNegative = Bounds(lower: 0, upper: .greatestFiniteMagnitude)
  static let positive = Bounds(lower: 0, includesLower: false, upper: .greatestFiniteMagnitude)
  static let share = Bounds(lower: 0, upper: 1)
  /// Between -1 and 1, both excluded.
  static let correlation = Bounds(lower: -1, includesLower: false, upper: 1, includesUpper: false)
  /// Up to 292 years.
  static let duration = Bounds(lower: 0, upper: longestDuration)
  static let positiveDuration = Bounds(lower: 0, includesLower: false, upper: longestDuration)
  private static let longestDuration = Double(WrittenDuration.longest) / 1e9
  /// Up to a petabyte (per second).
  static let size = Bounds(lower: 0, upper: 1e15)
  static let positiveRate = Bounds(lower: 0, includesLower: false, upper: 1e15)

  func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
  }

  /// The same without an upper bound that is only there to keep numbers sane.
  var withoutCap: Bounds {
    var bounds = self
    if upper > 1e9 { bounds.upper = .greatestFiniteMagnitude }
    return bounds
  }

  /// "at least 0 and at most 1" with units; a bound that is only there to be finite is not said.
  func text(_ kind: QuantityKind) -> String {
    let finite = Double.greatestFiniteMagnitude
    let low = lower == -finite ? nil : "\(includesLower ? "at least" : "above") \(kind.text(lower))"
    let high = upper == finite ? nil : "\(includesUpper ? "at most" : "below") \(kind.text(upper))"
    return [low, high].compactMap { $0 }.joined(separator: " and ")
  }
}

/// Reads a quantity in base units.
///
/// - Throws: when it is no number, its unit is missing, unknown or of another kind, or it is out of bounds.
func readQuantity(
  _ tree: Tree, _ path: String, _ kind: QuantityKind, _ bounds: Bounds
) throws(ScenarioError) -> Double {
  if kind == .duration, let text = tree.text, WrittenDuration.isCompound(text) || WrittenDuration.isWhole(text) {
    return try readHeldDuration(tree, path, bounds).seconds
  }
  guard let text = tree.text, let (number, unit) = numberAndUnit(text) else {
    throw mistyped(tree, path, mustBe: kind.phrase)
  }
  guard let value = kind.value(number, unit: unit) else { throw unitError(tree, path, kind, unit: unit) }
  guard number.value.isFinite, value.isFinite else { throw tree.error("\(path) is \(text), too large a number") }
  guard value != 0 || number.isZero else { throw tree.error("\(path) is \(text), too small a number") }
  guard bounds.contains(value) else { throw outOfRange(tree, path, kind, bounds) }
  return value
}

/// Reads a duration as exactly the nanoseconds that it says.
///
/// - Throws: when it is no duration, no whole number of nanoseconds, or out of bounds.
func readDuration(_ tree: Tree, _ path: String, _ bounds: Bounds) throws(ScenarioError) -> VirtualDuration {
  guard let text = tree.text else { throw mistyped(tree, path, mustBe: QuantityKind.duration.phrase) }
  let nanoseconds: Int64
  do throws(WrittenDuration.Trouble) {
    nanoseconds = try WrittenDuration.nanoseconds(of: text)
  } catch {
    switch error {
    case .notANumber: throw mistyped(tree, path, mustBe: QuantityKind.duration.phrase)
    case .noUnit: throw unitError(tree, path, .duration, unit: "")
    case .unknownUnit(let unit): throw unitError(tree, path, .duration, unit: unit)
    case .disordered:
      throw tree.error("the units of \(path) do not become smaller", hint: "write it as '1 h 30 min'")
    case .notWholeNanoseconds:
      throw tree.error("\(path) is \(text)", hint: "a duration is a whole number of nanoseconds")
    case .tooLong: throw tree.error("\(path) is \(text), out of range", hint: "it must be at most 292 years")
    }
  }
  guard bounds.contains(Double(nanoseconds) / 1e9) else { throw outOfRange(tree, path, .duration, bounds) }
  return VirtualDuration(nanoseconds: nanoseconds)
}

/// Reads a duration that is to be a number of seconds, because it is multiplied by factors or belongs to a law.
///
/// - Throws: also when no number of seconds holds all its nanoseconds.
func readHeldDuration(_ tree: Tree, _ path: String, _ bounds: Bounds) throws(ScenarioError) -> VirtualDuration {
  let duration = try readDuration(tree, path, bounds)
  guard VirtualDuration(seconds: duration.seconds) == duration else {
    throw tree.error(
      "\(path) is \(tree.text ?? duration.text), too long to be held to the nanosecond where durations are drawn or "
        + "multiplied", hint: "one of more than 52 days is held in whole minutes")
  }
  return duration
}

private func outOfRange(_ tree: Tree, _ path: String, _ kind: QuantityKind, _ bounds: Bounds) -> ScenarioError {
  let allowed = bounds.text(kind)
  return tree.error(
    "\(path) is \(tree.text ?? tree.nameOfKind), out of range", hint: allowed.isEmpty ? nil : "it must be \(allowed)")
}

private func unitError(_ tree: Tree, _ path: String, _ kind: QuantityKind, unit: String) -> ScenarioError {
  let note = kind.unitNames.isEmpty ? nil : "allowed units: " + kind.unitNames.joined(separator: ", ")
  if unit.isEmpty {
    return tree.error("\(path) has no unit: it must be \(kind.phrase)", note: note)
  }
  if kind == .number {
    return tree.error("\(path) is a pure number, without a unit such as '\(unit)'", hint: "leave the unit out")
  }
  if let other = QuantityKind.allCases.first(where: { $0.unitNames.contains(unit) }) {
    return tree.error("'\(unit)' is a unit of \(other.unitPhrase), \(path) is \(kind.phrase)", note: note)
  }
  let guess = likelyUnit(for: unit, among: kind.unitNames)
  return tree.error(
    "unknown unit '\(unit)' in \(path)", hint: guess.map { "did you mean '\($0)'?" }, note: note)
}

extension QuantityKind {
  fileprivate var unitPhrase: String {
    switch self {
    case .number: "numbers"
    case .duration: "durations"
    case .size: "sizes"
    case .rate: "rates"
    case .share: "shares"
    case .power: "decibels"
    }
  }
}

extension Codec<Double> {
  /// A quantity in base units.
  static func quantity(_ kind: QuantityKind, _ bounds: Bounds) -> Codec {
    Codec(
      allowed: [kind.shortPhrase, bounds.withoutCap.text(kind)].filter { !$0.isEmpty }.joined(separator: " "),
      read: { (tree, path) throws(ScenarioError) -> Double in try readQuantity(tree, path, kind, bounds) },
      write: { kind.text($0) })
  }
}

extension Codec<VirtualDuration> {
  /// A duration, exactly as it is written.
  static func duration(_ bounds: Bounds) -> Codec { duration(bounds, by: readDuration) }

  /// A duration that is multiplied by factors, exactly as it is written.
  static func multipliedDuration(_ bounds: Bounds) -> Codec { duration(bounds, by: readHeldDuration) }

  private static func duration(
    _ bounds: Bounds, by read: @escaping (Tree, String, Bounds) throws(ScenarioError) -> VirtualDuration
  ) -> Codec {
    let kind = QuantityKind.duration
    return Codec(
      allowed: [kind.shortPhrase, bounds.withoutCap.text(kind)].filter { !$0.isEmpty }.joined(separator: " "),
      read: { (tree, path) throws(ScenarioError) -> VirtualDuration in try read(tree, path, bounds) },
      write: { $0.text })
  }
}

extension Codec<Probability> {
  static var probability: Codec {
    Codec<Double>.quantity(.share, .share).map({ Probability($0) ?? .never }, { $0.value })
  }
}

extension Codec<ByteCount> {
  /// A whole number of bytes.
  static var size: Codec {
    Codec(
      allowed: QuantityKind.size.shortPhrase,
      read: { (tree, path) throws(ScenarioError) -> ByteCount in
        _ = try readQuantity(tree, path, .size, .size)
        guard let number = tree.text.flatMap(QuantityKind.size.inBaseUnits), case .whole(let bytes) = number.wholeness
        else { throw tree.error("\(path) is \(tree.nameOfKind), not a whole number of bytes") }
        return ByteCount(UInt64(bytes))
      }, write: { QuantityKind.size.text(Double($0.bytes)) })
  }
}

extension Codec<Bandwidth> {
  /// A rate, exactly as it is written.
  static var bandwidth: Codec {
    let quantity = Codec<Double>.quantity(.rate, .positiveRate)
    return Codec(
      allowed: quantity.allowed,
      read: { (tree, path) throws(ScenarioError) -> Bandwidth in
        _ = try quantity.read(tree, path)
        guard let number = tree.text.flatMap(QuantityKind.rate.inBaseUnits),
          let bandwidth = Bandwidth(bytesPerSecond: number)
        else {
          throw tree.error(
            "\(path) is \(tree.nameOfKind), with more digits than are counted",
            hint: "in B/s it has at most 18 digits, of which 10 behind the point")
        }
        return bandwidth
      }, write: \.text)
  }
}
