// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

extension Network {
  /// The spectrum by iterations on the links.
  ///
  /// Of a symmetric matrix one Lanczos iteration gives all. Else the second singular value is that of CᵀC, and where
  /// detailed balance holds the second eigenvalue is that of the symmetric matrix with the entries √(c_lk c_kl), which
  /// has the same eigenvalues as C. Of other matrices the second eigenvalue is not computed.
  ///
  /// - Parameters:
  ///   - workLimit: how many products of a weight and a number each iteration may take.
  ///   - estimate: the presumable error of the second singular value that is good enough where the matrix is symmetric;
  ///     nothing where only residuals count.
  package func iteratedSpectrum(workLimit: Int, estimate: Double? = nil) -> Spectrum {
    _ = numericsPrepared
    let steps = max(1, workLimit / (nodeCount + linkCount))
    let constant = [Double](repeating: 1 / Double(nodeCount).squareRoot(), count: nodeCount)
    if isSymmetric {
      let found = Lanczos(
        without: constant, stepLimit: steps, tolerance: { max(1e-13, 1e-5 * (1 - $0)) }, estimate: estimate,
        multiply: { combine($0, into: &$1, weights) })
      // Then the eigenvalue 1 is a multiple one, and each piece agrees on a mean of its own.
      let modulus = found.leading.modulus
      let isInPieces = found.isEstimate ? modulus >= 0.99 && !isInOnePiece : modulus >= 1 - 1e-12
      let second = !found.isEstimate ? modulus : isInPieces ? 1 : min(1, modulus)
      return spectrum(
        secondSingularValue: second, lastSingularValue: nil, secondEigenvalueModulus: second,
        missing: isInPieces ? Spectrum.inPieces : nil, errorBound: found.leading.residual,
        isConverged: found.isConverged, isEstimate: found.isEstimate, method: .iteration(steps: found.steps),
        perronVector: isInPieces ? nil : constant.map { $0 * $0 })
    }
    let second = secondSingularValue(stepLimit: max(1, steps / 2))
    let balance = detailedBalance()
    let perron = balance ?? iteratedPerronVector(stepLimit: steps)
    let eigenvalue = balance.flatMap { reversibleEigenvalue($0, stepLimit: steps) }
    return spectrum(
      secondSingularValue: second.value, lastSingularValue: nil, secondEigenvalueModulus: eigenvalue,
      missing: eigenvalue == nil || perron == nil ? whatIsMissing(isReversible: balance != nil, perron) : nil,
      errorBound: second.error, isConverged: second.isConverged, method: .iteration(steps: second.steps),
      perronVector: perron)
  }

  private func whatIsMissing(isReversible: Bool, _ perron: [Double]?) -> String {
    let iteration = "The iteration did not come to its end within the work it was allowed."
    if isReversible || perron == nil { return iteration }
    return "The second eigenvalue is computed up to \(Self.largestDecomposition) agents, and beyond for matrices in "
      + "detailed balance."
  }

  /// The second singular value from CᵀC, whose leading eigenvector is found first and taken out.
  private func secondSingularValue(
    stepLimit: Int
  ) -> (value: Double, error: Double, steps: Int, isConverged: Bool) {
    var middle = [Double](repeating: 0, count: nodeCount)
    func multiply(_ vector: [Double], into product: inout [Double]) {
      spread(vector, into: &middle)
      combine(middle, into: &product, weights)
    }
    let (known, residual) = leadingVector(stepLimit: stepLimit, multiply: multiply)
    let found = Lanczos(
      without: known, stepLimit: stepLimit, tolerance: { max(1e-13, 1e-6 * abs(1 - $0)) }, multiply: multiply)
    let value = found.leading.modulus.squareRoot()
    // By the theorem of Ky Fan, what the known vector lacks of the leading eigenvalue is the most that the rest gains.
    let squared = found.leading.residual + residual
    return (
      value, min(squared.squareRoot(), squared / max(value, 1e-300)), found.steps,
      found.isConverged && residual <= max(1e-12, 1e-5 * abs(1 - value))
    )
  }

  /// The leading eigenvector of a matrix without negative eigenvalues by power iteration, and its residual.
  private func leadingVector(
    stepLimit: Int, multiply: ([Double], inout [Double]) -> Void
  ) -> (vector: [Double], residual: Double) {
    let length = Int32(nodeCount)
    var vector = [Double](repeating: 1 / Double(nodeCount).squareRoot(), count: nodeCount)
    var product = vector
    var residual = Double.infinity
    for _ in 0..<stepLimit {
      multiply(vector, &product)
      let value = cblas_ddot(length, vector, 1, product, 1)
      var difference = product
      cblas_daxpy(length, -value, vector, 1, &difference, 1)
      residual = cblas_dnrm2(length, difference, 1)
      if residual <= 1e-13 { break }
      cblas_dscal(length, 1 / cblas_dnrm2(length, product, 1), &product, 1)
      swap(&vector, &product)
    }
    return (vector, residual)
  }

  /// The second eigenvalue's modulus of a matrix in detailed balance, or nothing if it was not reached.
  private func reversibleEigenvalue(_ perron: [Double], stepLimit: Int) -> Double? {
    let symmetric = (0..<linkCount).map { (weights[$0] * weights[reverse[$0].index]).squareRoot() }
    let found = Lanczos(
      without: perron.map { $0.squareRoot() }, stepLimit: stepLimit, tolerance: { max(1e-13, 1e-5 * (1 - $0)) },
      multiply: { combine($0, into: &$1, symmetric) })
    return found.isConverged ? found.leading.modulus : nil
  }

  /// The p with c_lk p_k = c_kl p_l on all links and the sum one, or nothing where there is none.
  private func detailedBalance() -> [Double]? {
    guard reverse.allSatisfy({ $0 != Network.noLink }) else { return nil }
    var perron = [Double](repeating: 0, count: nodeCount)
    perron[0] = 1
    var waiting = [0]
    while let node = waiting.popLast() {
      for link in incomingStart[node]..<incomingStart[node + 1] {
        let (sender, back) = (senders[link].index, weights[reverse[link].index])
        guard weights[link] > 0, back > 0 else { return nil }
        guard perron[sender] == 0 else { continue }
        perron[sender] = perron[node] * weights[link] / back
        waiting.append(sender)
      }
    }
    let sum = perron.reduce(0, +)
    guard perron.allSatisfy({ $0 > 0 }), sum.isFinite else { return nil }
    for link in 0..<linkCount {
      let forth = weights[link] * perron[receivers[link].index]
      let back = weights[reverse[link].index] * perron[senders[link].index]
      guard abs(forth - back) <= 1e-9 * forth else { return nil }
    }
    return perron.map { $0 / sum }
  }

  /// The Perron vector by repeated multiplication, to 10⁻¹² in the sum of absolute differences, or nothing if that
  /// was not reached.
  private func iteratedPerronVector(stepLimit: Int) -> [Double]? {
    var perron = [Double](repeating: 1 / Double(nodeCount), count: nodeCount)
    var product = perron
    for _ in 0..<stepLimit {
      spread(perron, into: &product)
      let sum = product.reduce(0, +)
      var change = 0.0
      for agent in 0..<nodeCount {
        product[agent] /= sum
        change += abs(product[agent] - perron[agent])
      }
      swap(&perron, &product)
      if change <= 1e-12 { return perron }
    }
    return nil
  }

  /// The product of the transposed matrix and a vector, with other weights of the links where these are given: what
  /// combining makes of a number per agent.
  private func combine(_ vector: [Double], into product: inout [Double], _ weights: [Double]) {
    vector.withUnsafeBufferPointer { vector in
      weights.withUnsafeBufferPointer { weights in
        senders.withUnsafeBufferPointer { senders in
          for agent in 0..<nodeCount {
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

  /// The product of the matrix and a vector.
  private func spread(_ vector: [Double], into product: inout [Double]) {
    for agent in 0..<nodeCount { product[agent] = selfWeights[agent] * vector[agent] }
    for link in 0..<linkCount {
      product[senders[link].index] += weights[link] * vector[receivers[link].index]
    }
  }
}
