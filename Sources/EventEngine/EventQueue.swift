// SPDX-License-Identifier: GPL-3.0-or-later

/// The key of one pending event and the place where the event is: 24 bytes.
@usableFromInline
struct EventRecord {
  /// The bit pattern of the time, which orders as the time does.
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
  @inlinable
  func precedes(_ other: EventRecord) -> Bool {
    time != other.time ? time < other.time : order < other.order
  }
}

/// The pending events in order: a heap in which every record has four children (4i + 1 … 4i + 4).
///
/// Taking the minimum leaves the root vacant. Most events schedule a successor, and the successor then enters at the
/// root with one pass down the heap, where a removal and an insertion would need two. Only when no successor comes,
/// the last record fills the root.
///
/// *Complexity*: O(log n) an operation. Source: Johnson, "Priority queues with update and finding minimum spanning
/// trees", Information Processing Letters 4 (1975), for heaps with more than two children.
@usableFromInline
struct EventQueue: ~Copyable {
  @usableFromInline var records: UnsafeMutablePointer<EventRecord>
  @usableFromInline var capacity: Int
  /// Records in the heap, the vacant root among them.
  @usableFromInline var size = 0
  @usableFromInline var rootIsVacant = false

  @inlinable
  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    records = .allocate(capacity: self.capacity)
  }

  @inlinable
  deinit { records.deallocate() }

  /// The number of records, stale ones among them.
  @inlinable
  var count: Int { rootIsVacant ? size - 1 : size }

  /// Adds a record.
  @inlinable
  mutating func insert(_ record: EventRecord) {
    if rootIsVacant {
      rootIsVacant = false
      sink(record, from: 0)
    } else {
      if size == capacity { grow() }
      size += 1
      rise(record, from: size - 1)
    }
  }

  /// Removes and returns the first record, or nothing if there is none.
  @inlinable
  mutating func popFirst() -> EventRecord? {
    if rootIsVacant { fillRoot() }
    guard size > 0 else { return nil }
    rootIsVacant = true
    return records[0]
  }

  /// Moves the last record to the vacant root and down to its place.
  @inlinable
  mutating func fillRoot() {
    rootIsVacant = false
    size -= 1
    if size > 0 { sink(records[size], from: 0) }
  }

  /// Writes a record at a vacant index or, where earlier ones are below, further down.
  @inlinable
  func sink(_ record: EventRecord, from start: Int) {
    let records = records
    let size = size
    var vacant = start
    var first = 4 * start + 1
    while first + 3 < size {
      // The earliest of four children; a vacant index moves down until the record precedes all below.
      var earliest = first
      if records[first + 1].precedes(records[earliest]) { earliest = first + 1 }
      if records[first + 2].precedes(records[earliest]) { earliest = first + 2 }
      if records[first + 3].precedes(records[earliest]) { earliest = first + 3 }
      guard records[earliest].precedes(record) else {
        records[vacant] = record
        return
      }
      records[vacant] = records[earliest]
      vacant = earliest
      first = 4 * earliest + 1
    }
    if first < size {
      var earliest = first
      var child = first + 1
      while child < size {
        if records[child].precedes(records[earliest]) { earliest = child }
        child += 1
      }
      if records[earliest].precedes(record) {
        records[vacant] = records[earliest]
        vacant = earliest
      }
    }
    records[vacant] = record
  }

  /// Writes a record at a vacant index or, where later ones are above, further up.
  @inlinable
  func rise(_ record: EventRecord, from start: Int) {
    let records = records
    var vacant = start
    while vacant > 0 {
      let parent = (vacant - 1) >> 2
      guard record.precedes(records[parent]) else { break }
      records[vacant] = records[parent]
      vacant = parent
    }
    records[vacant] = record
  }

  /// Drops every record that is not wanted and puts the rest in order.
  ///
  /// *Complexity*: O(n).
  @inlinable
  mutating func retain(where isWanted: (EventRecord) -> Bool) {
    var kept = 0
    for index in (rootIsVacant ? 1 : 0)..<size where isWanted(records[index]) {
      records[kept] = records[index]
      kept += 1
    }
    size = kept
    rootIsVacant = false
    guard kept > 1 else { return }
    for parent in stride(from: (kept - 2) >> 2, through: 0, by: -1) { sink(records[parent], from: parent) }
  }

  @usableFromInline
  mutating func grow() {
    let larger = UnsafeMutablePointer<EventRecord>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: records, count: size)
    records.deallocate()
    records = larger
    capacity *= 2
  }
}
