// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities
import Testing
import Theory

/// One round of adapt and combine with the mean gradient, straight from the definition.
private func nextRound(
  _ parameters: [Double], _ costs: QuadraticCosts, _ stepSizes: [Double], _ matrix: [[Double]]
) -> [Double] {
  let dimension = costs.dimension
  let agents = costs.agentCount
  var adapted = parameters
  for agent in 0..<agents {
    let covariance = costs.covariance(of: agent)
    for row in 0..<dimension {
      for column in 0..<dimension {
        let error = costs.truths[agent * dimension + column] - parameters[agent * dimension + column]
        adapted[agent * dimension + row] += stepSizes[agent] * covariance[row * dimension + column] * error
      }
    }
  }
  return parameters.indices.map { index in
    (0..<agents).reduce(0) { $0 + matrix[$1][index / dimension] * adapted[$1 * dimension + index % dimension] }
  }
}

/// Truths without a pattern, different for every agent.
private func scatteredTruths(_ count: Int) -> [Double] { (0..<count).map { sin(3.7 * Double($0) * Double($0) + 1) } }

private func largestGap(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).map { abs($0 - $1) }.max() ?? .infinity
}

@Test func theFixedPointIsWherePlainIterationSettles() throws {
  let reference = try ReferenceCase.load()
  let costs = reference.costs(truths: scatteredTruths(20 * reference.data.w0.count))
  let fixed = try costs.fixedPoint(on: try reference.makeNetwork(), stepSizes: reference.data.mu)
  #expect(fixed.method == .factorisation)
  var parameters = [Double](repeating: 0, count: costs.truths.count)
  for _ in 0..<6000 { parameters = nextRound(parameters, costs, reference.data.mu, reference.weights.matrix) }
  #expect(largestGap(fixed.parameters, parameters) <= 1e-11)
  // It is none of the points that one might mistake it for.
  let optimum = try costs.networkOptimum()
  #expect(largestGap(fixed.parameters, fixed.parameters.indices.map { optimum[$0 % costs.dimension] }) > 1e-2)
}

@Test func iterationAndFactorisationAgree() throws {
  let reference = try ReferenceCase.load()
  let costs = reference.costs(truths: scatteredTruths(20 * reference.data.w0.count))
  let network = try reference.makeNetwork()
  let exact = try costs.fixedPoint(on: network, stepSizes: reference.data.mu)
  let iterated = try costs.fixedPoint(on: network, stepSizes: reference.data.mu, largestSystem: 0)
  guard case .iteration = iterated.method else {
    Issue.record("The recursion was not used.")
    return
  }
  #expect(largestGap(exact.parameters, iterated.parameters) <= 3e-12)
}

@Test func agentsWithOneTruthSettleOnItExactly() throws {
  let reference = try ReferenceCase.load()
  let costs = reference.costs()
  let network = try reference.makeNetwork()
  for largestSystem in [0, 2000] {
    let fixed = try costs.fixedPoint(on: network, stepSizes: reference.data.mu, largestSystem: largestSystem)
    #expect(fixed.parameters == costs.truths)
  }
  #expect(try costs.networkOptimum() == reference.data.w0)
  #expect(try costs.paretoPoint(stepSizes: reference.data.mu) == reference.data.w0)
}

@Test func anAgentAloneSettlesOnItsOwnTruth() throws {
  let costs = QuadraticCosts(
    dimension: 3, regressorVariances: [1.3], regressorCorrelations: [-0.6], truths: [0.2, -5, 1e3])
  let fixed = try costs.fixedPoint(on: try graph(agents: 1, edges: []), stepSizes: [0.1])
  #expect(fixed.parameters == [0.2, -5, 1e3])
}

@Test func twoAgentsSettleTogetherAtTheWeightedMeanOfTheirTruths() throws {
  // Both combine with weights one half, so they agree after every round; by hand: the balance
  // μ₁ r₁ (a - x) + μ₂ r₂ (b - x) = 0 gives x = (0.2 × 4 + 0.15 × 1) / 0.35.
  let costs = QuadraticCosts(
    dimension: 1, regressorVariances: [2, 0.5], regressorCorrelations: [0, 0], truths: [4, 1])
  let fixed = try costs.fixedPoint(on: try graph(agents: 2, edges: [[0, 1]]), stepSizes: [0.1, 0.3])
  let expected = (0.2 * 4 + 0.15 * 1) / 0.35
  #expect(largestGap(fixed.parameters, [expected, expected]) <= 1e-14)
  #expect(abs(try costs.paretoPoint(stepSizes: [0.1, 0.3])[0] - expected) <= 1e-14)
  // Without step sizes: (2 × 4 + 0.5 × 1) / 2.5.
  #expect(abs(try costs.networkOptimum()[0] - 3.4) <= 1e-14)
  // The Perron entries weigh like step sizes: (0.9 × 0.2 × 4 + 0.1 × 0.15) / (0.9 × 0.2 + 0.1 × 0.15).
  let tilted = try costs.paretoPoint(stepSizes: [0.1, 0.3], perronVector: [0.9, 0.1])
  #expect(abs(tilted[0] - 0.735 / 0.195) <= 1e-14)
}

@Test func theOptimumHasNoMeanGradient() throws {
  let reference = try ReferenceCase.load()
  let dimension = reference.data.w0.count
  let costs = reference.costs(truths: scatteredTruths(20 * dimension))
  let optimum = try costs.networkOptimum()
  for row in 0..<dimension {
    let gradient = (0..<20).reduce(0.0) { sum, agent in
      let covariance = costs.covariance(of: agent)
      return (0..<dimension).reduce(sum) {
        $0 + covariance[row * dimension + $1] * (optimum[$1] - costs.truths[agent * dimension + $1])
      }
    }
    #expect(abs(gradient) <= 1e-12)
  }
}

@Test func smallStepsBringTheFixedPointToTheParetoPoint() throws {
  let reference = try ReferenceCase.load()
  let costs = reference.costs(truths: scatteredTruths(20 * reference.data.w0.count))
  let network = try reference.makeNetwork()
  func gap(_ scale: Double) throws -> Double {
    let stepSizes = reference.data.mu.map { $0 * scale }
    let fixed = try costs.fixedPoint(on: network, stepSizes: stepSizes)
    let pareto = try costs.paretoPoint(stepSizes: stepSizes)
    return largestGap(fixed.parameters, fixed.parameters.indices.map { pareto[$0 % costs.dimension] })
  }
  // First order in the step size.
  let ratio = try gap(1e-3) / gap(1e-4)
  #expect(ratio > 9 && ratio < 11)
}

@Test func whatCannotBeComputedIsRefusedWithTheReason() throws {
  let costs = QuadraticCosts(
    dimension: 1, regressorVariances: [2, 0.5], regressorCorrelations: [0, 0], truths: [4, 1])
  let pair = try graph(agents: 2, edges: [[0, 1]])
  #expect(throws: TheoryError.unstableStep(agent: "agent-0", stepSize: 1, limit: 1)) {
    try costs.fixedPoint(on: pair, stepSizes: [1, 1])
  }
  #expect(throws: TheoryError.unstableStep(agent: "agent-1", stepSize: 0, limit: 4)) {
    try costs.fixedPoint(on: pair, stepSizes: [0.5, 0])
  }
  let error = #expect(throws: TheoryError.self) {
    try costs.fixedPoint(on: pair, stepSizes: [1e-6, 1e-6], largestSystem: 0, operationLimit: 1e6)
  }
  #expect(error.map { "\($0)" }?.contains("more than 1 million multiplications") == true)
  let flat = QuadraticCosts(dimension: 2, regressorVariances: [1], regressorCorrelations: [1], truths: [0, 1])
  #expect(throws: TheoryError.degenerateCovariance(agent: 0)) {
    try flat.fixedPoint(on: try graph(agents: 1, edges: []), stepSizes: [0.1])
  }
}

/// Without correlations the optimum is the average of the minimisers weighted by the variances, found without a matrix of
/// M × M numbers; a correlation that is next to none gives the same by factorisation.
@Test func theOptimumOfUncorrelatedRegressorsNeedsNoMatrix() throws {
  func costs(_ dimension: Int, correlation: Double) -> QuadraticCosts {
    QuadraticCosts(
      dimension: dimension, regressorVariances: [1, 3], regressorCorrelations: [correlation, correlation],
      truths: (0..<2 * dimension).map { Double(($0 * 37) % 11) - 5 })
  }
  let (plain, factorised) = (costs(20, correlation: 0), costs(20, correlation: 1e-300))
  for (one, other) in zip(try plain.networkOptimum(), try factorised.networkOptimum()) {
    #expect(abs(one - other) < 1e-14)
  }
  // 80 GB as a matrix.
  let large = costs(100_000, correlation: 0)
  let optimum = try large.networkOptimum()
  #expect(
    optimum.indices.allSatisfy { abs(optimum[$0] - (large.truths[$0] + 3 * large.truths[100_000 + $0]) / 4) < 1e-13 })
}
