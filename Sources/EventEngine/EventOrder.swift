// SPDX-License-Identifier: GPL-3.0-or-later

/// One pending event with its place in the total order: 32 bytes, two to a cache line.
///
/// Events are ordered by (time, wave, class, sequence). The class is the kind of the event (`EventKind`), the wave says
/// in which sweep over an instant it comes (`Scheduler+PresentInstant.swift`), and the sequence number, as scheduled or
/// permuted (`TieOrder.swift`), decides what is left.
///
/// A record holds the event itself, or, if the event can be cancelled, the ticket under which `EventSlab` has it.
@usableFromInline
struct EventRecord: BitwiseCopyable {
  /// Nanoseconds since the start of the run, never negative.
  @usableFromInline var time: UInt64
  /// Wave (16 bits), class (4), sequence (44): the order within one instant.
  @usableFromInline var order: UInt64
  /// The words of the event; or the mark of a ticket with its slot, and its generation.
  @usableFromInline var words: (UInt64, UInt64)

  @inlinable @inline(__always)
  init(time: UInt64, order: UInt64, words: (UInt64, UInt64)) {
    self.time = time
    self.order = order
    self.words = words
  }

  @inlinable @inline(__always)
  init(time: UInt64, order: UInt64, ticket: EventHandle) {
    self.init(
      time: time, order: order, words: (UInt64(ticket.slot) << 32 | Self.ticketMark, UInt64(ticket.generation)))
  }

  /// A bit that no kind of events has (`Event.identity`).
  @inlinable static var ticketMark: UInt64 { 0x80 }

  /// Whether the event is elsewhere, and may have been cancelled.
  @inlinable @inline(__always)
  var isTicket: Bool { words.0 & Self.ticketMark != 0 }

  /// The ticket of a record that has one.
  @inlinable @inline(__always)
  var ticket: EventHandle {
    EventHandle(slot: UInt32(truncatingIfNeeded: words.0 >> 32), generation: UInt32(truncatingIfNeeded: words.1))
  }

  /// Whether this event comes first. No two pending events have equal keys, so the order is total.
  ///
  /// One comparison of 128 bits, because it compiles without a branch; which event is first cannot be predicted.
  @inlinable @inline(__always)
  func precedes(_ other: EventRecord) -> Bool {
    UInt128(time) << 64 | UInt128(order) < UInt128(other.time) << 64 | UInt128(other.order)
  }
}
