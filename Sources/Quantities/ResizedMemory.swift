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

  /// Bytes before the values, in the last of which their number stands: 16 to 64, as memory begins at multiples of 16.
  private var front: Int { (start - MemoryLayout<Int>.stride).load(as: Int.self) }
  var memory: UnsafeMutableRawPointer { start - front }

  static func resized(_ old: Room?, bytes: Int) -> Room {
    let had = old.map { Int(bytes_of_room($0.memory)) } ?? 0
    let oldFront = old?.front ?? 0
    guard let memory = realloc(old?.memory, bytes) else { preconditionFailure("The system has no memory left.") }
    let front = mostFront - Int(UInt(bitPattern: memory) % UInt(mostFront))
    // Where memory lies otherwise than before to the next cache line; what the system maps always lies in the same way.
    if old != nil, front != oldFront {
      memmove(memory + front, memory + oldFront, min(had - oldFront, bytes - max(front, oldFront)))
    }
    if bytes >= leastBytesOfHugePages {
      // What comes of it is a matter of speed alone.
      let begin = UnsafeMutableRawPointer(bitPattern: (UInt(bitPattern: memory) + 4095) & ~4095)
      _ = madvise(begin, bytes - 4095, MADV_HUGEPAGE)
    }
    let room = Room(start: memory + front)
    (room.start - MemoryLayout<Int>.stride).storeBytes(of: front, as: Int.self)
    return room
  }

  static var mostFront: Int { 64 }
}
