// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// The walls of a map, for rays and distances: memory that is there until the program ends.
package struct NavigationWalls: BitwiseCopyable, @unchecked Sendable {
  /// Distances along all rays.
  package typealias Depths = SIMD16<Double>

  package static let rayCount = 16
  /// Walls and rays that are this near to parallel do not meet.
  private static let parallel = 1e-12

  private let base: UnsafePointer<WallSegment>
  package let count: Int
  /// How far a ray reaches, in metres.
  private let range: Double
  private let cosines: Depths
  private let sines: Depths

  /// - Parameter offsets: by how much each ray leaves the heading, in radians.
  package init(_ segments: [WallSegment], offsets: [Double], range: Double) {
    precondition(offsets.count == Self.rayCount, "There are \(Self.rayCount) rays.")
    let memory = UnsafeMutablePointer<WallSegment>.allocate(capacity: max(1, segments.count))
    memory.initialize(from: segments, count: segments.count)
    base = UnsafePointer(memory)
    count = segments.count
    self.range = range
    (cosines, sines) = (Depths(offsets.map { cos($0) }), Depths(offsets.map { sin($0) }))
  }

  /// How far it is along every ray to the nearest wall; where there is none so near, the range.
  ///
  /// A ray p + t u meets a wall a + s e, with w = a − p, where
  ///
  ///     t = (w × e) / (u × e) ≥ 0,   0 ≤ s = (w × u) / (u × e) ≤ 1
  package func depths(from pose: NavigationMap.Pose) -> Depths {
    let (c, s) = (cos(pose.heading), sin(pose.heading))
    let ux = c * cosines - s * sines
    let uy = s * cosines + c * sines
    var nearest = Depths(repeating: range)
    for number in 0..<count {
      let wall = base[number]
      let (wx, wy) = (wall.x - pose.x, wall.y - pose.y)
      let determinant = ux * wall.dy - uy * wall.dx
      let along = Depths(repeating: wx * wall.dy - wy * wall.dx) / determinant
      let place = (wx * uy - wy * ux) / determinant
      let meets =
        ((determinant .> Self.parallel) .| (determinant .< -Self.parallel)) .& (along .>= 0) .& (along .< nearest)
        .& (place .>= 0) .& (place .<= 1)
      nearest.replace(with: along, where: meets)
    }
    return nearest
  }

  /// How far it is to the nearest wall; infinitely far where there is none.
  package func clearance(at pose: NavigationMap.Pose) -> Double {
    var least = Double.infinity
    for number in 0..<count {
      let wall = base[number]
      let (wx, wy) = (pose.x - wall.x, pose.y - wall.y)
      let square = wall.dx * wall.dx + wall.dy * wall.dy
      let place = square > 0 ? min(max((wx * wall.dx + wy * wall.dy) / square, 0), 1) : 0
      let (x, y) = (wx - place * wall.dx, wy - place * wall.dy)
      least = min(least, x * x + y * y)
    }
    return least.squareRoot()
  }
}
