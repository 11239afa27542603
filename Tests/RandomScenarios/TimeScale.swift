// SPDX-License-Identifier: GPL-3.0-or-later

/// How the milliseconds of a scenario are written: each as so many of a unit. A scenario in another scale says the same
/// of a world in which everything takes longer or shorter by one factor.
package struct TimeScale: Sendable, Equatable {
  package let factor: Int
  package let unit: String
  /// How many of this bandwidth's bytes a second there are to a byte a millisecond in the world of the scenario.
  fileprivate let unitsPerSecond: Int

  private init(_ factor: Int, _ unit: String, _ unitsPerSecond: Int) {
    (self.factor, self.unit, self.unitsPerSecond) = (factor, unit, unitsPerSecond)
  }

  package static let one = TimeScale(1, "ms", 1000)
  package static let tenTimes = TimeScale(10, "ms", 1000)
  package static let thousandTimes = TimeScale(1, "s", 1)
  package static let thousandth = TimeScale(1, "us", 1_000_000)

  /// So many milliseconds in this scale.
  func duration(_ milliseconds: Int) -> String { "\(milliseconds * factor) \(unit)" }

  /// A bandwidth of so many bytes a millisecond in this scale, a whole number of bytes a second.
  func bandwidth(bytesPerMillisecond: Int) -> String { "\(bytesPerMillisecond * unitsPerSecond / factor) B/s" }
}
