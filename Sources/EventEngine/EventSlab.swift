// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The place of one pending event that can be cancelled, or a free place.
@usableFromInline
struct EventSlot: BitwiseCopyable {
  /// The event in two words, which are copied faster than its parts.
  @usableFromInline var words: (UInt64, UInt64)
  /// How often the place was freed; a record or handle of another generation is stale.
  @usableFromInline var generation: UInt32
  /// The next free place while this one is free.
  @usableFromInline var nextFree: UInt32

  @inlinable
  init(event: Event, generation: UInt32, nextFree: UInt32) {
    words = event.words
    self.generation = generation
    self.nextFree = nextFree
  }
}

/// The pending events that can be cancelled, which do not move while the queue sorts their records.
///
/// A freed place is the first to be used again, while it is still in the cache. Grows by doubling, never shrinks.
@usableFromInline
struct EventSlab: ~Copyable {
  @usableFromInline var slots: UnsafeMutablePointer<EventSlot>
  @usableFromInline var capacity: Int
  /// Places that were ever used.
  @usableFromInline var used = 0
  @usableFromInline var firstFree = UInt32.max
  private let account: GrowthAccount?

  @usableFromInline
  init(capacity: Int, account: GrowthAccount?) {
    self.capacity = max(capacity, 1)
    self.account = account
    slots = resized(nil, count: self.capacity)
  }

  @usableFromInline
  deinit { giveBack(slots) }

  /// Takes a place for an event.
  @inlinable
  mutating func insert(_ event: Event) -> EventHandle {
    let slot = firstFree
    guard slot != .max else { return append(event) }
    let place = slots + Int(slot)
    firstFree = place.pointee.nextFree
    place.pointee.words = event.words
    return EventHandle(slot: slot, generation: place.pointee.generation)
  }

  @inlinable
  mutating func append(_ event: Event) -> EventHandle {
    if used == capacity { grow() }
    (slots + used).initialize(to: EventSlot(event: event, generation: 0, nextFree: .max))
    used += 1
    return EventHandle(slot: UInt32(used - 1), generation: 0)
  }

  /// Whether the event of this place and generation is still pending.
  @inlinable
  func isPending(_ slot: UInt32, _ generation: UInt32) -> Bool {
    Int(slot) < used && slots[Int(slot)].generation == generation
  }

  /// Frees the place of a pending event; every handle of it is stale from here on.
  @inlinable
  mutating func release(_ slot: UInt32) {
    let place = slots + Int(slot)
    place.pointee.generation &+= 1
    place.pointee.nextFree = firstFree
    firstFree = slot
  }

  /// Makes every handle stale, for a schedule that will take no more events.
  @usableFromInline
  mutating func invalidateAll() {
    for slot in 0..<used { slots[slot].generation &+= 1 }
  }

  @usableFromInline
  mutating func grow() {
    account?.grow(by: capacity * MemoryLayout<EventSlot>.stride)
    capacity *= 2
    slots = resized(slots, count: capacity)
  }
}
