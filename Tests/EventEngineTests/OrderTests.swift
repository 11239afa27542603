// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Testing

/// Takes all events and returns their subjects in the order of handling.
func drain(_ scheduler: inout Scheduler) -> [UInt32] {
  var subjects: [UInt32] = []
  while let event = scheduler.next() { subjects.append(event.subject) }
  return subjects
}

@Test func anEventTakesSixteenBytes() {
  #expect(MemoryLayout<Event>.stride == 16)
}

@Test func eventsComeInTheOrderOfTime() {
  var scheduler = Scheduler(capacity: 1)
  for subject in [5, 3, 9, 1, 7] as [UInt32] {
    scheduler.schedule(Event(kind: .timer, subject: subject), at: VirtualTime(seconds: Double(subject)))
  }
  #expect(drain(&scheduler) == [1, 3, 5, 7, 9])
  #expect(scheduler.now == VirtualTime(seconds: 9))
}

@Test func theClassDecidesAtEqualInstants() {
  var scheduler = Scheduler()
  for kind in EventKind.allCases.reversed() {
    scheduler.schedule(Event(kind: kind, subject: UInt32(kind.rawValue)), at: VirtualTime(seconds: 1))
  }
  #expect(drain(&scheduler) == [0, 1, 2, 3, 4, 5, 6, 7, 8])
  #expect(scheduler.ties == 0)
}

@Test func anEventWhoseClassDoesNotComeAfterThePresentOneBelongsToTheNextWave() {
  var scheduler = Scheduler()
  let time = VirtualTime(seconds: 2)
  scheduler.schedule(Event(kind: .measurement, subject: 99), at: time)
  scheduler.schedule(Event(kind: .arrival, subject: 1), at: time)
  scheduler.schedule(Event(kind: .combine, subject: 2), at: time)
  #expect(scheduler.next()?.subject == 1)
  // The present class is arrival: a further arrival waits for the next wave, a compute start need not.
  scheduler.schedule(Event(kind: .arrival, subject: 4), at: time)
  scheduler.schedule(Event(kind: .failure, subject: 3), at: time)
  scheduler.schedule(Event(kind: .computeStart, subject: 5), at: time)
  #expect(drain(&scheduler) == [2, 5, 3, 4, 99])
}

@Test func whatIsScheduledForTimeZeroBeforeTheStartIsInOneWave() {
  var scheduler = Scheduler()
  scheduler.schedule(Event(kind: .computeStart, subject: 2), at: .zero)
  scheduler.schedule(Event(kind: .failure, subject: 1), at: VirtualTime(seconds: -0.0))
  #expect(drain(&scheduler) == [1, 2])
}
