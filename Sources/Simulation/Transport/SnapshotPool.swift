// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc
import Quantities

/// The handle of a parameter vector in a `SnapshotPool`.
struct SnapshotHandle: BitwiseCopyable, Equatable {
  let slot: UInt32

  /// The handle of no vector.
  static let none = SnapshotHandle(slot: .max)
}

/// Parameter vectors of one length with counted holders: a broadcast to many neighbours shares one vector.
///
/// Vectors live in chunks that never move, so a pointer stays good while its vector is held. Each chunk has twice as many as
/// the one before, so there are but a few however many vectors there are. In steady state nothing is allocated.
struct SnapshotPool<Scalar: BitwiseCopyable>: ~Copyable {
  /// The first chunk has at most so many bytes, unless one vector has more.
  private static var bytesOfFirstChunk: Int { 4 << 20 }

  /// How many numbers a vector has.
  let length: Int
  /// The first chunk has 2^shift vectors, up to 64.
  private let shift: UInt32
  private let account: GrowthAccount?
  /// Vectors of which the account was told: those of chunks that nobody has touched take no memory yet.
  private var toldCount = 0
  /// The number of holders of each vector.
  private var holders: Pool<UInt32>
  private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
  private var chunkCount = 0
  /// Chunks that together have room for as many vectors as there are handles.
  private static var mostChunks: Int { 32 }
  /// The number of vectors in use.
  private(set) var inUse = 0

  /// - Parameter account: told of all that the pool takes.
  init(length: Int, account: GrowthAccount? = nil) {
    self.length = length
    self.account = account
    holders = Pool(account: account)
    var shift: UInt32 = 6
    while shift > 0, (length * MemoryLayout<Scalar>.stride) << shift > Self.bytesOfFirstChunk { shift -= 1 }
    self.shift = shift
    chunks = .allocate(capacity: Self.mostChunks)
  }

  deinit {
    for index in 0..<chunkCount { free(chunks[index]) }
    chunks.deallocate()
  }

  /// A vector of undefined content with one holder.
  @inline(__always)
  mutating func take() -> SnapshotHandle {
    let slot = holders.take(1)
    if Int(slot) >= toldCount { extend(to: slot) }
    inUse &+= 1
    return SnapshotHandle(slot: slot)
  }

  /// Adds a holder, or several.
  @inline(__always)
  func retain(_ handle: SnapshotHandle, times: UInt32 = 1) {
    assert(holders[handle.slot] > 0, "A snapshot that nobody holds is gone.")
    holders[handle.slot] += times
  }

  /// Takes a holder away; the last one frees the vector.
  @inline(__always)
  mutating func release(_ handle: SnapshotHandle) {
    let left = holders[handle.slot]
    precondition(left > 0, "A snapshot is released once by each of its holders.")
    holders[handle.slot] = left &- 1
    if left == 1 {
      holders.release(handle.slot)
      inUse &-= 1
    }
  }

  /// How many hold a vector.
  func holders(of slot: UInt32) -> UInt32 { holders[slot] }

  /// Whether nobody holds a vector but the one who asks.
  func hasOneHolder(_ handle: SnapshotHandle) -> Bool { holders[handle.slot] == 1 }

  /// Where the numbers of a vector are.
  @inline(__always)
  func values(_ handle: SnapshotHandle) -> UnsafeMutablePointer<Scalar> {
    assert(holders[handle.slot] > 0, "A snapshot that nobody holds is gone.")
    return place(of: handle)
  }

  /// Asks for the number of holders of a vector.
  @inline(__always)
  func prefetchHolders(_ handle: SnapshotHandle) { if handle != .none { holders.prefetch(handle.slot) } }

  /// Where the numbers of a vector are, whether or not somebody holds it; its slot was taken once.
  @inline(__always)
  func place(of handle: SnapshotHandle) -> UnsafeMutablePointer<Scalar> {
    // Numbered from 2^shift on, the vectors of a chunk are those whose highest bit is its own.
    let number = UInt64(handle.slot) &+ 1 &<< UInt64(shift)
    let highest = 63 &- number.leadingZeroBitCount
    let inChunk = Int(truncatingIfNeeded: number) &- 1 &<< highest
    return chunks[highest &- Int(truncatingIfNeeded: shift)] + inChunk &* length
  }

  /// The largest number of vectors that were in use together, and the bytes of each.
  var highWater: Int { holders.highWater }
  var bytesPerVector: Int { length * MemoryLayout<Scalar>.stride + Pool<UInt32>.bytesPerElement }

  /// The holders of all vectors, and the numbers of those that somebody holds.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try holders.visit(&memory)
    try memory.value("vectors in use", &inUse)
    if holders.highWater > toldCount { extend(to: UInt32(holders.highWater - 1)) }
    let held = (0..<UInt32(holders.highWater)).filter { holders[$0] > 0 }
    try memory.rows("vectors", count: held.count, length: length) { values(SnapshotHandle(slot: held[$0])) }
  }

  /// Makes room for a vector and all before it.
  @inline(never)
  private mutating func extend(to slot: UInt32) {
    let first = 1 << Int(shift)
    let needed = (Int(slot) / first + 1) * first
    account?.grow(by: (needed - toldCount) * length * MemoryLayout<Scalar>.stride)
    toldCount = needed
    while (first << chunkCount) - first < needed {
      let bytes = (length * MemoryLayout<Scalar>.stride) * (first << chunkCount)
      (chunks + chunkCount).initialize(
        to: hugePagedMemory(bytes: bytes).bindMemory(to: Scalar.self, capacity: length * (first << chunkCount)))
      chunkCount += 1
    }
  }
}
