// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Files
import Foundation

/// Kind `drone`: distances along rays and to walls, and flights for given choices and noise of headings. The maps are those of
/// `drone_maps.json` beside the file, and without it those of the environment.
struct DroneVerification: ReferenceCase {
  static let kind = "drone"
  /// Absolute.
  private static let bar = 1e-10
  private static let mapsName = "drone_maps.json"

  struct Probe: Decodable, Sendable {
    let map: Int
    let pose: [Double]
    let depths: [Double]
    let clearance: Double
  }

  struct Case: Decodable, Sendable {
    let map: Int
    let spawn: Int?
    let start: [Double]
    let depths0: [Double]?
    let actions: [Int]
    let noise: [Double]
    /// After each step, as all that follows.
    let poses: [[Double]]
    let depths: [[Double]]
    let readings: [[Double]]?
    let rewards: [Double]
    let clearance: [Double]
    let crash: [Bool]
    let flown: Double?
  }

  let constants: ReferenceFlightRules
  let probes: [Probe]
  let cases: [Case]
  private var maps: [NavigationMap]?

  private enum CodingKeys: String, CodingKey { case constants, probes, cases }

  func beside(_ path: String) throws -> DroneVerification {
    let folder = (path as NSString).deletingLastPathComponent
    let maps = (folder as NSString).appendingPathComponent(Self.mapsName)
    guard FileManager.default.fileExists(atPath: maps) else { return self }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = Data(try InputFile(maps).bytes(atMost: 100_000_000, allowsStreams: false))
    var copy = self
    copy.maps = try decoder.decode(DroneMapsVerification.self, from: data).maps.map { try $0.map() }
    return copy
  }

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let rules = try constants.rules()
    let worlds = (maps ?? NavigationMap.all).map { FlightWorld($0, rules, offsets: constants.rayOffsets) }
    func world(_ number: Int) throws -> FlightWorld {
      guard worlds.indices.contains(number) else { throw ReferenceError("there is no map \(number).") }
      return worlds[number]
    }
    var worst = (depth: 0.0, clearance: 0.0)
    for probe in probes {
      let (world, pose) = (try world(probe.map), try pose(probe.pose))
      worst.depth = larger(worst.depth, largestDifference(world.depths(from: pose), probe.depths))
      worst.clearance = larger(worst.clearance, abs(world.clearance(at: pose) - probe.clearance))
    }
    func check(_ quantity: String, _ seen: Double) -> VerificationReport.Check {
      .init(reference: "\(Self.kind)/probes", quantity: quantity, expected: 0, seen: seen, bar: Self.bar)
    }
    var report = VerificationReport(checks: [
      check("error of distances along rays", worst.depth), check("error of distances to walls", worst.clearance),
    ])
    report.append(
      try VerificationReport(of: cases) { number, one in try checks(of: one, number, in: try world(one.map)) })
    return report
  }

  private func pose(_ numbers: [Double]) throws -> NavigationMap.Pose {
    guard numbers.count == 3 else { throw ReferenceError("a pose is not of three numbers.") }
    return NavigationMap.Pose(numbers[0], numbers[1], numbers[2])
  }

  private func checks(of one: Case, _ number: Int, in world: FlightWorld) throws -> [VerificationReport.Check] {
    let count = one.actions.count
    guard count > 0,
      [
        one.noise.count, one.poses.count, one.depths.count, one.rewards.count, one.clearance.count,
        one.crash.count,
      ].allSatisfy({ $0 == count }), one.readings.map({ $0.count == count }) ?? true
    else { throw ReferenceError("not every step has all that belongs to it.") }
    guard one.actions.allSatisfy((0..<world.rules.choices).contains) else {
      throw ReferenceError("there is an action that is none.")
    }
    var flight = (pose: try pose(one.start), steps: 0, isOver: false)
    var worst = (pose: 0.0, depth: 0.0, reading: 0.0, reward: 0.0, clearance: 0.0, crashes: 0)
    if let first = one.depths0 { worst.depth = largestDifference(world.depths(from: flight.pose), first) }
    for step in 0..<count {
      world.rules.move(&flight.pose, choice: one.actions[step], noise: one.noise[step])
      let (depths, clearance) = (world.depths(from: flight.pose), world.clearance(at: flight.pose))
      let isCrash = clearance < world.rules.crashRadius
      if !flight.isOver { flight.steps += 1 }
      flight.isOver = flight.isOver || isCrash
      worst.pose = larger(
        worst.pose, largestDifference([flight.pose.x, flight.pose.y, flight.pose.heading], one.poses[step]))
      worst.depth = larger(worst.depth, largestDifference(depths, one.depths[step]))
      if let readings = one.readings {
        worst.reading = larger(worst.reading, largestDifference(world.readings(of: depths), readings[step]))
      }
      worst.reward = larger(worst.reward, abs((isCrash ? -1 : world.reward(of: depths)) - one.rewards[step]))
      worst.clearance = larger(worst.clearance, abs(clearance - one.clearance[step]))
      if isCrash != one.crash[step] { worst.crashes += 1 }
    }
    let name = "\(Self.kind)/\(number)-\(world.map.name)"
    func check(_ quantity: String, _ seen: Double, bar: Double = Self.bar) -> VerificationReport.Check {
      .init(reference: name, quantity: quantity, expected: 0, seen: seen, bar: bar)
    }
    return [
      check("error of poses", worst.pose), check("error of distances along rays", worst.depth),
      check("error of readings", worst.reading), check("error of rewards", worst.reward),
      check("error of distances to walls", worst.clearance),
      check("steps that crash otherwise", Double(worst.crashes), bar: 0),
    ] + (one.flown.map { [check("error of the length", abs(Double(flight.steps) * world.rules.step - $0))] } ?? [])
  }
}

/// A map with the rays of a file.
private struct FlightWorld {
  let map: NavigationMap
  let rules: NavigationRules
  private let rayCount: Int
  /// Walls with as many rays at once as they have.
  private let parts: [NavigationWalls]

  init(_ map: NavigationMap, _ rules: NavigationRules, offsets: [Double]) {
    (self.map, self.rules, rayCount) = (map, rules, offsets.count)
    let segments = map.segments
    parts = stride(from: 0, to: offsets.count, by: NavigationWalls.rayCount).map { first in
      let own = offsets[first..<min(first + NavigationWalls.rayCount, offsets.count)]
      let padding = Array(repeating: 0.0, count: NavigationWalls.rayCount - own.count)
      return NavigationWalls(segments, offsets: Array(own) + padding, range: rules.range)
    }
  }

  func depths(from pose: NavigationMap.Pose) -> [Double] {
    let all = parts.flatMap { part in
      let depths = part.depths(from: pose)
      return (0..<NavigationWalls.rayCount).map { depths[$0] }
    }
    return Array(all[..<rayCount])
  }

  func clearance(at pose: NavigationMap.Pose) -> Double { parts[0].clearance(at: pose) }

  func readings(of depths: [Double]) -> [Double] {
    depths.map { map.appearance.reading(ofShare: $0 / rules.range) }
  }

  /// By the middle half of the rays.
  func reward(of depths: [Double]) -> Double {
    let middle = depths[depths.count / 4..<max(depths.count / 4 + 1, depths.count * 3 / 4)].sorted()
    return rules.reward(least: middle[0], second: middle[min(1, middle.count - 1)])
  }
}
