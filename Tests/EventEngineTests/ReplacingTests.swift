// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Testing

private func time(_ nanoseconds: Int64) -> VirtualTime { VirtualTime(nanoseconds: nanoseconds) }

/// Takes all that is pending.
private func rest(_ scheduler: inout Scheduler) -> [(time: Int64, subject: UInt32)] {
  var found: [(time: Int64, subject: UInt32)] = []
  while let event = scheduler.next(until: time(1000)) { found.append((scheduler.now.nanoseconds, event.subject)) }
  return found
}

@Suite struct ReplacingTests {
  /// What is put in the place of an event is handled where it would be, had it been scheduled in the first place: before
  /// what was scheduled later for the same instant.
  @Test func theNewEventKeepsTheSequenceNumber() throws {
    for place in 0..<20 {
      var plain = Scheduler()
      var replaced = Scheduler()
      var handle = EventHandle.none
      for number in 0..<20 {
        let instant: Int64 = number % 3 == 0 ? 50 : Int64(10 * number)
        let event = Event(kind: .failure, subject: UInt32(number))
        plain.schedule(event, at: time(number == place ? 50 : instant + 1))
        if number == place {
          handle = replaced.scheduleCancellable(Event(kind: .stop, subject: 7), at: .never)
        } else {
          replaced.schedule(event, at: time(instant + 1))
        }
      }
      #expect(replaced.pendingActivity == 19)
      let new = replaced.replace(handle, with: Event(kind: .failure, subject: UInt32(place)), at: time(50))
      #expect(new == handle && replaced.pendingActivity == 20 && replaced.pendingCount == plain.pendingCount)
      let (one, other) = (rest(&plain), rest(&replaced))
      #expect(one.map(\.time) == other.map(\.time) && one.map(\.subject) == other.map(\.subject))
      #expect(plain.fingerprint == replaced.fingerprint && plain.ties == replaced.ties)
      #expect(plain.highWater == replaced.highWater)
    }
  }

  @Test func whatIsOverIsNotReplaced() {
    var scheduler = Scheduler()
    let handled = scheduler.scheduleCancellable(Event(kind: .timer, subject: 1), at: time(1))
    let cancelled = scheduler.scheduleCancellable(Event(kind: .timer, subject: 2), at: time(2))
    scheduler.cancel(cancelled)
    _ = scheduler.next()
    for handle in [handled, cancelled, .none] {
      #expect(scheduler.replace(handle, with: Event(kind: .timer, subject: 3), at: time(9)) == nil)
    }
    #expect(scheduler.pendingCount == 0)
  }
}
