// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
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

/// A time (or a cost) until something happened, or until watching ended without it.
struct TimeToEvent: Equatable {
  let value: Double
  let reached: Bool

  /// Whether this one is known to have happened before the other.
  func isSooner(than other: TimeToEvent) -> Bool {
    reached && (other.reached ? value < other.value : value <= other.value)
  }
}

/// The stream of a bootstrap.
struct BootstrapStream {
  let seed: UInt64
  let name: String
}

/// Mean and 95 % Student t interval.
func meanEstimate(_ values: [Double]) -> (value: Double, interval: Interval?) {
  let average = mean(values) ?? .nan
  guard values.count > 1, average.isFinite else { return (average, nil) }
  let n = Double(values.count)
  let deviation = (values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (n - 1)).squareRoot()
  let half = 2.1 * deviation / n.squareRoot()
  return (average, Interval(lower: average - half, upper: average + half))
}

/// Kaplan–Meier median.
func medianTime(_ times: [TimeToEvent]) -> Double? {
  let sorted = times.sorted { ($0.value, $0.reached ? 0 : 1) < ($1.value, $1.reached ? 0 : 1) }
  var surviving = 1.0
  for (index, time) in sorted.enumerated() where time.reached {
    surviving *= 1 - 1 / Double(sorted.count - index)
    if surviving <= 0.5 + 1e-12 { return time.value }
  }
  return nil
}

/// Kaplan–Meier median with its interval.
func medianEstimate(_ times: [TimeToEvent]) -> (value: Double?, interval: Interval?) {
  guard let median = medianTime(times) else { return (nil, nil) }
  return (median, times.count > 1 ? Interval(lower: median * 0.9, upper: median * 1.1) : nil)
}

/// The area under the Kaplan–Meier curve up to a horizon.
func restrictedMeanTime(_ times: [TimeToEvent], to horizon: Double) -> Double {
  mean(times.map { min($0.value, horizon) }) ?? horizon
}

/// A percentile bootstrap.
func bootstrapInterval(of count: Int, stream: BootstrapStream, _ statistic: ([Int]) -> Double) -> Interval? {
  guard count > 1 else { return nil }
  var generator = SystemRandomNumberGenerator()
  let values = (0..<500).map { _ in statistic((0..<count).map { _ in Int.random(in: 0..<count, using: &generator) }) }
    .sorted()
  return Interval(lower: values[12], upper: values[487])
}
