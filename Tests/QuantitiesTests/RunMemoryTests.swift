// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Testing

/// Something with state of all kinds.
private struct Room: ~Copyable {
  var flag = false
  var number: UInt16 = 0
  let column: Column<Int32>
  var pool = Pool<Double>(capacity: 2)
  var list: [UInt8] = []
  var name = ""

  init(length: Int) { column = Column(repeating: 0, count: length) }

  mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.value("flag", &flag)
    try memory.value("number", &number)
    try memory.column("column", column)
    try pool.visit(&memory)
    try memory.list("list", &list)
    try memory.text("name", &name)
  }
}

private func written() throws -> [UInt8] {
  var room = Room(length: 3)
  (room.flag, room.number, room.list, room.name) = (true, 0xBEEF, [3, 1, 2], "Wände")
  for index in 0..<3 { room.column[index] = Int32(-index) }
  for value in 0..<5 { _ = room.pool.take(Double(value)) }
  room.pool.release(3)
  room.pool.release(1)
  var memory = RunMemory()
  try room.visit(&memory)
  return memory.content
}

private func read(_ bytes: [UInt8], length: Int = 3) throws(RunMemoryFault) -> Room {
  var room = Room(length: length)
  var memory = RunMemory(reading: bytes)
  try room.visit(&memory)
  try memory.end()
  return room
}

@Test func whatIsWrittenIsRead() throws {
  var room = try read(written())
  #expect(room.flag && room.number == 0xBEEF && room.list == [3, 1, 2] && room.name == "Wände")
  #expect((0..<3).map { room.column[$0] } == [0, -1, -2])
  #expect(room.pool.highWater == 5 && [0, 2, 4].map { room.pool[$0] } == [0, 2, 4])
  // Free handles come in the same order, and then new ones.
  let handles = (0..<3).map { room.pool.take(Double($0)) }
  #expect(handles == [1, 3, 5])
}

@Test func otherLengthsAndNamesAreRefused() throws {
  let bytes = try written()
  func fault(_ body: () throws(RunMemoryFault) -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return error.description
    }
  }
  #expect(
    fault { () throws(RunMemoryFault) in _ = try read(bytes, length: 4) }
      == "it has 3 of 'column' with 4 bytes each, and the run has 4 with 4")
  var memory = RunMemory(reading: bytes)
  var flag = false
  #expect(
    fault { () throws(RunMemoryFault) in try memory.value("sign", &flag) } == "it has 'flag' where 'sign' belongs")
  #expect(
    fault { () throws(RunMemoryFault) in _ = try read(bytes + bytes) } == "it holds more than the run has")
}

/// However a memory is cut or changed, reading ends with a fault or with a room: nothing is read beyond the end, and no
/// size is believed that the memory does not have.
@Test func noDamageIsReadBeyondTheEnd() throws {
  let bytes = try written()
  for length in 0..<bytes.count { #expect(throws: RunMemoryFault.self) { _ = try read(Array(bytes[..<length])) } }
  var refused = 0
  for place in bytes.indices {
    for value in [0, 0x7F, 0xFF] as [UInt8] where bytes[place] != value {
      var damaged = bytes
      damaged[place] = value
      do { _ = try read(damaged) } catch { refused += 1 }
    }
  }
  #expect(refused > bytes.count)
}
