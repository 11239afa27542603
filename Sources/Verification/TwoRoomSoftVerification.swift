// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets

/// Kind `two-rooms-soft-q`: the best that an agent can do in rooms whose free cells the file lists, where it pays for
/// straying from a prior policy.
///
/// Every step costs 0.1, one into a wall, which leads nowhere, 0.5 more; entering the goal earns 1 and ends the task.
struct TwoRoomSoftVerification: ReferenceCase {
  static let kind = "two-rooms-soft-q"

  struct Case: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case env, alpha, beta, gamma, pi0, cells, pi, vStart, iters, pi0Kind
      case worths = "Q"
      case values = "V"
    }

    let env: Int
    let alpha: Double
    let beta: Double
    let gamma: Double
    let pi0: [[Double]]
    let cells: [[Int]]
    let worths: [[Double]]
    let values: [Double]
    let pi: [[Double]]
    let vStart: Double
    /// After so many sweeps none changed a value by as much as `lastChange`.
    let iters: Int
    let pi0Kind: String
  }

  /// At which change of a value the file's iteration ended.
  private static let lastChange = 1e-14
  /// Of the sweeps, as a share: last bits decide which is the last one.
  private static let sweepBar = 0.02
  private static let cellLimit = 500
  /// What actions add to row and column, in the order of `RoomMove`: stay, down, up, left, right.
  private static let moves = [[0, 0], [1, 0], [-1, 0], [0, -1], [0, 1]]

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try VerificationReport(of: cases) { try checks(of: $1, name: "\(Self.kind)/\($0)") }
  }

  private func checks(of one: Case, name: String) throws -> [VerificationReport.Check] {
    try checkDistral(alpha: one.alpha, beta: one.beta, gamma: one.gamma)
    let world = try TwoRoomWorlds.task(one.env)
    guard let start = one.cells.firstIndex(of: TwoRoomWorlds.place(Int(world.start))),
      let goal = one.cells.firstIndex(of: TwoRoomWorlds.place(Int(world.goal)))
    else { throw ReferenceError("the start or the goal of world \(one.env) is not one of the cells.") }
    guard one.gamma < 1, (1...Int(ReferenceLimits.latest)).contains(one.iters) else {
      throw ReferenceError("'gamma' is not below 1, or there cannot be \(one.iters) sweeps.")
    }
    let prior = try prior(of: one)
    var iteration = SoftValueIteration(
      try Self.process(cells: one.cells, goal: goal, discount: one.gamma), isOver: one.cells.indices.map { $0 == goal },
      soft: SoftValue(actionCount: Self.moves.count, priorWeight: one.alpha, sharpness: one.beta), prior: prior)
    let sweeps = Self.solve(&iteration, atLeast: one.iters)
    // What is left when a sweep changes nothing by more, and as much again of rounding.
    let bar = max(1e-12, 2 * Self.lastChange / (1 - one.gamma))
    func check(_ quantity: String, _ error: Double) -> VerificationReport.Check {
      .init(reference: name, quantity: quantity, expected: 0, seen: error, bar: bar)
    }
    return [
      check("error of worths", largestDifference(iteration.worths, one.worths.flatMap(\.self))),
      check("error of values", largestDifference(iteration.values, one.values)),
      check("error of the policy", largestDifference(iteration.policy.probabilities, one.pi.flatMap(\.self))),
      check("error of the value at the start", abs(iteration.values[start] - one.vStart)),
      .init(
        reference: name, quantity: "sweeps", expected: Double(one.iters), seen: Double(sweeps),
        bar: max(1, (Self.sweepBar * Double(one.iters)).rounded())),
    ]
  }

  /// log π₀.
  private func prior(of one: Case) throws -> [Double] {
    let table = try ReferenceTable(one.pi0, "pi0", states: one.cells.count, actions: Self.moves.count)
    let isDistribution = one.pi0.allSatisfy { row in
      row.allSatisfy { $0 > 0 } && abs(row.reduce(0, +) - 1) <= 1e-9
    }
    guard isDistribution else { throw ReferenceError("a row of 'pi0' is no distribution with all actions.") }
    let isUniform = table.numbers.allSatisfy { abs($0 - 1 / Double(Self.moves.count)) < 1e-12 }
    guard ["uniform", "random"].contains(one.pi0Kind), isUniform == (one.pi0Kind == "uniform") else {
      throw ReferenceError("'pi0' is not \(one.pi0Kind).")
    }
    return table.numbers.map { log($0) }
  }

  /// Sweeps until nothing changes any more, or only for as long as last bits go to and fro.
  ///
  /// - Returns: the number of sweeps that changed a value by so much that the file's iteration went on.
  private static func solve(_ iteration: inout SoftValueIteration, atLeast sweeps: Int) -> Int {
    var lasting = 0
    for sweep in 0..<max(10 * sweeps, 1000) {
      let change = iteration.sweep()
      if change >= lastChange { lasting = sweep + 1 }
      if change == 0 { break }
    }
    return lasting
  }

  /// The world as a decision process with a state for each free cell.
  private static func process(cells: [[Int]], goal: Int, discount: Double) throws -> FiniteDecisionProcess {
    let states = cells.count
    guard (2...cellLimit).contains(states), cells.allSatisfy({ $0.count == 2 }), Set(cells).count == states else {
      throw ReferenceError("the cells are not 2 to \(cellLimit) different pairs of a row and a column.")
    }
    guard cells.allSatisfy({ $0.allSatisfy { abs($0) <= 1_000_000 } }) else {
      throw ReferenceError("a cell lies too far away.")
    }
    let places = Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($1, $0) })
    var (transitions, rewards) = ([[[Double]]](), [[Double]]())
    for (state, cell) in cells.enumerated() {
      var (rows, earned) = ([[Double]](), [Double]())
      for move in moves {
        let next = places[[cell[0] + move[0], cell[1] + move[1]]]
        var row = [Double](repeating: 0, count: states)
        row[next ?? state] = 1
        rows.append(row)
        let bump = next == nil ? -0.5 : 0
        let arrival = next == goal && state != goal ? 1.0 : 0
        earned.append(-0.1 + bump + arrival)
      }
      transitions.append(rows)
      rewards.append(earned)
    }
    return try FiniteDecisionProcess(
      transitions: transitions, rewards: rewards, discount: discount,
      start: (0..<states).map { $0 == 0 ? 1 : 0 })
  }
}
