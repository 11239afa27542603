// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Foundation
import Quantities
import Randomness
import Testing

/// The total order of events, written down a second time, as slowly and plainly as possible: a sorted array.
private struct SortedOracle {
  /// The key (time, wave, class, sequence) of an event and its handle.
  struct Entry {
    var key: (VirtualTime, Int, UInt8, Int)
    var handle: EventHandle
  }

  var pending: [Entry] = []
  var present: (VirtualTime?, Int, UInt8) = (nil, 0, 0)
  var sequence = 0

  /// The wave of an event that is scheduled now for a time.
  func wave(_ kind: EventKind, _ time: VirtualTime) -> Int {
    if kind == .measurement || kind == .stop { return 0xFFFF }
    if time != present.0 { return 0 }
    return kind.rawValue > present.2 ? present.1 : present.1 + 1
  }

  mutating func insert(_ kind: EventKind, _ time: VirtualTime, _ handle: EventHandle) {
    let key = (time, wave(kind, time), kind.rawValue, sequence)
    sequence += 1
    var low = 0
    var high = pending.count
    while low < high {
      let middle = (low + high) / 2
      if pending[middle].key < key { low = middle + 1 } else { high = middle }
    }
    pending.insert(Entry(key: key, handle: handle), at: low)
  }
}

/// A law of delays that is hard on a queue.
private enum DelayLaw: CaseIterable {
  case duplicates
  case allEqual
  case bimodal
  case paretoLike

  func delay(_ draws: inout Draws) -> Double {
    switch self {
    case .duplicates: Double(draws.integer(below: 8))
    case .allEqual: 1
    case .bimodal: draws.integer(below: 1000) == 0 ? 1e6 : 1e-3 * draws.uniform()
    case .paretoLike: pow(1 - draws.uniform(), -1 / 1.5)
    }
  }
}

/// A million random operations for each law of delays, with the ladder from two events on and as usual: the schedule and
/// the sorted array must agree on every event, every cancellation and every count. Fixed seed; nothing statistical.
@Test(arguments: DelayLaw.allCases, [QueueChoice.ladder, .automatic])
private func theScheduleAgreesWithASortedArray(_ law: DelayLaw, _ queue: QueueChoice) {
  let key = StreamKey(seed: 19, replication: 0, purpose: .queueing, entity: "operations of \(law)")
  var draws = Draws(key, at: 0)
  var scheduler = Scheduler(queue: queue, capacity: 1)
  var oracle = SortedOracle()
  var cancelled: UInt64 = 0
  var highWater = 0
  for operation in 0..<1_000_000 {
    // Growing and shrinking by turns, from a few events to a thousand.
    let grows = (operation / 5000).isMultiple(of: 2)
    let choice = draws.integer(below: 10)
    if choice < (grows ? 6 : 3) {
      let kind = EventKind.allCases[Int(draws.integer(below: 9))]
      var delay = law.delay(&draws)
      if oracle.present.1 == 0xFFFF && delay < 1e-9 { delay = 1 }
      let time = scheduler.now + .seconds(delay)
      let event = Event(kind: kind, subject: UInt32(oracle.sequence))
      oracle.insert(kind, time, scheduler.scheduleCancellable(event, at: time))
      highWater = max(highWater, oracle.pending.count)
    } else if choice < 7, !oracle.pending.isEmpty {
      let victim = oracle.pending.remove(at: Int(draws.integer(below: UInt32(oracle.pending.count))))
      guard scheduler.cancel(victim.handle), !scheduler.cancel(victim.handle) else {
        Issue.record("Operation \(operation): a pending event can be cancelled exactly once.")
        return
      }
      cancelled += 1
    } else {
      let expected = oracle.pending.isEmpty ? nil : oracle.pending.removeFirst()
      let event = scheduler.next()
      guard event.map({ Int($0.subject) }) == expected?.key.3 else {
        Issue.record("Operation \(operation): another event than that of the oracle.")
        return
      }
      guard let expected else { continue }
      oracle.present = (expected.key.0, expected.key.1, expected.key.2)
      guard scheduler.now == expected.key.0, !scheduler.cancel(expected.handle) else {
        Issue.record("Operation \(operation): wrong clock, or a handled event was cancelled.")
        return
      }
    }
  }
  #expect(scheduler.pendingCount == oracle.pending.count)
  #expect(scheduler.cancelled == cancelled)
  #expect(scheduler.highWater == highWater)
  #expect(highWater > 800)
}
