// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Results
import Scenarios
import Simulation
import Studies

extension StudyHeader {
  /// The header of a study's results.
  init(_ study: Study, overrides: [String]) {
    let scenario = study.scenario
    let facts = study.networkFacts
    let first = scenario.arms.first?.settings
    self.init(
      version: starlingVersion, name: scenario.name, question: scenario.question, scenario: scenario.resolvedText(),
      overrides: overrides, seed: scenario.seed, replications: scenario.replications,
      resampled: (first?.resample ?? []).map(\.rawValue).sorted(), ties: first?.ties.text ?? "fifo",
      arms: scenario.arms.indices.map { index in
        let arm = scenario.arms[index]
        return StudyHeader.Arm(
          arm, facts[index], utilisation: ExpectedRates(arm.settings, in: study.worlds[index]).utilisation,
          prediction: Prediction(arm.settings, in: study.worlds[index]))
      })
  }
}

extension StudyHeader.Arm {
  init(_ arm: Scenario.Arm, _ network: NetworkFacts, utilisation: Double?, prediction: Prediction) {
    let measurement = arm.settings.measurement
    self.init(
      name: arm.name, agents: network.agents, topology: network.topology, meanDegree: network.meanDegree,
      secondSingularValue: network.secondSingularValue, until: measurement.until, every: measurement.every,
      target: measurement.target.map {
        StudyHeader.Target(metric: $0.metric.rawValue, threshold: $0.threshold)
      }, utilisation: utilisation, samplesPerUpdate: arm.settings.learner.samplesPerUpdate,
      predictedMSD: prediction.deviation, predictionReason: prediction.reason)
  }
}

extension LearnerSettings {
  /// Data samples that one update uses.
  fileprivate var samplesPerUpdate: Double {
    switch algorithm {
    case .leastMeanSquares: 1
    case .steepestDescent, .none: 0
    }
  }
}
