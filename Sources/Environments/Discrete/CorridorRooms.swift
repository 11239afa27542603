// SPDX-License-Identifier: GPL-3.0-or-later

/// Two rooms with a corridor between.
///
/// Source: environments 4 to 8 of the grid world with which a public replication, and a thesis after it, compare Distral.
package enum CorridorRooms: RoomPlan {
  package static let map = RoomMap(
    """
    ##########
    #..####..#
    #..####..#
    #..####..#
    #........#
    #..####..#
    #..####..#
    #..####..#
    ##########
    """)

  package static let journeys: [(number: Int, start: RoomMap.Place, goal: RoomMap.Place)] = [
    (4, RoomMap.Place(1, 1), RoomMap.Place(7, 8)),
    (5, RoomMap.Place(1, 1), RoomMap.Place(4, 7)),
    (6, RoomMap.Place(1, 1), RoomMap.Place(4, 3)),
    (7, RoomMap.Place(1, 1), RoomMap.Place(1, 8)),
    (8, RoomMap.Place(7, 2), RoomMap.Place(1, 8)),
  ]

  package static let corridor = (1...8).map { RoomMap.Place(4, $0) }
}

extension RoomWalk {
  /// The tasks of the plan, from where to where.
  package static var journeys: [RoomWalk] {
    Plan.journeys.map { RoomWalk(number: $0.number, from: $0.start, to: $0.goal) }
  }

  /// A task for every free cell, which is its goal, from anywhere. They come in an order in which neighbours in the list
  /// are not neighbours on the map, so that the first few lie apart.
  package static var anywhere: [RoomWalk] {
    let map = Plan.map
    let cells = map.freeCells
    // A stride that has no divisor in common with the number of cells comes to each of them once.
    let stride = (cells.count / 3..<cells.count).first { greatestCommonDivisor($0, cells.count) == 1 } ?? 1
    return cells.indices.map { index in
      let cell = cells[(cells.count - 1 + index * stride) % cells.count]
      return RoomWalk(number: cell, from: nil, to: map.place(of: cell))
    }
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }

  /// The name of a task that starts anywhere: the row and the column of its goal.
  var goalName: String {
    let place = Plan.map.place(of: Int(goal))
    return "goal-\(place.row)-\(place.column)"
  }
}

extension EnvironmentDefinition {
  private static let roomSource = "Teh et al., Distral, 2017, section 4.1; environments 4 to 8 of a public replication"

  /// Rooms from where to where a plan says.
  private static func rooms<Plan: RoomPlan, View: RoomView>(
    _ name: String, _ meaning: String, _: RoomWalk<Plan, View>.Type
  ) -> EnvironmentDefinition {
    let tasks = RoomWalk<Plan, View>.journeys
    let least = tasks.compactMap { Plan.map.shortestPath(from: Int($0.start), to: Int($0.goal)) }.min() ?? 1
    var definition = EnvironmentDefinition(
      name: name, meaning: meaning, source: roomSource, single: tasks[0], grid: tasks,
      observationNames: View.names(cells: Plan.map.cellCount), taskName: { "room-\($0.number)" }, timeStep: { _ in 1 },
      returnBound: { _ in
        .init(1 - Double(least) / 10, "1 less a tenth for each step, of which the shortest way takes \(least)")
      })
    definition.corridor = Corridor(RoomWalk<Plan, View>.self)
    return definition
  }

  /// Two rooms; each cell and each action before is a number of its own.
  package static let twoRoom = rooms(
    "two-room", "a way is found from one room through a corridor into another",
    RoomWalk<CorridorRooms, PlainRoomView>.self)

  /// The same seen by three numbers.
  package static let twoRoomCompact = rooms(
    "two-room-compact", "two-room, but seen by three numbers, by which cells are hard to tell apart",
    RoomWalk<CorridorRooms, CompactRoomView>.self)

  /// The same from anywhere, with a goal for each task.
  package static let twoRoomAnywhere: EnvironmentDefinition = {
    let tasks = RoomWalk<CorridorRooms, PlainRoomView>.anywhere
    var definition = EnvironmentDefinition(
      name: "two-room-anywhere",
      meaning: "two-room from any free cell, drawn for each episode, to a goal, as which every free cell has a task",
      source: roomSource, single: tasks[0], grid: tasks,
      observationNames: PlainRoomView.names(cells: CorridorRooms.map.cellCount), taskName: { $0.goalName },
      timeStep: { _ in 1 }, returnBound: { _ in .init(0.9, "0.9 for the step to the goal and less for every other") })
    definition.corridor = Corridor(RoomWalk<CorridorRooms, PlainRoomView>.self)
    return definition
  }()
}
