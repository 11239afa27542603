// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Randomness
import Testing

struct MountainCarTests {
  /// The valley's lowest point is where cos 3x is zero: there the car stays, but for rounding.
  @Test func theCarStaysAtTheBottom() {
    var state = MountainCar.State(position: -.pi / 6, velocity: 0)
    for _ in 0..<1000 { _ = MountainCar.single.step(&state, force: 0) }
    #expect(abs(state.position + .pi / 6) < 1e-12 && abs(state.velocity) < 1e-12)
  }

  /// Without force the motion is a symplectic Euler method for the energy v²/2 + (g/3) sin 3x, which stays within
  /// a part that shrinks with the step.
  @Test func withoutForceTheEnergyStaysNearWhereItWas() {
    func energy(_ state: MountainCar.State) -> Double {
      state.velocity * state.velocity / 2 + 0.0025 / 3 * sin(3 * state.position)
    }
    var state = MountainCar.State(position: -0.7, velocity: 0)
    let start = energy(state)
    let depth = 0.0025 / 3
    for _ in 0..<2000 {
      _ = MountainCar.single.step(&state, force: 0)
      #expect(abs(energy(state) - start) < 0.05 * depth)
    }
  }

  /// The first steps by hand: from rest at −0.5 with full force.
  @Test func theFirstStepsAreThoseOfTheFormula() {
    var state = MountainCar.State(position: -0.5, velocity: 0)
    let first = 0.0015 - 0.0025 * cos(-1.5)
    #expect(MountainCar.single.step(&state, force: 1) == Transition(reward: -0.1, isTerminated: false))
    #expect(state == MountainCar.State(position: -0.5 + first, velocity: first))
    let second = first + 0.0015 - 0.0025 * cos(3 * (-0.5 + first))
    _ = MountainCar.single.step(&state, force: 7)
    #expect(state.velocity == second)
  }

  /// A force beyond the motor's is clipped in the motion, and costs as it was given.
  @Test func moreForceThanThereIsCostsAndMovesNothing() {
    var weak = MountainCar.State(position: -0.5, velocity: 0)
    var strong = weak
    #expect(MountainCar.single.step(&weak, force: -1).reward == -0.1)
    #expect(MountainCar.single.step(&strong, force: -3).reward == -0.1 * 9)
    #expect(weak == strong)
  }

  @Test func theLeftEndStopsTheCar() {
    var state = MountainCar.State(position: -1.19, velocity: -0.06)
    _ = MountainCar.single.step(&state, force: -1)
    #expect(state == MountainCar.State(position: -1.2, velocity: 0))
  }

  /// Full force forwards alone never climbs the hill; force in the direction of motion does, in every task.
  @Test(arguments: MountainCar.taskGrid)
  func theHillIsClimbedBySwingingOnly(task: MountainCar) {
    var climbing = MountainCar.State(position: -0.5, velocity: 0)
    for _ in 0..<999 { #expect(!task.step(&climbing, force: 1).isTerminated) }
    var swinging = MountainCar.State(position: -0.5, velocity: 0)
    var total = 0.0
    for _ in 0..<999 {
      let transition = task.step(&swinging, force: swinging.velocity >= 0 ? 1 : -1)
      total += transition.reward
      if transition.isTerminated { break }
    }
    #expect(swinging.position >= MountainCar.goal && total > 80 && total < 100)
  }

  @Test func episodesStartAtRestInTheValley() {
    let key = StreamKey(seed: 1, replication: 0, purpose: .episodeStart, entity: "valley")
    for index in 0..<100 as Range<UInt64> {
      var draws = Draws(key, at: index)
      let state = MountainCar.single.start(&draws)
      #expect((-0.6 ... -0.4).contains(state.position) && state.velocity == 0)
    }
  }
}
