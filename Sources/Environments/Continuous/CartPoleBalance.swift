// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness

/// Balances a pole on a cart with a continuous force.
///
/// ## Description
/// A pole stands on a joint on a cart that moves along a track without friction (`CartPoleDynamics`). The goal is to
/// keep it upright by pushing the cart. It is the cart-pole of Gymnasium, but the force may be any number.
///
/// Source: Valcarcel Macua et al., "Diff-DAC: distributed actor-critic for average multitask deep reinforcement
/// learning", 2018, section 7; Barto, Sutton and Anderson, 1983.
///
/// ## Actions
/// One number: the force on the cart, in newtons, taken as it comes; it is not clipped.
///
/// ## Observations
/// | number | observation | range while the episode lasts |
/// |---|---|---|
/// | 0 | position x of the cart | ±2.4 m |
/// | 1 | velocity ẋ of the cart | any, m/s |
/// | 2 | angle θ of the pole from upright | ±0.2094 rad (12°) |
/// | 3 | angular velocity θ̇ | any, rad/s |
///
/// ## Rewards
/// 1 for every step, the last one included.
///
/// ## Start
/// Each of the four is uniform in ±0.05.
///
/// ## Episode end
/// Terminated when the pole leans by more than 12° or the cart is more than 2.4 m from the centre. The experiments
/// truncate after 200 steps (4 s), so the largest return is 200.
///
/// ## Arguments
/// Masses, half the length of the pole, gravity, time step and integrator of `CartPoleDynamics`. `single` and
/// `taskGrid` are the tasks of the experiments.
package struct CartPoleBalance: ControlTask, Equatable {
  /// How far the cart may go, in metres.
  package static var positionLimit: Double { 2.4 }
  /// How far the pole may lean, in radians.
  package static var angleLimit: Double { 12 * 2 * .pi / 360 }
  /// The bound on each number of a first state.
  static let startSpread = 0.05

  package static var observationCount: Int { 4 }
  package static var actionCount: Int { 1 }
  package static var meanActionBound: Double { 10 }
  package static var timeLimit: Int { 200 }
  /// Where an episode ends, and velocities of 2.
  package static var observationScales: [Double]? { [positionLimit, 2, 0.21, 2] }

  /// Masses, lengths and how time goes.
  package let dynamics: CartPoleDynamics

  package init(_ dynamics: CartPoleDynamics) { self.dynamics = dynamics }

  package init(poleMass: Double, poleHalfLength: Double, cartMass: Double = 1) {
    self.init(CartPoleDynamics(cartMass: cartMass, poleMass: poleMass, poleHalfLength: poleHalfLength))
  }

  /// The one task of single-task experiments.
  package static let single = CartPoleBalance(poleMass: 0.1, poleHalfLength: 0.5)

  /// The 25 tasks of multitask experiments: five pole masses, each with five lengths.
  package static let taskGrid: [CartPoleBalance] = [0.1, 0.325, 0.55, 0.775, 1].flatMap { mass in
    [0.05, 0.1625, 0.275, 0.3875, 0.5].map { CartPoleBalance(poleMass: mass, poleHalfLength: $0) }
  }

  package func start(_ draws: inout Draws) -> CartPoleState {
    let spread = Self.startSpread
    let position = draws.uniform(from: -spread, to: spread)
    let velocity = draws.uniform(from: -spread, to: spread)
    let angle = draws.uniform(from: -spread, to: spread)
    let angularVelocity = draws.uniform(from: -spread, to: spread)
    return CartPoleState(position: position, velocity: velocity, angle: angle, angularVelocity: angularVelocity)
  }

  /// Takes one step under a force in newtons.
  package func step(_ state: inout CartPoleState, force: Double) -> Transition {
    dynamics.advance(&state, force: force)
    let isOut = abs(state.position) > Self.positionLimit || abs(state.angle) > Self.angleLimit
    return Transition(reward: 1, isTerminated: isOut)
  }

  package func step(_ state: inout CartPoleState, action: UnsafePointer<Double>) -> Transition {
    step(&state, force: action[0])
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: CartPoleState, into observation: UnsafeMutablePointer<Scalar>
  ) {
    observation[0] = Scalar(state.position)
    observation[1] = Scalar(state.velocity)
    observation[2] = Scalar(state.angle)
    observation[3] = Scalar(state.angularVelocity)
  }
}

extension EnvironmentDefinition {
  /// A pole on a cart that is to stay upright.
  package static let cartPoleBalance = EnvironmentDefinition(
    name: "cart-pole-balance", meaning: "a pole on a cart is held upright by pushing the cart with any force",
    source: "Barto, Sutton and Anderson, 1983; Valcarcel Macua et al., 2018, section 7", single: CartPoleBalance.single,
    grid: CartPoleBalance.taskGrid, observationNames: ["position", "velocity", "angle", "angular_velocity"],
    taskName: { taskName(mass: $0.dynamics.poleMass, length: $0.dynamics.poleHalfLength) },
    timeStep: { $0.dynamics.timeStep },
    returnBound: { .init(Double($0), "1 for each of at most \(counted($0, "step"))") })
}
