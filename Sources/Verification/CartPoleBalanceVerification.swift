// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// Kind `cartpole-balance`: episodes of Gymnasium's cart-pole with a continuous force.
struct CartPoleBalanceVerification: ReferenceCase {
  static let kind = "cartpole-balance"

  struct Case: Decodable, Sendable {
    let params: ReferenceCartPole
    let s0: [Double]
    let forces: [Double]
    let states: [[Double]]
    let rewards: [Double]
    let terminated: [Bool]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for (number, one) in cases.enumerated() {
      let trajectory = try ReferenceTrajectory(
        name: "\(Self.kind)/\(number)", task: CartPoleBalance(one.params.dynamics()), start: one.s0,
        actions: one.forces, states: one.states)
      report.checks += [
        trajectory.stepCheck(), trajectory.rewardCheck(one.rewards), trajectory.terminationCheck(one.terminated),
        trajectory.runCheck(),
      ]
      report.checks += limitChecks(one.params, trajectory.name)
    }
    return report
  }

  /// The limits that a file states, beside ours.
  private func limitChecks(_ params: ReferenceCartPole, _ name: String) -> [VerificationReport.Check] {
    let limits = [
      ("limit of the position (m)", params.xLimit, CartPoleBalance.positionLimit),
      ("limit of the angle (rad)", params.thetaLimit, CartPoleBalance.angleLimit),
      ("steps of an episode", params.maxSteps.map { Double($0) }, Double(CartPoleBalance.timeLimit)),
    ]
    return limits.compactMap { quantity, expected, seen in
      expected.map { .init(reference: name, quantity: quantity, expected: $0, seen: seen, bar: 1e-12) }
    }
  }
}
