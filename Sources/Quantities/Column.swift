// SPDX-License-Identifier: GPL-3.0-or-later

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
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  /// Makes a column of the values of a collection.
  @inlinable
  public init(_ values: some Collection<Element>) {
    count = values.count
    base = .allocate(capacity: max(1, count))
    for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
  }

  @inlinable
  deinit { base.deallocate() }

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
