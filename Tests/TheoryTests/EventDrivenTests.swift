// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Theory

@Suite struct EventDrivenTests {
  private func model(
    _ reference: LeastMeanSquaresReference, _ experiment: LeastMeanSquaresReference.Experiment
  ) throws -> EventDrivenDiffusion {
    let exchange: EventDrivenDiffusion.Exchange =
      switch experiment.model {
      case "pull": .pull
      case "mailbox": .mailbox
      default: .link(rate: try #require(experiment.linkRate))
      }
    return try EventDrivenDiffusion(
      costs: reference.costs, stepSizes: reference.data.mu, noiseVariances: reference.data.noiseVariance,
      combination: CombinationMatrix(rows: reference.weights.matrix),
      clockRates: try #require(reference.clockRate), exchange: exchange,
      messageLoss: try #require(experiment.messageLoss))
  }

  @Test func steadyStatesAndTransientsAreThoseOfTheReference() throws {
    let file: LeastMeanSquaresReference = try reference("lms-poisson")
    for experiment in file.experiments {
      let model = try model(file, experiment)
      let steady = try model.steadyState()
      #expect(abs(decibels(steady.network) - experiment.expected.networkMsdDb) <= 5.1e-5, "\(experiment.name)")
      for (value, expected) in zip(steady.agents, experiment.expected.agentMsdDb) {
        #expect(abs(decibels(value) - expected) <= 5.1e-5, "\(experiment.name)")
      }
      let expected = try #require(experiment.expected.transientTime)
      let curve = try model.transient(at: expected.map { $0[0] })
      for (value, point) in zip(curve, expected) {
        #expect(abs(decibels(value.network) - point[1]) <= 5.1e-5, "\(experiment.name), time \(point[0])")
      }
    }
  }

  @Test func aMailboxWithoutLossIsAReadingOfThisInstant() throws {
    let file: LeastMeanSquaresReference = try reference("lms-poisson")
    let lossless = file.experiments.filter { $0.messageLoss == 0 && $0.model != "link" }
    let curves = try lossless.map { try model(file, $0).transient(at: [0, 3, 90]).map(\.network) }
    #expect(curves.count == 2)
    for (pull, mailbox) in zip(curves[0], curves[1]) { #expect(abs(pull / mailbox - 1) <= 1e-12) }
    #expect(abs(curves[0][0] - file.data.w0.reduce(0) { $0 + $1 * $1 }) <= 1e-14)
  }

  @Test func aLateTimeIsTheSteadyState() throws {
    let file: LeastMeanSquaresReference = try reference("lms-poisson")
    let experiment = try #require(file.experiments.first { $0.name == "mailbox-loss0.2" })
    let model = try model(file, experiment)
    let late = try model.transient(at: [1500])[0]
    for (value, steady) in zip(late.agents, try model.steadyState().agents) {
      #expect(abs(value / steady - 1) <= 1e-9)
    }
  }

  @Test func colouredRegressorsAreRefusedInASentence() throws {
    let file: LeastMeanSquaresReference = try reference("lms-star-averaging")
    let error = #expect(throws: TheoryError.self) {
      try EventDrivenDiffusion(
        costs: file.costs, stepSizes: file.data.mu, noiseVariances: file.data.noiseVariance,
        combination: CombinationMatrix(rows: file.weights.matrix),
        clockRates: file.data.mu, exchange: .pull)
    }
    #expect(error.map { "\($0)" }?.hasSuffix("covers white regressors only.") == true)
  }
}
