// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Kind `dist-mtlps`: sweeps of agents that share a basis of policies, sparse codes, and the targets that policy gradients
/// and weighted exploration make of given episodes.
struct PolicySearchVerification: ReferenceCase {
  static let kind = "dist-mtlps"

  /// On iterates, relative to the largest number that is expected.
  private static let bar = 1e-9

  struct Visit: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case node, s
      case basis = "L"
    }

    let node: Int
    let s: [Double]
    let basis: [[Double]]
  }

  struct Sweep: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case sweep, s, multipliers, objective, disagreement
      case bases = "L"
    }

    let sweep: Int
    let bases: [[[Double]]]
    let s: [[Double]]
    let multipliers: [[Double]]
    let objective: Double
    let disagreement: Double
  }

  struct Sweeps: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case nodes, edges, d, k, mu1, mu2, rho, alpha, codesFrozenAfterSweep, firstVisit, trace, centralObjective
      case weights = "Gamma"
      case start = "L0"
      case central = "centralLForFinalCodes"
    }

    let nodes: Int
    let edges: [[Int]]
    let d: Int
    let k: Int
    let mu1: Double
    let mu2: Double
    let rho: Double
    let alpha: [[Double]]
    let weights: [[[Double]]]
    let start: [[Double]]
    let codesFrozenAfterSweep: Int
    let firstVisit: Visit?
    let trace: [Sweep]
    let central: [[Double]]?
    let centralObjective: Double?
  }

  struct Code: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case alpha, mu1, s
      case weight = "Gamma"
      case basis = "L"
    }

    let alpha: [Double]
    let weight: [[Double]]
    let basis: [[Double]]
    let mu1: Double
    let s: [Double]
  }

  struct Gradient: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case theta, sigma, gamma, learningRate, ridge, features, actions, rewards, baselineByTime, gradient, alpha
      case weight = "Gamma"
    }

    let theta: [Double]
    let sigma: Double
    let gamma: Double
    let learningRate: Double
    let ridge: Double
    let features: [[[Double]]]
    let actions: [[Double]]
    let rewards: [[Double]]
    let baselineByTime: [Double]
    let gradient: [Double]
    let alpha: [Double]
    let weight: [[Double]]
  }

  struct Iteration: Decodable, Sendable {
    let theta: [Double]
    let std: ScalarOrList
    let standardNormals: [[Double]]
    let returns: [Double]
    let poolReturns: [Double]
    let alpha: [Double]
  }

  struct Exploration: Decodable, Sendable {
    let episodes: Int
    let poolSize: Int
    let stdDecay: Double
    let iterations: [Iteration]
  }

  let admm: [Sweeps]
  let lasso: [Code]
  let policyGradient: [Gradient]
  let power: [Exploration]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    try append(admm, "admm", to: &report) { try $0.compare(&$1) }
    try append(lasso, "lasso", to: &report) { try $0.compare(&$1) }
    try append(policyGradient, "policy_gradient", to: &report) { try $0.compare(&$1) }
    try append(power, "power", to: &report) { try $0.compare(&$1) }
    return report
  }

  private func append<Case>(
    _ cases: [Case], _ part: String, to report: inout VerificationReport,
    _ compare: (Case, inout IterateComparison) throws -> Void
  ) throws {
    for (number, one) in cases.enumerated() {
      var comparison = IterateComparison(reference: "\(Self.kind)/\(part)/\(number)", bar: Self.bar)
      do {
        try compare(one, &comparison)
      } catch let error as ReferenceError {
        throw ReferenceError("\(part)[\(number)]: \(error.description)")
      }
      report.checks += comparison.checks
    }
  }
}

/// What a case expects, beside what was seen.
struct IterateComparison {
  let reference: String
  let bar: Double
  private(set) var checks: [VerificationReport.Check] = []

  init(reference: String, bar: Double) { (self.reference, self.bar) = (reference, bar) }

  /// - Parameter scale: what the error is relative to; nothing for the largest number that is expected.
  mutating func iterate(_ quantity: String, _ seen: [Double], _ expected: [Double], scale: Double? = nil) {
    let difference = largestDifference(seen, expected)
    let scale = scale ?? expected.reduce(0) { max($0, abs($1)) }
    let error = difference == 0 ? 0 : difference / scale
    checks.append(
      .init(reference: reference, quantity: "relative error, \(quantity)", expected: 0, seen: error, bar: bar))
  }
}

/// - Throws: if a table has another shape.
func referenceTable(_ rows: [[Double]], _ name: String, _ count: Int, by columns: Int) throws -> [Double] {
  guard rows.count == count, rows.allSatisfy({ $0.count == columns }), rows.joined().allSatisfy(\.isFinite) else {
    throw ReferenceError("'\(name)' is no table of \(count) x \(columns) numbers.")
  }
  return rows.flatMap { $0 }
}

/// A basis as its columns one after the other.
func referenceColumns(_ rows: [[Double]], _ name: String, _ count: Int, by width: Int) throws -> [Double] {
  let numbers = try referenceTable(rows, name, count, by: width)
  return (0..<width).flatMap { column in (0..<count).map { numbers[$0 * width + column] } }
}

/// - Throws: if sizes are none that a case can have.
private func check(sizes: [Int], _ names: String) throws {
  guard sizes.allSatisfy({ (1...1000).contains($0) }) else { throw ReferenceError("\(names) are not from 1 to 1000.") }
}

extension PolicySearchVerification.Sweeps {
  func compare(_ comparison: inout IterateComparison) throws {
    try check(sizes: [nodes, d, k], "'nodes', 'd' and 'k'")
    guard mu1 >= 0, mu2 >= 0, rho >= 0, mu2 > 0 || rho > 0 else {
      throw ReferenceError("'mu1', 'mu2' or 'rho' is below zero, or 'mu2' and 'rho' are both zero.")
    }
    let last = trace.map(\.sweep).max() ?? 0
    guard trace.allSatisfy({ $0.sweep >= 1 }), Double(last) <= ReferenceLimits.latest else {
      throw ReferenceError("'sweep' is not from 1 to \(Int(ReferenceLimits.latest)).")
    }
    let sweeping = try SweepingAgents(self)
    for number in 1...max(1, last) {
      for node in 0..<nodes {
        sweeping.takeTurn(node, keepsCode: number > codesFrozenAfterSweep)
        if number == 1, node == firstVisit?.node, let firstVisit {
          comparison.iterate("code of the first turn", sweeping.code(node), firstVisit.s)
          comparison.iterate(
            "basis of the first turn", sweeping.basis(node), try referenceColumns(firstVisit.basis, "L", d, by: k))
        }
      }
      for point in trace where point.sweep == number { try compare(point, sweeping, &comparison) }
    }
    try compareWithCentre(sweeping, &comparison)
  }

  private func compare(
    _ point: PolicySearchVerification.Sweep, _ sweeping: SweepingAgents, _ comparison: inout IterateComparison
  ) throws {
    let name = "sweep \(point.sweep)"
    guard point.bases.count == nodes else { throw ReferenceError("\(name) has not a basis of every node.") }
    let expected = try point.bases.flatMap { try referenceColumns($0, "L", d, by: k) }
    let greatest = expected.reduce(0) { max($0, abs($1)) }
    comparison.iterate("bases of \(name)", sweeping.allBases, expected)
    comparison.iterate("codes of \(name)", sweeping.allCodes, try referenceTable(point.s, "s", nodes, by: k))
    let multipliers = try referenceTable(point.multipliers, "multipliers", edges.count, by: d * k)
    let scale = max(greatest * max(rho, 1e-300), multipliers.reduce(0) { max($0, abs($1)) })
    comparison.iterate(
      "multipliers of \(name) at the later ends", sweeping.laterMultipliers, multipliers, scale: scale)
    comparison.iterate("objective of \(name)", [sweeping.objective], [point.objective])
    comparison.iterate(
      "root of the disagreement of \(name)", [sweeping.disagreement.squareRoot()], [point.disagreement.squareRoot()],
      scale: greatest)
  }

  /// What the copies should have come to when the codes stay as they are.
  private func compareWithCentre(_ sweeping: SweepingAgents, _ comparison: inout IterateComparison) throws {
    guard let central else { return }
    let expected = try referenceColumns(central, "central_L_for_final_codes", d, by: k)
    let found = try sweeping.central()
    comparison.iterate("basis of a centre for the last codes", found, expected)
    if let centralObjective {
      comparison.iterate("objective of a centre", [sweeping.objective(of: found)], [centralObjective])
    }
    for node in 0..<nodes {
      comparison.iterate("last basis of node \(node) beside that of a centre", sweeping.basis(node), expected)
    }
  }
}

extension PolicySearchVerification.Code {
  func compare(_ comparison: inout IterateComparison) throws {
    let (rows, width) = (alpha.count, s.count)
    try check(sizes: [rows, width], "the sizes of 'alpha' and 's'")
    let (weight, basis) = (
      try referenceTable(weight, "Gamma", rows, by: rows), try referenceColumns(basis, "L", rows, by: width)
    )
    guard mu1 >= 0 else { throw ReferenceError("'mu1' is below zero.") }
    let coder = SparseCode(rows: rows, columns: width, penalty: mu1)
    let room = Column(repeating: 0.0, count: coder.roomCount)
    var code = Array(repeating: 0.0, count: width)
    code.withUnsafeMutableBufferPointer {
      coder.find($0.baseAddress!, of: alpha, weight: weight, in: basis, room: room.base)
    }
    comparison.iterate("code", code, s)
  }
}

extension PolicySearchVerification.Gradient {
  func compare(_ comparison: inout IterateComparison) throws {
    let count = theta.count
    let lengths = actions.map(\.count)
    try check(sizes: [count, actions.count], "the sizes of 'theta' and 'actions'")
    guard sigma > 0, (0...1).contains(gamma), ridge >= 0, rewards.map(\.count) == lengths,
      features.map(\.count) == lengths, lengths.allSatisfy({ $0 > 0 }),
      features.joined().allSatisfy({ $0.count == count })
    else {
      throw ReferenceError("the episodes do not have an action, a reward and all features for each step.")
    }
    let episodes = SearchEpisodes(episodes: lengths.count, timeLimit: lengths.max() ?? 1, features: count)
    for (episode, length) in lengths.enumerated() {
      episodes.lengths[episode] = length
      for step in 0..<length {
        let row = episodes.row(episode, step)
        episodes.actions[row] = actions[episode][step]
        episodes.rewards[row] = rewards[episode][step]
        for entry in 0..<count { episodes.features[row * count + entry] = features[episode][step][entry] }
      }
    }
    var (found, weighed) = (theta, Array(repeating: 0.0, count: count * count))
    episodes.gradient(at: theta, deviation: sigma, discount: gamma, into: &found)
    episodes.weigh(isWeighted: true, ridge: ridge, into: &weighed)
    comparison.iterate(
      "baseline", baselineByTime.indices.map { $0 < episodes.timeLimit ? episodes.baseline[$0] : .nan }, baselineByTime)
    comparison.iterate("gradient", found, gradient)
    comparison.iterate("target", theta.indices.map { theta[$0] + learningRate * found[$0] }, alpha)
    comparison.iterate("weight of directions", weighed, try referenceTable(weight, "Gamma", count, by: count))
  }
}

extension PolicySearchVerification.Exploration {
  func compare(_ comparison: inout IterateComparison) throws {
    let count = iterations.first?.theta.count ?? 0
    try check(sizes: [count, poolSize], "the sizes of 'theta' and the pool")
    let best = BestPolicies(most: poolSize, features: count)
    var row = Array(repeating: 0.0, count: best.rowCount)
    for (number, iteration) in iterations.enumerated() {
      guard iteration.theta.count == count, iteration.standardNormals.count == iteration.returns.count,
        iteration.standardNormals.allSatisfy({ $0.count == count })
      else { throw ReferenceError("iteration \(number) has not a return and normals for every episode.") }
      let deviations = iteration.std.values(count: count)
      guard deviations.count == count else { throw ReferenceError("'std' of iteration \(number) has another size.") }
      for (normals, worth) in zip(iteration.standardNormals, iteration.returns) {
        let policy = (0..<count).map { iteration.theta[$0] + deviations[$0] * normals[$0] }
        best.add(policy, worth: worth, to: &row)
      }
      var target = iteration.theta
      best.pull(iteration.theta, by: row, into: &target)
      comparison.iterate(
        "worths of the best of iteration \(number)", (0..<best.count(row)).map { best.worth(row, $0) },
        iteration.poolReturns)
      comparison.iterate("target of iteration \(number)", target, iteration.alpha)
      guard number > 0 else { continue }
      let before = iterations[number - 1].std.values(count: count)
      comparison.iterate("deviation of iteration \(number)", before.map { $0 * stdDecay }, deviations)
    }
  }
}
