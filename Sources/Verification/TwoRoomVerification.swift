// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness

/// Kind `two-rooms`: walks through two rooms as another program took them, seen by three numbers.
struct TwoRoomVerification: ReferenceCase {
  static let kind = "two-rooms"
  /// Of rewards and of what is seen, absolute; all are of the order of one.
  private static let bar = 1e-12

  typealias Room = RoomWalk<CorridorRooms, CompactRoomView>

  struct Case: Decodable, Sendable {
    let env: Int
    let start: [Int]
    let goal: [Int]
    let shortestPath: Int
    let optimalReturn: Double
    let actions: [Int]
    /// At first and after each step.
    let positions: [[Int]]
    let observations: [[Double]]
    let rewards: [Double]
    let done: [Bool]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try VerificationReport(of: cases) { try checks(of: $1, name: "\(Self.kind)/\($0)") }
  }

  private func checks(of one: Case, name: String) throws -> [VerificationReport.Check] {
    let task = try TwoRoomWorlds.task(one.env)
    let steps = one.actions.count
    guard steps > 0, one.positions.count == steps + 1, one.observations.count == steps + 1,
      one.rewards.count == steps, one.done.count == steps
    else { throw ReferenceError("there are no actions, or not a reward and an end for each and one place more.") }
    guard one.actions.allSatisfy({ (0..<Room.choiceCount).contains($0) }) else {
      throw ReferenceError("an action is not one of \(Room.choiceCount).")
    }
    let walk = Walk(task, actions: one.actions)
    let shortest = CorridorRooms.map.shortestPath(from: Int(task.start), to: Int(task.goal))
    func exactly(_ quantity: String, _ expected: Double, _ seen: Double) -> VerificationReport.Check {
      .init(reference: name, quantity: quantity, expected: expected, seen: seen, bar: 0)
    }
    func error(_ quantity: String, _ seen: [Double], _ expected: [Double]) -> VerificationReport.Check {
      .init(
        reference: name, quantity: "error of \(quantity)", expected: 0, seen: largestDifference(seen, expected),
        bar: Self.bar)
    }
    let places = walk.states.map { TwoRoomWorlds.place(Int($0.cell)) }
    return [
      exactly("places that are others", 0, Double(zip(places, one.positions).count { $0 != $1 })),
      exactly("steps that end otherwise", 0, Double(zip(walk.ends, one.done).count { $0 != $1 })),
      error("observations", walk.observations, one.observations.flatMap(\.self)),
      error("rewards", walk.rewards, one.rewards),
      exactly("start that is another", 0, TwoRoomWorlds.place(Int(task.start)) == one.start ? 0 : 1),
      exactly("goal that is another", 0, TwoRoomWorlds.place(Int(task.goal)) == one.goal ? 0 : 1),
      exactly("shortest path", Double(one.shortestPath), shortest.map { Double($0) } ?? .nan),
      error("the best return", [shortest.map { 1 - Double($0) / 10 } ?? .nan], [one.optimalReturn]),
    ]
  }

  /// What actions lead to, from the start on.
  private struct Walk {
    var states: [RoomState]
    var observations: [Double] = []
    var rewards: [Double] = []
    var ends: [Bool] = []

    init(_ task: Room, actions: [Int]) {
      // Tasks with a start draw nothing.
      var draws = Draws(StreamKey(seed: 0, replication: 0, purpose: .episodeStart, entity: "room"), at: 0)
      var state = task.start(&draws)
      states = [state]
      func seen(_ state: RoomState) -> [Double] {
        var numbers = [Double](repeating: .nan, count: Room.observationCount)
        task.observe(state, into: &numbers)
        return numbers
      }
      observations = seen(state)
      for action in actions {
        let transition = task.step(&state, choice: action)
        states.append(state)
        observations += seen(state)
        rewards.append(transition.reward)
        ends.append(transition.isTerminated)
      }
    }
  }
}

/// The worlds of two rooms that reference files know by number.
enum TwoRoomWorlds {
  /// - Throws: if there is none of this number.
  static func task(_ number: Int) throws -> TwoRoomVerification.Room {
    guard let task = TwoRoomVerification.Room.journeys.first(where: { Int($0.number) == number }) else {
      throw ReferenceError("there is no world \(number).")
    }
    return task
  }

  /// Row and column of a cell.
  static func place(_ cell: Int) -> [Int] {
    let place = CorridorRooms.map.place(of: cell)
    return [place.row, place.column]
  }
}
