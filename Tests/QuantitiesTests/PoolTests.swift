// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Testing

@Test func aFreedHandleIsTakenFirst() {
  var pool = Pool<Int>(capacity: 2)
  let handles = (0..<5).map { pool.take($0) }
  #expect(handles == [0, 1, 2, 3, 4])
  pool.release(handles[1])
  pool.release(handles[3])
  #expect(pool.take(30) == handles[3] && pool.take(10) == handles[1])
  #expect((0..<5).map { pool[UInt32($0)] } == [0, 10, 2, 30, 4])
  #expect(pool.highWater == 5)
}

/// Growing keeps every value behind its handle, and tells of the room before it is taken.
@Test func aPoolThatGrowsKeepsItsValuesAndSaysSo() {
  let account = GrowthAccount(mark: .max) { _ in .max }
  var pool = Pool<UInt64>(capacity: 4, account: account)
  #expect(account.bytes == 4 * 12)
  for value in 0..<1000 { #expect(pool.take(UInt64(value)) == UInt32(value)) }
  #expect((0..<1000).allSatisfy { pool[UInt32($0)] == UInt64($0) })
  #expect(account.bytes == 1024 * 12)
  for handle in 0..<1000 { pool.release(UInt32(handle)) }
  for _ in 0..<1000 { _ = pool.take(0) }
  #expect(pool.highWater == 1000 && account.bytes == 1024 * 12)
}

@Test func anAccountTellsOnceForEveryMark() {
  var heard: [Int] = []
  let account = GrowthAccount(mark: 10) { bytes in
    heard.append(bytes)
    return 2 * bytes
  }
  for more in [4, 5, 1, 9, 1, 30] { account.grow(by: more) }
  #expect(heard == [10, 20, 50])
}

@Test func aColumnHoldsItsValues() {
  let column = Column((0..<5).map { $0 * $0 })
  column[2] += 100
  #expect(column.count == 5 && (0..<5).map { column[$0] } == [0, 1, 104, 9, 16])
  let empty = Column(repeating: 1.5, count: 0)
  #expect(empty.count == 0)
}

/// Rooms begin with a cache line however large they are, and keep what they had when they grow.
@Test func roomsThatGrowKeepWhatTheyHave() {
  var count = 1
  var room: UnsafeMutablePointer<UInt32> = resized(nil, count: count)
  room[0] = 7
  while count < 1 << 22 {
    room = resized(room, count: 2 * count)
    #expect(UInt(bitPattern: room) % 64 == 0)
    for index in count..<2 * count { room[index] = UInt32(index) }
    count *= 2
    #expect(room[0] == 7 && (1..<count).allSatisfy { room[$0] == UInt32($0) })
  }
  giveBack(room)
}
