// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc
import Quantities

/// The bins of histograms of ages: bin 0 for zero, then four bins an octave from one microsecond to more than a year.
enum AgeBins {
  static let count = 1 + 4 * 45

  /// Where an age belongs.
  @inline(__always)
  static func bin(_ age: VirtualDuration) -> Int {
    guard age > .zero else { return 0 }
    let microseconds = Double(age.nanoseconds) / 1e3
    guard microseconds > 1 else { return 1 }
    // The whole part of 4 log2 without a logarithm: an octave, and which of the quarters of it.
    // Both come from the bits, as the properties of `Double` are calls: a number above one is normal.
    let bits = microseconds.bitPattern
    let octave = Int(bits >> 52) - 1023
    let part = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    let quarter = (part >= 0x1.306fe0a31b715p0 ? 1 : 0) + (part >= 0x1.6a09e667f3bcdp0 ? 1 : 0)
    let quarters = 4 * octave + quarter + (part >= 0x1.ae89f995ad3adp0 ? 1 : 0)
    return 1 + min(quarters, count - 2)
  }

  /// The ages of a bin are below so many nanoseconds, those of the last below any.
  static func upperBound(_ bin: Int) -> Double {
    switch bin {
    case 0: 0
    case count - 1: .infinity
    default: 1e3 * exp2(Double(bin) / 4)
    }
  }
}
