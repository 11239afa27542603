// SPDX-License-Identifier: GPL-3.0-or-later

/// The place of one pending event in the total order, and where the event itself is: 24 bytes.
///
/// Events are ordered by (time, wave, class, sequence). The class is the kind of the event (`EventKind`), the wave says
/// in which sweep over an instant it comes (`Scheduler+PresentInstant.swift`), and the sequence number, as scheduled or
/// permuted (`TieOrder.swift`), decides what is left.
@usableFromInline
struct EventRecord: BitwiseCopyable {
  /// Nanoseconds since the start of the run, never negative.
  @usableFromInline var time: UInt64
  /// Wave (16 bits), class (4), sequence (44): the order within one instant.
  @usableFromInline var order: UInt64
  @usableFromInline var slot: UInt32
  @usableFromInline var generation: UInt32

  @inlinable
  init(time: UInt64, order: UInt64, slot: UInt32, generation: UInt32) {
    self.time = time
    self.order = order
    self.slot = slot
    self.generation = generation
  }

  /// Whether this event comes first. No two pending events have equal keys, so the order is total.
  ///
  /// One comparison of 128 bits, because it compiles without a branch; which event is first cannot be predicted.
  @inlinable @inline(__always)
  func precedes(_ other: EventRecord) -> Bool {
    UInt128(time) << 64 | UInt128(order) < UInt128(other.time) << 64 | UInt128(other.order)
  }
}
