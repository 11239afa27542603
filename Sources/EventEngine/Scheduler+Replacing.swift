// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension Scheduler {
  /// Puts another event, at another time, in the place of one that is still to come. It keeps its sequence number: a run in
  /// which the new event had been scheduled in the first place goes on in the same way.
  ///
  /// Not while an event is being handled.
  ///
  /// - Parameter time: later than the present.
  /// - Returns: the handle of the new event; nothing if the old one is not pending any more.
  ///
  /// *Complexity*: O(n) for n pending events.
  package mutating func replace(_ handle: EventHandle, with event: Event, at time: VirtualTime) -> EventHandle? {
    guard slab.isPending(handle.slot, handle.generation) else { return nil }
    precondition(time.nanoseconds > clockReading, "What is put in the place of an event is still to come.")
    scheduledCounts[Event(words: slab.slots[Int(handle.slot)].words).kind] &-= 1
    scheduledCounts[event.kind] &+= 1
    slab.slots[Int(handle.slot)].words = event.words
    let wave = event.kind.rawValue >= EventKind.measurement.rawValue ? Self.lastWave : 0
    queue.replace(handle) { record in
      record.time = UInt64(bitPattern: time.nanoseconds)
      record.order = wave << 48 | UInt64(event.kind.rawValue) << 44 | record.order & SequencePermutation.mask
    }
    return handle
  }
}

extension EventQueue {
  /// Changes the record of an event and puts all in order again.
  fileprivate mutating func replace(_ handle: EventHandle, _ change: (inout EventRecord) -> Void) {
    takeAll()
    for index in 0..<heap.size where heap.records[index].isTicket && heap.records[index].ticket == handle {
      change(&heap.records[index])
    }
    heap.order()
  }
}
