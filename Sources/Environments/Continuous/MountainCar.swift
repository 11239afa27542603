// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness

/// Drives a car out of a valley with a motor that is too weak to climb the hill at once.
///
/// ## Description
/// A car stands in a valley whose height is sin 3x. Its motor is weaker than the slope, so that it has to swing to and
/// fro before it reaches the flag on the right. It is the MountainCarContinuous of Gymnasium:
///
///     v ← v + p u − g cos 3x,  x ← x + v
///
/// with u the force clipped to ±1, v clipped to ±0.07 and x to −1.2 … 0.6; at the left end a car that moves left stops.
///
/// Source: Moore, "Efficient memory-based learning for robot control", 1990; Towers et al., "Gymnasium: a standard
/// interface for reinforcement learning environments", 2024.
///
/// ## Actions
/// One number: the force of the motor, from −1 to 1; what is beyond is clipped in the motion and not in the reward.
///
/// ## Observations
/// | number | observation | range |
/// |---|---|---|
/// | 0 | position x | −1.2 to 0.6 |
/// | 1 | velocity v | ±0.07 a step |
///
/// ## Rewards
/// −0.1 u² for every step with u as given, and 100 for the one that reaches the flag. At most 100 for an episode.
///
/// ## Start
/// x is uniform between −0.6 and −0.4, and v is zero.
///
/// ## Episode end
/// Terminated when x is at least 0.45. Truncated after 999 steps.
///
/// ## Arguments
/// `power` p and `gravity` g. `single` is the task of Gymnasium; `taskGrid` has 25 around it, all with a motor that is
/// weaker than the slope, five powers each with five gravities.
package struct MountainCar: ControlTask, Equatable {
  /// Where the car is and how fast it goes.
  package struct State: BitwiseCopyable, Sendable, Equatable {
    /// x.
    package var position: Double
    /// v, in positions a step.
    package var velocity: Double

    package init(position: Double, velocity: Double) {
      self.position = position
      self.velocity = velocity
    }

    /// At rest near the bottom.
    init(_ draws: inout Draws) { self.init(position: draws.uniform(from: -0.6, to: -0.4), velocity: 0) }

    /// Rolls on with a velocity, as far as the limit of speed and the ends of the road allow.
    @inline(__always)
    mutating func roll(_ velocity: Double) {
      self.velocity = min(max(velocity, -MountainCar.speedLimit), MountainCar.speedLimit)
      position += self.velocity
      position = min(max(position, MountainCar.positions.lowerBound), MountainCar.positions.upperBound)
      if position == MountainCar.positions.lowerBound, self.velocity < 0 { self.velocity = 0 }
    }

    @inline(__always)
    func observe<Scalar: BinaryFloatingPoint>(into observation: UnsafeMutablePointer<Scalar>) {
      observation[0] = Scalar(position)
      observation[1] = Scalar(velocity)
    }
  }

  /// The ends of the road.
  package static var positions: ClosedRange<Double> { -1.2...0.6 }
  /// The largest magnitude of the velocity.
  package static var speedLimit: Double { 0.07 }
  /// Where the flag stands.
  package static var goal: Double { 0.45 }

  package static var observationCount: Int { 2 }
  package static var actionCount: Int { 1 }
  package static var meanActionBound: Double { 1 }
  package static var timeLimit: Int { 999 }

  /// p, what a unit of force adds to the velocity in a step.
  package let power: Double
  /// g, what the steepest slope takes from it.
  package let gravity: Double

  package init(power: Double, gravity: Double) {
    self.power = power
    self.gravity = gravity
  }

  /// The task of Gymnasium.
  package static let single = MountainCar(power: 0.0015, gravity: 0.0025)

  /// 25 tasks around it: five powers, each with five gravities.
  package static let taskGrid: [MountainCar] = [0.0013, 0.0014, 0.0015, 0.0016, 0.0017].flatMap { power in
    [0.0023, 0.0024, 0.0025, 0.0026, 0.0027].map { MountainCar(power: power, gravity: $0) }
  }

  package func start(_ draws: inout Draws) -> State { State(&draws) }

  /// Takes one step under a force.
  package func step(_ state: inout State, force: Double) -> Transition {
    let push = min(max(force, -1), 1) * power
    state.roll(state.velocity + push - gravity * cos(3 * state.position))
    let isThere = state.position >= Self.goal && state.velocity >= 0
    return Transition(reward: (isThere ? 100 : 0) - 0.1 * (force * force), isTerminated: isThere)
  }

  package func step(_ state: inout State, action: UnsafePointer<Double>) -> Transition {
    step(&state, force: action[0])
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: State, into observation: UnsafeMutablePointer<Scalar>
  ) {
    state.observe(into: observation)
  }
}

extension EnvironmentDefinition {
  /// A car in a valley.
  package static let mountainCar = EnvironmentDefinition(
    name: "mountain-car", meaning: "a car swings out of a valley with a motor that is weaker than the slope",
    source: "Moore, 1990; Towers et al., 2024", single: MountainCar.single, grid: MountainCar.taskGrid,
    observationNames: ["position", "velocity"], taskName: { "p\($0.power)-g\($0.gravity)" }, timeStep: { _ in 1 },
    returnBound: { _ in .init(100, "100 for the flag and less for every force") })
}
