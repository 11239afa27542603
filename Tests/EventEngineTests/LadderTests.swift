// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Foundation
import Quantities
import Randomness
import Testing

/// How a population of events goes on, in ways that are hard on a queue which sorts by spans of time.
private enum Habit: CaseIterable {
  case exponential
  case uniform
  /// All delays are equal, from first times that are not.
  case constant
  /// All events are always at one instant.
  case ties
  /// One delay in a thousand is a billion times longer than the others.
  case bimodal
  /// Half of the delays are a thousand times shorter.
  case mixed
  case pareto
  /// Whole seconds: many events at few instants.
  case lattice
  /// Delays of a few nanoseconds, so that buckets of one nanosecond have many.
  case crowded
  /// Every hundred events, a hundred more within a millionth of the span of the others.
  case bursts
  /// From a few events to thousands and back, again and again.
  case tides
  /// Of a hundred timers 99 are cancelled by the event that comes next.
  case timeouts

  func delay(_ draws: inout Draws) -> VirtualDuration {
    switch self {
    case .exponential, .tides, .timeouts: .seconds(-log(1 - draws.uniform()))
    case .uniform: .seconds(2 * draws.uniform())
    case .constant, .ties: .seconds(1)
    case .bimodal: .seconds(draws.integer(below: 1000) == 0 ? 1e6 : 1e-3 * draws.uniform())
    case .mixed: .seconds((draws.integer(below: 2) == 0 ? 1 : 1e-3) * -log(1 - draws.uniform()))
    case .pareto: .seconds(pow(1 - draws.uniform(), -1 / 1.5))
    case .lattice: .seconds(Double(1 + draws.integer(below: 8)))
    case .crowded: VirtualDuration(nanoseconds: Int64(1 + draws.integer(below: 20)))
    case .bursts: .seconds(draws.integer(below: 2) == 0 ? 1e3 * draws.uniform() : 1e-3 * draws.uniform())
    }
  }

  func first(_ draws: inout Draws) -> VirtualTime {
    switch self {
    case .constant: VirtualTime(seconds: draws.uniform())
    case .bimodal: VirtualTime(seconds: 1e6 * draws.uniform())
    default: .zero + delay(&draws)
    }
  }
}

/// A schedule with a population of events that keeps the fingerprint of what it handled.
private struct Population: ~Copyable {
  let habit: Habit
  var scheduler: Scheduler
  var draws: Draws
  var timer = EventHandle.none
  var handled = 0

  init(_ habit: Habit, of size: Int, queue: QueueChoice, ties: TieOrder) {
    self.habit = habit
    scheduler = Scheduler(queue: queue, ties: ties, capacity: 1)
    draws = Draws(StreamKey(seed: 23, replication: 0, purpose: .queueing, entity: "population \(habit)"), at: 0)
    for number in 0..<size {
      let kind: EventKind = number % 3 == 0 ? .arrival : .computeEnd
      scheduler.schedule(Event(kind: kind, subject: UInt32(number)), at: habit.first(&draws))
    }
    // Something lies beyond all times that matter, as the end of a run does.
    scheduler.schedule(Event(kind: .stop, subject: 0), at: .never)
  }

  mutating func handle(_ events: Int) {
    for _ in 0..<events {
      guard let event = scheduler.next() else { return }
      handled += 1
      follow(event)
    }
  }

  private mutating func follow(_ event: Event) {
    let next = scheduler.now + habit.delay(&draws)
    switch event.kind {
    // In the same instant, in the same wave or the next one.
    case .arrival where handled % 5 == 0:
      scheduler.schedule(Event(kind: .combine, subject: event.subject), at: scheduler.now)
    case .combine: scheduler.schedule(Event(kind: .arrival, subject: event.subject), at: next)
    case .timer: break
    default: scheduler.schedule(event, at: next)
    }
    switch habit {
    case .timeouts:
      if handled % 100 != 0 { scheduler.cancel(timer) }
      timer = scheduler.scheduleCancellable(
        Event(kind: .timer, subject: event.subject), at: scheduler.now + .seconds(10))
    case .bursts where handled % 100 == 0:
      for number in 0..<100 as Range<UInt32> {
        scheduler.schedule(
          Event(kind: .timer, subject: number),
          at: scheduler.now + VirtualDuration(nanoseconds: Int64(draws.integer(below: 1_000_000))))
      }
    case .tides:
      if (handled / 3000).isMultiple(of: 2) {
        scheduler.schedule(Event(kind: .linkChange, subject: UInt32(handled)), at: scheduler.now + habit.delay(&draws))
      } else if scheduler.pendingCount > 20, let one = scheduler.next(), one.kind == .stop {
        scheduler.schedule(one, at: .never)
      }
    default: break
    }
  }
}

@Suite struct LadderTests {
  /// Heap and ladder, the ladder from two events on, and changes between both: all handle the same events in the same
  /// order, with the same counts.
  @Test(arguments: Habit.allCases, [TieOrder.firstInFirstOut, .random(seed: 4)])
  private func theLadderHasTheOrderOfTheHeap(_ habit: Habit, _ ties: TieOrder) {
    for size in [1, 30, 700, 5000] {
      var heap = Population(habit, of: size, queue: .heap, ties: ties)
      heap.handle(20_000)
      for queue in [QueueChoice.ladder, .ladderAbove(40), .automatic] {
        var other = Population(habit, of: size, queue: queue, ties: ties)
        other.handle(20_000)
        #expect(other.scheduler.fingerprint == heap.scheduler.fingerprint, "\(size) events, \(queue)")
        #expect(other.scheduler.now == heap.scheduler.now && other.scheduler.ties == heap.scheduler.ties)
        #expect(other.scheduler.pendingCount == heap.scheduler.pendingCount)
        #expect(other.scheduler.highWater == heap.scheduler.highWater)
        #expect(other.scheduler.cancelled == heap.scheduler.cancelled)
      }
    }
  }

  /// What is written down of a schedule does not tell where its queue had the events, and it goes on from there as if
  /// nothing had been written.
  @Test(arguments: Habit.allCases)
  private func theMemoryOfAScheduleIsThatOfItsEvents(_ habit: Habit) throws {
    var heap = Population(habit, of: 3000, queue: .heap, ties: .firstInFirstOut)
    var ladder = Population(habit, of: 3000, queue: .ladder, ties: .firstInFirstOut)
    heap.handle(20_000)
    ladder.handle(20_000)
    var one = RunMemory()
    var other = RunMemory()
    try heap.scheduler.visit(&one)
    try ladder.scheduler.visit(&other)
    #expect(one.content == other.content)
    var reading = RunMemory(reading: other.content)
    var again = Population(habit, of: 0, queue: .ladder, ties: .firstInFirstOut)
    try again.scheduler.visit(&reading)
    try reading.end()
    (again.draws, again.timer, again.handled) = (ladder.draws, ladder.timer, ladder.handled)
    heap.handle(20_000)
    ladder.handle(20_000)
    again.handle(20_000)
    #expect(ladder.scheduler.fingerprint == heap.scheduler.fingerprint)
    #expect(again.scheduler.fingerprint == heap.scheduler.fingerprint)
  }

  /// A limit in time holds events back wherever they are, and what is scheduled meanwhile comes in its place.
  @Test(arguments: [QueueChoice.heap, .ladder, .automatic])
  func nothingComesAfterALimit(_ queue: QueueChoice) {
    var scheduler = Scheduler(queue: queue)
    for number in 0..<1000 as Range<UInt32> {
      scheduler.schedule(Event(kind: .timer, subject: number), at: VirtualTime(nanoseconds: Int64(number) << 20))
    }
    var expected: UInt32 = 0
    for limit in stride(from: Int64(5) << 20, to: 1000 << 20, by: 50 << 20) {
      while let event = scheduler.next(until: VirtualTime(nanoseconds: limit)) {
        if event.kind == .timer {
          #expect(event.subject == expected)
          expected += 1
        } else {
          #expect(event.subject + 1 == expected)
        }
      }
      #expect(Int64(expected) == limit >> 20 + 1)
      scheduler.schedule(Event(kind: .combine, subject: expected - 1), at: scheduler.now)
    }
  }
}
