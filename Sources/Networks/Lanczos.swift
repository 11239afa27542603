// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Randomness

/// The eigenvalue of largest modulus of a large symmetric matrix on what is orthogonal to one of its eigenvectors.
///
/// It stops when the residual of the leading Ritz value is within the tolerance. Ritz values lie inside the spectrum,
/// so what an unfinished iteration gives is a lower bound. Ghosts of converged values, which come without full
/// orthogonalisation, repeat extreme values and never exceed them.
///
/// Where an estimate will do it stops sooner. At the edge of a dense spectrum, as large random graphs have it, the error of k
/// steps falls as 1 / k² (as does that of the largest zero of a Chebyshev polynomial), so that a third of what the last half
/// of the steps has gained is still to come: it is added, and half of it is taken for what can be wrong with that. Eigenvalues
/// that stand alone converge faster.
///
/// Source: Golub and Van Loan, "Matrix computations", 4th edition, sections 10.1 and 10.3.
struct Lanczos {
  /// The eigenvalue found and how far it can be from one; of an estimate, how far it presumably is at most.
  let leading: Tridiagonal.RitzValue
  let steps: Int
  let isConverged: Bool
  /// Whether an estimate was good enough before the residual was.
  let isEstimate: Bool

  /// Steps from which on estimates are made.
  private static let leastForEstimate = 30

  /// - Parameters:
  ///   - known: the eigenvector that is taken out in every step, of length one.
  ///   - stepLimit: at least one.
  ///   - tolerance: the residual that is good enough for a value.
  ///   - estimate: the presumable error that is good enough; nothing where only residuals count.
  ///   - multiply: puts the product of the matrix and the first vector into the second.
  init(
    without known: [Double], stepLimit: Int, tolerance: (Double) -> Double, estimate: Double? = nil,
    multiply: ([Double], inout [Double]) -> Void
  ) {
    var vectors = LanczosVectors(without: known)
    var tridiagonal = Tridiagonal()
    var leading = Tridiagonal.RitzValue(modulus: 0, residual: 0)
    var steps = 0
    var isDone = !vectors.start()
    var isEstimate = false
    while !isDone, steps < stepLimit {
      steps += 1
      multiply(vectors.current, &vectors.next)
      let (diagonal, offDiagonal) = vectors.advance()
      tridiagonal.append(diagonal: diagonal, offDiagonal: offDiagonal)
      // All directions that the start vector reaches are used up: the values are exact.
      let isExhausted = offDiagonal <= 1e-14
      // Looking costs as much as some steps, so look more rarely as they get many.
      guard isExhausted || steps == stepLimit || steps % max(10, steps / 20) == 0 else { continue }
      leading = tridiagonal.leadingRitzValue()
      isDone = isExhausted || leading.residual <= tolerance(leading.modulus)
      guard !isDone, let estimate, steps >= Self.leastForEstimate else { continue }
      let rest = max(0, leading.modulus - tridiagonal.prefix(steps / 2).leadingRitzValue().modulus) / 3
      guard rest / 2 <= estimate else { continue }
      leading = Tridiagonal.RitzValue(modulus: leading.modulus + rest, residual: rest / 2)
      (isDone, isEstimate) = (true, true)
    }
    self.leading = leading
    self.steps = steps
    isConverged = isDone
    self.isEstimate = isEstimate
  }
}

/// The three vectors of the recurrence.
private struct LanczosVectors {
  private var previous: [Double]
  private(set) var current: [Double]
  /// Takes the product of the matrix with `current`.
  var next: [Double]
  private var offDiagonal = 0.0
  private let known: [Double]
  private let length: Int32

  init(without known: [Double]) {
    let count = known.count
    self.known = known
    previous = [Double](repeating: 0, count: count)
    // Any start vector will do that is not orthogonal to the wanted direction; this one is fixed and patternless.
    current = (0..<count).map { Double(scrambled(UInt64($0)) >> 11) * 0x1p-52 - 1 }
    next = previous
    length = Int32(count)
  }

  /// Takes the known vector out of the start vector and scales it to length one; false if nothing is left.
  mutating func start() -> Bool {
    removeKnown(from: &current)
    let norm = cblas_dnrm2(length, current, 1)
    guard norm > 1e-12 else { return false }
    cblas_dscal(length, 1 / norm, &current, 1)
    return true
  }

  /// Turns the product in `next` into the next vector of the basis; gives the new entries of the tridiagonal matrix.
  mutating func advance() -> (diagonal: Double, offDiagonal: Double) {
    cblas_daxpy(length, -offDiagonal, previous, 1, &next, 1)
    let diagonal = cblas_ddot(length, next, 1, current, 1)
    cblas_daxpy(length, -diagonal, current, 1, &next, 1)
    removeKnown(from: &next)
    offDiagonal = cblas_dnrm2(length, next, 1)
    if offDiagonal > 0 { cblas_dscal(length, 1 / offDiagonal, &next, 1) }
    swap(&previous, &current)
    swap(&current, &next)
    return (diagonal, offDiagonal)
  }

  private func removeKnown(from vector: inout [Double]) {
    cblas_daxpy(length, -cblas_ddot(length, known, 1, vector, 1), known, 1, &vector, 1)
  }
}
