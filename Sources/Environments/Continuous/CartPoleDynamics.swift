// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Where cart and pole are and how fast they move.
package struct CartPoleState: BitwiseCopyable, Sendable, Equatable {
  /// x, of the cart from the centre of the track, in metres.
  package var position: Double
  /// ẋ, in metres per second.
  package var velocity: Double
  /// θ, of the pole from upright, in radians; never wrapped round.
  package var angle: Double
  /// θ̇, in radians per second.
  package var angularVelocity: Double

  package init(position: Double, velocity: Double, angle: Double, angularVelocity: Double) {
    self.position = position
    self.velocity = velocity
    self.angle = angle
    self.angularVelocity = angularVelocity
  }
}

/// A cart on a track without friction, and a uniform pole on a joint on the cart.
///
/// Source: Florian, "Correct equations for the dynamics of the cart-pole system", 2007, without friction; the
/// arithmetic is that of Gymnasium's CartPole.
///
/// | symbol | meaning | unit |
/// |---|---|---|
/// | M, m | masses of cart and pole | kg |
/// | l | half the length of the pole | m |
/// | g | gravity | m/s² |
/// | τ | time step | s |
/// | F | force on the cart | N |
///
///     q = (F + m l θ̇² sin θ) / (M + m)
///     θ̈ = (g sin θ − q cos θ) / (l (4/3 − m cos² θ / (M + m)))
///     ẍ = q − m l θ̈ cos θ / (M + m)
package struct CartPoleDynamics: BitwiseCopyable, Sendable, Equatable {
  /// How a time step follows the equations.
  package enum Integrator: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Positions move with the velocities before the step: first order.
    case euler
    /// Positions move with the velocities after the step: first order, but energy does not drift.
    case semiImplicit
    /// The classical method of Runge and Kutta: fourth order.
    case rungeKutta
  }

  /// M, in kilograms.
  package var cartMass: Double
  /// m, in kilograms.
  package var poleMass: Double
  /// l, half the length of the pole, in metres.
  package var poleHalfLength: Double
  /// g, in metres per second squared.
  package var gravity: Double
  /// τ, in seconds.
  package var timeStep: Double
  /// How a time step follows the equations.
  package var integrator: Integrator

  package init(
    cartMass: Double, poleMass: Double, poleHalfLength: Double, gravity: Double = 9.8, timeStep: Double = 0.02,
    integrator: Integrator = .euler
  ) {
    self.cartMass = cartMass
    self.poleMass = poleMass
    self.poleHalfLength = poleHalfLength
    self.gravity = gravity
    self.timeStep = timeStep
    self.integrator = integrator
  }

  /// Moves a state on by one time step under a constant force.
  package func advance(_ state: inout CartPoleState, force: Double) {
    switch integrator {
    case .euler:
      let slope = slope(state, force: force)
      state = moved(state, along: slope, for: timeStep)
    case .semiImplicit:
      let slope = slope(state, force: force)
      state.velocity += timeStep * slope.velocity
      state.position += timeStep * state.velocity
      state.angularVelocity += timeStep * slope.angularVelocity
      state.angle += timeStep * state.angularVelocity
    case .rungeKutta:
      let first = slope(state, force: force)
      let second = slope(moved(state, along: first, for: timeStep / 2), force: force)
      let third = slope(moved(state, along: second, for: timeStep / 2), force: force)
      let fourth = slope(moved(state, along: third, for: timeStep), force: force)
      state = moved(
        state,
        along: CartPoleState(
          position: weighted(first.position, second.position, third.position, fourth.position),
          velocity: weighted(first.velocity, second.velocity, third.velocity, fourth.velocity),
          angle: weighted(first.angle, second.angle, third.angle, fourth.angle),
          angularVelocity: weighted(
            first.angularVelocity, second.angularVelocity, third.angularVelocity, fourth.angularVelocity)),
        for: timeStep)
    }
  }

  /// How fast each part of a state changes.
  func slope(_ state: CartPoleState, force: Double) -> CartPoleState {
    let sine = sin(state.angle)
    let cosine = cos(state.angle)
    let mass = poleMass + cartMass
    let moment = poleMass * poleHalfLength
    let push = (force + moment * (state.angularVelocity * state.angularVelocity) * sine) / mass
    let angular =
      (gravity * sine - cosine * push) / (poleHalfLength * (4.0 / 3.0 - poleMass * (cosine * cosine) / mass))
    let linear = push - moment * angular * cosine / mass
    return CartPoleState(
      position: state.velocity, velocity: linear, angle: state.angularVelocity, angularVelocity: angular)
  }

  func moved(_ state: CartPoleState, along slope: CartPoleState, for time: Double) -> CartPoleState {
    CartPoleState(
      position: state.position + time * slope.position, velocity: state.velocity + time * slope.velocity,
      angle: state.angle + time * slope.angle,
      angularVelocity: state.angularVelocity + time * slope.angularVelocity)
  }

  /// The mean of four slopes in which the two in the middle count twice.
  func weighted(_ first: Double, _ second: Double, _ third: Double, _ fourth: Double) -> Double {
    (first + 2 * second + 2 * third + fourth) / 6
  }

  /// Kinetic and potential energy, in joules; the pivot is at height zero. Without force it would never change:
  ///
  ///     ½ (M + m) ẋ² + m l ẋ θ̇ cos θ + ⅔ m l² θ̇² + m g l cos θ
  package func energy(_ state: CartPoleState) -> Double {
    let moment = poleMass * poleHalfLength
    let cosine = cos(state.angle)
    return (cartMass + poleMass) * state.velocity * state.velocity / 2
      + moment * state.velocity * state.angularVelocity * cosine
      + 2.0 / 3.0 * moment * poleHalfLength * state.angularVelocity * state.angularVelocity
      + moment * gravity * cosine
  }
}
