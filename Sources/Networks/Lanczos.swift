// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Randomness

extension Network {
  /// The spectrum by Lanczos iteration on the links, with the constant vector taken out in every step.
  ///
  /// It stops when the residual of the leading Ritz value is at most 10⁻⁵ of its distance from 1, or 10⁻¹³. Ritz
  /// values lie inside the spectrum, so what an unfinished iteration gives is a lower bound. Ghosts of converged values,
  /// which come without full orthogonalisation, repeat extreme values and never exceed them.
  ///
  /// Source: Golub and Van Loan, "Matrix computations", 4th edition, sections 10.1 and 10.3.
  ///
  /// - Parameter workLimit: how many products of a weight and a number may be taken.
  package func iteratedSpectrum(workLimit: Int) -> Spectrum {
    _ = numericsPrepared
    let stepLimit = max(1, workLimit / (agentCount + linkCount))
    var vectors = LanczosVectors(count: agentCount)
    var tridiagonal = Tridiagonal()
    var leading = Tridiagonal.RitzValue(modulus: 0, residual: 0)
    guard vectors.start() else { return iterated(leading, steps: 0, isConverged: true) }
    for step in 1...stepLimit {
      multiply(vectors.current, into: &vectors.next)
      let (diagonal, offDiagonal) = vectors.advance()
      tridiagonal.append(diagonal: diagonal, offDiagonal: offDiagonal)
      // All directions that the start vector reaches are used up: the values are exact.
      let isExhausted = offDiagonal <= 1e-14
      // Looking costs as much as some steps, so look more rarely as they get many.
      guard isExhausted || step == stepLimit || step % max(10, step / 20) == 0 else { continue }
      leading = tridiagonal.leadingRitzValue()
      if isExhausted { return iterated(leading, steps: step, isConverged: true) }
      if leading.residual <= max(1e-13, 1e-5 * (1 - leading.modulus)) {
        return iterated(leading, steps: step, isConverged: true)
      }
    }
    return iterated(leading, steps: stepLimit, isConverged: false)
  }

  private func iterated(_ leading: Tridiagonal.RitzValue, steps: Int, isConverged: Bool) -> Spectrum {
    Spectrum(
      secondSingularValue: leading.modulus, lastSingularValue: nil, errorBound: leading.residual,
      isConverged: isConverged, method: .iteration(steps: steps))
  }

  /// The product of the (symmetric) combination matrix with a vector.
  private func multiply(_ vector: [Double], into product: inout [Double]) {
    vector.withUnsafeBufferPointer { vector in
      weights.withUnsafeBufferPointer { weights in
        senders.withUnsafeBufferPointer { senders in
          for agent in 0..<agentCount {
            var sum = selfWeights[agent] * vector[agent]
            for link in incomingStart[agent]..<incomingStart[agent + 1] {
              sum += weights[link] * vector[senders[link].index]
            }
            product[agent] = sum
          }
        }
      }
    }
  }
}

/// The three vectors of the recurrence.
private struct LanczosVectors {
  private var previous: [Double]
  private(set) var current: [Double]
  /// Takes the product of the matrix with `current`.
  var next: [Double]
  private var offDiagonal = 0.0
  private let length: Int32

  init(count: Int) {
    previous = [Double](repeating: 0, count: count)
    // Any start vector will do that is not orthogonal to the wanted direction; this one is fixed and patternless.
    current = (0..<count).map { Double(scrambled(UInt64($0)) >> 11) * 0x1p-52 - 1 }
    next = previous
    length = Int32(count)
  }

  /// Takes the constant vector out of the start vector and scales it to length one; false if nothing is left.
  mutating func start() -> Bool {
    Self.removeMean(&current)
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
    Self.removeMean(&next)
    offDiagonal = cblas_dnrm2(length, next, 1)
    if offDiagonal > 0 { cblas_dscal(length, 1 / offDiagonal, &next, 1) }
    swap(&previous, &current)
    swap(&current, &next)
    return (diagonal, offDiagonal)
  }

  private static func removeMean(_ vector: inout [Double]) {
    vector.withUnsafeMutableBufferPointer { vector in
      let mean = vector.reduce(0, +) / Double(vector.count)
      for index in vector.indices { vector[index] -= mean }
    }
  }
}
