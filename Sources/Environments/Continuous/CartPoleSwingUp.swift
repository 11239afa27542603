// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness

/// Swings a hanging pole up and balances it.
///
/// ## Description
/// A pole hangs from a joint on a cart that moves along a track without friction (`CartPoleDynamics`). The goal is to
/// swing it up, to hold it upright, and to do so in the middle of the track.
///
/// Source: Valcarcel Macua et al., "Diff-DAC: distributed actor-critic for average multitask deep reinforcement
/// learning", 2018, section 7.
///
/// ## Actions
/// One number: the force on the cart, in newtons, taken as it comes; it is not clipped.
///
/// ## Observations
/// | number | observation | range |
/// |---|---|---|
/// | 0 | position x of the cart | any, m |
/// | 1 | velocity ẋ of the cart | any, m/s |
/// | 2 | cos θ of the angle of the pole from upright | -1 to 1 |
/// | 3 | sin θ | -1 to 1 |
/// | 4 | angular velocity θ̇ | any, rad/s |
///
/// ## Rewards
/// 2 / (1 + eᵈ) + cos θ of the state after the step, where d is the distance in metres of the tip of the pole from where
/// the tip is when the pole stands upright in the middle. At most 2 for a step. The paper does not say which point of
/// the pole d is about; `rewardedPoint` chooses.
///
/// ## Start
/// θ is within ±0.05 of hanging down (π), and the other three are within ±0.05 of zero, all uniform.
///
/// ## Episode end
/// Never terminated: the reward is negative at first, so an end at the end of the track would reward reaching it. The
/// experiments truncate after 200 steps (4 s).
///
/// ## Arguments
/// Masses, half the length of the pole, gravity, time step and integrator of `CartPoleDynamics`, and `rewardedPoint`.
/// `single` and `taskGrid` are the tasks of the experiments.
package struct CartPoleSwingUp: ControlTask, Equatable {
  /// The point of the pole whose distance from its goal counts.
  package enum RewardedPoint: UInt8, BitwiseCopyable, Sendable {
    /// The free end of the pole.
    case tip
    /// The middle of the pole.
    case centreOfMass
  }

  /// The bound on the distance of each number of a first state from hanging still.
  static let startSpread = 0.05

  package static var observationCount: Int { 5 }
  package static var actionCount: Int { 1 }
  package static var meanActionBound: Double { 10 }
  package static var timeLimit: Int { 200 }

  /// Masses, lengths and how time goes.
  package let dynamics: CartPoleDynamics
  /// The point of the pole whose distance from its goal counts.
  package let rewardedPoint: RewardedPoint

  package init(_ dynamics: CartPoleDynamics, rewardedPoint: RewardedPoint = .tip) {
    self.dynamics = dynamics
    self.rewardedPoint = rewardedPoint
  }

  package init(poleMass: Double, poleHalfLength: Double, cartMass: Double = 0.5) {
    self.init(CartPoleDynamics(cartMass: cartMass, poleMass: poleMass, poleHalfLength: poleHalfLength))
  }

  /// The one task of single-task experiments.
  package static let single = CartPoleSwingUp(poleMass: 0.5, poleHalfLength: 0.25)

  /// The 25 tasks of multitask experiments: five pole masses, each with five lengths.
  package static let taskGrid: [CartPoleSwingUp] = [0.1, 0.2, 0.3, 0.4, 0.5].flatMap { mass in
    [0.2, 0.4, 0.6, 0.8, 1].map { CartPoleSwingUp(poleMass: mass, poleHalfLength: $0) }
  }

  package func start(_ draws: inout Draws) -> CartPoleState {
    let spread = Self.startSpread
    let position = draws.uniform(from: -spread, to: spread)
    let velocity = draws.uniform(from: -spread, to: spread)
    let angle = Double.pi + draws.uniform(from: -spread, to: spread)
    let angularVelocity = draws.uniform(from: -spread, to: spread)
    return CartPoleState(position: position, velocity: velocity, angle: angle, angularVelocity: angularVelocity)
  }

  /// Takes one step under a force in newtons.
  package func step(_ state: inout CartPoleState, force: Double) -> Transition {
    dynamics.advance(&state, force: force)
    return Transition(reward: reward(state), isTerminated: false)
  }

  /// What a step to a state is worth.
  package func reward(_ state: CartPoleState) -> Double {
    let reach = rewardedPoint == .tip ? 2 * dynamics.poleHalfLength : dynamics.poleHalfLength
    let cosine = cos(state.angle)
    let across = state.position + reach * sin(state.angle)
    let below = reach * cosine - reach
    let distance = (across * across + below * below).squareRoot()
    return 2 / (1 + exp(distance)) + cosine
  }

  package func step(_ state: inout CartPoleState, action: UnsafePointer<Double>) -> Transition {
    step(&state, force: action[0])
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: CartPoleState, into observation: UnsafeMutablePointer<Scalar>
  ) {
    observation[0] = Scalar(state.position)
    observation[1] = Scalar(state.velocity)
    observation[2] = Scalar(cos(state.angle))
    observation[3] = Scalar(sin(state.angle))
    observation[4] = Scalar(state.angularVelocity)
  }
}

extension EnvironmentDefinition {
  /// A hanging pole on a cart that is to be swung up.
  package static let cartPoleSwingUp = EnvironmentDefinition(
    name: "cart-pole-swing-up", meaning: "a hanging pole is swung up by pushing its cart, and held in the middle",
    source: "Valcarcel Macua et al., 2018, section 7", single: CartPoleSwingUp.single, grid: CartPoleSwingUp.taskGrid,
    observationNames: ["position", "velocity", "cos_angle", "sin_angle", "angular_velocity"],
    taskName: { taskName(mass: $0.dynamics.poleMass, length: $0.dynamics.poleHalfLength) },
    timeStep: { $0.dynamics.timeStep },
    returnBound: { .init(2 * Double($0), "at most 2 for each of \(counted($0, "step"))") })
}
