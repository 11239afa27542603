// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

/// What an agent does when its turn has come: it codes its own target sparsely in its copy of a basis, moves the copy
/// towards what explains the target and towards the neighbours' copies, and has the multipliers of its edges follow.
///
/// All agents together minimise, with x_t = vec(L_t) column by column,
///
///     Σ_t (α_t − L_t s_t)ᵀ Γ_t (α_t − L_t s_t) + μ₁ |s_t|₁ + (μ₂/n) |L_t|²   such that x_i = x_j on every edge
///
/// by alternating directions in the order of a sweep, edge by edge. At its turn agent t, with its neighbours P before it and
/// S behind it, and λ_ij the multiplier of x_i − x_j for i before j,
///
///     s_t ← argmin over s                                                    (`SparseCode`)
///     (2 s sᵀ ⊗ Γ + (2 μ₂/n + ρ deg) I) x_t = 2 s ⊗ Γ α + Σ_P (ρ x_j − λ_jt) + Σ_S (ρ x_j + λ_tj)
///     λ_jt ← λ_jt − ρ (x_j − x_t)                                            for j in P
///
/// Both ends of an edge keep its multiplier: the later end moves it at its turn, the earlier one when it has heard of that
/// turn, from the same numbers.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | L | the agent's copy of the basis | d × k |
/// | α, Γ | the agent's target, and how much each direction of it counts | d, d × d |
/// | s | the agent's code | k |
/// | λ | the multiplier of an edge | d k |
///
/// Source: Wei and Ozdaglar, "Distributed alternating direction method of multipliers", 2012, for the sweep; El Bsat, Bou
/// Ammar and Taylor, "Scalable multitask policy gradient reinforcement learning", 2017, for what it is about. The equations
/// are a reconstruction (docs/deviations.md).
package struct SharedBasis: Sendable {
  /// d and k.
  package let rows: Int
  package let columns: Int
  /// μ₂ / n.
  package let ridge: Double
  /// ρ.
  package let penalty: Double
  private let sparseCode: SparseCode

  package init(rows: Int, columns: Int, sparsity: Double, ridge: Double, penalty: Double) {
    (self.rows, self.columns, self.ridge, self.penalty) = (rows, columns, ridge, penalty)
    sparseCode = SparseCode(rows: rows, columns: columns, penalty: sparsity)
  }

  /// How many numbers a copy of the basis has.
  package var count: Int { rows * columns }

  /// Numbers of room that a turn takes.
  package var roomCount: Int { sparseCode.roomCount + count + rows * rows + 2 * rows }

  /// Takes an agent's turn.
  ///
  /// *Edge cases*: a neighbour that has sent nothing yet stands where all have started.
  ///
  /// - Parameters:
  ///   - basis: the agent's copy, overwritten with the new one.
  ///   - code: likewise; it stays as it is where `keepsCode` says so.
  ///   - neighbours: in the order in which they are summed.
  ///   - start: the copy that all agents have started from.
  ///   - room: `roomCount` numbers, undefined before and after.
  package func takeTurn(
    basis: UnsafeMutablePointer<Double>, code: UnsafeMutablePointer<Double>, target: UnsafePointer<Double>,
    weight: UnsafePointer<Double>, neighbours: UnsafeBufferPointer<NeighbourEstimate<Double>>,
    start: UnsafePointer<Double>, keepsCode: Bool = false, room: UnsafeMutablePointer<Double>
  ) {
    for neighbour in neighbours where !neighbour.comesBefore && neighbour.isNew {
      if let estimate = neighbour.estimate { follow(neighbour.multiplier, earlier: basis, later: estimate) }
    }
    if !keepsCode { sparseCode.find(code, of: target, weight: weight, in: basis, room: room) }
    let sums = room + sparseCode.roomCount
    for entry in 0..<count { sums[entry] = 0 }
    for neighbour in neighbours {
      let (estimate, multiplier) = (neighbour.estimate ?? start, neighbour.multiplier)
      if neighbour.comesBefore {
        for entry in 0..<count { sums[entry] += penalty * estimate[entry] - multiplier[entry] }
      } else {
        for entry in 0..<count { sums[entry] += penalty * estimate[entry] + multiplier[entry] }
      }
    }
    solve(
      basis, sums: sums, code: code, target: target, weight: weight,
      diagonal: 2 * ridge + penalty * Double(neighbours.count), room: sums + count)
    for neighbour in neighbours where neighbour.comesBefore {
      follow(neighbour.multiplier, earlier: neighbour.estimate ?? start, later: basis)
    }
  }

  /// λ ← λ − ρ (x_earlier − x_later).
  private func follow(
    _ multiplier: UnsafeMutablePointer<Double>, earlier: UnsafePointer<Double>, later: UnsafePointer<Double>
  ) {
    for entry in 0..<count { multiplier[entry] -= penalty * (earlier[entry] - later[entry]) }
  }

  /// Solves (2 s sᵀ ⊗ Γ + c I) x = 2 s ⊗ Γ α + b, with X = (B − 2 Γ v sᵀ) / c for B = b + 2 Γ α sᵀ and
  /// (2 |s|² Γ + c I) v = B s: then v = X s.
  private func solve(
    _ basis: UnsafeMutablePointer<Double>, sums: UnsafePointer<Double>, code: UnsafePointer<Double>,
    target: UnsafePointer<Double>, weight: UnsafePointer<Double>, diagonal: Double, room: UnsafeMutablePointer<Double>
  ) {
    let (matrix, image, pull) = (room, room + rows * rows, room + rows * rows + rows)
    var square = 0.0
    for column in 0..<columns { square += code[column] * code[column] }
    for row in 0..<rows {
      var sum = 0.0
      for other in 0..<rows { sum += weight[row * rows + other] * target[other] }
      pull[row] = 2 * sum
      for other in 0..<rows { matrix[row * rows + other] = 2 * square * weight[row * rows + other] }
      matrix[row * rows + row] += diagonal
      image[row] = square * pull[row]
      for column in 0..<columns { image[row] += sums[column * rows + row] * code[column] }
    }
    let isSolved = solvePositive(matrix, image, count: rows)
    precondition(isSolved, "What a turn solves is positive definite: weights are, and the diagonal is above zero.")
    for row in 0..<rows {
      var sum = 0.0
      for other in 0..<rows { sum += weight[row * rows + other] * image[other] }
      let rest = pull[row] - 2 * sum
      for column in 0..<columns {
        basis[column * rows + row] = (sums[column * rows + row] + rest * code[column]) / diagonal
      }
    }
  }

  /// What an agent's part of the objective comes to.
  package func objective(
    basis: UnsafePointer<Double>, code: UnsafePointer<Double>, target: UnsafePointer<Double>,
    weight: UnsafePointer<Double>
  ) -> Double {
    var sum = 0.0
    for column in 0..<columns { sum += sparseCode.penalty * abs(code[column]) }
    for entry in 0..<count { sum += ridge * (basis[entry] * basis[entry]) }
    func rest(_ row: Int) -> Double {
      (0..<columns).reduce(target[row]) { $0 - basis[$1 * rows + row] * code[$1] }
    }
    for row in 0..<rows {
      for other in 0..<rows { sum += rest(row) * weight[row * rows + other] * rest(other) }
    }
    return sum
  }
}
