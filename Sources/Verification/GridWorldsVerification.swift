// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners

/// Kind `grid10`: several grid worlds at once: the best way through all of them, and decentralised policy gradient ascent with
/// exact gradients, from the start cell and from all cells alike.
struct GridWorldsVerification: ReferenceCase {
  static let kind = "grid10"
  /// Absolute, on sums of values and on ways.
  private static let bar = 1e-10
  /// Own values are written with four digits behind the point.
  private static let roundedBar = 0.500001e-4

  struct Rewards: Decodable, Sendable {
    let goal: Double
    let obstacle: Double
    let other: Double
  }

  struct Ascent: Decodable, Sendable {
    let alpha: Double
    let iterations: Int
    /// λ of the ascent from the start cell; files that say nothing have none.
    let lamStart: Double?
    /// λ of the ascent from all cells alike; files that say nothing have 0.001.
    let lamUniform: Double?
  }

  struct World: Decodable, Sendable {
    let goal: [Int]
    let obstacles: [[Int]]
  }

  /// What the log has after so many iterations: the sum over the tasks of what agent 0 has from the start cell, and what each
  /// agent has in its own task.
  struct Row: Decodable, Sendable {
    let k: Int
    let sum: Double
    let own: [Double]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      k = try container.decode(Int.self)
      sum = try container.decode(Double.self)
      own = try container.decode([Double].self)
    }
  }

  struct Case: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case name, start, envs, gamma, bestSimplePathValue, stepsToGoal, path, dcpgExactStart, dcpgExactUniform
      case weights = "W"
      case rows, columns
    }

    let name: String
    let start: [Int]
    let envs: [World]
    let gamma: Double
    let bestSimplePathValue: Double
    /// After how many steps of the way each task ends; negative where that is at an obstacle.
    let stepsToGoal: [Int]?
    let path: [[Int]]
    let dcpgExactStart: [Row]?
    let dcpgExactUniform: [Row]?
    let weights: [[Double]]
    /// Ten unless it is said.
    let rows: Int?
    let columns: Int?
  }

  let rewards: Rewards
  let boundary: String
  let actions: [String]
  let dcpg: Ascent
  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    guard actions == ["up", "down", "left", "right"] else {
      throw ReferenceError("the actions are not up, down, left and right.")
    }
    guard (0...Int(ReferenceLimits.latest)).contains(dcpg.iterations) else {
      throw ReferenceError("there cannot be \(dcpg.iterations) iterations.")
    }
    return try VerificationReport(of: cases) { _, one in try checks(of: one) }
  }

  private func checks(of one: Case) throws -> [VerificationReport.Check] {
    let worlds = try worlds(of: one)
    let start = try place(one.start, in: one)
    var checks = try wayChecks(of: one, worlds, from: start)
    let logs = [
      ("from the start", one.dcpgExactStart, worlds[0].start(in: start), dcpg.lamStart ?? 0),
      ("from anywhere", one.dcpgExactUniform, worlds[0].startAnywhere, dcpg.lamUniform ?? 0.001),
    ]
    for (name, log, distribution, weight) in logs {
      guard let log else { continue }
      guard log.allSatisfy({ (0...dcpg.iterations).contains($0.k) && $0.own.count == worlds.count }) else {
        throw ReferenceError(
          "a row of the log of \(one.name) is not of an iteration, or has not a value for each task.")
      }
      let run = AscentRun(
        worlds: worlds, discount: one.gamma, start: worlds[0].start(in: start), learntFrom: distribution,
        relativeEntropyWeight: weight, stepSize: dcpg.alpha, weights: one.weights, moments: log.map(\.k))
      checks += try ascentChecks("\(Self.kind)/\(one.name)", name, log, run)
    }
    return checks
  }

  // MARK: - Ways

  private func wayChecks(
    of one: Case, _ worlds: [GridWorld], from start: GridWorld.Place
  ) throws -> [VerificationReport.Check] {
    let name = "\(Self.kind)/\(one.name)"
    func check(_ quantity: String, _ expected: Double, _ seen: Double, bar: Double = Self.bar)
      -> VerificationReport.Check
    { .init(reference: name, quantity: quantity, expected: expected, seen: seen, bar: bar) }
    let cells = try one.path.map { worlds[0].cell(try place($0, in: one)) }
    guard cells.first == worlds[0].cell(start) else {
      throw ReferenceError("the path of \(one.name) does not begin at the start.")
    }
    let best = SimplePath(best: worlds, from: start, discount: one.gamma)
    var checks = [
      check(
        "value of the file's way", one.bestSimplePathValue,
        SimplePath.value(of: cells, in: worlds, discount: one.gamma) ?? .nan),
      check("by how much that is better than the best way", 0, max(0, one.bestSimplePathValue - best.value)),
      check(
        "error of the value of the best way", 0,
        abs((SimplePath.value(of: best.cells, in: worlds, discount: one.gamma) ?? .nan) - best.value)),
    ]
    if let expected = one.stepsToGoal {
      let seen = worlds.map { world -> Int in
        guard let step = cells.indices.dropFirst().first(where: { world.isEnd(cells[$0]) }) else { return 0 }
        return cells[step] == world.cell(world.goal) ? step : -step
      }
      checks.append(check("tasks that end after other steps", 0, seen == expected ? 0 : 1, bar: 0))
    }
    return checks
  }

  // MARK: - Ascent

  /// Where iterates are beyond the bar, as where tasks are mirror images of each other, it is seen how far rounding alone
  /// takes them: the bar is a hundred times what a start that is 2⁻⁵⁰ away comes to.
  private func ascentChecks(
    _ name: String, _ which: String, _ log: [Row], _ run: AscentRun
  ) throws -> [VerificationReport.Check] {
    let seen = try run.rows()
    func errors(_ rows: [AscentRun.Row]) -> [(sum: Double, own: Double)] {
      zip(rows, log).map { (abs($0.sum - $1.sum), largestDifference($0.own, $1.own)) }
    }
    var bars = Array(repeating: (sum: Self.bar, own: Self.roundedBar), count: log.count)
    if errors(seen).contains(where: { !($0.sum <= Self.bar) || !($0.own <= Self.roundedBar) }) {
      for (index, other) in try run.rows(startingApart: 0x1p-50).enumerated() {
        bars[index].sum += 100 * abs(other.sum - seen[index].sum)
        bars[index].own += 100 * largestDifference(other.own, seen[index].own)
      }
    }
    return log.indices.flatMap { index in
      let (error, bar) = (errors(seen)[index], bars[index])
      let moment = "after \(log[index].k), \(which)"
      return [
        VerificationReport.Check(
          reference: name, quantity: "error of the sum \(moment)", expected: 0, seen: error.sum, bar: bar.sum),
        VerificationReport.Check(
          reference: name, quantity: "error of own values \(moment)", expected: 0, seen: error.own, bar: bar.own),
      ]
    }
  }

  // MARK: - Reading

  private func worlds(of one: Case) throws -> [GridWorld] {
    guard (1...8).contains(one.envs.count), (1...30).contains(one.rows ?? 10), (1...30).contains(one.columns ?? 10)
    else {
      throw ReferenceError("\(one.name) has not one to eight worlds of at most 30 × 30 cells.")
    }
    guard let leaving = ["stay": GridWorld.Leaving.stay, "ends": .ends, "end": .ends][boundary] else {
      throw ReferenceError("the boundary '\(boundary)' is not known.")
    }
    return try one.envs.map { world in
      GridWorld(
        rows: one.rows ?? 10, columns: one.columns ?? 10, goal: try place(world.goal, in: one),
        obstacles: try world.obstacles.map { try place($0, in: one) }, leaving: leaving,
        rewards: GridWorld.Rewards(goal: rewards.goal, obstacle: rewards.obstacle, other: rewards.other))
    }
  }

  private func place(_ numbers: [Int], in one: Case) throws -> GridWorld.Place {
    guard numbers.count == 2, (0..<(one.rows ?? 10)).contains(numbers[0]),
      (0..<(one.columns ?? 10)).contains(numbers[1])
    else { throw ReferenceError("\(numbers) is no cell of \(one.name).") }
    return GridWorld.Place(numbers[0], numbers[1])
  }
}

/// Exact ascent, and what it is looked at for.
private struct AscentRun {
  struct Row {
    let sum: Double
    let own: [Double]
  }

  let worlds: [GridWorld]
  let discount: Double
  /// Where values are looked at.
  let start: [Double]
  let learntFrom: [Double]
  let relativeEntropyWeight: Double
  let stepSize: Double
  let weights: [[Double]]
  /// After how many iterations; in any order.
  let moments: [Int]

  /// - Parameter distance: how far from zero every other parameter starts, above and below in turn.
  func rows(startingApart distance: Double = 0) throws -> [Row] {
    let judged = try worlds.map { try $0.process(discount: discount, start: start) }
    let objectives = try worlds.map {
      SoftmaxObjective(
        try $0.process(discount: discount, start: learntFrom), relativeEntropyWeight: relativeEntropyWeight)
    }
    let parameters = objectives.indices.map { agent in
      (0..<objectives[agent].parameterCount).map { (($0 + agent) % 3 == 0 ? distance : $0 % 3 == 1 ? -distance : 0) }
    }
    var ascent = DecentralizedPolicyGradient(
      objectives, combination: try combinationMatrix(ofReceivers: weights, agents: worlds.count), stepSize: stepSize,
      parameters: parameters)
    var found: [Int: Row] = [:]
    for k in 0...(moments.max() ?? 0) {
      if k > 0 { try ascent.advance() }
      guard moments.contains(k) else { continue }
      func value(of agent: Int, in task: Int) throws -> Double {
        try judged[task].expectedReturn(of: objectives[agent].policy(ascent.parameters[agent]))
      }
      found[k] = Row(
        sum: try worlds.indices.reduce(0) { $0 + (try value(of: 0, in: $1)) },
        own: try worlds.indices.map { try value(of: $0, in: $0) })
    }
    return moments.compactMap { found[$0] }
  }
}
