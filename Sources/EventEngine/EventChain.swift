// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The blocks of a bucket, with its records in the order in which they came.
@usableFromInline
struct EventChain {
  let first: UnsafeMutablePointer<EventRecord>
  let last: UnsafeMutablePointer<EventRecord>
  /// Records of the last block; all others are full.
  let inLast: Int
  let count: Int

  /// The blocks of a bucket that is not empty.
  @inline(__always)
  init(_ bucket: EventBucket) {
    last = bucket.last
    first = EventBlocks.link(last).unsafelyUnwrapped
    inLast = EventBlocks.recordsPerBlock - Int(bucket.room)
    count = Int(bucket.count)
  }

  /// Hands over block after block: what it is, its first record and how many it has. It may be given back at once.
  @inline(__always)
  func forEachBlock(
    _ body: (_ block: UnsafeMutablePointer<EventRecord>, _ records: UnsafeMutablePointer<EventRecord>, _ count: Int) ->
      Void
  ) {
    var block = first
    while block != last {
      let next = EventBlocks.link(block).unsafelyUnwrapped
      // While one block is worked on, the next one comes.
      var line = 0
      while line < EventBlocks.stride {
        prefetchLine(of: next + line)
        line &+= 2
      }
      body(block, block + 1, EventBlocks.recordsPerBlock)
      block = next
    }
    body(last, last + 1, inLast)
  }

  /// The first and the last time, and whether records are in order as they came; ties are.
  var facts: (earliest: UInt64, latest: UInt64, isSorted: Bool) {
    var (earliest, latest, isSorted) = (UInt64.max, UInt64.zero, true)
    var before = first[1]
    forEach { record in
      earliest = min(earliest, record.time)
      latest = max(latest, record.time)
      isSorted = isSorted && !record.precedes(before)
      before = record
    }
    return (earliest, latest, isSorted)
  }

  /// Hands over record after record.
  @inline(__always)
  func forEach(_ body: (EventRecord) -> Void) {
    forEachBlock { _, records, count in
      for index in 0..<count { body(records[index]) }
    }
  }
}

extension EventBlocks {
  /// Gives all blocks of a chain back.
  @inline(__always)
  mutating func giveBack(_ chain: EventChain) {
    Self.setLink(chain.last, firstFree)
    firstFree = chain.first
  }
}
