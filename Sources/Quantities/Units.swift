// SPDX-License-Identifier: GPL-3.0-or-later

/// A unit of durations, sizes, rates, watts, energies of bytes or shares as people write it. The base units are seconds, bytes,
/// bytes per second, watts, joules per byte and pure numbers.
package struct UnitOfMeasure: Sendable {
  package let name: String
  /// So many base units, times a power of ten, are one of it: each is a finite decimal, so that 4.1 min and 246 s are
  /// one number.
  package var factor: UInt64 = 1
  package var power = 0

  /// A number of this unit in base units, digit for digit.
  package func inBaseUnits(_ number: DecimalText) -> DecimalText { number.times(factor, tenToThe: power) }

  /// It as a quotient of two whole numbers, to be multiplied and divided by with one rounding each.
  package var quotient: (multiplier: Double, divisor: Double) {
    func tens(_ exponent: Int) -> Double { (0..<max(0, exponent)).reduce(1) { product, _ in product * 10 } }
    return (Double(factor) * tens(power), tens(-power))
  }

  /// Whether it is a base unit.
  package var isBase: Bool { factor == 1 && power == 0 }

  /// Whether messages leave it out, as another spelling of the microsecond.
  package var isOtherSpelling: Bool { name == "µs" || name == "μs" }
}

extension UnitOfMeasure {
  package static let durations = [
    UnitOfMeasure(name: "ns", power: -9), UnitOfMeasure(name: "us", power: -6),
    UnitOfMeasure(name: "µs", power: -6), UnitOfMeasure(name: "μs", power: -6),
    UnitOfMeasure(name: "ms", power: -3), UnitOfMeasure(name: "s"), UnitOfMeasure(name: "min", factor: 60),
    UnitOfMeasure(name: "h", factor: 3600), UnitOfMeasure(name: "day", factor: 86_400),
  ]

  package static let sizes = [
    UnitOfMeasure(name: "B"), UnitOfMeasure(name: "kB", power: 3), UnitOfMeasure(name: "MB", power: 6),
    UnitOfMeasure(name: "GB", power: 9), UnitOfMeasure(name: "KiB", factor: 1024),
    UnitOfMeasure(name: "MiB", factor: 1_048_576), UnitOfMeasure(name: "GiB", factor: 1_073_741_824),
  ]

  package static let rates = [
    // An eighth of a byte is 125 thousandths of it.
    UnitOfMeasure(name: "bit/s", factor: 125, power: -3), UnitOfMeasure(name: "kbit/s", factor: 125),
    UnitOfMeasure(name: "Mbit/s", factor: 125, power: 3), UnitOfMeasure(name: "Gbit/s", factor: 125, power: 6),
    UnitOfMeasure(name: "B/s"), UnitOfMeasure(name: "kB/s", power: 3),
    UnitOfMeasure(name: "MB/s", power: 6), UnitOfMeasure(name: "GB/s", power: 9),
  ]

  package static let powers = [UnitOfMeasure(name: "W"), UnitOfMeasure(name: "mW", power: -3)]

  package static let energiesPerByte = [
    UnitOfMeasure(name: "J/B"), UnitOfMeasure(name: "uJ/B", power: -6), UnitOfMeasure(name: "nJ/B", power: -9),
  ]

  package static let shares = [UnitOfMeasure(name: "%", power: -2)]
}
