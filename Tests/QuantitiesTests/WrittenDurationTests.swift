// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Testing

private func trouble(_ text: String) -> WrittenDuration.Trouble? {
  do throws(WrittenDuration.Trouble) {
    _ = try WrittenDuration.nanoseconds(of: text)
    return nil
  } catch {
    return error
  }
}

private let written: [(String, Int64)] = [
  ("100 ms", 100_000_000), ("100ms", 100_000_000), (" 7 ns ", 7), ("3 µs", 3000), ("3 μs", 3000), ("3 us", 3000),
  ("0.3 s", 300_000_000), ("+2.5e-1 s", 250_000_000), (".5 s", 500_000_000), ("5. s", 5_000_000_000),
  ("2 min", 120_000_000_000), ("0.1 min", 6_000_000_000), ("0.5 h", 1_800_000_000_000),
  ("1 day", 86_400_000_000_000), ("0", 0), ("-0.0", 0), ("0e999999999999999999999 s", 0), ("1e-9 s", 1),
  ("0.000000001 s", 1), ("1000000e-6 ns", 1), ("1.00000000000000000000000000000 ns", 1),
  ("0.0000390625 day", 3_375_000_000),
  ("9007199.254740993 s", 9_007_199_254_740_993), ("106580 day", WrittenDuration.longest), ("-5 s", -5_000_000_000),
  // In several parts.
  ("1 h 30 min", 5_400_000_000_000), ("3 m 31 s", 211_000_000_000), ("9 m 02 s", 542_000_000_000),
  ("1 h 05 m", 3_900_000_000_000), ("2 d 04 h", 187_200_000_000_000), ("1h30min", 5_400_000_000_000),
  ("1 day 2 h 3 min 4 s 5 ms 6 us 7 ns", 93_784_005_006_007), ("-1 min 1 s", -61_000_000_000),
  ("1.5 h 0.5 min", 5_430_000_000_000),
]

@Test(arguments: written)
func aDurationIsExactlyItsNanoseconds(_ text: String, _ nanoseconds: Int64) throws {
  #expect(try WrittenDuration.nanoseconds(of: text) == nanoseconds)
}

private let refused: [(String, WrittenDuration.Trouble)] = [
  ("0.5 ns", .notWholeNanoseconds), ("1.5 ns", .notWholeNanoseconds), ("1e-10 s", .notWholeNanoseconds),
  ("1e-400 s", .notWholeNanoseconds), ("1e-99999999999999999999999 day", .notWholeNanoseconds),
  ("0.1234567891 s", .notWholeNanoseconds), ("1.00000000000000000000000000001 ns", .notWholeNanoseconds),
  ("1 s 0.5 ns", .notWholeNanoseconds), ("106580.1 day", .tooLong), ("1e400 s", .tooLong),
  ("1e99999999999999999999999 ns", .tooLong), ("-106581 day", .tooLong), ("106580 day 1 ns", .tooLong),
  ("9223372036854775808 ns", .tooLong), ("5 m", .unknownUnit("m")), ("1 d", .unknownUnit("d")),
  ("5 sec", .unknownUnit("sec")), ("5 metric tons", .unknownUnit("metric tons")), ("5", .noUnit), ("", .notANumber),
  ("s", .notANumber), ("0x10 s", .unknownUnit("x")), ("nan s", .notANumber), ("inf s", .notANumber),
  ("1 h 30", .noUnit), ("30 min 1 h", .disordered), ("1 h 1 h", .disordered),
  ("1 h -30 min", .unknownUnit("h -30 min")),
]

@Test(arguments: refused)
func whatIsNoWholeNumberOfNanosecondsIsRefused(_ text: String, _ reason: WrittenDuration.Trouble) {
  #expect(trouble(text) == reason)
}

/// Every number of nanoseconds, of every length, is read from what is written for it, and from its digits in each unit.
@Test func whatIsWrittenReadsAsExactlyItself() throws {
  var generator = Generator(state: 7)
  for _ in 0..<20_000 {
    let bits = generator.next() >> UInt64(1 + generator.next() % 63)
    let nanoseconds = Int64(bits % UInt64(WrittenDuration.longest))
    let text = WrittenDuration.text(nanoseconds: nanoseconds)
    #expect(try WrittenDuration.nanoseconds(of: text) == nanoseconds, "\(text)")
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = "\(seconds)." + String(repeating: "0", count: 9 - "\(rest)".count) + "\(rest)"
    #expect(try WrittenDuration.nanoseconds(of: digits + "000 s") == nanoseconds)
    #expect(try WrittenDuration.nanoseconds(of: digits + "e3 ms") == nanoseconds)
    #expect(try WrittenDuration.nanoseconds(of: "\(nanoseconds)e-3us") == nanoseconds)
    #expect(trouble(digits + "5 s") == .notWholeNanoseconds)
  }
}

@Test func durationsAreWrittenAsPeopleDo() {
  let texts: [(Int64, String)] = [
    (0, "0 s"), (1, "1 ns"), (1500, "1.5 us"), (100_000_000, "100 ms"), (90_000_000_000, "1.5 min"),
    (2_000_000_000_000, "2000 s"), (172_800_000_000_000, "2 day"), (1_000_000_001, "1.000000001 s"),
    (-1500, "-1.5 us"), (WrittenDuration.longest, "106580 day"),
  ]
  for (nanoseconds, text) in texts { #expect(WrittenDuration.text(nanoseconds: nanoseconds) == text) }
}

@Test(arguments: [
  ("0.1", 0.1), ("-0.0", 0), ("1e-320", 1e-320), ("-2.5E+3x", -2500), (".5", 0.5), ("5.", 5), ("00012.50", 12.5),
  ("1e5e3", 1e5), ("3e", 3), ("1e400", Double.infinity), ("-1e400", -Double.infinity), ("1e-400", 0),
])
func aDecimalNumberIsTheNearestDouble(_ text: String, _ value: Double) throws {
  #expect(try #require(DecimalText(text)).value == value)
}

@Test func whatUnderflowsIsNoZero() throws {
  #expect(try #require(DecimalText("1e-400")).underflows)
  #expect(try #require(DecimalText("0e-400")).underflows == false)
  #expect(try #require(DecimalText("1e-320")).underflows == false)
  for text in ["", "-", ".", "e5", "inf", "nan", "+-1", " 1"] { #expect(DecimalText(text) == nil) }
}

/// A number of a million digits, and an exponent that no number of this machine holds, are read in linear time.
@Test func longNumbersAreRead() throws {
  let ones = String(repeating: "1", count: 1_000_000)
  #expect(trouble(ones + " s") == .tooLong)
  #expect(trouble("0." + ones + " s") == .notWholeNanoseconds)
  #expect(
    try WrittenDuration.nanoseconds(of: "1" + String(repeating: "0", count: 1_000_000) + "e-1000000 s") == 1_000_000_000
  )
}

@Test(arguments: [
  ("Mbps", "Mbit/s"), ("Mb/s", "Mbit/s"), ("Gbps", "Gbit/s"), ("kbps", "kbit/s"), ("Kbps", "kbit/s"),
  ("mbps", "Mbit/s"),
  ("bps", "bit/s"), ("MBps", "MB/s"), ("KB/s", "kB/s"), ("Mbits/s", "Mbit/s"), ("Mbit", "Mbit/s"), ("mb/s", "Mbit/s"),
  ("mB/s", "MB/s"), ("Tbps", nil), ("x", nil),
])
func aRateIsNeverTakenForEightTimesAsMuch(_ word: String, _ unit: String?) {
  #expect(likelyUnit(for: word, among: UnitOfMeasure.rates.map(\.name)) == unit)
}

@Test(arguments: [
  ("m", "min"), ("d", "day"), ("sec", "s"), ("hours", "h"), ("mins", "min"), ("msec", "ms"), ("dya", "day"),
  ("ps", nil),
  ("x", nil), ("weeks", nil),
])
func aUnitOfTimeIsGuessedAsItIsOftenWritten(_ word: String, _ unit: String?) {
  #expect(likelyUnit(for: word, among: UnitOfMeasure.durations.map(\.name)) == unit)
}

@Test(arguments: [("KB", "kB"), ("bytes", "B"), ("Mb", nil), ("Mbit", nil), ("mib", "MiB")])
func aSizeIsNeverGuessedFromBits(_ word: String, _ unit: String?) {
  #expect(likelyUnit(for: word, among: UnitOfMeasure.sizes.map(\.name)) == unit)
}

/// SplitMix64.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
