// SPDX-License-Identifier: GPL-3.0-or-later

/// A count for every kind of event.
@usableFromInline
struct KindCounts: ~Copyable {
  @usableFromInline let counts: UnsafeMutablePointer<UInt64>

  @inlinable
  init() {
    counts = .allocate(capacity: EventKind.allCases.count)
    counts.initialize(repeating: 0, count: EventKind.allCases.count)
  }

  @inlinable
  deinit { counts.deallocate() }

  /// The count of a kind.
  @inlinable
  subscript(kind: EventKind) -> UInt64 {
    get { counts[Int(kind.rawValue)] }
    nonmutating set { counts[Int(kind.rawValue)] = newValue }
  }

  /// The sum over all kinds.
  @inlinable
  var total: UInt64 { EventKind.allCases.reduce(0) { $0 + self[$1] } }
}
