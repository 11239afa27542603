// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// Kind `two-rooms-maps`: the map of two rooms, from where to where the worlds lead, what steps earn, and the codes of
/// actions.
struct TwoRoomMapsVerification: ReferenceCase {
  static let kind = "two-rooms-maps"

  struct World: Decodable, Sendable {
    let start: [Int]
    let goal: [Int]
    let shortestPath: Int
  }

  struct Rewards: Decodable, Sendable {
    let step: Double
    let wallExtra: Double
    let goalExtra: Double
  }

  let rows: [String]
  let actions: [String: Int]
  let rewards: Rewards
  let envs: [String: World]

  private static let moves: [String: RoomMove] = [
    "noop": .stay, "down": .down, "up": .up, "left": .left, "right": .right,
  ]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let map = try map()
    guard !envs.isEmpty else { throw ReferenceError("there are no worlds.") }
    func check(_ name: String, _ quantity: String, _ expected: Double, _ seen: Double, bar: Double = 0)
      -> VerificationReport.Check
    { .init(reference: name, quantity: quantity, expected: expected, seen: seen, bar: bar) }
    var checks = [
      check(Self.kind, "map that is another", 0, map == CorridorRooms.map ? 0 : 1),
      check(Self.kind, "actions with another code", 0, actions == Self.moves.mapValues(\.rawValue) ? 0 : 1),
    ]
    checks += try rewardErrors().map { check(Self.kind, "error of the reward of \($0)", 0, $1, bar: 1e-12) }
    for (number, world) in envs.sorted(by: { $0.key < $1.key }) {
      guard let index = Int(number) else { throw ReferenceError("'\(number)' is no number of a world.") }
      let task = try TwoRoomWorlds.task(index)
      let isSame =
        TwoRoomWorlds.place(Int(task.start)) == world.start && TwoRoomWorlds.place(Int(task.goal)) == world.goal
      let shortest = map == CorridorRooms.map ? map.shortestPath(from: Int(task.start), to: Int(task.goal)) : nil
      checks += [
        check("\(Self.kind)/\(number)", "start or goal that is another", 0, isSame ? 0 : 1),
        check(
          "\(Self.kind)/\(number)", "shortest path", Double(world.shortestPath), shortest.map { Double($0) } ?? .nan),
      ]
    }
    return VerificationReport(checks: checks)
  }

  private func map() throws -> RoomMap {
    let width = rows.first?.count ?? 0
    let border = [rows.first, rows.last].compactMap { $0 }
    guard rows.count > 2, width > 2, rows.count * width < 10_000, rows.allSatisfy({ $0.count == width }),
      rows.joined().allSatisfy({ "#.".contains($0) }), border.allSatisfy({ $0.allSatisfy { $0 == "#" } }),
      rows.allSatisfy({ $0.hasPrefix("#") && $0.hasSuffix("#") })
    else { throw ReferenceError("'rows' are no map of walls # and free cells with walls around it.") }
    return RoomMap(rows.joined(separator: "\n"))
  }

  /// How far the rewards of a step, of one against a wall and of one to the goal are from those that the file says.
  private func rewardErrors() throws -> [(String, Double)] {
    let task = try TwoRoomWorlds.task(4)
    let map = CorridorRooms.map
    func reward(from cell: Int, _ move: RoomMove) -> Double {
      var state = RoomState(cell: cell)
      return task.step(&state, choice: move.rawValue).reward
    }
    let above = Int(task.goal) - map.columnCount
    return [
      ("a step", abs(reward(from: Int(task.start), .down) - rewards.step)),
      ("a wall", abs(reward(from: Int(task.start), .up) - rewards.step - rewards.wallExtra)),
      ("the goal", abs(reward(from: above, .down) - rewards.step - rewards.goalExtra)),
    ]
  }
}
