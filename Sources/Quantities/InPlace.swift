// SPDX-License-Identifier: GPL-3.0-or-later
import Synchronization

/// A field that makes the large noncopyable struct that has it stay where it is while methods borrow it.
///
/// The compiler hands a borrowed struct over in registers, and one with more fields than registers in a copy on the
/// stack, bit by bit, at every call. A struct that contains an atomic has an address that matters, so it is handed over
/// by its address. The number itself means nothing.
///
/// A struct with columns whose mutating methods change single values (`column[index] += 1`) needs it as well: without an
/// address of its own, the compiler (6.3) crashes on it under ThreadSanitizer.
package struct InPlace: ~Copyable, Sendable {
  private let anchor = Atomic<UInt8>(0)

  package init() {}
}
