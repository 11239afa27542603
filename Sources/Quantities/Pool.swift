// SPDX-License-Identifier: GPL-3.0-or-later

/// Trivial values behind integer handles; a freed handle is reused first, while its memory is still in the cache.
///
/// Grows by doubling; in steady state taking and freeing allocate nothing.
@frozen
public struct Pool<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline var free: UnsafeMutablePointer<UInt32>
  @usableFromInline var freeCount = 0
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0

  /// How many handles were ever in use at once; every handle lies below it.
  @inlinable
  public var highWater: Int { used }

  /// Makes an empty pool.
  @inlinable
  public init(capacity: Int = 64) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
    free = .allocate(capacity: self.capacity)
  }

  @inlinable
  deinit {
    base.deallocate()
    free.deallocate()
  }

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
    free[freeCount] = handle
    freeCount &+= 1
  }

  /// The value behind a handle.
  @inlinable
  public subscript(handle: UInt32) -> Element {
    get { base[Int(handle)] }
    nonmutating _modify { yield &base[Int(handle)] }
  }

  @usableFromInline
  mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: base, count: used)
    base.deallocate()
    base = larger
    let moreFree = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
    moreFree.moveInitialize(from: free, count: freeCount)
    free.deallocate()
    free = moreFree
    capacity *= 2
  }
}
