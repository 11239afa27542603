// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Networks

/// Kind `gridworld`: the two-task GridWorld, and decentralised policy gradient ascent on it with exact gradients.
struct GridWorldVerification: ReferenceCase {
  static let kind = "gridworld"

  struct Optimum: Decodable, Sendable {
    let piLS3: Double
    let sumS3: Double
    let deterministicSumS3: Double
  }

  struct Values: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case first = "V1"
      case second = "V2"
      case sumS3
    }

    let first: [Double]
    let second: [Double]
    let sumS3: Double
  }

  struct Point: Decodable, Sendable {
    let piLS3: Double
    let original: Values
    let modified: Values
  }

  struct Step: Decodable, Sendable {
    let k: Int
    let piLS3: [Double]
    let objectiveAtMeanTheta: Double
    let thetaAgent0: [[Double]]
  }

  struct Run: Decodable, Sendable {
    let name: String
    let gamma: Double
    let lambda: Double
    let alpha: Double
    let theorem1AlphaBound: Double
    let modifiedP: Double?
    let taskOfAgent: [Int]
    let theta0: [[[Double]]]
    let trace: [Step]
  }

  struct Ascent: Decodable, Sendable {
    let weights: [[Double]]
    let sigma2: Double
    let sigmaN: Double
    let secondEigenvalueModulus: Double
    let doublyStochastic: Bool
    let trace: Double
    let runs: [Run]
  }

  struct Bars: Decodable, Sendable {
    let values: Double
    let trace: Double
  }

  let id: String
  let gamma: Double
  let modifiedP: Double
  let optimum: Optimum
  /// Values of stationary points of the modified dynamics, by a text such as `pi_L_S3=0 and 1 (global maximum)`.
  let modifiedStationary: [String: Double]?
  let points: [Point]
  let dcpg: Ascent
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport(checks: try valueChecks() + networkChecks())
    for run in dcpg.runs { report.checks += try checks(of: run) }
    return report
  }

  // MARK: - Values

  private func valueChecks() throws -> [VerificationReport.Check] {
    func values(_ left: Double, drift: Double? = nil) throws -> FiveStateValues {
      try FiveStateValues(discount: gamma, leftInMiddle: left, driftProbability: drift)
    }
    var worst = (original: 0.0, modified: 0.0)
    for point in points {
      let original = try values(point.piLS3)
      let modified = try values(point.piLS3, drift: modifiedP)
      worst.original = larger(worst.original, error(of: original, point.original))
      worst.modified = larger(worst.modified, error(of: modified, point.modified))
    }
    return [
      check("value of the best policy", optimum.sumS3, try values(optimum.piLS3).sum),
      check("value of always left", optimum.deterministicSumS3, try values(1).sum),
      check("error of values, original", 0, worst.original), check("error of values, modified", 0, worst.modified),
    ] + (try stationaryChecks())
  }

  /// The stationary points of the modified dynamics, each P(L|S3) that their text names.
  private func stationaryChecks() throws -> [VerificationReport.Check] {
    try (modifiedStationary ?? [:]).sorted { $0.key < $1.key }.flatMap { text, expected in
      let assignment = text.prefix { $0 != "(" }.split(separator: "=")
      let numbers = (assignment.last ?? "").replacing("and", with: " ").split(separator: " ").map { Double($0) }
      guard assignment.count == 2, assignment[0] == "pi_L_S3", !numbers.isEmpty else {
        throw ReferenceError("modified_stationary has '\(text)', which names no P(L|S3).")
      }
      return try numbers.map { number in
        guard let left = number else { throw ReferenceError("modified_stationary has '\(text)', with no number.") }
        let seen = try FiveStateValues(discount: gamma, leftInMiddle: left, driftProbability: modifiedP).sum
        return check("stationary value at \(left)", expected, seen)
      }
    }
  }

  private func error(of seen: FiveStateValues, _ expected: Values) -> Double {
    largestDifference(seen.values.flatMap { $0 } + [seen.sum], expected.first + expected.second + [expected.sumS3])
  }

  // MARK: - Network

  private func networkChecks() throws -> [VerificationReport.Check] {
    let rows = dcpg.weights
    guard rows.allSatisfy({ $0.count == rows.count }) else { throw ReferenceError("dcpg.weights is not square.") }
    let edges = rows.indices.flatMap { from in
      rows.indices.filter { from < $0 && rows[from][$0] != 0 }.map { [from, $0] }
    }
    let network = try ReferenceNetwork(
      ReferenceGraph(n: rows.count, edges: edges),
      weights: ReferenceWeights(rule: "lazy-metropolis", matrix: rows, theta2: nil))
    let spectrum = network.network.spectrum()
    return try network.ruleCheck(id) + [
      check("second singular value", dcpg.sigma2, spectrum.secondSingularValue),
      check("last singular value", dcpg.sigmaN, spectrum.lastSingularValue ?? .nan),
      check("second eigenvalue modulus", dcpg.secondEigenvalueModulus, spectrum.secondEigenvalueModulus ?? .nan),
      check("trace", dcpg.trace, network.network.selfWeights.reduce(0, +)),
      check("doubly stochastic (1 yes)", dcpg.doublyStochastic ? 1 : 0, spectrum.isDoublyStochastic ? 1 : 0),
    ]
  }

  private func check(_ quantity: String, _ expected: Double, _ seen: Double) -> VerificationReport.Check {
    .init(reference: id, quantity: quantity, expected: expected, seen: seen, bar: tolerance.values)
  }

  // MARK: - Ascent

  private func checks(of run: Run) throws -> [VerificationReport.Check] {
    var ascent = try start(of: run)
    var worst = (policy: 0.0, objective: 0.0, parameters: 0.0)
    let last = run.trace.map(\.k).max() ?? 0
    guard !run.trace.isEmpty, run.trace.allSatisfy({ $0.k >= 0 }), last <= Int(ReferenceLimits.latest) else {
      throw ReferenceError("the trace of \(run.name) is empty, or not from 0 to \(Int(ReferenceLimits.latest)).")
    }
    for k in 0...last {
      if let step = run.trace.first(where: { $0.k == k }) {
        let left = ascent.parameters.map { ascent.objectives[0].policy($0)[FiveStateGridWorld.middle, 0] }
        let objective = try ascent.totalReturn(at: ascent.meanParameters)
        worst.policy = larger(worst.policy, largestDifference(left, step.piLS3))
        worst.objective = larger(worst.objective, abs(objective - step.objectiveAtMeanTheta))
        worst.parameters = larger(
          worst.parameters, largestDifference(ascent.parameters[0], step.thetaAgent0.flatMap { $0 }))
      }
      if k < last { try ascent.advance() }
    }
    let name = "\(id)/\(run.name)"
    func check(_ quantity: String, _ seen: Double) -> VerificationReport.Check {
      .init(reference: name, quantity: quantity, expected: 0, seen: seen, bar: tolerance.trace)
    }
    return [
      .init(
        reference: name, quantity: "proven limit of the step size", expected: run.theorem1AlphaBound,
        seen: ascent.provenStepLimit(lastSingularValue: dcpg.sigmaN), bar: tolerance.values),
      check("error of pi(L|S3)", worst.policy), check("error of the objective", worst.objective),
      check("error of parameters, agent 0", worst.parameters),
    ]
  }

  private func start(of run: Run) throws -> DecentralizedPolicyGradient {
    let tasks = run.taskOfAgent.compactMap(FiveStateGridWorld.init(rawValue:))
    guard tasks.count == dcpg.weights.count, run.taskOfAgent.count == tasks.count else {
      throw ReferenceError("task_of_agent of \(run.name) has not task 1 or 2 for every agent.")
    }
    let objectives = try tasks.map {
      SoftmaxObjective(
        try $0.process(discount: run.gamma, driftProbability: run.modifiedP), relativeEntropyWeight: run.lambda)
    }
    // Columns of the matrix belong to the receivers.
    let receivers = dcpg.weights.indices.map { receiver in dcpg.weights.map { $0[receiver] } }
    return DecentralizedPolicyGradient(
      objectives, combination: try combinationMatrix(ofReceivers: receivers, agents: tasks.count),
      stepSize: run.alpha, parameters: try softmaxParameters(run.theta0, agents: tasks.count))
  }
}
