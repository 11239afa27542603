// SPDX-License-Identifier: GPL-3.0-or-later
import CMemory
import Glibc

/// Room for so many trivial values, with those of the room that it takes the place of; it begins with a cache line.
///
/// The system moves what is large from page to page, so that a room which doubles is never there twice, and lays it into huge
/// pages where it has them.
package func resized<Element: BitwiseCopyable>(
  _ old: UnsafeMutablePointer<Element>?, count: Int
) -> UnsafeMutablePointer<Element> {
  precondition(MemoryLayout<Element>.alignment <= 64, "Rooms begin at multiples of 64 bytes.")
  let bytes = Room.mostFront + max(1, count) * MemoryLayout<Element>.stride
  let old = old.map { Room(start: UnsafeMutableRawPointer($0)) }
  return Room.resized(old, bytes: bytes).start.assumingMemoryBound(to: Element.self)
}

/// Gives a room of `resized` back.
package func giveBack<Element: BitwiseCopyable>(_ room: UnsafeMutablePointer<Element>) {
  free(Room(start: UnsafeMutableRawPointer(room)).memory)
}

/// Memory of the system, and where in it values begin.
private struct Room {
  let start: UnsafeMutableRawPointer

  init(start: UnsafeMutableRawPointer) { self.start = start }

  /// Of memory that has so many bytes, values begin some bytes behind its own start.
  private init(_ memory: UnsafeMutableRawPointer?, front: Int, bytes: Int) {
    guard let memory else { preconditionFailure("The system has no memory left.") }
    if bytes >= leastBytesOfHugePages {
      // What comes of it is a matter of speed alone.
      let begin = UnsafeMutableRawPointer(bitPattern: (UInt(bitPattern: memory) + 4095) & ~4095)
      _ = madvise(begin, bytes - 4095, MADV_HUGEPAGE)
    }
    start = memory + front
    (start - MemoryLayout<Int>.stride).storeBytes(of: front, as: Int.self)
  }

  /// Bytes before the values, in the last of which their number stands.
  private var front: Int { (start - MemoryLayout<Int>.stride).load(as: Int.self) }
  var memory: UnsafeMutableRawPointer { start - front }

  static func resized(_ old: Room?, bytes: Int) -> Room {
    let isMapped = bytes >= leastBytesOfHugePages && largeRoomsAreMapped
    let front = isMapped ? frontOfMapped : mostFront
    if isMapped, let old, old.front == front { return Room(realloc(old.memory, bytes), front: front, bytes: bytes) }
    let room = Room(isMapped ? malloc(bytes) : aligned(bytes), front: front, bytes: bytes)
    if let old {
      memcpy(room.start, old.start, min(Int(bytes_of_room(old.memory)) - old.front, bytes - front))
      free(old.memory)
    }
    return room
  }

  private static func aligned(_ bytes: Int) -> UnsafeMutableRawPointer? {
    var memory: UnsafeMutableRawPointer?
    return posix_memalign(&memory, mostFront, bytes) == 0 ? memory : nil
  }

  /// What the system maps begins 16 bytes behind a page's start.
  private static var frontOfMapped: Int { 48 }
  static var mostFront: Int { 64 }

  /// Has the system give pages of their own to large rooms. Else it takes those that were given back, wherever these begin.
  private static let largeRoomsAreMapped: Bool = map_rooms_from(Int32(leastBytesOfHugePages))
}
