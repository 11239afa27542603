// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Rooms in which threads compute steps, handed on from one to the next: as many as were ever needed at once.
package final class RoomPool<Room: AnyObject>: @unchecked Sendable {
  private let make: () -> Room
  private var free: [Room] = []
  /// Guards `free`. Not a `Mutex`, which ThreadSanitizer does not see.
  private let lock = NSLock()

  /// - Parameter make: another room, on any thread.
  init(_ make: @escaping () -> Room) { self.make = make }

  /// How many rooms nobody has now.
  var freeCount: Int { lock.withLock { free.count } }

  /// A room that is nobody else's until it is given back.
  func take() -> Room { lock.withLock { free.popLast() } ?? make() }

  func giveBack(_ room: Room) { lock.withLock { free.append(room) } }
}
