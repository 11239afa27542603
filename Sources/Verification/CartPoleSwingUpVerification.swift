// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// Kind `cartpole-swingup`: episodes of the cart-pole from hanging down, which are chaotic, so step by step only.
struct CartPoleSwingUpVerification: ReferenceCase {
  static let kind = "cartpole-swingup"

  struct Case: Decodable, Sendable {
    let params: ReferenceCartPole
    let s0: [Double]
    let forces: [Double]
    let states: [[Double]]
    /// With the distance of the tip of the pole.
    let rewardsTip: [Double]
    /// With the distance of its centre of mass.
    let rewardsCom: [Double]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for (number, one) in cases.enumerated() {
      func trajectory(_ point: CartPoleSwingUp.RewardedPoint) throws -> ReferenceTrajectory<CartPoleSwingUp> {
        try ReferenceTrajectory(
          name: "\(Self.kind)/\(number)", task: CartPoleSwingUp(one.params.dynamics(), rewardedPoint: point),
          start: one.s0, actions: one.forces, states: one.states)
      }
      let tip = try trajectory(.tip)
      report.checks += [
        tip.stepCheck(), tip.rewardCheck(one.rewardsTip, "relative error, reward of tip"),
        try trajectory(.centreOfMass).rewardCheck(one.rewardsCom, "relative error, reward of centre"),
      ]
    }
    return report
  }
}
