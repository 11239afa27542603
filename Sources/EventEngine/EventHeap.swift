// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Pending events in order: a heap in which every record has four children (4i + 1 … 4i + 4).
///
/// Taking the minimum leaves the root vacant. Most events schedule a successor, and the successor then enters at the
/// root with one pass down the heap, where a removal and an insertion would need two. Only when no successor comes,
/// the last record fills the root.
///
/// *Complexity*: O(log n) an operation. Source: Johnson, "Priority queues with update and finding minimum spanning
/// trees", Information Processing Letters 4 (1975), for heaps with more than two children.
@usableFromInline
struct EventHeap: ~Copyable {
  @usableFromInline var records: UnsafeMutablePointer<EventRecord>
  @usableFromInline var capacity: Int
  /// Records in the heap, the vacant root among them.
  @usableFromInline var size = 0
  @usableFromInline var rootIsVacant = false
  @usableFromInline let account: GrowthAccount?

  @inlinable
  init(capacity: Int, account: GrowthAccount?) {
    self.capacity = max(capacity, 1)
    self.account = account
    records = Self.allocate(self.capacity)
  }

  @inlinable
  deinit { Self.deallocate(records) }

  /// The number of records, stale ones among them.
  @inlinable
  var count: Int { rootIsVacant ? size - 1 : size }

  /// Adds a record.
  @inlinable @inline(__always)
  mutating func insert(_ record: EventRecord) {
    if rootIsVacant {
      rootIsVacant = false
      Self.sink(record, from: 0, in: records, size: size)
    } else {
      if size == capacity { grow() }
      size += 1
      Self.rise(record, from: size - 1, in: records)
    }
  }

  /// Moves the last record to the vacant root and down to its place.
  @inlinable
  mutating func fillRoot() {
    rootIsVacant = false
    size -= 1
    if size > 0 { Self.sink(records[size], from: 0, in: records, size: size) }
  }

  /// The index of the earliest of four siblings.
  ///
  /// Selecting without branches waits for all four; so the lines of all their children are asked for beforehand.
  @inlinable @inline(__always)
  static func earliestSibling(
    from first: Int, in records: UnsafeMutablePointer<EventRecord>, size: Int
  ) -> Int {
    let children = records + (4 &* first &+ 1)
    // 16 records on eight lines; addresses beyond the heap are harmless. A small heap is in the cache as it is.
    if size > smallSize {
      var line = 0
      while line < 16 {
        prefetchLine(of: children + line)
        line &+= 2
      }
    }
    let left = first &+ (records[first + 1].precedes(records[first]) ? 1 : 0)
    let right = first &+ 2 &+ (records[first + 3].precedes(records[first + 2]) ? 1 : 0)
    return records[right].precedes(records[left]) ? right : left
  }

  // Functions of the type: as methods they would be handed a copy of the heap in memory.

  /// Writes a record at a vacant index or, where earlier ones are below, further down.
  @inlinable
  static func sink(
    _ record: EventRecord, from start: Int, in records: UnsafeMutablePointer<EventRecord>, size: Int
  ) {
    var vacant = start
    var first = 4 &* start &+ 1
    while first &+ 3 < size {
      let earliest = earliestSibling(from: first, in: records, size: size)
      guard records[earliest].precedes(record) else {
        records[vacant] = record
        return
      }
      records[vacant] = records[earliest]
      vacant = earliest
      first = 4 &* earliest &+ 1
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
  static func rise(_ record: EventRecord, from start: Int, in records: UnsafeMutablePointer<EventRecord>) {
    var vacant = start
    while vacant > 0 {
      let parent = (vacant - 1) >> 2
      guard record.precedes(records[parent]) else { break }
      records[vacant] = records[parent]
      vacant = parent
    }
    records[vacant] = record
  }

  /// Adds a record without regard to the order; `order` has to follow.
  @inlinable
  mutating func append(_ record: EventRecord) {
    if size == capacity { grow() }
    records[size] = record
    size += 1
  }

  /// Puts all records in order.
  ///
  /// *Complexity*: O(n).
  @usableFromInline
  mutating func order() {
    guard size > 1 else { return }
    for parent in stride(from: (size - 2) >> 2, through: 0, by: -1) {
      Self.sink(records[parent], from: parent, in: records, size: size)
    }
  }

  /// Drops every record that is not wanted and puts the rest in order.
  ///
  /// *Complexity*: O(n).
  @usableFromInline
  mutating func retain(where isWanted: (EventRecord) -> Bool) {
    var kept = 0
    for index in (rootIsVacant ? 1 : 0)..<size where isWanted(records[index]) {
      records[kept] = records[index]
      kept += 1
    }
    size = kept
    rootIsVacant = false
    order()
  }

  @usableFromInline
  mutating func grow() {
    account?.grow(by: capacity * MemoryLayout<EventRecord>.stride)
    let larger = Self.allocate(capacity * 2)
    larger.moveInitialize(from: records, count: size)
    Self.deallocate(records)
    records = larger
    capacity *= 2
  }

  /// Up to so many records the heap stays in the nearest cache beside what events work with.
  @inlinable static var smallSize: Int { 512 }

  /// Bytes before the root, so that record 1 begins a cache line and four siblings are exactly two lines.
  @inlinable static var padding: Int { 64 - MemoryLayout<EventRecord>.stride }

  @usableFromInline
  static func allocate(_ capacity: Int) -> UnsafeMutablePointer<EventRecord> {
    let bytes = padding + capacity * MemoryLayout<EventRecord>.stride
    let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    return (start + padding).bindMemory(to: EventRecord.self, capacity: capacity)
  }

  @usableFromInline
  static func deallocate(_ records: UnsafeMutablePointer<EventRecord>) {
    (UnsafeMutableRawPointer(records) - padding).deallocate()
  }
}
