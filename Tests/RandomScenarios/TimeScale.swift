// SPDX-License-Identifier: GPL-3.0-or-later

/// How the milliseconds of a scenario are written: each as so many of a unit. A scenario in another scale says the same
/// of a world in which everything takes longer or shorter by one factor.
package struct TimeScale: Sendable, Equatable {
  package let factor: Int
  package let unit: String
  /// How many bytes a second there are to a byte a millisecond in the world of the scenario, times `factor`.
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

  /// A bandwidth in this scale at which a byte takes so many microseconds, a product of twos and fives, in the world of
  /// the scenario. So rates are fractions such as 1.6 kB/s, and times whole.
  func bandwidth(microsecondsPerByte: Int, _ unit: RateUnit) -> String {
    let microbytesPerSecond = 1_000_000_000 / microsecondsPerByte * unitsPerSecond / factor
    let whole = microbytesPerSecond * unit.perByte
    let digits = "\(whole % (1_000_000 * unit.size))"
    let places = "\(1_000_000 * unit.size)".count - 1
    return "\(whole / (1_000_000 * unit.size))." + String(repeating: "0", count: places - digits.count) + digits
      + " \(unit.rawValue)"
  }

  /// How a rate is written.
  enum RateUnit: String, CaseIterable {
    case bytes = "B/s"
    case kilobytes = "kB/s"
    case bits = "bit/s"
    case kilobits = "kbit/s"
    case megabits = "Mbit/s"

    fileprivate var perByte: Int { self == .bytes || self == .kilobytes ? 1 : 8 }

    /// So many bytes or bits a second are one of it.
    fileprivate var size: Int {
      switch self {
      case .bytes, .bits: 1
      case .kilobytes, .kilobits: 1000
      case .megabits: 1_000_000
      }
    }
  }
}
