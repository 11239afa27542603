// SPDX-License-Identifier: GPL-3.0-or-later
import Networks

/// Kind `weights`: combination matrices as exact fractions, with their Perron vectors and spectra.
struct WeightsVerification: ReferenceCase {
  static let kind = "weights"

  struct Entry: Decodable, Sendable {
    let graph: String
    let n: Int
    let edges: [[Int]]
    let rule: String
    let theta2: [Fraction]?
    /// matrixExact[l][k] is c_lk.
    let matrixExact: [[Fraction]]
    let perron: [Double]
    let sigma2: Double
    let sigmaN: Double
    let secondEigenvalueModulus: Double
    let doublyStochastic: Bool
    let trace: Double
  }

  struct Bars: Decodable, Sendable {
    let matrix: Double
    let spectral: Double
    let perron: Double
  }

  let id: String
  let entries: [Entry]
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry) }
    return report
  }

  private func checks(of entry: Entry) throws -> [VerificationReport.Check] {
    guard let rule = NetworkSettings.Weights(named: entry.rule, theta2: entry.theta2?.map(\.value)) else {
      throw ReferenceError("the combination rule '\(entry.rule)' is not known.")
    }
    let network = try ReferenceNetwork(ReferenceGraph(n: entry.n, edges: entry.edges), rule: rule).network
    let name = "\(id)/\(entry.graph)-\(entry.rule)"
    let spectrum = network.spectrum()
    func check(
      _ quantity: String, _ expected: Double, _ seen: Double?, _ bar: Double
    ) -> VerificationReport.Check {
      .init(reference: name, quantity: quantity, expected: expected, seen: seen ?? .nan, bar: bar)
    }
    return [
      check(
        "error of the combination matrix", 0,
        largestDifference(network.matrix.flatMap { $0 }, entry.matrixExact.flatMap { $0.map(\.value) }),
        tolerance.matrix),
      check(
        "error of the Perron vector", 0, largestDifference(spectrum.perronVector ?? [], entry.perron),
        tolerance.perron),
      check("second singular value", entry.sigma2, spectrum.secondSingularValue, tolerance.spectral),
      check("last singular value", entry.sigmaN, spectrum.lastSingularValue, tolerance.spectral),
      check(
        "second eigenvalue modulus", entry.secondEigenvalueModulus, spectrum.secondEigenvalueModulus,
        tolerance.spectral),
      check("doubly stochastic (1 yes)", entry.doublyStochastic ? 1 : 0, spectrum.isDoublyStochastic ? 1 : 0, 0),
      check("trace", entry.trace, network.selfWeights.reduce(0, +), tolerance.matrix * Double(entry.n)),
    ]
  }
}
