// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Randomness
import Testing

private typealias Pose = NavigationMap.Pose

/// A room of 6 m by 4 m from (1, 1).
private let room = NavigationMap(
  name: "room", cell: 1, appearance: .init(gain: 1, power: 1, bias: 0), poses: [Pose(4, 3, 0)],
  """
  ########
  #......#
  #......#
  #......#
  #......#
  ########
  """)

private func draws(_ index: UInt64) -> Draws {
  Draws(StreamKey(seed: 3, replication: 0, purpose: .episodeStart, entity: "a"), at: index)
}

struct NavigationTests {
  /// In a rectangle a ray ends at whichever of two walls it meets first: distances have a closed form.
  @Test func raysInARoomHaveTheirClosedForm() {
    let offsets = NavigationRules.usualOffsets
    let walls = NavigationWalls(room.segments, offsets: offsets, range: 10)
    #expect(walls.count == 4)
    for heading in [0.1, 1.2, 2.5, -0.7, -2.9] {
      let pose = Pose(2.25, 3.5, heading)
      let depths = walls.depths(from: pose)
      for (ray, offset) in offsets.enumerated() {
        let (ux, uy) = (cos(heading + offset), sin(heading + offset))
        let along = (ux > 0 ? 7 - pose.x : 1 - pose.x) / ux
        let across = (uy > 0 ? 5 - pose.y : 1 - pose.y) / uy
        #expect(abs(depths[ray] - min(along, across)) < 1e-12)
      }
      #expect(walls.clearance(at: pose) == 1.25)
    }
    #expect(NavigationWalls(room.segments, offsets: offsets, range: 0.5).depths(from: room.poses[0])[3] == 0.5)
  }

  /// A vehicle that always turns as far as it can flies on a circle of the radius that the rules say, which is too wide for
  /// corridors of 2 m: the body, too, has to fit.
  @Test func theLeastCircleHasItsRadiusAndFitsNowhere() {
    var rules = NavigationRules.usual
    #expect(abs(rules.leastCircle - 0.4 / (2 * sin(10.6 * .pi / 180))) < 1e-12)
    #expect(2 * (rules.leastCircle + rules.crashRadius) > 2.4)
    // 18 turns of 20° come back to where they began.
    rules.turn = 10 * .pi / 180
    var pose = Pose(0, 0, 0)
    var points: [Pose] = []
    for _ in 0..<18 {
      rules.move(&pose, choice: 4, noise: 0)
      points.append(pose)
    }
    #expect(abs(pose.x) < 1e-12 && abs(pose.y) < 1e-12)
    let centre = (points.reduce(0) { $0 + $1.x } / 18, points.reduce(0) { $0 + $1.y } / 18)
    for point in points { #expect(abs(hypot(point.x - centre.0, point.y - centre.1) - rules.leastCircle) < 1e-12) }
  }

  /// Who flies on and on is stopped by a wall and never beyond one: as a step is shorter than twice the radius, no wall can be
  /// jumped over.
  @Test(arguments: 0..<4) func nobodyLeavesAMapAndRewardsAreOfDistances(map: Int) {
    let (task, world) = (Navigation(map: map), NavigationMap.all[map])
    #expect(NavigationRules.usual.step < 2 * NavigationRules.usual.crashRadius)
    let walls = NavigationWalls(world.segments, offsets: NavigationRules.usualOffsets, range: 10)
    for episode in 0..<200 {
      var draws = draws(UInt64(episode))
      var state = task.start(&draws)
      for _ in 0..<500 {
        let transition = task.step(&state, choice: Int(draws.integer(below: 5)))
        let (row, column) = (Int(state.pose.y / world.cell), Int(state.pose.x / world.cell))
        let isCrash = walls.clearance(at: state.pose) < 0.25
        #expect(isCrash == transition.isTerminated && (isCrash ? transition.reward == -1 : transition.reward > 0))
        guard !isCrash else { break }
        #expect(Array(world.rows[row])[column] == ".")
        let middle = (4..<12).map { walls.depths(from: state.pose)[$0] }.sorted()
        #expect(abs(transition.reward - (middle[0] + middle[1]) / 20) < 1e-15)
      }
    }
  }

  /// What a step draws depends on the start and the number of the step, and on nothing that the vehicle did.
  @Test func noiseIsKeyedByTheNumberOfTheStep() {
    let task = Navigation(map: 0)
    func turns(_ choices: [Int]) -> [Double] {
      var draws = draws(5)
      var state = task.start(&draws)
      return choices.map { choice in
        let before = state.pose.heading
        _ = task.step(&state, choice: choice)
        return (state.pose.heading - before - Double(choice - 2) * NavigationRules.usual.turn)
          / NavigationRules.usual.headingNoise
      }
    }
    let (left, right) = (turns([0, 1, 2, 3, 4, 0]), turns([4, 3, 2, 1, 0, 2]))
    for (one, other) in zip(left, right) { #expect(abs(one - other) < 1e-12 && abs(one) <= 1 + 1e-12) }
    #expect(Set(left.map { ($0 * 1e9).rounded() }).count == left.count)
  }

  /// Readings are what the map makes of distances, with noise of the deviation that is said: over 4,000 readings the mean
  /// square is within 12 % of it, five standard errors and more.
  @Test func readingsAreOfDistances() {
    for map in 0..<4 {
      let (task, world) = (Navigation(map: map), NavigationMap.all[map])
      let walls = NavigationWalls(world.segments, offsets: NavigationRules.usualOffsets, range: 10)
      var (sum, count) = (0.0, 0)
      for episode in 0..<250 {
        var draws = draws(UInt64(episode))
        let state = task.start(&draws)
        let depths = walls.depths(from: state.pose)
        for ray in 0..<16 {
          let expected = world.appearance.reading(ofShare: depths[ray] / 10)
          guard (0.05...0.95).contains(expected) else { continue }
          let error = Double(state.readings[ray]) - expected
          sum += error * error
          count += 1
        }
      }
      #expect(count > 1000 && abs(sum / Double(count) / 1e-4 - 1) < 0.2)
    }
  }
}
