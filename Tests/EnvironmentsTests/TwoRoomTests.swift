// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Randomness
import Testing

/// The maps and random walks of an independent program.
private struct Published: Decodable {
  struct Walk: Decodable {
    let env: Int
    let start, goal: [Int]
    let shortestPath: Int
    let optimalReturn: Double
    let actions: [Int]
    let positions: [[Int]]
    let observations: [[Double]]
    let rewards: [Double]
    let done: [Bool]
  }

  struct Maps: Decodable {
    struct Environment: Decodable {
      let start, goal: [Int]
      let shortestPath: Int
    }

    let rows: [String]
    let actions: [String: Int]
    let envs: [String: Environment]
  }

  let cases: [Walk]

  private static func data(_ name: String) throws -> Data {
    let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Resources")
    return try Data(contentsOf: #require(url))
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  static func walks() throws -> [Walk] { try decoder.decode(Published.self, from: data("two_room")).cases }

  static func maps() throws -> Maps { try decoder.decode(Maps.self, from: data("two_room_maps")) }
}

private typealias Compact = RoomWalk<CorridorRooms, CompactRoomView>
private typealias Plain = RoomWalk<CorridorRooms, PlainRoomView>

private let starts = StreamKey(seed: 3, replication: 0, purpose: .episodeStart, entity: "agent-0")

private func seen<Task: ControlTask>(_ task: Task, _ state: Task.State) -> [Double] {
  var numbers = [Double](repeating: .nan, count: Task.observationCount)
  task.observe(state, into: &numbers)
  return numbers
}

/// What an agent sees of a walk that has come to a place, written from the description.
private func oneHot(_ place: [Int], action: Int, reward: Double) -> [Double] {
  let cells = (0..<90).map { $0 == place[0] * 10 + place[1] ? 1.0 : 0 }
  return cells + (0..<5).map { $0 == action ? 1 : 0 } + [reward]
}

struct TwoRoomTests {
  /// Places, observations, rewards and ends of random walks, equal to the last digit.
  @Test func walksAreThoseOfAnIndependentProgram() throws {
    let walks = try Published.walks()
    #expect(walks.map(\.env) == [4, 5, 6, 7, 8])
    var ends = 0
    for (number, walk) in walks.enumerated() {
      let (compact, plain) = (Compact.journeys[number], Plain.journeys[number])
      var draws = Draws(starts, at: 0)
      var state = compact.start(&draws)
      #expect(state == RoomState(cell: walk.start[0] * 10 + walk.start[1]))
      #expect(zip(seen(compact, state), walk.observations[0]).allSatisfy { abs($0 - $1) <= 1e-12 })
      #expect(seen(plain, state) == oneHot(walk.positions[0], action: 0, reward: 0))
      for (step, action) in walk.actions.enumerated() {
        let transition = compact.step(&state, choice: action)
        let place = walk.positions[step + 1]
        #expect(Int(state.cell) == place[0] * 10 + place[1])
        #expect(abs(transition.reward - walk.rewards[step]) <= 1e-12 && transition.isTerminated == walk.done[step])
        #expect(zip(seen(compact, state), walk.observations[step + 1]).allSatisfy { abs($0 - $1) <= 1e-12 })
        #expect(seen(plain, state) == oneHot(place, action: action, reward: transition.reward))
        if transition.isTerminated { ends += 1 }
      }
    }
    #expect(ends == walks.filter { $0.done.contains(true) }.count && ends > 0)
  }

  @Test func mapTasksAndShortestPathsAreThePublishedOnes() throws {
    let maps = try Published.maps()
    #expect(CorridorRooms.map == RoomMap(maps.rows.joined(separator: "\n")))
    let codes = ["noop": RoomMove.stay, "down": .down, "up": .up, "left": .left, "right": .right]
    #expect(maps.actions == codes.mapValues(\.rawValue))
    #expect(EnvironmentDefinition.twoRoom.tasks.map(\.name) == ["room-4", "room-5", "room-6", "room-7", "room-8"])
    for (task, walk) in zip(Plain.journeys, try Published.walks()) {
      let environment = try #require(maps.envs["\(task.number)"])
      #expect(CorridorRooms.map.place(of: Int(task.start)) == RoomMap.Place(environment.start[0], environment.start[1]))
      #expect(CorridorRooms.map.place(of: Int(task.goal)) == RoomMap.Place(environment.goal[0], environment.goal[1]))
      let shortest = try #require(CorridorRooms.map.shortestPath(from: Int(task.start), to: Int(task.goal)))
      #expect(shortest == environment.shortestPath && shortest == walk.shortestPath)
      #expect(abs(1 - Double(shortest) / 10 - walk.optimalReturn) < 1e-12)
    }
  }

  /// Value iteration over the steps of the tasks themselves: the best return is that of the shortest path.
  @Test(arguments: 0..<5) func theBestReturnIsThatOfTheShortestPath(number: Int) throws {
    let task = Plain.journeys[number]
    let cells = CorridorRooms.map.freeCells
    var values = [Double](repeating: -.infinity, count: CorridorRooms.map.cellCount)
    for _ in 0..<40 {
      let old = values
      for cell in cells where cell != Int(task.goal) {
        for choice in 0..<5 {
          var state = RoomState(cell: cell)
          let transition = task.step(&state, choice: choice)
          let future = transition.isTerminated ? 0 : old[Int(state.cell)]
          values[cell] = max(values[cell], transition.reward + future)
        }
      }
    }
    let shortest = try #require(CorridorRooms.map.shortestPath(from: Int(task.start), to: Int(task.goal)))
    #expect(abs(values[Int(task.start)] - (1 - Double(shortest) / 10)) < 1e-12)
    let bound = try #require(EnvironmentDefinition.twoRoom.returnBound(1000))
    #expect(values[Int(task.start)] <= bound.greatest + 1e-12)
  }

  /// From anywhere: every free cell but the goal is a start, about as often as any other (χ², false alarm below 1e-3), and
  /// every free cell is the goal of one task.
  @Test func anyFreeCellIsAStartAndAGoal() {
    let cells = CorridorRooms.map.freeCells
    #expect(cells.count == 32)
    let tasks = Plain.anywhere
    #expect(Set(tasks.map { Int($0.goal) }) == Set(cells) && tasks.count == 32)
    let task = tasks[0]
    var counts = [Int: Double]()
    let draws = 31_000
    for index in 0..<draws {
      var source = Draws(starts, at: UInt64(index))
      counts[Int(task.start(&source).cell), default: 0] += 1
    }
    #expect(Set(counts.keys) == Set(cells.filter { $0 != Int(task.goal) }))
    let square = counts.values.reduce(0) { $0 + ($1 - 1000) * ($1 - 1000) / 1000 }
    // The 0.999 quantile with 30 degrees of freedom.
    #expect(square < 59.7, "\(square)")
    let names = EnvironmentDefinition.twoRoomAnywhere.tasks.map(\.name)
    #expect(names.first == "goal-7-8" && Set(names).count == 32 && names.contains("goal-4-5"))
  }

  /// What is no index of a choice, as of a policy that has diverged, is a choice yet.
  @Test func anyNumberIsAChoice() {
    let task = Plain.journeys[0]
    for (number, cell) in [(Double.nan, 11), (-7, 11), (.infinity, 12), (1e300, 12), (4, 12), (1, 21)] {
      var state = RoomState(cell: 11)
      _ = withUnsafePointer(to: number) { task.step(&state, action: $0) }
      #expect(Int(state.cell) == cell)
    }
  }
}
