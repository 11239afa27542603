// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The values that a quantity may take, in base units.
public struct Bounds: Sendable, Hashable {
  package var lower: Double
  package var includesLower: Bool
  package var upper: Double
  package var includesUpper: Bool

  /// From one number to another.
  public init(lower: Double, includesLower: Bool = true, upper: Double, includesUpper: Bool = true) {
    (self.lower, self.includesLower) = (lower, includesLower)
    (self.upper, self.includesUpper) = (upper, includesUpper)
  }

  /// A closed range.
  public init(_ range: ClosedRange<Double>) { self.init(lower: range.lowerBound, upper: range.upperBound) }

  /// Any finite number.
  public static let anyNumber = Bounds(lower: -.greatestFiniteMagnitude, upper: .greatestFiniteMagnitude)
  /// At least zero.
  public static let notNegative = Bounds(lower: 0, upper: .greatestFiniteMagnitude)
  /// Above zero.
  public static let positive = Bounds(lower: 0, includesLower: false, upper: .greatestFiniteMagnitude)
  /// From 0 to 1.
  public static let share = Bounds(lower: 0, upper: 1)
  /// Between -1 and 1, both excluded.
  package static let correlation = Bounds(lower: -1, includesLower: false, upper: 1, includesUpper: false)
  /// Up to 292 years.
  public static let duration = Bounds(lower: 0, upper: longestDuration)
  /// The same above zero.
  public static let positiveDuration = Bounds(lower: 0, includesLower: false, upper: longestDuration)
  private static let longestDuration = Double(WrittenDuration.longest) / 1e9
  /// Up to a petabyte (per second).
  package static let size = Bounds(lower: 0, upper: 1e15)
  package static let rate = Bounds(lower: 0, upper: 1e15)
  package static let positiveRate = Bounds(lower: 0, includesLower: false, upper: 1e15)

  package func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
  }

  /// The same without an upper bound that is only there to keep numbers sane.
  package var withoutCap: Bounds {
    var bounds = self
    if upper > 1e9 { bounds.upper = .greatestFiniteMagnitude }
    return bounds
  }

  /// Those of them that are above zero.
  package var positivePart: Bounds {
    var bounds = self
    bounds.lower = max(0, lower)
    bounds.includesLower = bounds.lower > 0
    return bounds
  }

  /// "at least 0 and at most 1" with units; a bound that is only there to be finite is not said.
  package func text(_ kind: QuantityKind) -> String {
    let finite = Double.greatestFiniteMagnitude
    let low = lower == -finite ? nil : "\(includesLower ? "at least" : "above") \(kind.text(lower))"
    let high = upper == finite ? nil : "\(includesUpper ? "at most" : "below") \(kind.text(upper))"
    return [low, high].compactMap { $0 }.joined(separator: " and ")
  }
}
