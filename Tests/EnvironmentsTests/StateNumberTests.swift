// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness
import Testing

/// Worlds with finitely many states say so, and nobody else does.
@Test func roomsHaveFinitelyManyStates() {
  let finite = EnvironmentDefinition.all.filter { $0.stateCount != nil }
  #expect(finite.map(\.name) == ["two-room", "two-room-compact", "two-room-anywhere"])
  #expect(finite.allSatisfy { $0.stateCount == 90 })
}

/// The number of a state is that of its cell, whatever was done before; alone as in a batch.
@Test func stateNumbersAreThoseOfCells() {
  typealias Room = RoomWalk<CorridorRooms, PlainRoomView>
  let task = Room.journeys[0]
  for cell in CorridorRooms.map.freeCells {
    #expect(task.stateNumber(of: RoomState(cell: cell, action: cell % 5, reward: -0.1)) == cell)
  }
  let key = StreamKey(seed: 1, replication: 0, purpose: .episodeStart, entity: "a")
  let episodes = EnvironmentDefinition.twoRoom.single.episodes(3, 100, key)
  episodes.begin()
  #expect((0..<3).allSatisfy { episodes.stateNumber(inRow: $0) == 11 })
  withUnsafeTemporaryAllocation(of: Episodes.Outcome.self, capacity: 3) { outcomes in
    // Stay, go down, go right: from row 1 and column 1 of ten columns.
    episodes.step(actions: [0, 1, 4], outcomes: outcomes.baseAddress!)
  }
  #expect((0..<3).map { episodes.stateNumber(inRow: $0) } == [11, 21, 12])
}
