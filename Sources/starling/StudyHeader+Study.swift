// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Results
import Scenarios
import Simulation
import Studies

extension StudyHeader {
  /// The header of a study's results.
  ///
  /// - Parameter jobs: threads that work out the predictions of the arms.
  init(_ study: Study, overrides: [String], shard: Shard? = nil, jobs: Int) {
    let scenario = study.scenario
    let facts = study.networkFacts
    let first = scenario.arms.first?.settings
    self.init(
      name: scenario.name, question: scenario.question, scenario: scenario.resolvedText(), overrides: overrides,
      seed: scenario.seed, replications: scenario.replications,
      resampled: (first?.resample ?? []).map(\.rawValue).sorted(), ties: first?.ties.text ?? "fifo",
      shard: shard?.text,
      arms: inParallel(count: scenario.arms.count, jobs: jobs) { index in
        let arm = scenario.arms[index]
        return StudyHeader.Arm(
          arm, facts[index], utilisation: ExpectedRates(arm.settings, in: study.worlds[index]).utilisation,
          prediction: Prediction(arm.settings, in: study.worlds[index]),
          settings: scenario.values(of: arm))
      })
  }
}

extension StudyHeader.Arm {
  init(
    _ arm: Scenario.Arm, _ network: NetworkFacts, utilisation: Double?, prediction: Prediction,
    settings: [(path: String, text: String)]
  ) {
    let measurement = arm.settings.measurement
    self.init(
      name: arm.name, agents: network.agents, topology: network.topology, meanDegree: network.meanDegree,
      secondSingularValue: network.secondSingularValue, until: measurement.until, every: measurement.every,
      target: measurement.target.map {
        StudyHeader.Target(metric: $0.metric.rawValue, threshold: $0.threshold)
      }, utilisation: utilisation, samplesPerUpdate: arm.settings.learner.samplesPerUpdate,
      predictedMSD: prediction.deviation, predictionReason: prediction.reason, settings: kept(settings))
  }
}

extension StudyHeader {
  /// The `scenarioHash` of a study that need not be drawn.
  static func settingsHash(of scenario: Scenario) -> String {
    let arms = scenario.arms.map { arm in
      StudyHeader.Arm(
        name: arm.name, agents: 0, topology: "", meanDegree: 0, secondSingularValue: nil, until: 0, every: 0,
        target: nil, settings: kept(scenario.values(of: arm)))
    }
    return StudyHeader(
      name: scenario.name, question: nil, scenario: "", overrides: [], seed: scenario.seed, replications: 0,
      resampled: [], ties: "", arms: arms
    ).scenarioHash
  }
}

/// The settings that change runs, as results keep them.
private func kept(_ settings: [(path: String, text: String)]) -> [String: String] {
  let changing = settings.filter { !StudyHeader.freeKeys.contains($0.path) }
  return Dictionary(changing.map { ($0.path, shortened($0.text)) }) { first, _ in first }
}

/// A value as results keep it for every arm: of a long one, such as a list of edges, the beginning and a digest.
private func shortened(_ text: String) -> String {
  guard text.utf8.count > 1000 else { return text }
  var digest = Digest()
  digest.add(text)
  return "\(text.prefix(60))… (\(text.utf8.count) bytes, digest \(hexadecimal(digest.value)))"
}

extension StoredNetwork {
  /// The largest network that is kept for figures.
  private static let most = 500

  /// The network with its weights; nothing for one too large to be drawn.
  init?(_ network: Network) {
    guard network.agentCount <= Self.most else { return nil }
    let own = network.selfWeights.enumerated().map { Link(sender: $0, receiver: $0, weight: $1) }
    let others = network.senders.indices.map { link in
      Link(
        sender: network.senders[link].index, receiver: network.receivers[link].index, weight: network.weights[link])
    }
    self.init(names: network.names, positions: nil, links: own + others)
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
