// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness

/// Drives a car out of a valley by full force or none: MountainCar-v0 of Gymnasium.
///
/// ## Description
/// The valley, its ends and the start are those of `MountainCar`; the motor is weaker yet.
///
///     v ← v + p (a − 1) − g cos 3x,  x ← x + v
///
/// Source: Moore, "Efficient memory-based learning for robot control", 1990; Towers et al., "Gymnasium: a standard
/// interface for reinforcement learning environments", 2024.
///
/// ## Actions
/// One of three choices a: 0 pushes to the left, 1 does nothing and 2 pushes to the right.
///
/// ## Observations
/// Position and velocity, as of `MountainCar`.
///
/// ## Rewards
/// −1 for every step, also for the one that reaches the flag.
///
/// ## Episode end
/// Terminated when x is at least 0.5 and the car does not move back. Truncated after 200 steps.
package struct MountainCarDiscrete: DiscreteControlTask, Equatable {
  package static var choiceCount: Int { 3 }
  package static var observationCount: Int { 2 }
  package static var timeLimit: Int { 200 }
  /// Where the flag stands.
  package static var goal: Double { 0.5 }

  /// p, what full force adds to the velocity in a step.
  package let power: Double
  /// g, what the steepest slope takes from it.
  package let gravity: Double

  package init(power: Double, gravity: Double) {
    self.power = power
    self.gravity = gravity
  }

  /// The task of Gymnasium.
  package static let single = MountainCarDiscrete(power: 0.001, gravity: 0.0025)

  /// Nine tasks around it: three powers, each with three gravities.
  package static let taskGrid: [MountainCarDiscrete] = [0.0009, 0.001, 0.0011].flatMap { power in
    [0.0024, 0.0025, 0.0026].map { MountainCarDiscrete(power: power, gravity: $0) }
  }

  package func start(_ draws: inout Draws) -> MountainCar.State { MountainCar.State(&draws) }

  package func step(_ state: inout MountainCar.State, choice: Int) -> Transition {
    state.roll(state.velocity + (Double(choice - 1) * power + cos(3 * state.position) * -gravity))
    return Transition(reward: -1, isTerminated: state.position >= Self.goal && state.velocity >= 0)
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: MountainCar.State, into observation: UnsafeMutablePointer<Scalar>
  ) {
    state.observe(into: observation)
  }
}

extension EnvironmentDefinition {
  /// A car in a valley, with full force or none.
  package static let mountainCarDiscrete = EnvironmentDefinition(
    name: "mountain-car-discrete", meaning: "a car swings out of a valley by full force to either side, or none",
    source: "Moore, 1990; MountainCar-v0 of Towers et al., 2024", single: MountainCarDiscrete.single,
    grid: MountainCarDiscrete.taskGrid, observationNames: ["position", "velocity"],
    taskName: { "p\($0.power)-g\($0.gravity)" }, timeStep: { _ in 1 },
    returnBound: { _ in .init(-1, "-1 for every step") })
}
