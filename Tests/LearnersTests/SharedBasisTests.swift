// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness
import Testing

/// Numbers that look like nothing in particular, of one index.
private func numbers(_ count: Int, _ index: UInt64) -> [Double] {
  let key = StreamFamily(seed: 3, replication: 0, purpose: .data).key(EntityKey("basis"))
  var draws = Draws(key, at: index)
  var values = Array(repeating: 0.0, count: count)
  values.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
  return values
}

/// A positive definite table of that many rows.
private func weight(_ rows: Int, _ index: UInt64) -> [Double] {
  let factor = numbers(rows * rows, 1000 + index)
  return (0..<rows * rows).map { entry in
    let (row, column) = (entry / rows, entry % rows)
    return (0..<rows).reduce(row == column ? 0.1 : 0) { $0 + factor[row * rows + $1] * factor[column * rows + $1] }
  }
}

/// Agents with fixed targets that share a basis of two columns of three numbers, with the multipliers of both ends.
private final class Sharing {
  let shared: SharedBasis
  let targets: [[Double]]
  let weights: [[Double]]
  let edges: [(Int, Int)]
  var bases: [[Double]]
  var codes: [[Double]]
  var multipliers: [[[Double]]]
  private let start = numbers(6, 0)
  private var turns: [Int]

  init(agents: Int, edges: [(Int, Int)], sparsity: Double = 0.01) {
    shared = SharedBasis(rows: 3, columns: 2, sparsity: sparsity, ridge: 0.1 / Double(agents), penalty: 1)
    targets = (0..<agents).map { numbers(3, UInt64($0) + 1) }
    weights = (0..<agents).map { weight(3, UInt64($0)) }
    self.edges = edges
    bases = Array(repeating: start, count: agents)
    codes = Array(repeating: [0, 0], count: agents)
    multipliers = Array(repeating: [Array(repeating: 0, count: 6), Array(repeating: 0, count: 6)], count: edges.count)
    turns = Array(repeating: 0, count: agents)
  }

  /// - Parameter isLater: whether the multiplier is that of the later end.
  private func withNeighbours(of agent: Int, _ body: (UnsafeBufferPointer<NeighbourEstimate<Double>>) -> Void) {
    let estimates = Column(bases.flatMap { $0 })
    let kept = Column(multipliers.flatMap { $0.flatMap { $0 } })
    let known = edges.indices.compactMap { edge -> (Int, NeighbourEstimate<Double>)? in
      let (one, other) = edges[edge]
      guard one == agent || other == agent else { return nil }
      let neighbour = one == agent ? other : one
      let end = neighbour < agent ? 0 : 1
      let estimate = turns[neighbour] > 0 ? UnsafePointer(estimates.base + 6 * neighbour) : nil
      return (
        neighbour,
        NeighbourEstimate(
          estimate, isNew: estimate != nil, comesBefore: neighbour < agent,
          multiplier: kept.base + 12 * edge + 6 * end)
      )
    }.sorted { $0.0 < $1.0 }.map(\.1)
    known.withUnsafeBufferPointer(body)
    for edge in edges.indices {
      for end in 0..<2 { multipliers[edge][end] = (0..<6).map { kept[12 * edge + 6 * end + $0] } }
    }
  }

  func takeTurn(_ agent: Int, keepsCode: Bool = false) {
    let room = Column(repeating: 0.0, count: shared.roomCount)
    var (basis, code) = (bases[agent], codes[agent])
    withNeighbours(of: agent) { known in
      basis.withUnsafeMutableBufferPointer { basis in
        code.withUnsafeMutableBufferPointer { code in
          shared.takeTurn(
            basis: basis.baseAddress!, code: code.baseAddress!, target: targets[agent], weight: weights[agent],
            neighbours: known, start: start, keepsCode: keepsCode, room: room.base)
        }
      }
    }
    (bases[agent], codes[agent]) = (basis, code)
    turns[agent] += 1
  }

  /// The gradient of an agent's part of the objective by its copy of the basis.
  func gradient(_ agent: Int) -> [Double] {
    let (basis, code) = (bases[agent], codes[agent])
    let rest = (0..<3).map { row in basis[row] * code[0] + basis[3 + row] * code[1] - targets[agent][row] }
    return (0..<6).map { entry in
      let pull = (0..<3).reduce(0.0) { $0 + weights[agent][entry % 3 * 3 + $1] * rest[$1] }
      return 2 * pull * code[entry / 3] + 2 * shared.ridge * basis[entry]
    }
  }
}

/// Of an agent alone a turn is ridge regression: the slope of its part of the objective is zero.
@Test func theTurnOfAnAgentAloneIsRidgeRegression() {
  let alone = Sharing(agents: 1, edges: [])
  alone.takeTurn(0)
  #expect(alone.codes[0].contains { abs($0) > 0.1 })
  #expect(alone.gradient(0).allSatisfy { abs($0) < 1e-12 })
}

/// Once copies agree, the slope of each agent's part is what its multipliers say: Σ over S of λ less Σ over P of λ. Both ends
/// of every edge have kept the same multiplier, but for the last turn of the later one.
@Test func atConvergenceMultipliersAreTheSlopes() {
  let edges = [(0, 1), (1, 2), (2, 3), (0, 3), (0, 2)]
  let sharing = Sharing(agents: 4, edges: edges)
  for sweep in 0..<3000 { for agent in 0..<4 { sharing.takeTurn(agent, keepsCode: sweep >= 20) } }
  for agent in 1..<4 {
    #expect(zip(sharing.bases[agent], sharing.bases[0]).allSatisfy { abs($0 - $1) < 1e-12 })
  }
  for edge in edges.indices {
    #expect(zip(sharing.multipliers[edge][0], sharing.multipliers[edge][1]).allSatisfy { abs($0 - $1) < 1e-11 })
  }
  #expect(sharing.multipliers.joined().joined().contains { abs($0) > 0.01 })
  for agent in 0..<4 {
    let gradient = sharing.gradient(agent)
    for entry in 0..<6 {
      let sum = edges.indices.reduce(0.0) { sum, edge in
        if edges[edge].0 == agent { return sum + sharing.multipliers[edge][0][entry] }
        return edges[edge].1 == agent ? sum - sharing.multipliers[edge][0][entry] : sum
      }
      #expect(abs(gradient[entry] - sum) < 1e-9)
    }
  }
}

/// A code is the minimum: no slope of the smooth part is steeper than the penalty, and where a number is not zero it is as
/// steep. Columns that are nearly parallel are no obstacle, nor are more columns than rows.
@Test(arguments: [(3, 2, 0.05), (4, 3, 0.3), (3, 5, 0.2), (4, 2, 1e-6), (2, 2, 50)])
func aSparseCodeIsTheMinimum(rows: Int, columns: Int, penalty: Double) {
  for trial in 0..<20 {
    let (target, weight) = (numbers(rows, UInt64(trial)), weight(rows, UInt64(trial)))
    var basis = numbers(rows * columns, UInt64(trial) + 500)
    if trial % 2 == 1, columns < rows {
      for row in 0..<rows { basis[rows + row] = basis[row] + 1e-3 * basis[rows + row] }
    }
    let coder = SparseCode(rows: rows, columns: columns, penalty: penalty)
    let room = Column(repeating: 0.0, count: coder.roomCount)
    var code = Array(repeating: 0.0, count: columns)
    code.withUnsafeMutableBufferPointer {
      coder.find($0.baseAddress!, of: target, weight: weight, in: basis, room: room.base)
    }
    for column in 0..<columns {
      var slope = 0.0
      var size = 1.0
      for row in 0..<rows {
        for other in 0..<rows {
          let rest = (0..<columns).reduce(target[other]) { $0 - basis[$1 * rows + other] * code[$1] }
          slope += basis[column * rows + row] * weight[row * rows + other] * rest
          size = max(size, abs(basis[column * rows + row] * weight[row * rows + other] * target[other]))
        }
      }
      let sign = code[column] > 0 ? 1.0 : -1
      if code[column] == 0 {
        #expect(abs(slope) <= penalty / 2 + 1e-9 * size)
      } else {
        #expect(abs(slope - sign * penalty / 2) < 1e-8 * size)
      }
    }
    if penalty == 50 { #expect(code.allSatisfy { $0 == 0 }) }
  }
}

/// The best come first, of equals the older, and the worst go; what is worth nothing does not count.
@Test func theBestPoliciesPullByWhatTheyWereWorth() {
  let best = BestPolicies(most: 3, features: 1)
  var row = Array(repeating: 0.0, count: best.rowCount)
  for (policy, worth) in [(1.0, 5.0), (2, 7), (3, 5), (4, -1), (5, 6)] { best.add([policy], worth: worth, to: &row) }
  #expect((0..<best.count(row)).map { best.worth(row, $0) } == [7, 6, 5])
  var target = [0.0]
  best.pull([1], by: row, into: &target)
  // The third is the policy 1, which was tried before the other with a worth of 5.
  #expect(abs(target[0] - (1 + (7 * 1 + 6 * 4) / 18.0)) < 1e-14)
  var nothing = Array(repeating: 0.0, count: best.rowCount)
  best.add([9], worth: 0, to: &nothing)
  best.pull([1], by: nothing, into: &target)
  #expect(target == [1])
}
