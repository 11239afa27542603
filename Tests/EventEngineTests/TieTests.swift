// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Testing

/// 1000 timers and 1000 combinations at one instant, mixed, by subject.
private func tied(_ ties: TieOrder) -> (timers: [UInt32], combinations: [UInt32], ties: UInt64) {
  var scheduler = Scheduler(ties: ties)
  for subject in 0..<1000 as Range<UInt32> {
    scheduler.schedule(Event(kind: .combine, subject: subject), at: VirtualTime(seconds: 1))
    scheduler.schedule(Event(kind: .timer, subject: subject), at: VirtualTime(seconds: 1))
  }
  let order = drain(&scheduler)
  return (Array(order[..<1000]), Array(order[1000...]), scheduler.ties)
}

@Test func tiesAreHandledInTheOrderOfSchedulingByDefault() {
  let result = tied(.firstInFirstOut)
  #expect(result.timers == Array(0..<1000))
  #expect(result.combinations == Array(0..<1000))
  #expect(result.ties == 1998)
}

@Test func randomTiesPermuteInsideAClassAndLoseNothing() {
  var orders: Set<[UInt32]> = []
  for seed in 0..<20 as Range<UInt64> {
    let result = tied(.random(seed: seed))
    #expect(result.timers.sorted() == Array(0..<1000))
    #expect(result.combinations.sorted() == Array(0..<1000))
    #expect(result.ties == 1998)
    #expect(result.timers == tied(.random(seed: seed)).timers)
    orders.insert(result.timers)
    orders.insert(result.combinations)
  }
  #expect(orders.count == 40)
  #expect(!orders.contains(Array(0..<1000)))
}

/// Over 2000 seeds each of four tied events must come first about equally often. Chi-square with 3 degrees of
/// freedom, bound 21.1 (false alarm 1e-4); seeds fixed.
@Test func randomTiesFavourNoEvent() {
  var first = [0.0, 0, 0, 0]
  for seed in 0..<2000 as Range<UInt64> {
    var scheduler = Scheduler(ties: .random(seed: seed))
    for subject in 0..<4 as Range<UInt32> { scheduler.schedule(Event(kind: .timer, subject: subject), at: .zero) }
    if let event = scheduler.next() { first[Int(event.subject)] += 1 }
  }
  let statistic = first.reduce(0) { $0 + ($1 - 500) * ($1 - 500) / 500 }
  #expect(statistic < 21.1, "\(first)")
}

/// Times without ties: any order of ties must give the very same run.
@Test func theOrderOfTiesChangesNothingWhereThereAreNone() {
  let reference = holdModel(seed: 3, population: 100, events: 20_000).fingerprint
  for seed in 0..<20 as Range<UInt64> {
    #expect(holdModel(seed: 3, population: 100, events: 20_000, ties: .random(seed: seed)).fingerprint == reference)
  }
}

@Test func tiesAtOneAgentAreCountedApart() {
  var scheduler = Scheduler()
  for subject in [4, 4, 5, 4, 4] as [UInt32] {
    scheduler.schedule(Event(kind: .arrival, subject: subject), at: VirtualTime(seconds: 1))
  }
  scheduler.schedule(Event(kind: .combine, subject: 4), at: VirtualTime(seconds: 1))
  scheduler.schedule(Event(kind: .arrival, subject: 4), at: VirtualTime(seconds: 2))
  _ = drain(&scheduler)
  #expect(scheduler.ties == 4)
  #expect(scheduler.tiesAtOneAgent == 2)
}

@Test func eventsOfDifferentWavesAreNoTie() {
  var scheduler = Scheduler()
  scheduler.schedule(Event(kind: .timer, subject: 0), at: .zero)
  _ = scheduler.next()
  scheduler.schedule(Event(kind: .timer, subject: 0), at: .zero)
  #expect(scheduler.next()?.kind == .timer)
  #expect(scheduler.ties == 0)
}

/// An exclusive or, a shift folded in and an odd factor are bijections of 44 bits; that the factors are odd, and that
/// nothing collides among a million numbers from the whole range, is checked.
@Test func theOrderOfRandomTiesStaysTotal() {
  let factors = SequencePermutation.factors
  #expect(factors.0 & factors.1 & factors.2 & 1 == 1)
  let permutation = SequencePermutation(seed: 5)
  var images: Set<UInt64> = []
  for low in 0..<(1 << 18) as Range<UInt64> {
    for sequence in [low, low << 22 | 0x3F_FFFF, low ^ 1 << 43, (1 << 44 - 1) - low] {
      images.insert(permutation(sequence))
    }
  }
  #expect(images.count == 1 << 20)
  #expect(images.allSatisfy { $0 < 1 << 44 })
}
