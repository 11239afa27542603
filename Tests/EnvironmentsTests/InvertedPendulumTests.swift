// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Randomness
import Testing

struct InvertedPendulumTests {
  @Test func theMirrorImageOfATorqueMovesTheMirrorImage() {
    let task = InvertedPendulum(mass: 0.9, length: 1.1)
    let key = StreamKey(seed: 1, replication: 0, purpose: .data, entity: "mirror")
    for index in 0..<20 as Range<UInt64> {
      var draws = Draws(key, at: index)
      var left = task.start(&draws)
      var right = InvertedPendulum.State(angle: -left.angle, angularVelocity: -left.angularVelocity)
      for _ in 0..<200 {
        let torque = 6 * draws.uniform() - 3
        let one = task.step(&left, torque: torque)
        let other = task.step(&right, torque: -torque)
        #expect(left.angle == -right.angle && left.angularVelocity == -right.angularVelocity)
        // Wrapping an angle round subtracts π, which rounds differently on the two sides.
        #expect(abs(one.reward - other.reward) <= 1e-13 * max(1, abs(one.reward)))
      }
    }
  }

  @Test func whatIsMoreThanTheMotorGivesIsClippedInMotionAndReward() {
    let task = InvertedPendulum.single
    var weak = InvertedPendulum.State(angle: 1, angularVelocity: 0)
    var strong = weak
    #expect(task.step(&weak, torque: 2) == task.step(&strong, torque: 100))
    #expect(weak == strong)
    var fast = InvertedPendulum.State(angle: .pi / 2, angularVelocity: 7.9)
    _ = task.step(&fast, torque: 2)
    #expect(fast.angularVelocity == 8)
  }

  @Test func rewardsLieBetweenTheirBoundsAndNothingTerminates() {
    let task = InvertedPendulum.single
    let worst = Double.pi * .pi + 0.1 * 64 + 0.001 * 4
    let key = StreamKey(seed: 3, replication: 0, purpose: .data, entity: "bounds")
    var draws = Draws(key, at: 0)
    var state = task.start(&draws)
    for _ in 0..<2000 {
      let transition = task.step(&state, torque: 3 * (state.angularVelocity > 0 ? 1 : -1))
      #expect(transition.reward <= 0 && transition.reward >= -worst && !transition.isTerminated)
    }
    var upright = InvertedPendulum.State(angle: -4 * .pi, angularVelocity: 0)
    #expect(abs(task.step(&upright, torque: 0).reward) < 1e-28)
  }

  @Test func theTaskGridIsThatOfTheExperiments() {
    let grid = InvertedPendulum.taskGrid
    #expect(grid.count == 25 && Set(grid.map { "\($0.mass) \($0.length)" }).count == 25)
    #expect(grid[5] == InvertedPendulum(mass: 0.9, length: 0.8))
  }
}
