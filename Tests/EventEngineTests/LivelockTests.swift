// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Testing

@Test func eventsWithoutDelayThatFollowOneAnotherForEverAreReportedAsALivelock() {
  var scheduler = Scheduler()
  let time = VirtualTime(seconds: 3)
  scheduler.schedule(Event(kind: .timer, subject: 0), at: time)
  scheduler.schedule(Event(kind: .timer, subject: 1), at: VirtualTime(seconds: 4))
  let stop = scheduler.scheduleCancellable(Event(kind: .stop, subject: 0), at: VirtualTime(seconds: 5))
  var handled = 0
  while let event = scheduler.next() {
    handled += 1
    #expect(event.subject == 0)
    scheduler.schedule(event, at: scheduler.now)
    if handled > 100_000 { break }
  }
  #expect(handled == 65_535, "One event in each wave but the last.")
  #expect(scheduler.livelock == time)
  #expect(scheduler.now == time)
  #expect(scheduler.pendingCount == 0)
  #expect(scheduler.pendingActivity == 0)
  #expect(scheduler.cancel(stop) == false)
  #expect(scheduler.scheduleCancellable(Event(kind: .timer, subject: 2), at: VirtualTime(seconds: 9)) == .none)
  #expect(scheduler.next() == nil)
}

@Test func aDelayBelowHalfANanosecondIsADelayOfZero() {
  var scheduler = Scheduler()
  let late = VirtualTime(seconds: 1e9)
  let tiny = VirtualDuration(seconds: 0.4e-9)
  #expect(late + tiny == late)
  #expect(late + .nanosecond > late)
  scheduler.schedule(Event(kind: .timer, subject: 0), at: late)
  scheduler.schedule(Event(kind: .combine, subject: 1), at: late)
  #expect(scheduler.next()?.subject == 0)
  scheduler.schedule(Event(kind: .timer, subject: 2), at: scheduler.now + tiny)
  #expect(drain(&scheduler) == [1, 2], "It belongs to the next wave and is not lost.")
  #expect(scheduler.livelock == nil)
}

@Test func aMeasurementThatRepeatsWithoutEndAtOneInstantIsALivelock() {
  var scheduler = Scheduler()
  scheduler.schedule(Event(kind: .measurement, subject: 0), at: VirtualTime(seconds: 1))
  var handled = 0
  while let event = scheduler.next(), handled < 100_000 {
    handled += 1
    scheduler.schedule(event, at: scheduler.now)
  }
  #expect(handled == 65_535)
  #expect(scheduler.livelock == VirtualTime(seconds: 1))
}

@Test func manyInstantsWithManyWavesAreNoLivelock() {
  var scheduler = Scheduler()
  scheduler.schedule(Event(kind: .timer, subject: 0), at: .zero)
  var handled = 0
  while let event = scheduler.next(), handled < 200_000 {
    handled += 1
    let pause = handled.isMultiple(of: 60_000) ? 1.0 : 0
    scheduler.schedule(event, at: scheduler.now + VirtualDuration(seconds: pause))
  }
  #expect(scheduler.livelock == nil)
  #expect(scheduler.now == VirtualTime(seconds: 3))
}

@Test func anEventInThePastStopsTheProgram() async {
  await #expect(processExitsWith: .failure) {
    var scheduler = Scheduler()
    scheduler.schedule(Event(kind: .timer, subject: 0), at: VirtualTime(seconds: 2))
    _ = scheduler.next()
    scheduler.schedule(Event(kind: .timer, subject: 0), at: VirtualTime(seconds: 1))
  }
}

@Test func anEventThatNeverComesComesAfterAllOthers() {
  var scheduler = Scheduler()
  scheduler.schedule(Event(kind: .timer, subject: 0), at: .never)
  scheduler.schedule(Event(kind: .stop, subject: 1), at: VirtualTime(seconds: 9e9) + .forever)
  scheduler.schedule(Event(kind: .timer, subject: 2), at: VirtualTime(seconds: 9e9))
  #expect(drain(&scheduler) == [2, 0, 1])
  #expect(scheduler.livelock == nil)
}

@Test func activityAtTheInstantOfAMeasurementUnderWayStopsTheProgram() async {
  await #expect(processExitsWith: .failure) {
    var scheduler = Scheduler()
    scheduler.schedule(Event(kind: .measurement, subject: 0), at: VirtualTime(seconds: 1))
    _ = scheduler.next()
    scheduler.schedule(Event(kind: .combine, subject: 0), at: VirtualTime(seconds: 1))
  }
}
