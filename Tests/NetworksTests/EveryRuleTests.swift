// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Schema
import Testing

@Test(arguments: TopologyExample.all)
func columnsSumToOneAndWeightsAreNotNegative(_ example: TopologyExample) throws {
  for (rule, network) in try example.networks() {
    let matrix = combinationMatrix(network)
    let bound = 1e-15 * Double(max(2, network.nodeCount))
    for agent in matrix.indices {
      #expect(abs(matrix.reduce(0) { $0 + $1[agent] } - 1) <= bound, "\(rule.name)")
      // An agent that gives nothing to itself does so but for rounding.
      #expect(matrix[agent].allSatisfy { $0 >= -1e-15 }, "\(rule.name)")
    }
  }
}

@Test(arguments: TopologyExample.all)
func symmetricRulesAreSymmetricAndSoDoublyStochastic(_ example: TopologyExample) throws {
  for (rule, network) in try example.networks() where rule.balance == .symmetric {
    let matrix = combinationMatrix(network)
    #expect(network.isSymmetric && network.isDoublyStochastic)
    for agent in matrix.indices {
      #expect(abs(matrix[agent].reduce(0, +) - 1) <= 1e-15 * Double(max(2, network.nodeCount)), "\(rule.name)")
      #expect(matrix.indices.allSatisfy { matrix[agent][$0] == matrix[$0][agent] }, "\(rule.name)")
    }
  }
}

@Test(arguments: TopologyExample.all)
func perronVectorsAreKeptByTheMatrix(_ example: TopologyExample) throws {
  for (rule, network) in try example.networks() {
    let spectrum = network.spectrum()
    guard let perron = spectrum.perronVector else {
      #expect(spectrum.missing != nil, "\(rule.name)")
      continue
    }
    #expect(abs(perron.reduce(0, +) - 1) <= 1e-12)
    for (share, row) in zip(perron, combinationMatrix(network)) {
      #expect(abs(zip(row, perron).reduce(0) { $0 + $1.0 * $1.1 } - share) <= 1e-13, "\(rule.name)")
    }
  }
}

@Test(arguments: TopologyExample.all)
func detailedBalanceGivesThePerronVectorThatTheRulePromises(_ example: TopologyExample) throws {
  let graph = try example.graph()
  guard !graph.isDirected, graph.pieces().count == 1 else { return }
  let count = graph.nodeCount
  let neighbourhood = (0..<count).map { Double(graph.degree($0) + 1) }
  let variances = (0..<count).map { 0.25 + 0.125 * Double($0 % 7) }
  func sum(_ node: Int, _ value: (Int) -> Double) -> Double {
    graph.neighbours(of: node).reduce(value(node)) { $0 + value(Int($1)) }
  }
  let standing: [String: (Int) -> Double] = [
    "averaging": { neighbourhood[$0] },
    "hastings": { 1 / variances[$0] },
    "relative-degree": { neighbourhood[$0] * sum($0) { neighbourhood[$0] } },
    "relative-variance": { 1 / variances[$0] * sum($0) { 1 / variances[$0] } },
  ]
  for (rule, network) in try example.networks() where standing[rule.name] != nil || rule.balance == .symmetric {
    let weights = (0..<count).map(standing[rule.name] ?? { _ in 1 })
    let total = weights.reduce(0, +)
    // Laplacian and max-degree matrices of bipartite graphs can lack a unique limit, never a unique Perron vector.
    let perron = try #require(network.spectrum().perronVector, "\(rule.name)")
    for (share, weight) in zip(perron, weights) { #expect(abs(share - weight / total) <= 1e-12, "\(rule.name)") }
  }
}

@Test(arguments: TopologyExample.all)
func bothMethodsFindTheSameSpectrum(_ example: TopologyExample) throws {
  for (rule, network) in try example.networks() {
    let whole = try #require(network.decomposedSpectrum())
    let iterated = network.iteratedSpectrum(workLimit: 10_000_000)
    let what: Comment = "\(rule.name)"
    guard iterated.isConverged else { continue }
    // The root of a rounding error is all that is left of a value of zero.
    let bound = whole.secondSingularValue < 1e-6 ? 1e-7 : 1e-9
    #expect(abs(whole.secondSingularValue - iterated.secondSingularValue) <= bound, what)
    if let eigenvalue = iterated.secondEigenvalueModulus, whole.perronVector != nil {
      #expect(abs(try #require(whole.secondEigenvalueModulus) - eigenvalue) <= 1e-7, what)
    }
  }
}

@Test func rulesThatBalanceAreRefusedOnDirectedGraphs() {
  for rule in CombinationRule.all where rule.needsUndirected {
    let error = #expect(throws: NetworkError.self) {
      try Network(
        names: ["a", "b", "c"], edges: [.init("a", "b"), .init("b", "c"), .init("c", "a")], isDirected: true,
        weights: .init(rule, Arguments(rule.name == "hastings" ? ["theta2": .number(1)] : [:])))
    }
    #expect(error == .needsUndirected(rule: rule.name, others: CombinationRule.ofDirectedGraphs))
  }
}
