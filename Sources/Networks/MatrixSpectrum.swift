// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

/// How a matrix mixes whose columns sum to one, which need not be one of weights of links.
package struct MatrixSpectrum: Sendable, Equatable {
  /// How much each agent counts for in what all agree on; nothing where it is not unique, or was not found.
  package let perronVector: [Double]?
  /// The second largest modulus among the eigenvalues; nothing where it was not found.
  package let secondEigenvalueModulus: Double?
  /// The second largest singular value; nothing where it was not found.
  package let secondSingularValue: Double?
  /// The largest difference of a row's sum from one.
  package let largestRowError: Double

  /// By decomposing the whole matrix, which takes time with the cube of its size.
  ///
  /// - Parameter rows: count × count numbers, row after row.
  package init(rows: [Double], count: Int) {
    _ = numericsPrepared
    precondition(rows.count == count * count, "A matrix is as wide as it is high.")
    let matrix = DenseMatrix(rows: rows, count: count)
    var flow = InformationFlow(agents: count)
    for entry in rows.indices where rows[entry] > 0 { flow.add(from: entry / count, to: entry % count) }
    perronVector = flow.hasSource ? matrix.perronVector() : nil
    secondEigenvalueModulus = count > 1 ? matrix.eigenvalueModuli()?[1] : 0
    secondSingularValue = count > 1 ? matrix.singularValues()?[1] : 0
    largestRowError = (0..<count).reduce(0) { worst, row in
      max(worst, abs(rows[row * count..<(row + 1) * count].reduce(0, +) - 1))
    }
  }

  fileprivate init(_ spectrum: Spectrum, isPerronVectorUnique: Bool) {
    perronVector = isPerronVectorUnique ? spectrum.perronVector : nil
    secondEigenvalueModulus = spectrum.secondEigenvalueModulus
    secondSingularValue = spectrum.isConverged ? spectrum.secondSingularValue : nil
    largestRowError = spectrum.largestRowError
  }
}

extension Network {
  /// How other weights on the same links mix.
  ///
  /// - Parameters:
  ///   - weights: of links.
  ///   - own: that agents give to themselves.
  package func mixing(weights: [Double], own: [Double]) -> MatrixSpectrum {
    var flow = InformationFlow(agents: nodeCount)
    for link in 0..<linkCount where weights[link] > 0 {
      flow.add(from: senders[link].index, to: receivers[link].index)
    }
    // There may be hundreds of such matrices in a run: each has some tenths of a second.
    let spectrum = reweighted(weights, own).spectrum(workLimit: 300_000_000)
    return MatrixSpectrum(spectrum, isPerronVectorUnique: flow.hasSource)
  }
}
