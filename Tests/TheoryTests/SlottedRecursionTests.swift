// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Theory

/// Three agents, every pair but one connected, in one direction only where that makes a difference.
private func small(
  _ strategy: SlottedRecursion.Strategy, _ activity: SlottedRecursion.Activity = .compute, delay: Int = 0,
  correlations: [Double] = [0.5, -0.3, 0], scale: Double = 1
) throws -> SlottedRecursion {
  try SlottedRecursion(
    costs: QuadraticCosts(
      dimension: 2, regressorVariances: [1.1, 0.7, 1.9], regressorCorrelations: correlations,
      truths: [0.4, -1.3, 0.4, -1.3, 0.4, -1.3]),
    stepSizes: [0.2, 0.13, 0.08].map { $0 * scale }, noiseVariances: [0.1, 0.02, 0.3],
    combination: CombinationMatrix(rows: [[0.5, 0.2, 0.3], [0.5, 0.7, 0], [0, 0.1, 0.7]]), strategy: strategy,
    activity: activity, activeProbabilities: [0.8, 0.35, 1],
    deliveryProbabilities: [1, 0.6, 0.9, 0.7, 1, 1, 1, 0.2, 1], delay: delay)
}

private func largestRelativeGap(_ values: [Double], _ expected: [Double]) -> Double {
  zip(values, expected).map { abs($0 / $1 - 1) }.max() ?? .infinity
}

@Suite struct SlottedRecursionTests {
  @Test(arguments: [
    (SlottedRecursion.Strategy.adaptThenCombine, SlottedRecursion.Activity.compute, 0),
    (.combineThenAdapt, .compute, 0), (.consensus, .compute, 0), (.nonCooperative, .compute, 0),
    (.adaptThenCombine, .sleep, 0), (.adaptThenCombine, .pull, 0), (.adaptThenCombine, .compute, 1),
    (.adaptThenCombine, .compute, 2),
  ])
  func theRecursionIsTheEnumerationOfAllOutcomes(
    _ strategy: SlottedRecursion.Strategy, _ activity: SlottedRecursion.Activity, _ delay: Int
  ) throws {
    let model = try small(strategy, activity, delay: delay)
    let expected = Enumeration(model).curve(slots: 6)
    let curve = try model.transient(at: Array(0...6))
    for (value, reference) in zip(curve, expected) {
      #expect(largestRelativeGap(value.agents, reference) <= 5e-15)
    }
    // The steady state is where the recursion goes.
    let late = try model.transient(at: [3000])[0]
    #expect(largestRelativeGap(try model.steadyState().agents, late.agents) <= 1e-11)
  }

  @Test(arguments: SlottedRecursion.Strategy.allCases)
  func whiteRegressorsGiveTheSameByTracesAndByBlocks(_ strategy: SlottedRecursion.Strategy) throws {
    for activity in strategy == .adaptThenCombine ? SlottedRecursion.Activity.allCases : [.compute] {
      let model = try small(strategy, activity, correlations: [0, 0, 0])
      let traces = try model.transient(at: [1, 7, 40], usesTraces: true)
      let blocks = try model.transient(at: [1, 7, 40], usesTraces: false)
      for (left, right) in zip(traces, blocks) { #expect(largestRelativeGap(left.agents, right.agents) <= 1e-13) }
      let steady = try model.steadyState(usesTraces: false)
      #expect(largestRelativeGap(try model.steadyState(usesTraces: true).agents, steady.agents) <= 1e-11)
    }
  }

  @Test func oneWhiteAgentIsItsScalarRecursion() throws {
    let costs = QuadraticCosts(
      dimension: 3, regressorVariances: [1.5], regressorCorrelations: [0], truths: [1, 2, -2])
    let model = try SlottedRecursion(
      costs: costs, stepSizes: [0.1], noiseVariances: [0.4], combination: .identity(1))
    let factor = 1 - 2 * 0.15 + 0.15 * 0.15 * 5
    let noise = 0.01 * 0.4 * 1.5 * 3
    #expect(abs(try model.transient(at: [1])[0].network - (9 * factor + noise)) <= 1e-14)
    #expect(abs(try model.steadyState().network / (noise / (1 - factor)) - 1) <= 1e-13)
    #expect(abs(try model.meanSquareSpectralRadius() - factor) <= 1e-13)
    #expect(abs(try model.meanSpectralRadius() - 0.85) <= 1e-14)
  }

  @Test func theMeanSquareDivergesBeyondTheStepLimitThoughTheMeanConverges() throws {
    let costs = QuadraticCosts(
      dimension: 4, regressorVariances: [1.5], regressorCorrelations: [0], truths: [1, 2, -2, 0])
    let limit = try costs.largestMeanSquareStableStep(of: 0)
    #expect(abs(limit - 2 / (6 * 1.5)) <= 1e-15)
    #expect(abs(try costs.largestMeanStableStep(of: 0) - 2 / 1.5) <= 1e-14)
    func model(_ step: Double) throws -> SlottedRecursion {
      try SlottedRecursion(costs: costs, stepSizes: [step], noiseVariances: [1], combination: .identity(1))
    }
    #expect(try model(0.999 * limit).steadyState().network > 100)
    #expect(throws: TheoryError.diverges(.meanSquare)) { try model(1.001 * limit).steadyState() }
    #expect(try model(1.001 * limit).meanSpectralRadius() < 1)
    #expect(throws: TheoryError.diverges(.mean)) { try model(1.4).steadyState() }
  }

  @Test func theStepLimitOfColouredRegressorsIsWhereTheRadiusIsOne() throws {
    let costs = QuadraticCosts(
      dimension: 3, regressorVariances: [1.2], regressorCorrelations: [0.6], truths: [1, 2, -2])
    let limit = try costs.largestMeanSquareStableStep(of: 0)
    let model = try SlottedRecursion(
      costs: costs, stepSizes: [0.9999 * limit], noiseVariances: [1], combination: .identity(1))
    let radius = try model.meanSquareSpectralRadius()
    #expect(radius < 1 && radius > 0.999)
    let beyond = try SlottedRecursion(
      costs: costs, stepSizes: [1.0001 * limit], noiseVariances: [1], combination: .identity(1))
    #expect(throws: TheoryError.diverges(.meanSquare)) { try beyond.steadyState() }
  }

  @Test func theExcessShrinksWithTheMeanSquareRadius() throws {
    for (strategy, activity) in [
      (SlottedRecursion.Strategy.combineThenAdapt, SlottedRecursion.Activity.compute),
      (.adaptThenCombine, .sleep),
    ] {
      let model = try small(strategy, activity)
      let steady = try model.steadyState().network
      let excess = try model.transient(at: [150, 200]).map { $0.network - steady }
      let radius = try model.meanSquareSpectralRadius()
      #expect(abs(pow(excess[1] / excess[0], 1.0 / 50) / radius - 1) <= 1e-3)
    }
  }

  @Test func differentMinimisersAreRefusedInASentence() throws {
    let costs = QuadraticCosts(
      dimension: 1, regressorVariances: [1, 1], regressorCorrelations: [0, 0], truths: [1, 2])
    let error = #expect(throws: TheoryError.self) {
      try SlottedRecursion(
        costs: costs, stepSizes: [0.1, 0.1], noiseVariances: [1, 1],
        combination: CombinationMatrix(rows: [[0.5, 0.5], [0.5, 0.5]]))
    }
    #expect(error.map { "\($0)" }?.hasPrefix("There is no closed form. The exact recursion covers") == true)
    #expect(throws: TheoryError.self) { try small(.combineThenAdapt, delay: 1) }
    #expect(throws: TheoryError.self) { try small(.consensus, .sleep) }
  }

  @Test func whatTakesTooLongIsRefused() throws {
    let model = try small(.adaptThenCombine)
    for attempt in [
      { _ = try model.steadyState(operationLimit: 1000) },
      { _ = try model.transient(at: [1_000_000_000]) },
      { _ = try model.settlingSlot(operationLimit: 20000) },
    ] {
      let error = #expect(throws: TheoryError.self) { try attempt() }
      guard case .tooExpensive = error else {
        Issue.record("It was refused for another reason.")
        continue
      }
    }
  }

  @Test func theConsensusStrategyDivergesWhereDiffusionConverges() throws {
    let file: UnstableReference = try reference("lms-consensus-unstable")
    let costs = QuadraticCosts(
      dimension: 1, regressorVariances: file.data.regressorVariance, regressorCorrelations: [0, 0],
      truths: file.data.w0 + file.data.w0)
    func model(_ strategy: SlottedRecursion.Strategy) throws -> SlottedRecursion {
      try SlottedRecursion(
        costs: costs, stepSizes: file.data.mu, noiseVariances: file.data.noiseVariance,
        combination: CombinationMatrix(rows: file.weights.matrix), strategy: strategy)
    }
    let radii = file.expected.meanSpectralRadius
    #expect(abs(try model(.consensus).meanSpectralRadius() - radii.consensus) <= 1e-9)
    #expect(abs(try model(.adaptThenCombine).meanSpectralRadius() - radii.atc) <= 1e-9)
    #expect(abs(try model(.combineThenAdapt).meanSpectralRadius() - radii.atc) <= 1e-9)
    #expect(abs(try model(.nonCooperative).meanSpectralRadius() - radii.noncooperative) <= 1e-9)
    #expect(throws: TheoryError.diverges(.mean)) { try model(.consensus).steadyState() }
    let levels = file.expected.networkMsdDb
    #expect(abs(decibels(try model(.adaptThenCombine).steadyState().network) - levels.atc) <= 5.1e-5)
    #expect(abs(decibels(try model(.combineThenAdapt).steadyState().network) - levels.cta) <= 5.1e-5)
  }
}

private struct UnstableReference: Decodable {
  struct Radii: Decodable {
    let consensus: Double
    let atc: Double
    let noncooperative: Double
  }
  struct Levels: Decodable {
    let atc: Double
    let cta: Double
  }
  struct Expected: Decodable {
    let meanSpectralRadius: Radii
    let networkMsdDb: Levels
  }
  let weights: ReferenceCase.Weights
  let data: ReferenceCase.Regression
  let expected: Expected
}
