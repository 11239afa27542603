// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Theory

@Test func theSmallStepFormulaGivesTheReferenceValues() throws {
  let reference = try ReferenceCase.load()
  let deviation = try reference.costs().smallStepDeviationApproximation(
    stepSizes: reference.data.mu, noiseVariances: reference.data.noiseVariance)
  let expected = reference.experiments.filter { ["sync-atc", "sync-cta"].contains($0.name) }
    .compactMap(\.expected.smallStepClosedFormDb)
  #expect(!expected.isEmpty)
  // The file gives four digits behind the point.
  for value in expected { #expect(abs(10 * log10(deviation) - value) <= 6e-5) }
}

@Test func theSmallStepDeviationOfOneAgentIsHalfOfStepNoiseAndDimension() throws {
  let costs = QuadraticCosts(
    dimension: 4, regressorVariances: [1.7], regressorCorrelations: [0.5], truths: [0, 0, 0, 0])
  let deviation = try costs.smallStepDeviationApproximation(stepSizes: [0.01], noiseVariances: [0.3])
  #expect(abs(deviation - 0.01 * 0.3 * 4 / 2) <= 1e-16)
}

@Test func equalAgentsDivideTheDeviationOfOneByTheirNumber() throws {
  let costs = QuadraticCosts(
    dimension: 2, regressorVariances: [1, 1, 1, 1, 1], regressorCorrelations: [0.2, 0.2, 0.2, 0.2, 0.2],
    truths: [Double](repeating: 1, count: 10))
  let five = [Double](repeating: 0.01, count: 5)
  let deviation = try costs.smallStepDeviationApproximation(stepSizes: five, noiseVariances: five)
  #expect(abs(deviation - 0.01 * 0.01 * 2 / 2 / 5) <= 1e-18)
  // All weight on one agent is that agent alone.
  let alone = try costs.smallStepDeviationApproximation(
    stepSizes: five, noiseVariances: five, perronVector: [0, 1, 0, 0, 0])
  #expect(abs(alone - 0.01 * 0.01 * 2 / 2) <= 1e-18)
}

@Test func agentsAloneHaveTheReferenceMeanOfTheirOwnDeviations() throws {
  let reference = try ReferenceCase.load()
  let data = reference.data
  let deviations = try (0..<reference.network.n).map { agent in
    try QuadraticCosts(
      dimension: data.w0.count, regressorVariances: [data.regressorVariance[agent]],
      regressorCorrelations: [data.regressorRho[agent]], truths: data.w0
    ).smallStepDeviationApproximation(stepSizes: [data.mu[agent]], noiseVariances: [data.noiseVariance[agent]])
  }
  let mean = deviations.reduce(0, +) / Double(deviations.count)
  let alone = try #require(reference.experiments.first { $0.strategy == "noncooperative" })
  let expected = try #require(alone.expected.smallStepClosedFormDb)
  #expect(abs(10 * log10(mean) - expected) <= 6e-5)
}
