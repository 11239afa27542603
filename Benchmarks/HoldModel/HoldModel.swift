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

  /// A uniform number of (0, 1].
  @inline(__always)
  mutating func uniform() -> Double { (Double(next() >> 11) + 1) * 0x1p-53 }

  /// An exponential number of mean 1 by inversion of a uniform number of (0, 1].
  @inline(__always)
  mutating func exponential() -> Double { -log(uniform()) }
}

/// What one benchmark process measured.
struct HoldResult {
  var nanosecondsPerHold: Double
  var fingerprint: UInt64
  /// Calls of the allocator during the measured holds, or −1 where nobody counts.
  var allocations: Int64
}

/// How a benchmark process holds events.
struct HoldCase {
  var pending: Int
  var warmUp: Int
  var measured: Int
  var law = DelayLaw.exponential
  /// Whether every event sets a timer one second ahead that 99 of 100 times is cancelled by the next event.
  var cancels = false
  var queue = QueueChoice.automatic
}

/// The hold model: take the next event and schedule it again a while later, through the whole scheduler.
func hold(_ held: HoldCase) -> HoldResult {
  var generator = Xoshiro256PlusPlus(seed: 42)
  var scheduler = Scheduler(queue: held.queue)
  for subject in 0..<held.pending {
    scheduler.schedule(
      Event(kind: .timer, subject: UInt32(subject), payload: UInt32(subject)),
      at: VirtualTime(seconds: held.law.first(&generator)))
  }
  run(held, held.warmUp, &scheduler, &generator)
  let allocationsBefore = allocationCount()
  let start = processNanoseconds()
  run(held, held.measured, &scheduler, &generator)
  let end = processNanoseconds()
  let allocationsAfter = allocationCount()
  return HoldResult(
    nanosecondsPerHold: Double(end - start) / Double(held.measured), fingerprint: scheduler.fingerprint,
    allocations: allocationsBefore < 0 ? -1 : allocationsAfter - allocationsBefore)
}

private func run(
  _ held: HoldCase, _ holds: Int, _ scheduler: inout Scheduler, _ generator: inout Xoshiro256PlusPlus
) {
  if held.cancels { return runCancelling(holds, &scheduler, &generator) }
  // A loop of its own for each law, as if there were no others.
  switch held.law {
  case .exponential: run(holds, &scheduler, &generator) { $0.exponential() }
  case .uniform: run(holds, &scheduler, &generator) { DelayLaw.uniform.draw(&$0) }
  case .constant, .equal: run(holds, &scheduler, &generator) { DelayLaw.constant.draw(&$0) }
  case .bimodal: run(holds, &scheduler, &generator) { DelayLaw.bimodal.draw(&$0) }
  case .mixed: run(holds, &scheduler, &generator) { DelayLaw.mixed.draw(&$0) }
  case .pareto: run(holds, &scheduler, &generator) { DelayLaw.pareto.draw(&$0) }
  case .lattice: run(holds, &scheduler, &generator) { DelayLaw.lattice.draw(&$0) }
  }
}

@inline(__always)
private func run(
  _ holds: Int, _ scheduler: inout Scheduler, _ generator: inout Xoshiro256PlusPlus,
  _ delay: (inout Xoshiro256PlusPlus) -> Double
) {
  for _ in 0..<holds {
    guard let event = scheduler.next() else { return }
    scheduler.schedule(event, at: scheduler.now + VirtualDuration(seconds: delay(&generator)))
  }
}

@inline(never)
private func runCancelling(_ holds: Int, _ scheduler: inout Scheduler, _ generator: inout Xoshiro256PlusPlus) {
  var timer = EventHandle.none
  for hold in 0..<holds {
    guard let event = scheduler.next() else { return }
    // A timer that was not cancelled is one hold of its own.
    if event.kind == .arrival { continue }
    if hold % 100 != 0 { scheduler.cancel(timer) }
    timer = scheduler.scheduleCancellable(
      Event(kind: .arrival, subject: event.subject), at: scheduler.now + VirtualDuration(seconds: 1))
    scheduler.schedule(event, at: scheduler.now + VirtualDuration(seconds: generator.exponential()))
  }
}

/// CPU time of this process in nanoseconds.
private func processNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
