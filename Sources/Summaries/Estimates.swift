// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Statistics

/// Two ends of a 95 % interval.
package struct Interval: Sendable, Codable, Equatable {
  package var lower: Double
  package var upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Whether a value lies inside, the ends included.
  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// The interval of a power-like quantity in decibels; what lies below zero counts as zero.
  var inDecibels: Interval {
    Interval(lower: decibels(ofPower: max(0, lower)), upper: decibels(ofPower: max(0, upper)))
  }

  var negated: Interval { Interval(lower: -upper, upper: -lower) }

  /// The interval of the reciprocal of a positive quantity.
  var reciprocal: Interval { Interval(lower: 1 / upper, upper: 1 / lower) }
}

extension Interval {
  /// Nothing where an end is missing.
  init?(_ low: Double?, _ high: Double?) {
    guard let low, let high else { return nil }
    self.init(lower: low, upper: high)
  }
}

extension TimeToTarget {
  /// More than any run can spend, and still finite when it is multiplied by samples.
  static let beyondAllCosts = 1e300

  /// Where a run ended without its target; nothing for one that reached it or ended beyond all costs.
  var censoredAt: Double? { isReached || time >= Self.beyondAllCosts ? nil : time }

  /// Whether this run is known to have reached its target before another one.
  func isSooner(than other: TimeToTarget) -> Bool {
    isReached && (other.isReached ? time < other.time : time <= other.time)
  }
}

/// Squared errors at or below this, -200 dB, are those of rounding.
package let roundingLevel = 1e-20
