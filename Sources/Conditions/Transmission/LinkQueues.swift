// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What waits for each link: urgent messages first, each kind in the order in which it came.
struct LinkQueues: ~Copyable {
  struct Waiting: BitwiseCopyable {
    var message: UInt32
    var bytes: UInt64
    var next: UInt32
  }

  /// The first and last entry of a list.
  struct Line: BitwiseCopyable {
    var first = UInt32.max
    var last = UInt32.max

    var isEmpty: Bool { first == .max }
  }

  private var entries = Pool<Waiting>()
  /// Two lines by link: of urgent messages and of others.
  private let lines: Column<Line>

  init(links: Int) {
    lines = Column(repeating: Line(), count: 2 * links)
  }

  func isEmpty(_ link: Int) -> Bool { lines[2 * link].isEmpty && lines[2 * link + 1].isEmpty }

  mutating func append(_ message: UInt32, _ bytes: UInt64, to link: Int, isUrgent: Bool) {
    let entry = entries.take(Waiting(message: message, bytes: bytes, next: .max))
    let line = 2 * link + (isUrgent ? 0 : 1)
    if lines[line].isEmpty { lines[line].first = entry } else { entries[lines[line].last].next = entry }
    lines[line].last = entry
  }

  /// Puts a message in the place of the last that is not urgent.
  ///
  /// - Returns: the one whose place it takes, or `Transmissions.none` if there is none.
  mutating func replaceLast(_ link: Int, with message: UInt32, _ bytes: UInt64) -> UInt32 {
    let line = lines[2 * link + 1]
    guard !line.isEmpty else { return Transmissions.none }
    let replaced = entries[line.last].message
    entries[line.last].message = message
    entries[line.last].bytes = bytes
    return replaced
  }

  mutating func takeFirst(_ link: Int) -> (message: UInt32, bytes: UInt64)? {
    for line in 2 * link...2 * link + 1 where !lines[line].isEmpty {
      let entry = lines[line].first
      let waiting = entries[entry]
      lines[line].first = waiting.next
      entries.release(entry)
      return (waiting.message, waiting.bytes)
    }
    return nil
  }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try entries.visit(&memory)
    try memory.column("lines", lines)
  }
}
