// SPDX-License-Identifier: GPL-3.0-or-later

/// The symmetric tridiagonal matrix that a Lanczos iteration builds up, and its extreme eigenvalues.
struct Tridiagonal {
  /// An eigenvalue of the tridiagonal matrix as an estimate for the large one.
  struct RitzValue {
    /// Its absolute value.
    let modulus: Double
    /// Some eigenvalue of the large matrix is at most this far away.
    let residual: Double
  }

  private var diagonal: [Double] = []
  /// The entry beside each diagonal entry; the last one leads out of the matrix.
  private var offDiagonal: [Double] = []

  mutating func append(diagonal value: Double, offDiagonal beside: Double) {
    diagonal.append(value)
    offDiagonal.append(beside)
  }

  /// The matrix as it was after so many steps.
  func prefix(_ steps: Int) -> Tridiagonal {
    var earlier = Tridiagonal()
    earlier.diagonal = Array(diagonal.prefix(steps))
    earlier.offDiagonal = Array(offDiagonal.prefix(steps))
    return earlier
  }

  /// The eigenvalue of largest modulus. Its residual is large enough to cover the other end of the spectrum wherever
  /// that could still be the larger one.
  func leadingRitzValue() -> RitzValue {
    let ends = [ritzValue(sign: 1), ritzValue(sign: -1)].sorted { $0.modulus > $1.modulus }
    let excess = ends[1].modulus + ends[1].residual - ends[0].modulus
    return RitzValue(modulus: max(0, ends[0].modulus), residual: max(ends[0].residual, excess))
  }

  /// The largest eigenvalue of the matrix times a sign, with the sign kept in `modulus`.
  private func ritzValue(sign: Double) -> RitzValue {
    let value = largestEigenvalue(sign: sign)
    let beside = offDiagonal[offDiagonal.count - 1]
    return RitzValue(modulus: value, residual: beside * lastComponent(of: value, sign: sign))
  }

  /// Bisection on the number of negative pivots (Sturm's sequence), to the last bit but a few.
  private func largestEigenvalue(sign: Double) -> Double {
    var low = diagonal.map { sign * $0 }.max() ?? 0
    // Gershgorin's circles.
    var high = low
    for index in diagonal.indices {
      let radius = (index > 0 ? offDiagonal[index - 1] : 0) + (index + 1 < diagonal.count ? offDiagonal[index] : 0)
      high = max(high, sign * diagonal[index] + radius)
    }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high, high - low > 2e-16 else { return high }
      if isAboveSpectrum(middle, sign: sign) { high = middle } else { low = middle }
    }
  }

  /// Whether no eigenvalue of the matrix times a sign is larger than a value: all pivots of value - sign T positive.
  private func isAboveSpectrum(_ value: Double, sign: Double) -> Bool {
    var pivot = value - sign * diagonal[0]
    for index in diagonal.indices.dropFirst() {
      guard pivot > 0 else { return false }
      pivot = value - sign * diagonal[index] - offDiagonal[index - 1] * offDiagonal[index - 1] / pivot
    }
    return pivot > 0
  }

  /// The size of the last component of the eigenvector of length one, by the recurrence from its last entry, which is
  /// stable as the entries grow.
  private func lastComponent(of value: Double, sign: Double) -> Double {
    var later = 0.0
    var entry = 1.0
    var squaredLength = 1.0
    for index in diagonal.indices.dropFirst().reversed() {
      let beside = index + 1 < diagonal.count ? offDiagonal[index] : 0
      // With the sign taken into the vector, the entries beside the diagonal stay positive.
      let earlier = ((value - sign * diagonal[index]) * entry - beside * later) / offDiagonal[index - 1]
      later = entry
      entry = earlier
      squaredLength += entry * entry
      if squaredLength > 1e200 { return 0 }
    }
    return 1 / squaredLength.squareRoot()
  }
}
