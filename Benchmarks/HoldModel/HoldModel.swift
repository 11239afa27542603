// SPDX-License-Identifier: GPL-3.0-or-later
import BenchmarkMeasuring
import EventEngine
import Glibc
import Quantities

/// The xoshiro256++ generator, seeded by SplitMix64; the C++ peer has the same.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
struct Xoshiro256PlusPlus {
  private var s: (UInt64, UInt64, UInt64, UInt64)

  init(seed: UInt64) {
    var state = seed
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var x = state
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      return x ^ (x >> 31)
    }
    s = (next(), next(), next(), next())
  }

  @inline(__always)
  private static func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { x << k | x >> (64 - k) }

  @inline(__always)
  mutating func next() -> UInt64 {
    let result = Self.rotated(s.0 &+ s.3, 23) &+ s.0
    let t = s.1 << 17
    s.2 ^= s.0
    s.3 ^= s.1
    s.1 ^= s.2
    s.0 ^= s.3
    s.2 ^= t
    s.3 = Self.rotated(s.3, 45)
    return result
  }

  /// An exponential number of mean 1 by inversion of a uniform number of (0, 1].
  @inline(__always)
  mutating func exponential() -> Double { -log((Double(next() >> 11) + 1) * 0x1p-53) }
}

/// What one benchmark process measured.
struct HoldResult {
  var nanosecondsPerHold: Double
  var fingerprint: UInt64
  /// Calls of the allocator during the measured holds, or −1 where nobody counts.
  var allocations: Int64
}

/// The hold model: take the next event and schedule it again an exponential time later, through the whole scheduler.
func hold(pending: Int, warmUp: Int, measured: Int) -> HoldResult {
  var generator = Xoshiro256PlusPlus(seed: 42)
  var scheduler = Scheduler()
  for subject in 0..<pending {
    scheduler.schedule(
      Event(kind: .timer, subject: UInt32(subject), payload: UInt32(subject)),
      at: VirtualTime(seconds: generator.exponential()))
  }
  run(warmUp, &scheduler, &generator)
  let allocationsBefore = allocationCount()
  let start = processNanoseconds()
  run(measured, &scheduler, &generator)
  let end = processNanoseconds()
  let allocationsAfter = allocationCount()
  return HoldResult(
    nanosecondsPerHold: Double(end - start) / Double(measured), fingerprint: scheduler.fingerprint,
    allocations: allocationsBefore < 0 ? -1 : allocationsAfter - allocationsBefore)
}

@inline(never)
private func run(_ holds: Int, _ scheduler: inout Scheduler, _ generator: inout Xoshiro256PlusPlus) {
  for _ in 0..<holds {
    guard let event = scheduler.next() else { return }
    scheduler.schedule(event, at: scheduler.now + VirtualDuration(seconds: generator.exponential()))
  }
}

/// CPU time of this process in nanoseconds.
private func processNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
