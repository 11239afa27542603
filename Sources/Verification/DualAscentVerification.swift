// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners

/// Kind `dual-ascent`: the tabular actor-critic of Diff-DAC on the average of several tasks.
struct DualAscentVerification: ReferenceCase {
  static let kind = "dual-ascent"

  struct Step: Decodable, Sendable {
    let k: Int
    let muV: Double
    let v: [Double]
    let pi: [[Double]]
  }

  struct Expected: Decodable, Sendable {
    let vStar: [Double]
    let lpValue: Double
    let policy: [Int]
    let firstIterationWithDeterministicPolicy: Int
    let trace: [Step]
  }

  struct Bars: Decodable, Sendable {
    let trace: Double
    let lpValue: Double
  }

  let id: String
  let gamma: Double
  /// The probability of the next state in each task, from each state with each action.
  let transitionPerTask: [[[[Double]]]]
  let reward: [[Double]]
  let mu: [Double]
  let alpha: Double
  let d0: Double
  let expected: Expected
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let process = try FiniteDecisionProcess.average(
      of: transitionPerTask.map {
        try FiniteDecisionProcess(transitions: $0, rewards: reward, discount: gamma, start: mu)
      })
    guard d0 > 0, d0.isFinite else { throw ReferenceError("d0 is \(d0), not above zero.") }
    let optimum = process.optimum()
    let wrong = zip(expected.policy.indices, expected.policy).count { state, action in
      !(0..<process.actionCount).contains(action) || optimum.policy[state, action] != 1
    }
    var report = VerificationReport()
    report.checks = [
      check("error of the best values", 0, largestDifference(optimum.values, expected.vStar), tolerance.lpValue),
      check("value of the linear program", expected.lpValue, process.mean(optimum.values), tolerance.lpValue),
      check("states with another best action", 0, Double(wrong), 0),
    ]
    report.checks += try ascentChecks(process)
    return report
  }

  private func ascentChecks(_ process: FiniteDecisionProcess) throws -> [VerificationReport.Check] {
    let latest = Int(ReferenceLimits.latest)
    let traced = expected.trace.map(\.k)
    guard !traced.isEmpty, traced.allSatisfy((0...latest).contains) else {
      throw ReferenceError("the trace is empty, or not from 0 to \(latest).")
    }
    let deterministic = expected.firstIterationWithDeterministicPolicy
    guard (0...latest).contains(deterministic) else {
      throw ReferenceError("first_iteration_with_deterministic_policy is \(deterministic), not from 0 to \(latest).")
    }
    // The trace may end before the policy has become deterministic.
    let last = max(traced.max() ?? 0, deterministic)
    var ascent = DualAscent(process, stepSize: alpha, initial: d0)
    var worst = (mean: 0.0, values: 0.0, policy: 0.0)
    var firstDeterministic: Int?
    for k in 0...last {
      if firstDeterministic == nil, ascent.policy.isDeterministic { firstDeterministic = k }
      if let step = expected.trace.first(where: { $0.k == k }) {
        let values = try ascent.values()
        worst.mean = larger(worst.mean, abs(process.mean(values) - step.muV))
        worst.values = larger(worst.values, largestDifference(values, step.v))
        worst.policy = larger(
          worst.policy, largestDifference(ascent.policy.probabilities, step.pi.flatMap { $0 }))
      }
      if k < last { try ascent.advance() }
    }
    return [
      check("error of the mean value", 0, worst.mean, tolerance.trace),
      check("error of the values", 0, worst.values, tolerance.trace),
      check("error of the policy", 0, worst.policy, tolerance.trace),
      check(
        "first deterministic policy", Double(deterministic),
        firstDeterministic.map { Double($0) } ?? .nan, 0),
    ]
  }

  private func check(
    _ quantity: String, _ expected: Double, _ seen: Double, _ bar: Double
  ) -> VerificationReport.Check {
    .init(reference: id, quantity: quantity, expected: expected, seen: seen, bar: bar)
  }
}
