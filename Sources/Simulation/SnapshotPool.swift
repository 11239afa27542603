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
  private static var vectorsPerChunk: Int { 64 }

  /// How many numbers a vector has.
  let length: Int
  /// The number of holders of each vector.
  private var holders = Pool<UInt32>()
  private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
  private var chunkCount = 0
  private var chunkCapacity = 16
  /// The number of vectors in use.
  private(set) var inUse = 0

  init(length: Int) {
    self.length = length
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
    if Int(slot) >= chunkCount &* Self.vectorsPerChunk { addChunk() }
    inUse &+= 1
    return SnapshotHandle(slot: slot)
  }

  /// Adds a holder.
  @inline(__always)
  func retain(_ handle: SnapshotHandle) { holders[handle.slot] += 1 }

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
    let slot = UInt(handle.slot)
    let chunk = UInt(Self.vectorsPerChunk)
    return chunks[Int(slot / chunk)] + Int(slot % chunk) &* length
  }

  private mutating func addChunk() {
    if chunkCount == chunkCapacity {
      let more = UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>.allocate(capacity: chunkCapacity * 2)
      more.moveInitialize(from: chunks, count: chunkCount)
      chunks.deallocate()
      chunks = more
      chunkCapacity *= 2
    }
    (chunks + chunkCount).initialize(to: .allocate(capacity: Self.vectorsPerChunk * length))
    chunkCount += 1
  }
}
