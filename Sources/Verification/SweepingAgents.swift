// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Numerics
import Quantities

/// The agents of a case, each with its copy of the basis, its code and a multiplier for each of its edges.
final class SweepingAgents {
  private let reference: PolicySearchVerification.Sweeps
  private let shared: SharedBasis
  private let targets: [[Double]]
  private let weights: [[Double]]
  private let start: Column<Double>
  private let bases: Column<Double>
  private let codes: Column<Double>
  /// Of the later end of each edge, and of the earlier one.
  private let later: Column<Double>
  private let earlier: Column<Double>
  private let room: Column<Double>
  /// The neighbours of each node in the order of their numbers, with their edges.
  private let neighbours: [[(node: Int, edge: Int)]]
  private let turns: Column<Int>

  init(_ reference: PolicySearchVerification.Sweeps) throws {
    let (nodes, d, k) = (reference.nodes, reference.d, reference.k)
    self.reference = reference
    let shared = SharedBasis(
      rows: d, columns: k, sparsity: reference.mu1, ridge: reference.mu2 / Double(nodes), penalty: reference.rho)
    self.shared = shared
    _ = try referenceTable(reference.alpha, "alpha", nodes, by: d)
    targets = reference.alpha
    guard reference.weights.count == nodes else { throw ReferenceError("'Gamma' has not a table for every node.") }
    weights = try reference.weights.map { try referenceTable($0, "Gamma", d, by: d) }
    let first = try referenceColumns(reference.start, "L0", d, by: k)
    start = Column(first)
    bases = Column((0..<nodes).flatMap { _ in first })
    codes = Column(repeating: 0, count: nodes * k)
    later = Column(repeating: 0, count: reference.edges.count * d * k)
    earlier = Column(repeating: 0, count: reference.edges.count * d * k)
    room = Column(repeating: 0, count: shared.roomCount)
    turns = Column(repeating: 0, count: nodes)
    var neighbours: [[(node: Int, edge: Int)]] = Array(repeating: [], count: nodes)
    for (edge, ends) in reference.edges.enumerated() {
      guard ends.count == 2, ends[0] != ends[1], ends.allSatisfy((0..<nodes).contains) else {
        throw ReferenceError("edges[\(edge)] is no pair of two nodes.")
      }
      neighbours[ends[0]].append((ends[1], edge))
      neighbours[ends[1]].append((ends[0], edge))
    }
    self.neighbours = neighbours.map { $0.sorted { $0.node < $1.node } }
  }

  func takeTurn(_ node: Int, keepsCode: Bool) {
    let count = shared.count
    let known = neighbours[node].map { other in
      let comesBefore = other.node < node
      let estimate = turns[other.node] > 0 ? UnsafePointer(bases.base + other.node * count) : nil
      return NeighbourEstimate(
        estimate, isNew: estimate != nil, comesBefore: comesBefore,
        multiplier: (comesBefore ? later.base : earlier.base) + other.edge * count)
    }
    known.withUnsafeBufferPointer { known in
      shared.takeTurn(
        basis: bases.base + node * count, code: codes.base + node * shared.columns, target: targets[node],
        weight: weights[node], neighbours: known, start: start.base, keepsCode: keepsCode, room: room.base)
    }
    turns[node] += 1
  }

  func basis(_ node: Int) -> [Double] { (0..<shared.count).map { bases[node * shared.count + $0] } }
  func code(_ node: Int) -> [Double] { (0..<shared.columns).map { codes[node * shared.columns + $0] } }
  var allBases: [Double] { (0..<bases.count).map { bases[$0] } }
  var allCodes: [Double] { (0..<codes.count).map { codes[$0] } }
  var laterMultipliers: [Double] { (0..<later.count).map { later[$0] } }

  var objective: Double {
    (0..<reference.nodes).reduce(0) { $0 + objective($1, basis: bases.base + $1 * shared.count) }
  }

  /// What the objective would be if everybody had this basis.
  func objective(of basis: [Double]) -> Double {
    (0..<reference.nodes).reduce(0) { $0 + objective($1, basis: basis) }
  }

  private func objective(_ node: Int, basis: UnsafePointer<Double>) -> Double {
    shared.objective(
      basis: basis, code: codes.base + node * shared.columns, target: targets[node], weight: weights[node])
  }

  /// The mean squared distance of a copy to the average of all.
  var disagreement: Double {
    let (nodes, count) = (reference.nodes, shared.count)
    var sum = 0.0
    for entry in 0..<count {
      let mean = (0..<nodes).reduce(0) { $0 + bases[$1 * count + entry] } / Double(nodes)
      for node in 0..<nodes {
        let distance = bases[node * count + entry] - mean
        sum += distance * distance
      }
    }
    return sum / Double(nodes)
  }

  /// The basis that minimises the objective for the codes that there are.
  func central() throws -> [Double] {
    let (rows, count) = (shared.rows, shared.count)
    var matrix = Array(repeating: 0.0, count: count * count)
    var right = Array(repeating: 0.0, count: count)
    for node in 0..<reference.nodes {
      let (code, weight, target) = (code(node), weights[node], targets[node])
      for entry in 0..<count {
        let (column, row) = (entry / rows, entry % rows)
        for other in 0..<count {
          matrix[entry * count + other] +=
            2 * code[column] * code[other / rows] * weight[row * rows + other % rows]
        }
        for other in 0..<rows { right[entry] += 2 * code[column] * weight[row * rows + other] * target[other] }
      }
    }
    for entry in 0..<count { matrix[entry * count + entry] += 2 * reference.mu2 }
    guard case .success(let found) = solutions(of: matrix, [right]) else {
      throw ReferenceError("the last codes leave the basis of a centre open.")
    }
    return found[0]
  }
}
