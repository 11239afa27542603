// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// Kind `pendulum`: episodes of Gymnasium's pendulum.
struct PendulumVerification: ReferenceCase {
  static let kind = "pendulum"

  struct Parameters: Decodable, Sendable {
    let mass: Double
    let length: Double
    let gravity: Double
    let dt: Double
    let maxTorque: Double
    let maxSpeed: Double
  }

  struct Case: Decodable, Sendable {
    let params: Parameters
    let s0: [Double]
    let torques: [Double]
    let states: [[Double]]
    let rewards: [Double]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for (number, one) in cases.enumerated() {
      let task = InvertedPendulum(
        mass: one.params.mass, length: one.params.length, gravity: one.params.gravity, timeStep: one.params.dt,
        torqueLimit: one.params.maxTorque, speedLimit: one.params.maxSpeed)
      let trajectory = try ReferenceTrajectory(
        name: "\(Self.kind)/\(number)", task: task, start: one.s0, actions: one.torques, states: one.states)
      report.checks += [
        trajectory.stepCheck(), trajectory.rewardCheck(one.rewards), trajectory.runCheck(),
      ]
    }
    return report
  }
}
