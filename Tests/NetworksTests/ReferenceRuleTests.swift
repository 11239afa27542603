// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import ReferenceFiles
import Schema
import Testing

/// A combination matrix of the reference file and what an independent program found of it.
private struct ReferenceRule: Decodable, Sendable {
  let graph: String
  let n: Int
  let edges: [[Int]]
  let rule: String
  let matrixExact: [[String]]
  let perron: [Double]
  let sigma2: Double
  let sigmaN: Double
  let secondEigenvalueModulus: Double
  let doublyStochastic: Bool
  let trace: Double
  let theta2: [String]?

  static func all() throws -> [ReferenceRule] {
    struct File: Decodable { let entries: [ReferenceRule] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(File.self, from: theoryReference("weights")).entries
  }

  static func number(_ fraction: String) -> Double {
    let parts = fraction.split(separator: "/").compactMap { Double($0) }
    return parts.count == 2 ? parts[0] / parts[1] : parts[0]
  }

  /// The network by the rule of this name, or nothing where no such rule is there.
  func network() throws -> Network? {
    guard let rule = CombinationRule.named(rule) else { return nil }
    var arguments = Arguments()
    if let theta2, let name = rule.parameters.first?.name { arguments[name] = .numbers(theta2.map(Self.number)) }
    return try network(NetworkSettings.Weights(rule, arguments))
  }

  func network(_ weights: NetworkSettings.Weights) throws -> Network {
    let names = (0..<n).map { "agent-\($0)" }
    return try Network(
      names: names, edges: edges.map { NetworkSettings.Edge(names[$0[0]], names[$0[1]]) }, weights: weights)
  }

  var matrix: [[Double]] { matrixExact.map { $0.map(Self.number) } }
}

@Test func everyRuleGivesTheMatricesOfTheReference() throws {
  var rules: Set<String> = []
  for reference in try ReferenceRule.all() {
    guard let network = try reference.network() else { continue }
    rules.insert(reference.rule)
    for (row, expected) in zip(combinationMatrix(network), reference.matrix) {
      for (value, exact) in zip(row, expected) {
        #expect(abs(value - exact) <= 1e-15, "\(reference.graph), \(reference.rule)")
      }
    }
  }
  // All rules are in the file, but for those that are given their weights.
  #expect(rules == Set(CombinationRule.all.map(\.name)).subtracting(["matrix", "edge-weights"]))
}

@Test func spectraAndPerronVectorsAreThoseOfTheReference() throws {
  for reference in try ReferenceRule.all() {
    let spectrum = try #require(try reference.network(.matrix(reference.matrix)).decomposedSpectrum())
    let what: Comment = "\(reference.graph), \(reference.rule)"
    #expect(abs(spectrum.secondSingularValue - reference.sigma2) <= 1e-10, what)
    #expect(abs(try #require(spectrum.lastSingularValue) - reference.sigmaN) <= 1e-10, what)
    #expect(abs(try #require(spectrum.secondEigenvalueModulus) - reference.secondEigenvalueModulus) <= 1e-10, what)
    #expect(spectrum.isDoublyStochastic == reference.doublyStochastic, what)
    #expect(abs(spectrum.trace - reference.trace) <= 1e-12, what)
    for (share, expected) in zip(try #require(spectrum.perronVector), reference.perron) {
      #expect(abs(share - expected) <= 1e-10, what)
    }
  }
}

@Test func iterationsFindWhatDecompositionsFind() throws {
  for reference in try ReferenceRule.all() {
    let network = try reference.network(.matrix(reference.matrix))
    let spectrum = network.iteratedSpectrum(workLimit: 1_000_000)
    let what: Comment = "\(reference.graph), \(reference.rule)"
    #expect(spectrum.isConverged, what)
    // A value that is zero is the root of a rounding error.
    let zero = reference.sigma2 < 1e-9 ? 1e-7 : 1e-10
    #expect(abs(spectrum.secondSingularValue - reference.sigma2) <= zero, what)
    #expect(abs(try #require(spectrum.secondEigenvalueModulus) - reference.secondEigenvalueModulus) <= 1e-10, what)
    for (share, expected) in zip(try #require(spectrum.perronVector), reference.perron) {
      #expect(abs(share - expected) <= 1e-10, what)
    }
  }
}

@Test func relativeVarianceBalancesInDetailEverywhere() throws {
  // c_lk p_k = c_kl p_l gives the Perron vector, as the reference has it.
  for reference in try ReferenceRule.all() where reference.rule == "relative-variance" {
    let matrix = combinationMatrix(try #require(try reference.network()))
    for (sender, row) in matrix.enumerated() {
      for receiver in row.indices {
        #expect(
          abs(row[receiver] * reference.perron[receiver] - matrix[receiver][sender] * reference.perron[sender]) <= 1e-12
        )
      }
    }
  }
}
