// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Testing

/// What a scenario says: a number with its unit.
private func bandwidth(_ number: String, _ unit: String) throws -> Bandwidth? {
  let unit = try #require(UnitOfMeasure.rates.first { $0.name == unit })
  return Bandwidth(bytesPerSecond: unit.inBaseUnits(try #require(DecimalText(number))))
}

@Test(arguments: [
  ("32.3", "kB/s", "32300", "B/s"), ("4.1", "Mbit/s", "512500", "B/s"), ("19.4", "B/s", "155.2", "bit/s"),
  ("0.0194", "kB/s", "19.4", "B/s"), ("8", "Mbit/s", "1", "MB/s"), ("1e-3", "Gbit/s", "1000", "kbit/s"),
  ("0.1", "bit/s", "0.0125", "B/s"), ("1.300", "GB/s", "1300", "MB/s"),
])
func oneRateIsOneBandwidthInEveryUnit(_ number: String, _ unit: String, _ other: String, _ otherUnit: String) throws {
  let one = try #require(try bandwidth(number, unit))
  #expect(try one == bandwidth(other, otherUnit))
  #expect(try one.hashValue == bandwidth(other, otherUnit)?.hashValue)
}

@Test func bandwidthsAreBytesInATime() throws {
  #expect(Bandwidth(bytes: 97, per: .seconds(5)) == (try bandwidth("19.4", "B/s")))
  #expect(Bandwidth(bytes: 40, per: .seconds(1024)).bytesPerSecond == 0.0390625)
  #expect(Bandwidth.bytesPerSecond(40) == Bandwidth(bytes: 120, per: .seconds(3)))
  #expect(Bandwidth(bytes: 1, per: .seconds(3)).bytesPerSecond == 1.0 / 3)
  #expect(try bandwidth("0.3", "B/s")?.bytesPerSecond == 0.3)
  #expect(try bandwidth("32.3", "kB/s")?.bytesPerSecond == 32_300)
}

@Test(arguments: [
  ("0", "B/s"), ("-1", "B/s"), ("1e-11", "B/s"), ("0.33333333333", "B/s"), ("1e-400", "GB/s"), ("1e40", "B/s"),
  ("123456789012345678901", "B/s"), ("1.00000000000000000001", "kB/s"),
])
func whatIsNoExactBandwidthIsNone(_ number: String, _ unit: String) throws {
  #expect(try bandwidth(number, unit) == nil)
}

/// The texts of messages that are as long as a step, of which binary fractions made a nanosecond more.
@Test(arguments: [
  (UInt64(323), "32.3", "kB/s", Int64(10_000_000)), (4100, "4.1", "Mbit/s", 8_000_000),
  (291, "19.4", "B/s", 15_000_000_000), (97, "0.0194", "kB/s", 5_000_000_000), (1, "0.1", "bit/s", 80_000_000_000),
  // Rounded up.
  (1, "3", "GB/s", 1), (10, "3", "GB/s", 4), (0, "1", "B/s", 0),
  (.max, "1", "B/s", .max), (.max, "1000000", "GB/s", 18_446_744_073_710),
  (9_223_372_036, "1", "B/s", 9_223_372_036_000_000_000),
  (9_223_372_037, "1", "B/s", .max), (1, "1e-10", "B/s", .max), (.max, "18446744073709551615", "B/s", 1_000_000_000),
])
func aMessageTakesItsBytesOverTheBandwidth(
  _ bytes: UInt64, _ number: String, _ unit: String, _ nanoseconds: Int64
) throws {
  let bandwidth = try #require(try bandwidth(number, unit))
  #expect(VirtualDuration(transmitting: bytes, at: bandwidth).nanoseconds == nanoseconds)
}

/// Rates of all lengths in all units, and messages of all sizes: ⌈bytes · 10⁹ / rate⌉ in numbers of 128 bits.
@Test func transmissionsAreRoundedUpExactly() throws {
  var generator = Generator(state: 5)
  for _ in 0..<20_000 {
    let digits =
      UInt64.random(in: 1..<1_000_000_000_000, using: &generator) >> UInt64.random(in: 0..<40, using: &generator)
    let places = Int.random(in: 0...6, using: &generator)
    let unit = try #require(UnitOfMeasure.rates.randomElement(using: &generator))
    let bytes = UInt64.random(in: 0..<1 << 40, using: &generator) >> UInt64.random(in: 0..<40, using: &generator)
    guard digits > 0, let bandwidth = try bandwidth("\(digits)e-\(places)", unit.name) else { continue }
    // The rate is digits · factor · 10^(power − places).
    func tens(_ exponent: Int) -> UInt128 { (0..<max(0, exponent)).reduce(1) { product, _ in product * 10 } }
    let dividend = UInt128(bytes) * tens(9 + places - unit.power)
    let divisor = UInt128(digits) * UInt128(unit.factor) * tens(unit.power - places - 9)
    let exact = (dividend + divisor - 1) / divisor
    let time = VirtualDuration(transmitting: bytes, at: bandwidth)
    #expect(time.nanoseconds == Int64(exactly: exact) ?? .max, "\(bytes) B at \(digits)e-\(places) \(unit.name)")
  }
}

@Test(arguments: [
  ("10", "Mbit/s", "10 Mbit/s"), ("1", "GB/s", "8 Gbit/s"), ("32.3", "kB/s", "258.4 kbit/s"),
  ("0.3", "B/s", "2.4 bit/s"), ("1", "B/s", "8 bit/s"), ("0.1", "B/s", "0.1 B/s"),
  ("0.0000000001", "B/s", "0.0000000001 B/s"),
  ("123456789.1", "B/s", "123456789.1 B/s"), ("1000000", "GB/s", "8000000 Gbit/s"),
])
func aBandwidthIsWrittenAsPeopleDo(_ number: String, _ unit: String, _ text: String) throws {
  #expect(try bandwidth(number, unit)?.text == text)
}

@Test func aWrittenBandwidthReadsAsExactlyItself() throws {
  var generator = Generator(state: 5)
  for _ in 0..<20_000 {
    let digits =
      UInt64.random(in: 1..<1_000_000_000_000_000_000, using: &generator)
      >> UInt64.random(in: 0..<59, using: &generator)
    let places = Int.random(in: 0...10, using: &generator)
    guard digits > 0 else { continue }
    let written = try #require(try bandwidth("\(digits)e-\(places)", "B/s"))
    let parts = written.text.split(separator: " ")
    #expect(try bandwidth(String(parts[0]), String(parts[1])) == written, "\(written.text)")
  }
}
