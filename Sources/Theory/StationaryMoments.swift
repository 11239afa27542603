// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

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
  var operations: Double { Double(powers.count) * 2 * productOperations(size) }

  /// Prepares the powers of B.
  ///
  /// - Throws: `diverges` if the powers do not die out.
  init(_ matrix: [Double], size: Int, operationLimit: Double) throws(TheoryError) {
    _ = numericsPrepared
    var powers = [matrix]
    // Squares of what is left count in the sum, so the rest after 10⁻¹⁰ is below rounding.
    while true {
      let last = powers[powers.count - 1]
      let norm = last.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm.isFinite, norm < 1e12, powers.count < 50 else { throw .diverges(.mean) }
      if norm < 1e-10 { break }
      let operations = Double(powers.count) * productOperations(size)
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
  /// - Parameters:
  ///   - source: what takes the place of the noise E[n n'], if anything.
  ///   - operationLimit: the most multiplications.
  /// - Throws: `diverges` without a stationary state, `tooExpensive` beyond the limit.
  func stationaryMoments(source: [Double]? = nil, operationLimit: Double) throws(TheoryError) -> [Double] {
    let doubling = try DoublingSum(meanMatrix, size: size, operationLimit: operationLimit)
    return try stationaryMoments(source: source, doubling, operationLimit: operationLimit)
  }

  /// The same for powers of B that are known.
  private func stationaryMoments(
    source: [Double]?, _ doubling: DoublingSum, operationLimit: Double
  ) throws(TheoryError) -> [Double] {
    let mean = meanMatrix
    let replacement = source.map { zip($0, noiseMoments).map { $0 - $1 } }
    let cost = doubling.operations + 2 * productOperations(size) + operationsPerStep
    var operations = 0.0
    var moments = [Double](repeating: 0, count: size * size)
    var progress = IterationProgress()
    while true {
      operations += cost
      guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
      let before = moments
      let through = conjugate(before, by: mean, size: size)
      advance(&moments)
      for index in moments.indices { moments[index] -= through[index] - (replacement?[index] ?? 0) }
      doubling.sum(&moments)
      symmetrize(&moments, count: size)
      switch progress.judge(before: before, after: moments) {
      case .goesOn: continue
      case .settled: return moments
      case .grows: throw .diverges(.meanSquare)
      case .shrinks(let ratio):
        // One mode is left: what is still to come is the last increase times r / (1 - r).
        let scale = ratio / (1 - ratio)
        for index in moments.indices { moments[index] += scale * (moments[index] - before[index]) }
      }
    }
  }

  /// E[n n'].
  private var noiseMoments: [Double] {
    var moments = [Double](repeating: 0, count: size * size)
    advance(&moments)
    return moments
  }

  /// The spectral radius of the recursion without its noise: the factor by which an excess over the stationary state
  /// shrinks per step in the long run.
  ///
  /// By inverse iteration: each solution for the last one as a source grows by 1 / (1 - radius) in the end.
  ///
  /// - Throws: `diverges` if it is one or more.
  func momentRadius(operationLimit: Double) throws(TheoryError) -> Double {
    let doubling = try DoublingSum(meanMatrix, size: size, operationLimit: operationLimit)
    var moments = identityMatrix(size)
    var lastGrowth = 0.0
    var operations = 0.0
    while true {
      // A solution takes some twenty sums.
      operations += 20 * doubling.operations
      guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
      let before = trace(moments, count: size)
      guard before > 0 else { return 0 }
      for index in moments.indices { moments[index] /= before }
      moments = try stationaryMoments(source: moments, doubling, operationLimit: operationLimit)
      let growth = trace(moments, count: size)
      // The radius 1 - 1 / growth changes by this over growth².
      if abs(growth - lastGrowth) <= 1e-14 * growth * max(growth, 10) { return 1 - 1 / growth }
      lastGrowth = growth
    }
  }
}
