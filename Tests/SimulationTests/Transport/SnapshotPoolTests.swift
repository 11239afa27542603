// SPDX-License-Identifier: GPL-3.0-or-later
import Testing

@testable import Simulation

/// Vectors keep their numbers and their places while they are held, through all chunks of the pool; a freed one is the next to be
/// taken.
@Test(arguments: [1, 10, 33, 3_000_000])
func vectorsKeepTheirNumbersWhereverTheyLie(length: Int) {
  var pool = SnapshotPool<Float>(length: length)
  var held: [(handle: SnapshotHandle, place: UnsafeMutablePointer<Float>, number: Float)] = []
  let count = length > 1000 ? 9 : 1000
  for number in 0..<count {
    let handle = pool.take()
    let place = pool.values(handle)
    place[0] = Float(number)
    place[length - 1] = Float(number)
    held.append((handle, place, Float(number)))
    // Every third is given up and taken again.
    guard number % 3 == 2 else { continue }
    let freed = held.remove(at: held.count / 2)
    pool.release(freed.handle)
    let next = pool.take()
    #expect(next == freed.handle)
    #expect(pool.values(next) == freed.place)
    pool.values(next)[0] = -freed.number
    pool.values(next)[length - 1] = -freed.number
    held.append((next, freed.place, -freed.number))
  }
  #expect(pool.inUse == held.count)
  for (handle, place, number) in held {
    #expect(pool.values(handle) == place)
    #expect(place[0] == number && place[length - 1] == number)
  }
}
