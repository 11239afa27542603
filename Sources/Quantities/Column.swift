// SPDX-License-Identifier: GPL-3.0-or-later

import Glibc

/// A fixed number of trivial values in a row, owned by one place.
///
/// Hot loops read and write these without reference counts, exclusivity checks or bounds checks in release builds,
/// which an `Array` in a class or in a copied struct does not promise.
@frozen
public struct Column<Element: BitwiseCopyable>: ~Copyable {
  /// The first value.
  public let base: UnsafeMutablePointer<Element>
  /// How many values there are.
  public let count: Int

  /// Makes a column of `count` equal values.
  @inlinable
  public init(repeating value: Element, count: Int) {
    base = Self.room(for: count)
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  /// Makes a column of the values of a collection.
  @inlinable
  public init(_ values: some Collection<Element>) {
    count = values.count
    base = Self.room(for: count)
    for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
  }

  @inlinable
  deinit { Self.giveBack(base) }

  @usableFromInline
  static func room(for count: Int) -> UnsafeMutablePointer<Element> {
    precondition(MemoryLayout<Element>.alignment <= 64, "Columns begin at multiples of 64 bytes.")
    return hugePagedMemory(bytes: count * MemoryLayout<Element>.stride).bindMemory(to: Element.self, capacity: count)
  }

  @usableFromInline
  static func giveBack(_ base: UnsafeMutablePointer<Element>) { free(base) }

  /// The value at a position.
  @inlinable
  public subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < count, "A position lies inside its column.")
      return base[index]
    }
    nonmutating _modify {
      assert(index >= 0 && index < count, "A position lies inside its column.")
      yield &base[index]
    }
  }
}
