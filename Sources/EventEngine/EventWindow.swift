// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The events that come next, sorted: they are taken from its head, and what comes after all of them goes to its tail.
@usableFromInline
struct EventWindow: ~Copyable {
  @usableFromInline var records: UnsafeMutablePointer<EventRecord>
  @usableFromInline var capacity: Int
  @usableFromInline var head = 0
  @usableFromInline var tail = 0
  /// How many records each cell has while some are sorted, and then where its next one belongs.
  private let cells: UnsafeMutablePointer<UInt32>
  private let account: GrowthAccount?

  /// Records that are sorted at once; more only if they are in order as they are.
  static var most: Int { 512 }
  /// Records up to which each is put into its place right away.
  private static var few: Int { 12 }
  /// Records of one cell up to which they are put into order one by one.
  private static var mostOfCell: UInt32 { 24 }

  @usableFromInline
  init(account: GrowthAccount?) {
    self.account = account
    capacity = 64
    records = .allocate(capacity: capacity)
    cells = .allocate(capacity: Self.most)
  }

  @usableFromInline
  deinit {
    records.deallocate()
    cells.deallocate()
  }

  @inlinable @inline(__always)
  var isEmpty: Bool { head == tail }
  @inlinable
  var count: Int { tail - head }

  /// Adds a record that comes after all others.
  @inlinable @inline(__always)
  mutating func append(_ record: EventRecord) {
    if tail == capacity { makeRoom(for: 1) }
    records[tail] = record
    tail &+= 1
  }

  /// Moves what is there to the beginning, or to a larger room.
  @usableFromInline @inline(never)
  mutating func makeRoom(for more: Int) {
    let count = self.count
    if count + more > capacity / 2 {
      let newCapacity = max(2 * capacity, 2 * (count + more))
      account?.grow(by: (newCapacity - capacity) * MemoryLayout<EventRecord>.stride)
      let larger = UnsafeMutablePointer<EventRecord>.allocate(capacity: newCapacity)
      larger.moveInitialize(from: records + head, count: count)
      records.deallocate()
      (records, capacity) = (larger, newCapacity)
    } else {
      records.update(from: records + head, count: count)
    }
    (head, tail) = (0, count)
  }

  // MARK: - Sorting

  /// Adds all records of a bucket, which come after all others.
  ///
  /// - Parameters:
  ///   - chain: at most `most`.
  ///   - start: the first time of the bucket.
  ///   - shift: bits of time that the bucket does not tell apart.
  /// - Returns: whether it did so; it does not where most have nearly the same time and are in no order.
  @inline(__always)
  mutating func append(sorting chain: EventChain, start: UInt64, shift: UInt64) -> Bool {
    if capacity &- tail < chain.count { makeRoom(for: chain.count) }
    if chain.count <= Self.few {
      let end = records + tail
      var place = 0
      chain.forEach { record in
        Self.insert(record, at: place, in: end)
        place &+= 1
      }
      tail &+= chain.count
      return true
    }
    return appendByCells(chain, start: start, shift: shift)
  }

  /// Sorts by times as far as they fall into different cells, about as many as there are records, and then one by one.
  @inline(never)
  private mutating func appendByCells(_ chain: EventChain, start: UInt64, shift: UInt64) -> Bool {
    let bits = UInt64(64 - (chain.count - 1).leadingZeroBitCount)
    let cellShift = shift > bits ? shift - bits : 0
    let cellCount = 1 << Int(min(shift, bits))
    let cells = self.cells
    cells.update(repeating: 0, count: cellCount)
    var largest: UInt32 = 0
    chain.forEach { record in
      let cell = cells + Int(truncatingIfNeeded: (record.time &- start) &>> cellShift)
      cell.pointee &+= 1
      largest = max(largest, cell.pointee)
    }
    if largest > Self.mostOfCell {
      guard chain.facts.isSorted else { return false }
      append(sorted: chain)
      return true
    }
    var position: UInt32 = 0
    for cell in 0..<cellCount {
      let inCell = cells[cell]
      cells[cell] = position
      position &+= inCell
    }
    let end = records + tail
    chain.forEach { record in
      let cell = cells + Int(truncatingIfNeeded: (record.time &- start) &>> cellShift)
      end[Int(cell.pointee)] = record
      cell.pointee &+= 1
    }
    for place in 1..<chain.count { Self.insert(end[place], at: place, in: end) }
    tail &+= chain.count
    return true
  }

  /// Adds all records of a bucket, which come after all others and are in order.
  @inline(never)
  mutating func append(sorted chain: EventChain) {
    if capacity - tail < chain.count { makeRoom(for: chain.count) }
    let end = records + tail
    var place = 0
    chain.forEach { record in
      end[place] = record
      place &+= 1
    }
    tail += chain.count
  }

  /// Writes a record at a place behind sorted ones or, where these are later, further in front.
  @inline(__always)
  private static func insert(_ record: EventRecord, at place: Int, in records: UnsafeMutablePointer<EventRecord>) {
    var vacant = place
    while vacant > 0, record.precedes(records[vacant &- 1]) {
      records[vacant] = records[vacant &- 1]
      vacant &-= 1
    }
    records[vacant] = record
  }

  /// Drops every record that is not wanted.
  mutating func retain(where isWanted: (EventRecord) -> Bool) {
    var kept = 0
    for index in head..<tail where isWanted(records[index]) {
      records[kept] = records[index]
      kept += 1
    }
    (head, tail) = (0, kept)
  }
}
