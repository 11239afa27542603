// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

/// The sparse code of a vector in a basis:
///
///     s = argmin (α − L s)ᵀ Γ (α − L s) + μ₁ |s|₁
///
/// by cyclic coordinate descent from the old code, s_j ← soft(c_j − Σ_{i≠j} Q_ji s_i, μ₁/2) / Q_jj with Q = Lᵀ Γ L and
/// c = Lᵀ Γ α. Now and then, as the descent is slow where columns are nearly parallel, the numbers that are not zero are
/// solved for at once. On the way to what they would be with their signs, the first to come to zero stays there, and the rest
/// is solved for anew.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | L | the basis, column by column | d × k |
/// | α, Γ | the vector, and how much each direction counts | d, d × d |
/// | s | the code | k |
///
/// Source: Friedman, Hastie, Höfling and Tibshirani, "Pathwise coordinate optimization", 2007, for the descent; Lee, Battle,
/// Raina and Ng, "Efficient sparse coding algorithms", 2006, for solving by signs.
///
/// *Edge cases*: a column that counts nothing (Q_jj = 0) has the code 0.
package struct SparseCode: Sendable {
  /// d and k.
  package let rows: Int
  package let columns: Int
  /// μ₁.
  package let penalty: Double

  /// Descents after which the code is what it is, and after each of which it is solved for.
  private static let mostDescents = 20_000
  private static let descentsAtOnce = 20

  package init(rows: Int, columns: Int, penalty: Double) {
    (self.rows, self.columns, self.penalty) = (rows, columns, penalty)
  }

  /// Numbers of room that finding a code takes.
  package var roomCount: Int { rows * columns + 2 * columns * columns + 2 * columns }

  /// Finds the code.
  ///
  /// - Parameters:
  ///   - code: the old code, overwritten with the new one.
  ///   - room: `roomCount` numbers, undefined before and after.
  package func find(
    _ code: UnsafeMutablePointer<Double>, of target: UnsafePointer<Double>, weight: UnsafePointer<Double>,
    in basis: UnsafePointer<Double>, room: UnsafeMutablePointer<Double>
  ) {
    let weighted = room
    let gram = weighted + rows * columns
    let slopes = gram + columns * columns
    prepare(target, weight, basis, weighted: weighted, gram: gram, slopes: slopes)
    var descents = 0
    while descents < Self.mostDescents {
      var change = 0.0
      for _ in 0..<Self.descentsAtOnce {
        change = descend(code, gram, slopes)
        if change == 0 { return }
      }
      descents += Self.descentsAtOnce
      if solve(code, gram, slopes, room: slopes + columns) || change <= 1e-14 * scale(of: code) { return }
    }
  }

  private func scale(of code: UnsafePointer<Double>) -> Double {
    (0..<columns).reduce(1) { max($0, abs(code[$1])) }
  }

  /// Γ L, Q and c.
  private func prepare(
    _ target: UnsafePointer<Double>, _ weight: UnsafePointer<Double>, _ basis: UnsafePointer<Double>,
    weighted: UnsafeMutablePointer<Double>, gram: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>
  ) {
    for column in 0..<columns {
      for row in 0..<rows {
        weighted[column * rows + row] = dot(weight + row * rows, basis + column * rows)
      }
      slopes[column] = dot(weighted + column * rows, target)
      for other in 0...column {
        let product = dot(weighted + column * rows, basis + other * rows)
        gram[column * columns + other] = product
        gram[other * columns + column] = product
      }
    }
  }

  private func dot(_ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    for row in 0..<rows { sum += left[row] * right[row] }
    return sum
  }

  /// Goes once over all numbers of the code.
  ///
  /// - Returns: by how much one of them has changed at most.
  private func descend(
    _ code: UnsafeMutablePointer<Double>, _ gram: UnsafePointer<Double>, _ slopes: UnsafePointer<Double>
  ) -> Double {
    var greatest = 0.0
    for column in 0..<columns {
      var slope = slopes[column]
      for other in 0..<columns where other != column { slope -= gram[column * columns + other] * code[other] }
      let curvature = gram[column * columns + column]
      let value = curvature > 0 ? soft(slope) / curvature : 0
      greatest = max(greatest, abs(value - code[column]))
      code[column] = value
    }
    return greatest
  }

  private func soft(_ value: Double) -> Double {
    value > penalty / 2 ? value - penalty / 2 : value < -penalty / 2 ? value + penalty / 2 : 0
  }

  /// Goes to the minimum over codes of the same signs, in which numbers can become zero and stay so.
  ///
  /// - Returns: whether that is the minimum over all codes.
  private func solve(
    _ code: UnsafeMutablePointer<Double>, _ gram: UnsafePointer<Double>, _ slopes: UnsafePointer<Double>,
    room: UnsafeMutablePointer<Double>
  ) -> Bool {
    let (matrix, solution) = (room, room + columns * columns)
    // At most as often as there are numbers: each time one of them is zero that was not.
    while gather(code, gram, slopes, into: matrix, solution) {
      if advance(code, towards: solution) { return isMinimum(code, gram, slopes) }
    }
    return false
  }

  /// Finds the numbers that are not zero, as if they kept their signs.
  ///
  /// - Returns: whether there are such numbers.
  private func gather(
    _ code: UnsafePointer<Double>, _ gram: UnsafePointer<Double>, _ slopes: UnsafePointer<Double>,
    into matrix: UnsafeMutablePointer<Double>, _ solution: UnsafeMutablePointer<Double>
  ) -> Bool {
    var count = 0
    for column in 0..<columns where code[column] != 0 {
      solution[count] = slopes[column] - (code[column] > 0 ? penalty : -penalty) / 2
      count += 1
    }
    var row = 0
    for column in 0..<columns where code[column] != 0 {
      var place = 0
      for other in 0..<columns where code[other] != 0 {
        matrix[row * count + place] = gram[column * columns + other]
        place += 1
      }
      row += 1
    }
    return solvePositive(matrix, solution, count: count)
  }

  /// Goes as far towards a solution as all numbers keep their signs.
  ///
  /// - Returns: whether that is all the way.
  private func advance(_ code: UnsafeMutablePointer<Double>, towards solution: UnsafePointer<Double>) -> Bool {
    var (share, first) = (1.0, -1)
    var row = 0
    for column in 0..<columns where code[column] != 0 {
      if solution[row] * code[column] <= 0 {
        let crossing = code[column] / (code[column] - solution[row])
        if crossing <= share { (share, first) = (crossing, column) }
      }
      row += 1
    }
    row = 0
    for column in 0..<columns where code[column] != 0 {
      let sign = code[column]
      code[column] = first < 0 ? solution[row] : code[column] + share * (solution[row] - code[column])
      // Rounding takes none across.
      if column == first || code[column] * sign < 0 { code[column] = 0 }
      row += 1
    }
    return first < 0
  }

  /// Whether no number that is zero would be another, where all others are what they should be.
  private func isMinimum(
    _ code: UnsafePointer<Double>, _ gram: UnsafePointer<Double>, _ slopes: UnsafePointer<Double>
  ) -> Bool {
    for column in 0..<columns where code[column] == 0 {
      var slope = slopes[column]
      for other in 0..<columns { slope -= gram[column * columns + other] * code[other] }
      // A column that counts nothing stays out, whatever rounding says of its slope.
      guard abs(slope) <= penalty / 2 || gram[column * columns + column] <= 0 else { return false }
    }
    return true
  }
}
