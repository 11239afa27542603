// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Testing

@Test func secondsAreRoundedToTheNearestNanosecondTiesToEven() {
  let seconds: [(Double, Int64)] = [
    (0, 0), (0.4e-9, 0), (0.6e-9, 1), (1.5e-9, 2), (2.5e-9, 2), (0.1, 100_000_000), (3600, 3_600_000_000_000),
    (1e10, .max), (.infinity, .max),
  ]
  for (value, nanoseconds) in seconds { #expect(VirtualDuration(seconds: value).nanoseconds == nanoseconds) }
}

@Test func foreverStaysForever() {
  let forever = VirtualDuration.forever
  #expect(forever + .nanosecond == forever && forever * 3 == forever && forever.scaled(by: 0.5) == forever)
  #expect(forever.seconds == .infinity)
}

/// A link never carries more than its bandwidth: the time is the quotient rounded up.
@Test func aTransmissionTakesTheQuotientRoundedUp() {
  for bytes: UInt64 in [0, 1, 2, 3, 7, 1000, 8_999_999] {
    for bandwidth: UInt64 in [1, 3, 7, 40, 1_000_000_007] {
      let exact = (UInt128(bytes) * 1_000_000_000 + UInt128(bandwidth) - 1) / UInt128(bandwidth)
      let found = VirtualDuration(transmitting: bytes, at: .bytesPerSecond(bandwidth)).nanoseconds
      #expect(UInt128(found) == exact, "\(bytes) B at \(bandwidth) B/s")
    }
  }
}

/// Parts between such ends add up to the whole, and none differs from another by more than a nanosecond.
@Test func partsAddUpToTheWhole() {
  for nanoseconds: Int64 in [0, 1, 6, 1_000_000_007, .max] {
    let whole = VirtualDuration(nanoseconds: nanoseconds)
    let ends = (0...7).map { whole.end(ofPart: $0, of: 7).nanoseconds }
    #expect(ends.first == 0 && ends.last == nanoseconds)
    let parts = zip(ends, ends.dropFirst()).map { $1 - $0 }
    #expect((parts.max() ?? 0) - (parts.min() ?? 0) <= 1)
  }
}

@Test func aProbabilityIsFromZeroToOne() {
  for value in [0, 0.5, 1] { #expect(Probability(value)?.value == value) }
  for value in [-1e-300, 1.0000000000000002, .nan, .infinity] { #expect(Probability(value) == nil) }
}
