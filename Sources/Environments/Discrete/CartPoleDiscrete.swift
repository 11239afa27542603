// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// Balances a pole on a cart that is pushed to the left or to the right: CartPole-v1 of Gymnasium.
///
/// Motion, observations, rewards, start and end are those of `CartPoleBalance`; an action is one of two choices, 0 for a
/// force of −10 N and 1 for one of 10 N, and an episode is truncated after 500 steps.
///
/// Source: Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning control
/// problems", 1983; Towers et al., "Gymnasium: a standard interface for reinforcement learning environments", 2024.
package struct CartPoleDiscrete: DiscreteControlTask, Equatable {
  package static var choiceCount: Int { 2 }
  package static var observationCount: Int { CartPoleBalance.observationCount }
  package static var timeLimit: Int { 500 }
  /// The magnitude of the force, in newtons.
  static var force: Double { 10 }

  /// The task with a force of any size.
  package let balance: CartPoleBalance

  package init(_ balance: CartPoleBalance) { self.balance = balance }

  package func start(_ draws: inout Draws) -> CartPoleState { balance.start(&draws) }

  package func step(_ state: inout CartPoleState, choice: Int) -> Transition {
    balance.step(&state, force: choice == 1 ? Self.force : -Self.force)
  }

  package func observe<Scalar: BinaryFloatingPoint>(
    _ state: CartPoleState, into observation: UnsafeMutablePointer<Scalar>
  ) {
    balance.observe(state, into: observation)
  }
}

extension EnvironmentDefinition {
  /// A pole on a cart that is pushed to either side.
  package static let cartPoleDiscrete = EnvironmentDefinition(
    name: "cart-pole-discrete", meaning: "a pole on a cart is held upright by pushing the cart to either side",
    source: "Barto, Sutton and Anderson, 1983; CartPole-v1 of Towers et al., 2024",
    single: CartPoleDiscrete(.single), grid: CartPoleBalance.taskGrid.map { CartPoleDiscrete($0) },
    observationNames: ["position", "velocity", "angle", "angular_velocity"],
    taskName: { taskName(mass: $0.balance.dynamics.poleMass, length: $0.balance.dynamics.poleHalfLength) },
    timeStep: { $0.balance.dynamics.timeStep },
    returnBound: { .init(Double($0), "1 for each of at most \(counted($0, "step"))") })
}
