// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// A map of the navigation world in a reference file.
struct ReferenceFlightMap: Decodable, Sendable {
  struct Appearance: Decodable, Sendable {
    let gain: Double
    let power: Double
    let bias: Double
  }

  let name: String
  let cell: Double
  let grid: [String]
  /// x and y of both ends.
  let segments: [[Double]]
  /// x, y and heading.
  let spawn: [[Double]]
  let appearance: Appearance

  /// The map, made of its text.
  func map() throws -> NavigationMap {
    let width = grid.first?.utf8.count ?? 0
    guard cell > 0, width > 0, grid.count * width <= 1_000_000,
      grid.allSatisfy({ $0.utf8.count == width && $0.allSatisfy { "#.".contains($0) } })
    else { throw ReferenceError("the grid of \(name) is not made of rows of one length, of # and free cells.") }
    guard !spawn.isEmpty, spawn.allSatisfy({ $0.count == 3 }) else {
      throw ReferenceError("a spawn of \(name) is not of three numbers.")
    }
    return NavigationMap(
      name: name, cell: cell,
      appearance: .init(gain: appearance.gain, power: appearance.power, bias: appearance.bias),
      poses: spawn.map { .init($0[0], $0[1], $0[2]) }, grid.joined(separator: "\n"))
  }
}

/// The constants of the navigation world in a reference file.
struct ReferenceFlightRules: Decodable, Sendable {
  let step: Double
  let crashRadius: Double
  let range: Double
  let rayOffsets: [Double]
  let actions: Int
  let turn: Double
  let headingNoise: Double
  let spawnJitter: Double
  let stepCap: Int

  func rules() throws -> NavigationRules {
    guard actions > 0, actions % 2 == 1, (1...1000).contains(rayOffsets.count), range > 0 else {
      throw ReferenceError("the constants have an even number of actions, no ray, or a range that is not above zero.")
    }
    return NavigationRules(
      step: step, crashRadius: crashRadius, range: range, choices: actions, turn: turn, headingNoise: headingNoise,
      startJitter: spawnJitter)
  }
}

/// Kind `drone-maps`: that walls made of the texts of maps are those of the file, wherever one ends and the next begins.
struct DroneMapsVerification: ReferenceCase {
  static let kind = "drone-maps"
  private static let bar = 1e-10

  let constants: ReferenceFlightRules
  let maps: [ReferenceFlightMap]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let rules = try constants.rules()
    return try VerificationReport(of: maps) { _, file in
      let map = try file.map()
      guard file.segments.allSatisfy({ $0.count == 4 }) else {
        throw ReferenceError("a segment of \(map.name) is not of four numbers.")
      }
      let theirs = file.segments.map { WallSegment(x: $0[0], y: $0[1], dx: $0[2] - $0[0], dy: $0[3] - $0[1]) }
      let ours = map.segments
      let walls = NavigationWalls(ours, offsets: NavigationRules.usualOffsets, range: rules.range)
      let least = map.poses.map { walls.clearance(at: $0) }.min() ?? 0
      func check(_ quantity: String, _ seen: Double, bar: Double = Self.bar) -> VerificationReport.Check {
        .init(reference: "\(Self.kind)/\(map.name)", quantity: quantity, expected: 0, seen: seen, bar: bar)
      }
      return [
        check("ends of the file's walls off ours", distance(of: theirs, from: ours)),
        check("ends of our walls off the file's", distance(of: ours, from: theirs)),
        check("difference of the length of all walls", abs(length(of: ours) - length(of: theirs))),
        check("by how much a spawn is too near a wall", max(0, rules.crashRadius - least), bar: 0),
      ]
    }
  }

  /// How far ends, and the middles between, of some walls are from the nearest of others, at most.
  private func distance(of walls: [WallSegment], from others: [WallSegment]) -> Double {
    let field = NavigationWalls(others, offsets: NavigationRules.usualOffsets, range: 1)
    return walls.reduce(0) { worst, wall in
      [0, 0.25, 0.5, 0.75, 1].reduce(worst) { worst, share in
        larger(worst, field.clearance(at: .init(wall.x + share * wall.dx, wall.y + share * wall.dy, 0)))
      }
    }
  }

  private func length(of walls: [WallSegment]) -> Double {
    walls.reduce(0) { $0 + ($1.dx * $1.dx + $1.dy * $1.dy).squareRoot() }
  }
}
