// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Records of one span of time, in no order but that in which they came: a chain of blocks.
@usableFromInline
struct EventBucket: BitwiseCopyable {
  /// Where the next record is written, if the last block has room. The last block is linked with the first.
  @usableFromInline var next: UnsafeMutablePointer<EventRecord>?
  /// Records for which the last block has room.
  @usableFromInline var room: UInt32
  @usableFromInline var count: UInt32

  @inlinable
  init() {
    next = nil
    room = 0
    count = 0
  }

  /// The last block of a bucket that is not empty.
  @inlinable @inline(__always)
  var last: UnsafeMutablePointer<EventRecord> { next.unsafelyUnwrapped - EventBlocks.stride + Int(room) }
}

/// Pending events that are some while away, sorted no finer than they must be.
///
/// A time is read as a number of nine digits of eight bits, and the highest digit in which it differs from a *horizon*,
/// which no event here comes before, is the rung on which its record lies; its own digit there is its bucket. So every
/// record of a lower rung comes before every one of a higher one, a bucket of one rung is as wide as all of the rung
/// below, and near times are told apart finely and distant ones coarsely, whatever the law of delays: nothing has to be
/// guessed. When the first bucket is due and has many records, it is split over the rungs below. A record so moves a few times
/// at most, always to the end of some block, and what it moves through is read and written in order.
///
/// *Complexity*: inserting O(1); all moves of one record O(log of its delay). Source: Ahuja, Mehlhorn, Orlin and Tarjan,
/// "Faster algorithms for the shortest path problem", JACM 37 (1990), whose radix heaps have one bit per digit; Tang, Goh and
/// Thng, "Ladder queue", ACM TOMACS 15 (2005), for splitting only what is due.
@usableFromInline
struct EventLadder: ~Copyable {
  /// Nine rungs of 256 buckets; nothing until there is something in them.
  @usableFromInline var buckets: UnsafeMutablePointer<EventBucket>?
  /// A bit for every bucket that is not empty, four words to a rung.
  @usableFromInline var maps: UnsafeMutablePointer<UInt64>?
  /// A bit for every rung that is not empty.
  @usableFromInline var rungs: UInt64 = 0
  /// Records in all buckets.
  @usableFromInline var count = 0
  /// Bits by which the lowest digit is shorter than the others, 0 … 7: it chooses the widths of buckets.
  @usableFromInline var offset: UInt64 = 0
  @usableFromInline var blocks: EventBlocks

  @inlinable static var rungCount: Int { 9 }
  @inlinable static var bucketsPerRung: Int { 256 }

  @usableFromInline
  init(account: GrowthAccount?) { blocks = EventBlocks(account: account) }

  @usableFromInline
  deinit {
    buckets?.deallocate()
    maps?.deallocate()
  }

  /// Makes the buckets, before the first record is inserted.
  @usableFromInline
  mutating func prepare() {
    guard buckets == nil else { return }
    let bucketCount = Self.rungCount * Self.bucketsPerRung
    let buckets = UnsafeMutablePointer<EventBucket>.allocate(capacity: bucketCount)
    buckets.initialize(repeating: EventBucket(), count: bucketCount)
    let maps = UnsafeMutablePointer<UInt64>.allocate(capacity: bucketCount / 64)
    maps.initialize(repeating: 0, count: bucketCount / 64)
    (self.buckets, self.maps) = (buckets, maps)
  }

  // MARK: - Inserting

  /// Inserts a record that is not before a horizon.
  @inlinable @inline(__always)
  mutating func insert(_ record: EventRecord, after horizon: UInt64) {
    let highest = UInt64(truncatingIfNeeded: 63 &- ((record.time ^ horizon) | 1).leadingZeroBitCount) &+ offset
    let base = highest & ~7
    let shift = base &- min(base, offset)
    append(record, to: Int(truncatingIfNeeded: base &<< 5 | (record.time &>> shift) & 255))
  }

  /// Adds a record to a bucket.
  @inlinable @inline(__always)
  mutating func append(_ record: EventRecord, to index: Int) {
    let bucket = buckets.unsafelyUnwrapped + index
    if bucket.pointee.room == 0 { extend(index) }
    let place = bucket.pointee.next.unsafelyUnwrapped
    place.pointee = record
    bucket.pointee.next = place + 1
    bucket.pointee.room &-= 1
    bucket.pointee.count &+= 1
    count &+= 1
  }

  /// Gives a bucket one more block.
  @inlinable
  mutating func extend(_ index: Int) {
    let bucket = buckets.unsafelyUnwrapped + index
    let block = blocks.take()
    if bucket.pointee.count == 0 {
      EventBlocks.setLink(block, block)
      maps.unsafelyUnwrapped[index >> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
      rungs |= 1 &<< UInt64(truncatingIfNeeded: index >> 8)
    } else {
      let last = bucket.pointee.last
      EventBlocks.setLink(block, EventBlocks.link(last))
      EventBlocks.setLink(last, block)
    }
    bucket.pointee.next = block + 1
    bucket.pointee.room = UInt32(EventBlocks.recordsPerBlock)
  }

  // MARK: - What is first

  /// The first bucket of a ladder that is not empty.
  @inline(__always)
  var first: Int {
    let rung = rungs.trailingZeroBitCount
    let words = maps.unsafelyUnwrapped + 4 &* rung
    var word = 0
    while words[word] == 0 { word &+= 1 }
    return rung &<< 8 | word &<< 6 | words[word].trailingZeroBitCount
  }

  /// Bits of time that a bucket of a rung does not tell apart.
  @inline(__always)
  func shift(of index: Int) -> UInt64 {
    let base = UInt64(truncatingIfNeeded: index >> 8) &<< 3
    return base &- min(base, offset)
  }

  /// The first time that belongs to a bucket.
  @inline(__always)
  func start(of index: Int, after horizon: UInt64) -> UInt64 {
    let shift = shift(of: index)
    return ((horizon &>> shift) & ~255 | UInt64(truncatingIfNeeded: index & 255)) &<< shift
  }

  /// Makes a bucket that is not empty so, and hands its records over.
  @inline(__always)
  mutating func take(_ index: Int) -> EventChain {
    let bucket = buckets.unsafelyUnwrapped + index
    let chain = EventChain(bucket.pointee)
    count &-= chain.count
    bucket.pointee = EventBucket()
    let words = maps.unsafelyUnwrapped + (index >> 8) &* 4
    words[(index >> 6) & 3] &= ~(1 &<< UInt64(truncatingIfNeeded: index & 63))
    if words[0] | words[1] | words[2] | words[3] == 0 { rungs &= ~(1 &<< UInt64(truncatingIfNeeded: index >> 8)) }
    return chain
  }
}
