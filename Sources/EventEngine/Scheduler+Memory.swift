// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension Scheduler {
  /// The clock, the events still to come, the fingerprint and all counts. The order of ties belongs to the settings.
  ///
  /// Not while an event is being handled: the next one must be taken before more are scheduled.
  package mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try slab.visit(&memory)
    try queue.visit(&memory, slots: slab.used)
    try memory.value("clock", &clock)
    try memory.value("clock reading", &clockReading)
    try memory.value("present rank", &presentRank)
    try memory.value("present subject", &presentSubject)
    try memory.value("sequence", &sequence)
    try memory.value("fingerprint", &trace)
    try memory.value("stale records", &staleRecords)
    try memory.value("most pending events", &mostPending)
    try scheduledCounts.visit("events scheduled", &memory)
    try handledCounts.visit("events handled", &memory)
    try cancelledCounts.visit("events cancelled", &memory)
    try memory.value("ties", &tieCount)
    try memory.value("ties at one agent", &tieAtOneAgentCount)
    try memory.value("livelock", &livelockTime)
    try memory.value("repeats of the last wave", &lastWaveRepeats)
  }
}

extension EventSlab {
  fileprivate mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    used = try memory.count("places of events", used, ofSize: MemoryLayout<EventSlot>.stride)
    while capacity < used { grow() }
    try memory.values("events", slots, count: used)
    try memory.value("first free place", &firstFree)
    guard firstFree == .max || firstFree < used else { throw RunMemoryFault("a place of events is free beyond all") }
  }
}

extension EventQueue {
  /// All records in their order, so that what is written does not tell which part of the queue had which.
  ///
  /// - Parameter slots: how many places of events that can be cancelled there are.
  fileprivate mutating func visit(_ memory: inout RunMemory, slots: Int) throws(RunMemoryFault) {
    takeAll()
    var records = UnsafeMutableBufferPointer(start: heap.records, count: heap.size)
    records.sort { $0.precedes($1) }
    count = try memory.count("keys", heap.size, ofSize: MemoryLayout<EventRecord>.stride)
    while heap.capacity < count { heap.grow() }
    heap.size = count
    try memory.values("queue", heap.records, count: count)
    guard (0..<count).allSatisfy({ !heap.records[$0].isTicket || heap.records[$0].ticket.slot < slots }) else {
      throw RunMemoryFault("a key is of no event")
    }
  }
}

extension KindCounts {
  fileprivate func visit(_ name: StaticString, _ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.values(name, counts, count: EventKind.allCases.count)
  }
}
