// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// What a worker has sent and nobody has looked at yet. Frames are read where they lie.
struct WorkerInbox: ~Copyable {
  /// What stands at the front.
  enum Front {
    /// Not a whole frame yet.
    case part
    case frame(WorkerProtocol.Frame, WorkerAnswer)
    /// No frame of the protocol; with its first bytes.
    case other([UInt8])
  }

  private static let leastRoom = 64 << 10

  private var place: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Bytes of the frame at the front, as far as it is known.
  private var wanted = 0

  init() { place = .allocate(byteCount: 4 * Self.leastRoom, alignment: 8) }

  deinit { place.deallocate() }

  /// Takes the frame at the front, if it is whole.
  mutating func next() -> Front {
    let head = WorkerProtocol.headBytes
    guard end - start >= head else { return .part }
    func number<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type) -> Number {
      Number(littleEndian: place.loadUnaligned(fromByteOffset: start + offset, as: type))
    }
    let count = number(8, UInt64.self)
    guard number(0, UInt32.self) == WorkerProtocol.magic, count <= WorkerProtocol.mostBytes,
      let kind = WorkerProtocol.Frame(rawValue: number(4, UInt32.self))
    else { return .other(Array(place[start..<start + head])) }
    wanted = head + Int(count)
    guard end - start >= wanted else { return .part }
    let body = UnsafeRawBufferPointer(rebasing: place[start + head..<start + wanted])
    start += wanted
    wanted = 0
    return .frame(kind, WorkerAnswer(body))
  }

  /// Reads what is there, without waiting.
  ///
  /// - Returns: what the system's `recv` says.
  mutating func read(_ socket: Int32) -> Int {
    makeRoom()
    guard let base = place.baseAddress else { return 0 }
    let count = recv(socket, base + end, place.count - end, Int32(MSG_DONTWAIT))
    end += max(0, count)
    return count
  }

  /// Has room for the rest of the frame at the front, and for what else may have come.
  private mutating func makeRoom() {
    if start == end { (start, end) = (0, 0) }
    let least = max(wanted, end - start + Self.leastRoom)
    if place.count - start >= least { return }
    let old = place
    if place.count < least { place = .allocate(byteCount: max(least, 2 * place.count), alignment: 8) }
    if let target = place.baseAddress, let source = old.baseAddress { memmove(target, source + start, end - start) }
    if old.baseAddress != place.baseAddress { old.deallocate() }
    (start, end) = (0, end - start)
  }
}
