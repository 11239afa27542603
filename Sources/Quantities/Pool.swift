// SPDX-License-Identifier: GPL-3.0-or-later

/// Trivial values behind integer handles; a freed handle is reused first, while its memory is still in the cache.
///
/// Grows by doubling, in place where the system can; in steady state taking and freeing allocate nothing.
@frozen
public struct Pool<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline var free: UnsafeMutablePointer<UInt32>
  @usableFromInline var freeCount = 0
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0
  private let account: GrowthAccount?

  /// How many handles were ever in use at once; every handle lies below it.
  @inlinable
  public var highWater: Int { used }

  /// Makes an empty pool.
  ///
  /// - Parameter account: told of all that the pool takes.
  public init(capacity: Int = 64, account: GrowthAccount? = nil) {
    self.capacity = max(1, capacity)
    self.account = account
    account?.grow(by: self.capacity * Self.bytesPerElement)
    base = resized(nil, count: self.capacity)
    free = resized(nil, count: self.capacity)
  }

  deinit {
    giveBack(base)
    giveBack(free)
  }

  /// Of an element and of its handle while it is free.
  public static var bytesPerElement: Int { MemoryLayout<Element>.stride + MemoryLayout<UInt32>.stride }

  /// Stores a value and gives its handle.
  @inlinable @inline(__always)
  public mutating func take(_ value: Element) -> UInt32 {
    guard freeCount > 0 else { return append(value) }
    freeCount &-= 1
    let handle = free[freeCount]
    base[Int(handle)] = value
    return handle
  }

  /// A handle whose value is undefined; large values are written part by part faster than copied.
  @inlinable @inline(__always)
  public mutating func takeUndefined(orElse value: @autoclosure () -> Element) -> UInt32 {
    guard freeCount > 0 else { return append(value()) }
    freeCount &-= 1
    return free[freeCount]
  }

  @inlinable @inline(never)
  mutating func append(_ value: Element) -> UInt32 {
    if used == capacity { grow() }
    (base + used).initialize(to: value)
    used += 1
    return UInt32(used - 1)
  }

  /// Gives a handle back.
  @inlinable @inline(__always)
  public mutating func release(_ handle: UInt32) {
    assert(Int(handle) < used && freeCount < used, "What is given back was taken.")
    free[freeCount] = handle
    freeCount &+= 1
  }

  /// The value behind a handle.
  @inlinable
  public subscript(handle: UInt32) -> Element {
    get {
      assert(Int(handle) < used, "A handle was taken from its pool.")
      return base[Int(handle)]
    }
    nonmutating _modify {
      assert(Int(handle) < used, "A handle was taken from its pool.")
      yield &base[Int(handle)]
    }
  }

  /// Asks memory for the value behind a handle.
  @inlinable @inline(__always)
  public func prefetch(_ handle: UInt32) { prefetchLine(of: base + Int(handle)) }

  @usableFromInline
  mutating func grow() {
    account?.grow(by: capacity * Self.bytesPerElement)
    capacity *= 2
    base = resized(base, count: capacity)
    free = resized(free, count: capacity)
  }
}

extension Pool {
  /// All values, those of free handles included, and which handles are free, in the order in which they are taken.
  package mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    used = try memory.count("handles", used, ofSize: MemoryLayout<Element>.stride)
    while capacity < used { grow() }
    try memory.values("values", base, count: used)
    freeCount = try memory.count("free handles", freeCount, ofSize: MemoryLayout<UInt32>.stride)
    guard freeCount <= used else { throw RunMemoryFault("more handles are free than there are") }
    try memory.values("free", free, count: freeCount)
    guard (0..<freeCount).allSatisfy({ free[$0] < used }) else { throw RunMemoryFault("a handle is free beyond all") }
  }
}
