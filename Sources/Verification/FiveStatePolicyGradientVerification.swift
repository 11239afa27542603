// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Theory

/// Kind `five-states-policy-gradient`: exact gradients and iterates of decentralised policy gradient ascent, an agent
/// for each task of the GridWorld.
struct FiveStatePolicyGradientVerification: ReferenceCase {
  static let kind = "five-states-policy-gradient"
  /// On gradients relative to their largest entry, on everything else absolute.
  private static let bar = 1e-10

  struct Step: Decodable, Sendable {
    let k: Int
    let grad: [[[Double]]]
    let valueOwnTask: [Double]
    let piL: [[Double]]
  }

  struct Case: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case gamma, lam, alpha, iterations, mu, theta0, trace, thetaFinal, sumValueFinal
      case weights = "W"
    }

    let gamma: Double
    let lam: Double
    let alpha: Double
    let iterations: Int
    /// weights[i][j] is what agent i gives to agent j.
    let weights: [[Double]]
    let mu: [Double]
    let theta0: [[[Double]]]
    let trace: [Step]
    let thetaFinal: [[[Double]]]
    let sumValueFinal: [Double]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for (number, one) in cases.enumerated() {
      report.checks += try checks(of: one, name: "\(Self.kind)/\(number)")
    }
    return report
  }

  private func checks(of one: Case, name: String) throws -> [VerificationReport.Check] {
    guard (0...Int(ReferenceLimits.latest)).contains(one.iterations) else {
      throw ReferenceError("there cannot be \(one.iterations) iterations.")
    }
    let objectives = try FiveStateGridWorld.allCases.map {
      SoftmaxObjective(try $0.process(discount: one.gamma, start: one.mu), relativeEntropyWeight: one.lam)
    }
    var ascent = DecentralizedPolicyGradient(
      objectives, combination: try combinationMatrix(ofReceivers: one.weights, agents: objectives.count),
      stepSize: one.alpha, parameters: try softmaxParameters(one.theta0, agents: objectives.count))
    var worst = (gradient: 0.0, value: 0.0, policy: 0.0)
    for k in 0..<one.iterations {
      if let step = one.trace.first(where: { $0.k == k }) {
        let expected = step.grad.flatMap { $0.flatMap { $0 } }
        worst.gradient = larger(
          worst.gradient, relativeDifference(try ascent.gradients().flatMap { $0 }, expected))
        worst.value = larger(worst.value, largestDifference(try ownValues(ascent), step.valueOwnTask))
        worst.policy = larger(worst.policy, largestDifference(leftProbabilities(ascent), step.piL.flatMap { $0 }))
      }
      try ascent.advance()
    }
    let totals = try ascent.parameters.map { try ascent.totalReturn(at: $0) }
    func check(_ quantity: String, _ seen: Double) -> VerificationReport.Check {
      .init(reference: name, quantity: quantity, expected: 0, seen: seen, bar: Self.bar)
    }
    return [
      check("relative error of gradients", worst.gradient), check("error of the values", worst.value),
      check("error of the policies", worst.policy),
      check(
        "error of the last parameters",
        largestDifference(ascent.parameters.flatMap { $0 }, one.thetaFinal.flatMap { $0.flatMap { $0 } })),
      check("error of the last values", largestDifference(totals, one.sumValueFinal)),
    ]
  }

  /// What each agent's policy is worth in its own task.
  private func ownValues(_ ascent: DecentralizedPolicyGradient) throws -> [Double] {
    try zip(ascent.objectives, ascent.parameters).map { try $0.process.expectedReturn(of: $0.policy($1)) }
  }

  /// π(left) of each agent in each state.
  private func leftProbabilities(_ ascent: DecentralizedPolicyGradient) -> [Double] {
    zip(ascent.objectives, ascent.parameters).flatMap { objective, parameters in
      let policy = objective.policy(parameters)
      return (0..<policy.stateCount).map { policy[$0, 0] }
    }
  }
}

/// The larger of two errors; not a number if either is not.
func larger(_ left: Double, _ right: Double) -> Double { left.isNaN || right.isNaN ? .nan : max(left, right) }

/// A combination matrix whose rows are what each agent gives to the others, rows[k][l] = c_lk.
func combinationMatrix(ofReceivers rows: [[Double]], agents: Int) throws -> CombinationMatrix {
  guard rows.allSatisfy({ $0.count == rows.count }) else { throw ReferenceError("the weights are not square.") }
  return try combinationMatrix(
    ofSenders: rows.indices.map { sender in rows.map { $0[sender] } }, agents: agents)
}

/// A combination matrix whose columns are what each agent gives to the others, rows[l][k] = c_lk.
func combinationMatrix(ofSenders rows: [[Double]], agents: Int) throws -> CombinationMatrix {
  guard agents > 0, rows.count == agents, rows.allSatisfy({ $0.count == agents }) else {
    throw ReferenceError("the weights are not \(agents) × \(agents).")
  }
  guard rows.indices.allSatisfy({ receiver in abs(rows.reduce(0) { $0 + $1[receiver] } - 1) <= 1e-9 }) else {
    throw ReferenceError("the weights that an agent gives do not sum to one.")
  }
  return CombinationMatrix(rows: rows)
}

/// θ of each agent of the GridWorld, theta[agent][state][action] in the file.
func softmaxParameters(_ theta: [[[Double]]], agents: Int) throws -> [[Double]] {
  let states = FiveStateGridWorld.stateCount
  let actions = FiveStateGridWorld.actionCount
  guard theta.count == agents,
    theta.allSatisfy({ $0.count == states && $0.allSatisfy { $0.count == actions && $0.allSatisfy(\.isFinite) } })
  else { throw ReferenceError("theta0 is not \(agents) × \(states) × \(actions) numbers.") }
  return theta.map { $0.flatMap { $0 } }
}
