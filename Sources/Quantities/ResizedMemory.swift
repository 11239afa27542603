// SPDX-License-Identifier: GPL-3.0-or-later
import CMemory
import Glibc

/// Room for so many trivial values, with those of the room that it takes the place of.
///
/// The system moves what is large from page to page, so that a room which doubles is never there twice. What is large begins
/// with a cache line, and lies in huge pages where the system has them.
package func resized<Element: BitwiseCopyable>(
  _ old: UnsafeMutablePointer<Element>?, count: Int
) -> UnsafeMutablePointer<Element> {
  precondition(MemoryLayout<Element>.alignment <= 16, "Memory of the system begins at multiples of 16 bytes.")
  let bytes = front + max(1, count) * MemoryLayout<Element>.stride
  let isLarge = bytes >= leastBytesOfHugePages && largeRoomsAreMapped
  guard let memory = realloc(old.map { UnsafeMutableRawPointer($0) - front }, bytes) else {
    preconditionFailure("The system has no memory left.")
  }
  if isLarge {
    // What comes of it is a matter of speed alone.
    let begin = UnsafeMutableRawPointer(bitPattern: (UInt(bitPattern: memory) + 4095) & ~4095)
    _ = madvise(begin, bytes - 4095, MADV_HUGEPAGE)
  }
  return (memory + front).assumingMemoryBound(to: Element.self)
}

/// Has the system give pages of their own to large rooms. Else it takes those that were given back, wherever these begin: then
/// what has the size of a cache line lies in two.
private let largeRoomsAreMapped: Bool = map_rooms_from(Int32(leastBytesOfHugePages))

/// Bytes before a room: large rooms of the system begin 16 bytes behind a page's start.
private var front: Int { 48 }

/// Gives a room of `resized` back.
package func giveBack<Element: BitwiseCopyable>(_ memory: UnsafeMutablePointer<Element>) {
  free(UnsafeMutableRawPointer(memory) - front)
}
