// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness

/// Swings a pendulum up with a motor that is too weak to lift it at once.
///
/// ## Description
/// A uniform rod turns about a motor at its end. The goal is to bring it upright and to hold it there with little
/// torque. It is the Pendulum of Gymnasium:
///
///     ω ← ω + (3 g sin θ / (2 l) + 3 u / (m l²)) τ,  θ ← θ + ω τ
///
/// Source: Valcarcel Macua et al., "Diff-DAC: distributed actor-critic for average multitask deep reinforcement
/// learning", 2018, section 7, which leaves reward and observations open; both are those of Gymnasium.
///
/// ## Actions
/// One number: the torque u of the motor, in newton metres, clipped to ±2.
///
/// ## Observations
/// | number | observation | range |
/// |---|---|---|
/// | 0 | cos θ of the angle from upright | -1 to 1 |
/// | 1 | sin θ | -1 to 1 |
/// | 2 | angular velocity ω | ±8 rad/s |
///
/// ## Rewards
/// −(θ² + 0.1 ω² + 0.001 u²) of the state before the step, with θ between −π and π and u as clipped. From −16.27 to 0.
///
/// ## Start
/// θ is uniform in ±π, and ω in ±1 rad/s.
///
/// ## Episode end
/// Never terminated. The experiments truncate after 200 steps (10 s).
///
/// ## Arguments
/// Mass and length of the rod, gravity, time step, and the limits of torque and speed. `single` and `taskGrid` are the
/// tasks of the experiments.
package struct InvertedPendulum: ControlTask, Equatable {
  /// Where the rod is and how fast it turns.
  package struct State: BitwiseCopyable, Sendable, Equatable {
    /// θ, from upright, in radians; never wrapped round.
    package var angle: Double
    /// ω, in radians per second.
    package var angularVelocity: Double

    package init(angle: Double, angularVelocity: Double) {
      self.angle = angle
      self.angularVelocity = angularVelocity
    }
  }

  package static var observationCount: Int { 3 }
  package static var actionCount: Int { 1 }
  package static var meanActionBound: Double { 2 }
  package static var timeLimit: Int { 200 }

  /// m, in kilograms.
  package let mass: Double
  /// l, in metres.
  package let length: Double
  /// g, in metres per second squared.
  package let gravity: Double
  /// τ, in seconds.
  package let timeStep: Double
  /// The largest torque, in newton metres.
  package let torqueLimit: Double
  /// The largest angular velocity, in radians per second.
  package let speedLimit: Double

  package init(
    mass: Double, length: Double, gravity: Double = 10, timeStep: Double = 0.05, torqueLimit: Double = 2,
    speedLimit: Double = 8
  ) {
    self.mass = mass
    self.length = length
    self.gravity = gravity
    self.timeStep = timeStep
    self.torqueLimit = torqueLimit
    self.speedLimit = speedLimit
  }

  /// The one task of single-task experiments.
  package static let single = InvertedPendulum(mass: 1, length: 1)

  /// The 25 tasks of multitask experiments: five masses, each with five lengths.
  package static let taskGrid: [InvertedPendulum] = [0.8, 0.9, 1, 1.1, 1.2].flatMap { mass in
    [0.8, 0.9, 1, 1.1, 1.2].map { InvertedPendulum(mass: mass, length: $0) }
  }

  package func start(_ draws: inout Draws) -> State {
    let angle = draws.uniform(from: -.pi, to: .pi)
    return State(angle: angle, angularVelocity: draws.uniform(from: -1, to: 1))
  }

  /// Takes one step under a torque in newton metres.
  package func step(_ state: inout State, torque: Double) -> Transition {
    let torque = min(max(torque, -torqueLimit), torqueLimit)
    let angle = wrapped(state.angle)
    let speed = state.angularVelocity
    let cost = angle * angle + 0.1 * (speed * speed) + 0.001 * (torque * torque)
    let gain = 3 * gravity / (2 * length) * sin(state.angle) + 3 / (mass * (length * length)) * torque
    state.angularVelocity = min(max(speed + gain * timeStep, -speedLimit), speedLimit)
    state.angle += state.angularVelocity * timeStep
    return Transition(reward: -cost, isTerminated: false)
  }

  /// The same direction between −π and π.
  func wrapped(_ angle: Double) -> Double {
    let turned = (angle + .pi).truncatingRemainder(dividingBy: 2 * .pi)
    return (turned < 0 ? turned + 2 * .pi : turned) - .pi
  }

  package func step(_ state: inout State, action: UnsafePointer<Double>) -> Transition {
    step(&state, torque: action[0])
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: State, into observation: UnsafeMutablePointer<Scalar>
  ) {
    observation[0] = Scalar(cos(state.angle))
    observation[1] = Scalar(sin(state.angle))
    observation[2] = Scalar(state.angularVelocity)
  }
}

extension EnvironmentDefinition {
  /// A pendulum that a weak motor is to swing up.
  package static let invertedPendulum = EnvironmentDefinition(
    name: "inverted-pendulum", meaning: "a pendulum is swung up by a motor that is too weak to lift it at once",
    source: "Valcarcel Macua et al., 2018, section 7; Towers et al., 2024", single: InvertedPendulum.single,
    grid: InvertedPendulum.taskGrid, observationNames: ["cos_angle", "sin_angle", "angular_velocity"],
    taskName: { taskName(mass: $0.mass, length: $0.length) }, timeStep: \.timeStep,
    returnBound: { _ in .init(0, "no reward above 0") })
}
