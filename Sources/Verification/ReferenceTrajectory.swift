// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// The parameters of a cart-pole in a reference file.
struct ReferenceCartPole: Decodable, Sendable {
  let poleMass: Double
  let poleHalfLength: Double
  let cartMass: Double
  let gravity: Double
  let tau: Double
  let integrator: String
  /// Beyond them a cart-pole that is to be balanced has failed, in metres and radians.
  let xLimit: Double?
  let thetaLimit: Double?
  /// After so many steps an episode ends.
  let maxSteps: Int?

  /// The cart-pole of these parameters.
  func dynamics() throws -> CartPoleDynamics {
    let integrators: [String: CartPoleDynamics.Integrator] = [
      "euler": .euler, "semi-implicit": .semiImplicit, "rk4": .rungeKutta,
    ]
    guard let known = integrators[integrator] else {
      throw ReferenceError("the integrator '\(integrator)' is not known.")
    }
    return CartPoleDynamics(
      cartMass: cartMass, poleMass: poleMass, poleHalfLength: poleHalfLength, gravity: gravity, timeStep: tau,
      integrator: known)
  }
}

/// A state that reference files write as a list of numbers.
protocol ReferenceState {
  static var count: Int { get }
  init(numbers: [Double])
  var numbers: [Double] { get }
}

extension CartPoleState: ReferenceState {
  static var count: Int { 4 }

  init(numbers: [Double]) {
    self.init(position: numbers[0], velocity: numbers[1], angle: numbers[2], angularVelocity: numbers[3])
  }

  var numbers: [Double] { [position, velocity, angle, angularVelocity] }
}

extension InvertedPendulum.State: ReferenceState {
  static var count: Int { 2 }

  init(numbers: [Double]) { self.init(angle: numbers[0], angularVelocity: numbers[1]) }

  var numbers: [Double] { [angle, angularVelocity] }
}

/// An episode of a control task as another program computed it: for each step the action, and what it led to.
struct ReferenceTrajectory<Task: ControlTask> where Task.State: ReferenceState {
  /// The bar on each number of a step from the file's own state, as a share of that number before or after the step,
  /// whichever is larger. `references/rl/README.md` sets both bars.
  private static var stepBar: Double { 1e-12 }
  /// The bar on each number of a whole trajectory from the first state, where that is stable.
  private static var runBar: Double { 1e-9 }

  let name: String
  let task: Task
  private let actions: [Double]
  /// The first state and that after each step.
  private let states: [[Double]]

  /// - Throws: if a state has not as many numbers as it should, or not each action led to one.
  init(name: String, task: Task, start: [Double], actions: [Double], states: [[Double]]) throws {
    guard actions.count == states.count, !actions.isEmpty else {
      throw ReferenceError("\(name) has \(actions.count) actions and \(states.count) states.")
    }
    guard (CollectionOfOne(start) + states).allSatisfy({ $0.count == Task.State.count }) else {
      throw ReferenceError("\(name) has a state that is not of \(Task.State.count) numbers.")
    }
    self.name = name
    self.task = task
    self.actions = actions
    self.states = [start] + states
  }

  /// Takes each step from the file's state before it.
  private func transitions() -> [(state: Task.State, transition: Transition)] {
    actions.indices.map { step in
      var state = Task.State(numbers: states[step])
      let transition = task.step(&state, action: [actions[step]])
      return (state, transition)
    }
  }

  /// Each step from the file's state before it.
  func stepCheck() -> VerificationReport.Check {
    var worst = 0.0
    for (step, taken) in transitions().enumerated() {
      for (index, seen) in taken.state.numbers.enumerated() {
        let expected = states[step + 1][index]
        let scale = max(abs(expected), abs(states[step][index]))
        let error = seen == expected ? 0 : abs(seen - expected) / scale
        worst = error.isNaN || worst.isNaN ? .nan : max(worst, error)
      }
    }
    return check("relative error of a step", seen: worst, bar: Self.stepBar)
  }

  /// The rewards of these steps. They are sums of terms of the order of one that may cancel, so smaller ones than one
  /// are compared as they are.
  func rewardCheck(_ rewards: [Double], _ quantity: String = "relative error of a reward") -> VerificationReport.Check {
    let seen = transitions().map(\.transition.reward)
    let scales = rewards.map { max(1, abs($0)) }
    let worst = largestDifference(zip(seen, scales).map(/), zip(rewards, scales).map(/))
    return check(quantity, seen: worst, bar: Self.stepBar)
  }

  /// Which of these steps end the episode.
  func terminationCheck(_ terminated: [Bool]) -> VerificationReport.Check {
    let seen = transitions().map(\.transition.isTerminated)
    let wrong = seen.count == terminated.count ? zip(seen, terminated).count { $0 != $1 } : Int.max
    return check("steps that end otherwise", seen: Double(wrong), bar: 0)
  }

  /// All steps one after the other from the first state.
  func runCheck() -> VerificationReport.Check {
    var state = Task.State(numbers: states[0])
    var worst = 0.0
    for (step, action) in actions.enumerated() {
      _ = task.step(&state, action: [action])
      let error = largestDifference(state.numbers, states[step + 1])
      worst = error.isNaN || worst.isNaN ? .nan : max(worst, error)
    }
    return check("error of the whole trajectory", seen: worst, bar: Self.runBar)
  }

  private func check(_ quantity: String, seen: Double, bar: Double) -> VerificationReport.Check {
    .init(reference: name, quantity: quantity, expected: 0, seen: seen, bar: bar)
  }
}
