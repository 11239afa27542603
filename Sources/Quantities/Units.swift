// SPDX-License-Identifier: GPL-3.0-or-later

/// A unit of durations, sizes, rates or shares as people write it. The base units are seconds, bytes, bytes per second
/// and pure numbers.
package struct UnitOfMeasure: Sendable {
  package let name: String
  /// So many base units are `multiplier` / `divisor` of it. Both are whole, so that a decimal fraction such as 100 ms
  /// becomes the number nearest to it.
  package var multiplier = 1.0
  package var divisor = 1.0

  /// The value in base units of a number of this unit.
  package func value(_ number: Double) -> Double { number * multiplier / divisor }

  /// Whether messages leave it out, as another spelling of the microsecond.
  package var isOtherSpelling: Bool { name == "µs" || name == "μs" }
}

extension UnitOfMeasure {
  package static let durations = [
    UnitOfMeasure(name: "ns", divisor: 1e9), UnitOfMeasure(name: "us", divisor: 1e6),
    UnitOfMeasure(name: "µs", divisor: 1e6), UnitOfMeasure(name: "μs", divisor: 1e6),
    UnitOfMeasure(name: "ms", divisor: 1e3), UnitOfMeasure(name: "s"), UnitOfMeasure(name: "min", multiplier: 60),
    UnitOfMeasure(name: "h", multiplier: 3600), UnitOfMeasure(name: "day", multiplier: 86_400),
  ]

  package static let sizes = [
    UnitOfMeasure(name: "B"), UnitOfMeasure(name: "kB", multiplier: 1e3), UnitOfMeasure(name: "MB", multiplier: 1e6),
    UnitOfMeasure(name: "GB", multiplier: 1e9), UnitOfMeasure(name: "KiB", multiplier: 1024),
    UnitOfMeasure(name: "MiB", multiplier: 1_048_576), UnitOfMeasure(name: "GiB", multiplier: 1_073_741_824),
  ]

  package static let rates = [
    UnitOfMeasure(name: "bit/s", divisor: 8), UnitOfMeasure(name: "kbit/s", multiplier: 125),
    UnitOfMeasure(name: "Mbit/s", multiplier: 125_000), UnitOfMeasure(name: "Gbit/s", multiplier: 125_000_000),
    UnitOfMeasure(name: "B/s"), UnitOfMeasure(name: "kB/s", multiplier: 1e3),
    UnitOfMeasure(name: "MB/s", multiplier: 1e6), UnitOfMeasure(name: "GB/s", multiplier: 1e9),
  ]

  package static let shares = [UnitOfMeasure(name: "%", divisor: 100)]
}
