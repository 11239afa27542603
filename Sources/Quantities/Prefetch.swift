// SPDX-License-Identifier: GPL-3.0-or-later
import CMemory

/// Asks memory for the cache line of an address, which need not be valid.
@inlinable @inline(__always)
public func prefetchLine(of address: UnsafeRawPointer) { cache_prefetch(address) }

/// Asks memory for all cache lines of so many bytes.
@inlinable @inline(__always)
public func prefetchLines(of start: UnsafeRawPointer, bytes: Int) {
  var offset = 0
  while offset < bytes {
    cache_prefetch(start + offset)
    offset &+= 64
  }
  cache_prefetch(start + max(0, bytes &- 1))
}
