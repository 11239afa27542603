// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness
import Testing

private let hanging = CartPoleState(position: 0, velocity: 0.1, angle: 2, angularVelocity: 0.3)

/// How much energy a second without force gains or loses.
private func energyError(_ integrator: CartPoleDynamics.Integrator, steps: Int) -> Double {
  let dynamics = CartPoleDynamics(
    cartMass: 0.5, poleMass: 0.5, poleHalfLength: 0.25, timeStep: 1 / Double(steps), integrator: integrator)
  var state = hanging
  for _ in 0..<steps { dynamics.advance(&state, force: 0) }
  return dynamics.energy(state) - dynamics.energy(hanging)
}

struct CartPoleTests {
  /// Wrong equations would conserve nothing, however small the step; a wrong integrator would have another order.
  @Test func withoutForceEnergyIsConservedToTheOrderOfTheIntegrator() {
    for integrator in [CartPoleDynamics.Integrator.euler, .semiImplicit] {
      let coarse = energyError(integrator, steps: 4000)
      let fine = energyError(integrator, steps: 8000)
      #expect(abs(coarse) > 1e-4 && abs(fine) < 5e-3)
      #expect(abs(coarse / fine - 2) < 0.05, "\(integrator): \(coarse / fine)")
    }
    let coarse = energyError(.rungeKutta, steps: 50)
    let fine = energyError(.rungeKutta, steps: 100)
    #expect(abs(fine) < 1e-6)
    #expect(coarse / fine > 14, "at least fourth order: \(coarse / fine)")
  }

  @Test(arguments: CartPoleDynamics.Integrator.allCases)
  func theMirrorImageOfAForceMovesTheMirrorImage(_ integrator: CartPoleDynamics.Integrator) {
    let balance = CartPoleBalance(
      CartPoleDynamics(cartMass: 1, poleMass: 0.3, poleHalfLength: 0.4, integrator: integrator))
    let swingUp = CartPoleSwingUp(balance.dynamics)
    var draws = Draws(StreamKey(seed: 1, replication: 0, purpose: .data, entity: "mirror"), at: 0)
    for start in [balance.start(&draws), swingUp.start(&draws)] {
      var (left, right) = (start, mirrored(start))
      for _ in 0..<100 {
        let force = 20 * draws.uniform() - 10
        let one = balance.step(&left, force: force)
        let other = balance.step(&right, force: -force)
        #expect(left == mirrored(right) && one == other)
        #expect(swingUp.reward(left) == swingUp.reward(right))
      }
    }
  }

  private func mirrored(_ state: CartPoleState) -> CartPoleState {
    CartPoleState(
      position: -state.position, velocity: -state.velocity, angle: -state.angle,
      angularVelocity: -state.angularVelocity)
  }

  @Test func balancingTerminatesBeyondEachOfTheLimitsAndPaysForTheLastStep() {
    let task = CartPoleBalance.single
    func isTerminated(position: Double = 0, angle: Double = 0) -> Bool {
      // Without velocity a step leaves position and angle where they are.
      var state = CartPoleState(position: position, velocity: 0, angle: angle, angularVelocity: 0)
      let transition = task.step(&state, force: 0)
      #expect(transition.reward == 1)
      return transition.isTerminated
    }
    for sign in [-1.0, 1] {
      #expect(!isTerminated(position: 2.4 * sign) && isTerminated(position: 2.4001 * sign))
      #expect(!isTerminated(angle: 0.2094 * sign) && isTerminated(angle: 0.2095 * sign))
    }
  }

  @Test func standingUprightInTheMiddleIsWorthTwoAndSwingingNeverTerminates() {
    var upright = CartPoleState(position: 0, velocity: 0, angle: 0, angularVelocity: 0)
    #expect(CartPoleSwingUp.single.step(&upright, force: 0) == Transition(reward: 2, isTerminated: false))
    var far = CartPoleState(position: 1e3, velocity: 0, angle: .pi, angularVelocity: 0)
    let transition = CartPoleSwingUp.single.step(&far, force: 0)
    #expect(!transition.isTerminated && abs(transition.reward + 1) < 1e-12)
  }

  @Test func theTaskGridsAreThoseOfTheExperiments() {
    let balance = CartPoleBalance.taskGrid.map(\.dynamics)
    #expect(balance.count == 25 && Set(balance.map { "\($0.poleMass) \($0.poleHalfLength)" }).count == 25)
    #expect(balance.allSatisfy { $0.cartMass == 1 && $0.integrator == .euler && $0.gravity == 9.8 })
    #expect(balance[6].poleMass == 0.325 && balance[6].poleHalfLength == 0.1625)
    let swingUp = CartPoleSwingUp.taskGrid.map(\.dynamics)
    #expect(swingUp.count == 25 && Set(swingUp.map { "\($0.poleMass) \($0.poleHalfLength)" }).count == 25)
    #expect(swingUp.allSatisfy { $0.cartMass == 0.5 } && swingUp[24].poleHalfLength == 1)
  }

  @Test func startsAreUniformAroundRest() {
    let key = StreamKey(seed: 2, replication: 0, purpose: .episodeStart, entity: "start")
    var sum = 0.0
    for index in 0..<1000 as Range<UInt64> {
      var draws = Draws(key, at: index)
      let state = CartPoleSwingUp.single.start(&draws)
      let numbers = [state.position, state.velocity, state.angle - .pi, state.angularVelocity]
      #expect(numbers.allSatisfy { abs($0) <= 0.05 })
      sum += numbers.reduce(0) { $0 + $1 * $1 }
    }
    // The variance is 0.05² / 3, and that of a square 4/45 0.05⁴: 5 standard errors of 4000 squares are 0.0707 of it,
    // which fails by chance once in two million.
    #expect(abs(sum / 4000 / (0.05 * 0.05 / 3) - 1) < 0.0707)
  }
}
