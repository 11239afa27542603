// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc
import Quantities

/// Room for records in blocks of 29, which buckets take one after the other and give back as chains.
///
/// A block is 30 records: the first is not one, but has in its place of the time the address of another block. So a block
/// is 15 cache lines, and as that is an odd number, first lines of blocks are spread over all sets of a cache.
@usableFromInline
struct EventBlocks: ~Copyable {
  /// The block given back last.
  @usableFromInline var firstFree: UnsafeMutablePointer<EventRecord>?
  /// What was never used of the newest chunk.
  @usableFromInline var fresh: UnsafeMutablePointer<EventRecord>?
  @usableFromInline var freshCount = 0
  private var chunks: [UnsafeMutableRawPointer] = []
  private var blockCount = 0
  private let account: GrowthAccount?

  /// Records that a block has room for.
  @inlinable static var recordsPerBlock: Int { 29 }
  /// The same with the one for the link.
  @inlinable static var stride: Int { 30 }

  @usableFromInline
  init(account: GrowthAccount?) { self.account = account }

  @usableFromInline
  deinit { for chunk in chunks { free(chunk) } }

  /// The block that a block is linked with.
  @inlinable @inline(__always)
  static func link(_ block: UnsafeMutablePointer<EventRecord>) -> UnsafeMutablePointer<EventRecord>? {
    UnsafeMutablePointer(bitPattern: UInt(block.pointee.time))
  }

  @inlinable @inline(__always)
  static func setLink(_ block: UnsafeMutablePointer<EventRecord>, _ other: UnsafeMutablePointer<EventRecord>?) {
    block.pointee.time = UInt64(UInt(bitPattern: other))
  }

  /// Takes a block.
  @inlinable @inline(__always)
  mutating func take() -> UnsafeMutablePointer<EventRecord> {
    guard let block = firstFree else { return takeFresh() }
    firstFree = Self.link(block)
    return block
  }

  /// Gives a block back.
  @inlinable @inline(__always)
  mutating func giveBack(_ block: UnsafeMutablePointer<EventRecord>) {
    Self.setLink(block, firstFree)
    firstFree = block
  }

  @usableFromInline @inline(never)
  mutating func takeFresh() -> UnsafeMutablePointer<EventRecord> {
    if freshCount == 0 { grow() }
    guard let block = fresh else { preconditionFailure("A chunk has blocks.") }
    fresh = block + Self.stride
    freshCount -= 1
    return block
  }

  /// Doubles the room.
  private mutating func grow() {
    let count = max(64, blockCount)
    let bytes = count * Self.stride * MemoryLayout<EventRecord>.stride
    account?.grow(by: bytes)
    let chunk = hugePagedMemory(bytes: bytes)
    chunks.append(chunk)
    fresh = chunk.bindMemory(to: EventRecord.self, capacity: count * Self.stride)
    (freshCount, blockCount) = (count, blockCount + count)
  }
}
