// SPDX-License-Identifier: GPL-3.0-or-later

/// A recursion of second moments K = E z z' for a state with random linear steps, z ← A z + n:
/// K ← L(K) = E[A K A'] + E[n n'].
protocol MomentRecursion {
  /// The number of entries of the state, n.
  var size: Int { get }
  /// E A, row by row; n × n numbers.
  var meanMatrix: [Double] { get }
  /// About how many multiplications one step takes.
  var operationsPerStep: Double { get }
  /// K at the start.
  var initialMoments: [Double] { get }
  /// One step of the recursion, noise included. K is symmetric.
  func advance(_ moments: inout [Double])
}

/// The sum Σ_i B^i Q B'^i, by doubling: S_0 = Q, S_j+1 = S_j + B^(2^j) S_j B'^(2^j).
///
/// Source: Smith, "Matrix equation XA + BX = C", 1968.
struct DoublingSum {
  private let size: Int
  /// B, B², B⁴ and so on, until nothing is left.
  private let powers: [[Double]]

  /// The multiplications of one sum.
  var operations: Double { Double(powers.count) * 2 * Double(size) * Double(size) * Double(size) }

  /// Prepares the powers of B.
  ///
  /// - Throws: `diverges` if the powers do not die out.
  init(_ matrix: [Double], size: Int, operationLimit: Double) throws(TheoryError) {
    _ = numericsPrepared
    let product = Double(size) * Double(size) * Double(size)
    var powers = [matrix]
    // Squares of what is left count in the sum, so the rest after 10⁻¹⁰ is below rounding.
    while true {
      let last = powers[powers.count - 1]
      let norm = last.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm.isFinite, norm < 1e12, powers.count < 50 else { throw .diverges(.mean) }
      if norm < 1e-10 { break }
      let operations = Double(powers.count) * product
      guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
      var square = last
      multiply(last, last, rows: size, inner: size, columns: size, into: &square)
      powers.append(square)
    }
    self.size = size
    self.powers = powers
  }

  /// Replaces Q by the sum.
  func sum(_ matrix: inout [Double]) {
    var half = matrix
    for power in powers {
      multiply(power, matrix, rows: size, inner: size, columns: size, into: &half)
      multiply(
        half, power, rows: size, inner: size, columns: size, into: &matrix, transposesRight: true, adds: true)
    }
  }
}

extension MomentRecursion {
  /// Where the recursion settles, K = L(K).
  ///
  /// With B = E A, L(K) - B K B' is a covariance and never negative. So K_0 = 0,
  /// K_j+1 = Σ_i B^i (L(K_j) - B K_j B') B'^i grows to the solution, and has one exactly if L is stable (a regular
  /// splitting). The part that is iterated on is small when steps are.
  ///
  /// - Throws: `diverges` without a stationary state, `tooExpensive` beyond the limit.
  func stationaryMoments(operationLimit: Double) throws(TheoryError) -> [Double] {
    let mean = meanMatrix
    let doubling = try DoublingSum(mean, size: size, operationLimit: operationLimit)
    let product = 2 * Double(size) * Double(size) * Double(size)
    var operations = 0.0
    var moments = [Double](repeating: 0, count: size * size)
    var half = moments
    var lastIncrease = Double.infinity
    var growths = 0
    while true {
      operations += doubling.operations + product + operationsPerStep
      guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
      let before = trace(moments, count: size)
      multiply(mean, moments, rows: size, inner: size, columns: size, into: &half)
      var through = moments
      multiply(half, mean, rows: size, inner: size, columns: size, into: &through, transposesRight: true)
      advance(&moments)
      for index in moments.indices { moments[index] -= through[index] }
      doubling.sum(&moments)
      symmetrize(&moments, count: size)
      let after = trace(moments, count: size)
      let increase = after - before
      guard after.isFinite else { throw .diverges(.meanSquare) }
      // The increases shrink in proportion: what is still to come is the last one times r / (1 - r). Small ones that
      // no longer shrink are rounding.
      let ratio = increase / lastIncrease
      let isSettled = ratio < 1 && increase * ratio / (1 - ratio) <= 1e-13 * after
      if lastIncrease.isFinite, isSettled || (ratio >= 1 && increase <= 1e-9 * after) { return moments }
      growths = ratio >= 1 ? growths + 1 : 0
      if growths >= 20 { throw .diverges(.meanSquare) }
      lastIncrease = increase
    }
  }
}
