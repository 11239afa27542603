// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The pending events, in three parts by a *horizon*.
///
///     now ─────────────── horizon ──────────────────────────────▶ time
///       window (sorted)      │ ladder (buckets, wider and wider)
///       heap (what came in between)
///
/// What is due up to the horizon is in the window, sorted, or in the heap, if it was scheduled later and does not belong
/// behind all of the window; the earlier of both heads is next. What is due after it waits in the ladder. Before the window is
/// empty, the first buckets of the ladder are put behind it and the horizon moves on to the next one. When the heap gets too
/// large, the horizon goes back to the present, and what is after it goes to the ladder.
///
/// With few events the horizon is at infinity, and all are in the heap; or in the window, if each comes after the one before
/// as with constant delays. Where events are has no influence on their order.
@usableFromInline
struct EventQueue: ~Copyable {
  @usableFromInline var heap: EventHeap
  @usableFromInline var window: EventWindow
  @usableFromInline var ladder: EventLadder
  /// The last time before those of the ladder.
  @usableFromInline var horizon = UInt64.max
  /// The latest time from which records of the ladder had their places: all have these as seen from any time between it
  /// and their buckets.
  private var base: UInt64 = 0
  /// Records in all parts, stale ones among them.
  @usableFromInline var count = 0
  /// Records of the heap above which the horizon goes back.
  @usableFromInline var heapLimit: Int
  /// Where in the window its head has to be for the window to be filled up again, so that there is always a next event to
  /// see; beyond the window where the ladder has nothing for it.
  @usableFromInline var topUpAt = Int.max
  /// What `heapLimit` is unless events of one instant do not let the horizon go back.
  private let usualHeapLimit: Int

  /// - Parameter heapLimit: events up to which a heap is as good as the ladder.
  @usableFromInline
  init(capacity: Int, account: GrowthAccount?, heapLimit: Int = Self.usualHeapLimit) {
    heap = EventHeap(capacity: capacity, account: account)
    window = EventWindow(account: account)
    ladder = EventLadder(account: account)
    self.heapLimit = heapLimit
    usualHeapLimit = heapLimit
  }

  /// Events up to which a heap is as good as the ladder.
  @usableFromInline static var usualHeapLimit: Int { 512 }

  // MARK: - One by one

  /// Adds a record.
  @inlinable @inline(__always)
  mutating func insert(_ record: EventRecord) {
    count &+= 1
    if record.time > horizon {
      ladder.insert(record, after: horizon)
    } else if heap.rootIsVacant {
      heap.insert(record)
    } else {
      insertNear(record)
    }
  }

  @inlinable
  mutating func insertNear(_ record: EventRecord) {
    if window.isEmpty ? heap.size == 0 : !record.precedes(window.records[window.tail &- 1]) {
      window.append(record)
    } else {
      heap.insert(record)
      if heap.size > heapLimit { narrow() }
    }
  }

  /// Removes and returns the first record, or nothing if there is none up to a time.
  @inlinable @inline(__always)
  mutating func popFirst(until limit: UInt64) -> EventRecord? {
    if heap.rootIsVacant { heap.fillRoot() }
    if window.head >= topUpAt { topUp() }
    if window.isEmpty, heap.size == 0, !refill() { return nil }
    guard heap.size == 0 || (!window.isEmpty && window.records[window.head].precedes(heap.records[0])) else {
      let first = heap.records[0]
      guard first.time <= limit else { return nil }
      heap.rootIsVacant = true
      count &-= 1
      return first
    }
    let first = window.records[window.head]
    guard first.time <= limit else { return nil }
    window.head &+= 1
    count &-= 1
    return first
  }

  // MARK: - The horizon

  /// Moves the horizon on, when nothing is left before it.
  ///
  /// - Returns: whether there is anything.
  @usableFromInline @inline(never)
  mutating func refill() -> Bool {
    guard ladder.count > 0 else {
      moveHorizon()
      return false
    }
    heapLimit = usualHeapLimit
    if ladder.count <= usualHeapLimit / 4 {
      takeAll()
      return true
    }
    window.head = 0
    window.tail = 0
    fill(upTo: max(1, min(Self.goal, ladder.count >> 5)))
    return true
  }

  /// Adds to what is left in the window.
  @usableFromInline @inline(never)
  mutating func topUp() {
    topUpAt = .max
    // What is left is due before all of the ladder; with few events the heap would have most of them.
    guard ladder.count > usualHeapLimit / 4 else { return }
    fill(upTo: max(1, min(Self.goal, ladder.count >> 5)))
  }

  /// Moves the first buckets of the ladder into the window, until it has so many events.
  private mutating func fill(upTo goal: Int) {
    let most = max(16, min(EventWindow.most, ladder.count >> 4))
    var isSorted = true
    while isSorted, window.count < goal, ladder.count > 0 {
      let index = ladder.first
      guard Int(ladder.buckets.unsafelyUnwrapped[index].count) > most else {
        let (start, shift) = (ladder.start(of: index, after: base), ladder.shift(of: index))
        let chain = ladder.take(index)
        isSorted = window.append(sorting: chain, start: start, shift: shift)
        if !isSorted { heapify(chain) }
        ladder.blocks.giveBack(chain)
        continue
      }
      if !window.isEmpty { break }
      let chain = ladder.take(index)
      let facts = chain.facts
      if facts.earliest < facts.latest {
        split(chain, after: facts.earliest)
        continue
      }
      isSorted = facts.isSorted
      if isSorted { window.append(sorted: chain) } else { heapify(chain) }
      ladder.blocks.giveBack(chain)
      break
    }
    moveHorizon()
    let first = ladder.count > 0 ? max(window.tail - Self.lookahead, window.head + 1) : Int.max
    topUpAt = first < window.tail ? first : .max
  }

  /// Moves the horizon to the last time before the first bucket of the ladder.
  ///
  /// Seen from there, records have the same places as seen from the base.
  @inline(__always)
  private mutating func moveHorizon() {
    if ladder.count == 0 {
      horizon = .max
      base = 0
    } else {
      horizon = ladder.start(of: ladder.first, after: base) &- 1
    }
  }

  /// Events that the window has at least after it was filled, where there are many.
  static var goal: Int { 64 }

  /// Events that the window has at least, where the ladder has small buckets: who looks ahead looks no further.
  static var lookahead: Int { 32 }

  /// Inserts the records of a bucket again, as seen from the first of their times.
  @inline(never)
  private mutating func split(_ chain: EventChain, after earliest: UInt64) {
    base = earliest
    chain.forEachBlock { block, records, count in
      for index in 0..<count { ladder.insert(records[index], after: earliest) }
      ladder.blocks.giveBack(block)
    }
  }

  /// Puts the records of a bucket, which are in no order, into the heap.
  @inline(never)
  private mutating func heapify(_ chain: EventChain) {
    chain.forEach { heap.append($0) }
    heap.order()
    heapLimit = max(usualHeapLimit, 2 * heap.size)
  }

  /// Moves the horizon back, to the first event if it can, as too much has come before it.
  @usableFromInline @inline(never)
  mutating func narrow() {
    ladder.prepare()
    if heap.rootIsVacant { heap.fillRoot() }
    var earliest = heap.records[0].time
    if !window.isEmpty { earliest = min(earliest, window.records[window.head].time) }
    // Before the base nothing can be told apart without moving all of the ladder.
    earliest = max(earliest, base)
    base = earliest
    if ladder.count == 0 { ladder.offset = offset(after: earliest) }
    // Of the window the first instant stays, and of the heap, too.
    var tail = window.tail
    while tail > window.head, window.records[tail - 1].time > earliest { tail -= 1 }
    for index in tail..<window.tail { ladder.insert(window.records[index], after: earliest) }
    window.tail = tail
    var kept = 0
    for index in 0..<heap.size {
      let record = heap.records[index]
      if record.time > earliest {
        ladder.insert(record, after: earliest)
      } else {
        heap.records[kept] = record
        kept += 1
      }
    }
    heap.size = kept
    heap.order()
    heapLimit = max(usualHeapLimit, 2 * kept)
    moveHorizon()
  }

  /// The offset with which the median of the delays is nearly as long as a digit lets it be: so most events are first put
  /// into one of some dozens of buckets, whatever the unit of time, and few into the next higher rung.
  private func offset(after earliest: UInt64) -> UInt64 {
    var lengths = SIMD64<UInt32>()
    var total: UInt32 = 0
    func note(_ time: UInt64) {
      guard time > earliest else { return }
      lengths[63 - (time - earliest).leadingZeroBitCount] &+= 1
      total &+= 1
    }
    for index in 0..<heap.size { note(heap.records[index].time) }
    for index in window.head..<window.tail { note(window.records[index].time) }
    var (length, shorter): (Int, UInt32) = (0, 0)
    while length < 63, shorter + lengths[length] <= total / 2 {
      shorter += lengths[length]
      length += 1
    }
    // The highest bit of the median is to be the third highest of its digit.
    return UInt64(truncatingIfNeeded: (5 - length) & 7)
  }

  // MARK: - All at once

  /// Moves all records into the heap, and the horizon to infinity.
  ///
  /// *Complexity*: O(n).
  @usableFromInline @inline(never)
  mutating func takeAll() {
    if heap.rootIsVacant { heap.fillRoot() }
    for index in window.head..<window.tail { heap.append(window.records[index]) }
    window.head = 0
    window.tail = 0
    while ladder.count > 0 {
      let chain = ladder.take(ladder.first)
      chain.forEach { heap.append($0) }
      ladder.blocks.giveBack(chain)
    }
    heap.order()
    moveHorizon()
  }

  /// Drops every record that is not wanted.
  ///
  /// *Complexity*: O(n).
  @usableFromInline
  mutating func retain(where isWanted: (EventRecord) -> Bool) {
    heap.retain(where: isWanted)
    window.retain(where: isWanted)
    if ladder.count > 0 { ladder.retain(where: isWanted) }
    count = heap.size + window.count + ladder.count
  }
}

extension EventLadder {
  /// Drops every record that is not wanted; the others stay where they are.
  fileprivate mutating func retain(where isWanted: (EventRecord) -> Bool) {
    for index in 0..<Self.rungCount * Self.bucketsPerRung where buckets.unsafelyUnwrapped[index].count > 0 {
      let chain = take(index)
      chain.forEachBlock { block, records, count in
        for place in 0..<count where isWanted(records[place]) { append(records[place], to: index) }
        blocks.giveBack(block)
      }
    }
  }
}
