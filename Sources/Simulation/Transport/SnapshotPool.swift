// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The handle of a parameter vector in a `SnapshotPool`.
struct SnapshotHandle: BitwiseCopyable, Equatable {
  let slot: UInt32

  /// The handle of no vector.
  static let none = SnapshotHandle(slot: .max)
}

/// Parameter vectors of one length with counted holders: a broadcast to many neighbours shares one vector.
///
/// Vectors live in chunks that never move, so a pointer stays good while its vector is held. In steady state nothing
/// is allocated.
struct SnapshotPool<Scalar: BitwiseCopyable>: ~Copyable {
  /// A chunk has at most so many bytes, unless one vector has more.
  private static var bytesPerChunk: Int { 4 << 20 }

  /// How many numbers a vector has.
  let length: Int
  /// A chunk has 2^shift vectors, up to 64.
  private let shift: UInt32
  private let account: GrowthAccount?
  /// The number of holders of each vector.
  private var holders: Pool<UInt32>
  private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
  private var chunkCount = 0
  private var chunkCapacity = 16
  /// The number of vectors in use.
  private(set) var inUse = 0

  /// - Parameter account: told of all that the pool takes.
  init(length: Int, account: GrowthAccount? = nil) {
    self.length = length
    self.account = account
    holders = Pool(account: account)
    var shift: UInt32 = 6
    while shift > 0, (length * MemoryLayout<Scalar>.stride) << shift > Self.bytesPerChunk { shift -= 1 }
    self.shift = shift
    chunks = .allocate(capacity: chunkCapacity)
  }

  deinit {
    for index in 0..<chunkCount { chunks[index].deallocate() }
    chunks.deallocate()
  }

  /// A vector of undefined content with one holder.
  @inline(__always)
  mutating func take() -> SnapshotHandle {
    let slot = holders.take(1)
    if Int(slot &>> shift) >= chunkCount { addChunk() }
    inUse &+= 1
    return SnapshotHandle(slot: slot)
  }

  /// Adds a holder.
  @inline(__always)
  func retain(_ handle: SnapshotHandle) {
    assert(holders[handle.slot] > 0, "A snapshot that nobody holds is gone.")
    holders[handle.slot] += 1
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

  /// Whether nobody holds a vector but the one who asks.
  func hasOneHolder(_ handle: SnapshotHandle) -> Bool { holders[handle.slot] == 1 }

  /// Where the numbers of a vector are.
  @inline(__always)
  func values(_ handle: SnapshotHandle) -> UnsafeMutablePointer<Scalar> {
    assert(holders[handle.slot] > 0, "A snapshot that nobody holds is gone.")
    let inChunk = handle.slot & (1 &<< shift &- 1)
    return chunks[Int(handle.slot &>> shift)] + Int(inChunk) &* length
  }

  /// The largest number of vectors that were in use together, and the bytes of each.
  var highWater: Int { holders.highWater }
  var bytesPerVector: Int { length * MemoryLayout<Scalar>.stride + Pool<UInt32>.bytesPerElement }

  /// The holders of all vectors, and the numbers of those that somebody holds.
  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try holders.visit(&memory)
    try memory.value("vectors in use", &inUse)
    while chunkCount << Int(shift) < holders.highWater { addChunk() }
    let held = (0..<UInt32(holders.highWater)).filter { holders[$0] > 0 }
    try memory.rows("vectors", count: held.count, length: length) { values(SnapshotHandle(slot: held[$0])) }
  }

  private mutating func addChunk() {
    account?.grow(by: (length * MemoryLayout<Scalar>.stride) << shift)
    if chunkCount == chunkCapacity {
      let more = UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>.allocate(capacity: chunkCapacity * 2)
      more.moveInitialize(from: chunks, count: chunkCount)
      chunks.deallocate()
      chunks = more
      chunkCapacity *= 2
    }
    (chunks + chunkCount).initialize(to: .allocate(capacity: length << Int(shift)))
    chunkCount += 1
  }
}
