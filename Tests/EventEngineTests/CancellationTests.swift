// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Testing

private func timer(_ subject: UInt32) -> Event { Event(kind: .timer, subject: subject) }

@Test func aCancelledEventIsNeverHandled() {
  var scheduler = Scheduler()
  scheduler.schedule(timer(1), at: VirtualTime(seconds: 1))
  let second = scheduler.scheduleCancellable(timer(2), at: VirtualTime(seconds: 2))
  scheduler.schedule(timer(3), at: VirtualTime(seconds: 3))
  #expect(scheduler.cancel(second) == true)
  #expect(scheduler.pendingCount == 2)
  #expect(drain(&scheduler) == [1, 3])
  #expect(scheduler.cancelled == 1)
  #expect(scheduler.handled(.timer) == 2)
  #expect(scheduler.pendingCount == 0)
}

@Test func cancellingTwiceOrAfterTheEventDoesNothing() {
  var scheduler = Scheduler()
  let first = scheduler.scheduleCancellable(timer(1), at: VirtualTime(seconds: 1))
  let second = scheduler.scheduleCancellable(timer(2), at: VirtualTime(seconds: 2))
  #expect(scheduler.cancel(second) == true)
  #expect(scheduler.cancel(second) == false)
  #expect(scheduler.next()?.subject == 1)
  #expect(scheduler.cancel(first) == false)
  #expect(scheduler.cancel(.none) == false)
  #expect(scheduler.cancelled == 1)
  #expect(scheduler.next() == nil)
}

@Test func aStaleHandleCannotCancelTheEventThatReusesItsPlace() {
  var scheduler = Scheduler()
  let old = scheduler.scheduleCancellable(timer(1), at: VirtualTime(seconds: 1))
  _ = scheduler.next()
  let new = scheduler.scheduleCancellable(timer(2), at: VirtualTime(seconds: 2))
  #expect(scheduler.highWater == 1)
  #expect(scheduler.cancel(old) == false)
  #expect(scheduler.pendingCount == 1)
  #expect(scheduler.cancel(new) == true)
  // The key of the cancelled event is still in the heap, and a third event is in its place.
  scheduler.schedule(timer(3), at: VirtualTime(seconds: 3))
  #expect(scheduler.cancel(new) == false)
  #expect(drain(&scheduler) == [3])
  #expect(scheduler.now == VirtualTime(seconds: 3), "A stale key does not move the clock.")
}

@Test func cancelledEventsLeaveNoTraceInTheFingerprint() {
  var plain = Scheduler()
  var cancelling = Scheduler()
  for subject in 0..<100 as Range<UInt32> {
    plain.schedule(timer(subject), at: VirtualTime(seconds: Double(subject % 7)))
    let extra = cancelling.scheduleCancellable(timer(subject + 1000), at: VirtualTime(seconds: Double(subject % 5)))
    cancelling.schedule(timer(subject), at: VirtualTime(seconds: Double(subject % 7)))
    cancelling.cancel(extra)
  }
  #expect(drain(&plain) == drain(&cancelling))
  #expect(plain.fingerprint == cancelling.fingerprint)
  #expect(plain.ties == cancelling.ties)
}

@Test func garbageStaysBelowTheEventsThatArePending() {
  var scheduler = Scheduler()
  for subject in 0..<100 as Range<UInt32> { scheduler.schedule(timer(subject), at: VirtualTime(seconds: 1e6)) }
  for round in 0..<100_000 {
    let handle = scheduler.scheduleCancellable(timer(7), at: VirtualTime(seconds: 1e5 + Double(round)))
    #expect(scheduler.cancel(handle) == true)
    let stored = scheduler.storedKeyCount
    if stored > 210 { Issue.record("The heap holds \(stored) keys for 100 events.") }
  }
  #expect(scheduler.pendingCount == 100)
  #expect(scheduler.highWater == 101)
  #expect(drain(&scheduler) == Array(0..<100))
}

@Test func pendingEventsAreCountedByKind() {
  var scheduler = Scheduler()
  let time = VirtualTime(seconds: 1)
  scheduler.schedule(Event(kind: .stop, subject: 0), at: time)
  scheduler.schedule(Event(kind: .measurement, subject: 0), at: time)
  scheduler.schedule(Event(kind: .arrival, subject: 0), at: time)
  let arrival = scheduler.scheduleCancellable(Event(kind: .arrival, subject: 1), at: time)
  #expect(scheduler.pendingCount == 4)
  #expect(scheduler.pendingActivity == 2)
  #expect(scheduler.pendingCount(of: .arrival) == 2)
  scheduler.cancel(arrival)
  #expect(scheduler.pendingActivity == 1)
  #expect(scheduler.next()?.kind == .arrival)
  #expect(scheduler.pendingActivity == 0)
  #expect(scheduler.pendingCount == 2)
  #expect(scheduler.handledCount == 1)
}
