// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How a vehicle moves through a map, and what it earns. Lengths are in metres, angles in radians.
package struct NavigationRules: BitwiseCopyable, Sendable, Equatable {
  /// By how much a step leads on.
  package var step: Double
  /// How near a wall is where the vehicle crashes.
  package var crashRadius: Double
  /// How far a ray reaches.
  package var range: Double
  /// An odd number; the choice in the middle goes straight on.
  package var choices: Int
  /// By how much the heading turns from one choice to the next.
  package var turn: Double
  /// By how much chance turns it at most.
  package var headingNoise: Double
  /// By how much the heading at the start differs at most from that of the pose.
  package var startJitter: Double

  package init(
    step: Double, crashRadius: Double, range: Double, choices: Int, turn: Double, headingNoise: Double,
    startJitter: Double
  ) {
    self.step = step
    self.crashRadius = crashRadius
    self.range = range
    self.choices = choices
    self.turn = turn
    self.headingNoise = headingNoise
    self.startJitter = startJitter
  }

  /// Those of `Navigation`.
  package static let usual = NavigationRules(
    step: 0.4, crashRadius: 0.25, range: 10, choices: 5, turn: 10.6 * .pi / 180, headingNoise: 10.6 * .pi / 180 / 6,
    startJitter: 15 * .pi / 180)

  /// By how much each ray of `Navigation` leaves the heading: the middles of equal parts of 90°.
  package static let usualOffsets = (0..<NavigationWalls.rayCount).map {
    -Double.pi / 4 + (Double($0) + 0.5) * .pi / 2 / Double(NavigationWalls.rayCount)
  }

  /// The radius of the least circle that can be flown, step / (2 sin(greatest turn / 2)).
  package var leastCircle: Double { step / (2 * sin(Double(choices / 2) * turn / 2)) }

  /// Turns, and moves on.
  ///
  /// - Parameter noise: from −1 to 1.
  @inline(__always)
  package func move(_ pose: inout NavigationMap.Pose, choice: Int, noise: Double) {
    pose.heading += Double(choice - choices / 2) * turn + noise * headingNoise
    pose.x += step * cos(pose.heading)
    pose.y += step * sin(pose.heading)
  }

  /// The reward of a step without a crash.
  ///
  /// - Parameters:
  ///   - least: the least distance along the rays in the middle half.
  ///   - second: the least of the others.
  @inline(__always)
  package func reward(least: Double, second: Double) -> Double { (least + second) / 2 / range }
}
