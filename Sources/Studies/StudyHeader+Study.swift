// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Learners
import Networks
import Results
import Scenarios
import Simulation

extension StudyHeader {
  /// The header of a study's results, as far as it tells the study from others: without facts about its worlds.
  package init(_ study: Study, overrides: [String], shard: Shard? = nil) {
    let scenario = study.scenario
    let first = scenario.arms.first?.settings
    let values = scenario.values
    self.init(
      name: scenario.name, question: scenario.question, scenario: scenario.resolvedText(values), overrides: overrides,
      seed: scenario.seed, replications: scenario.replications,
      resampled: (first?.resample ?? []).map(\.rawValue).sorted(),
      ties: values.first?.first { $0.path == "ties" }?.text ?? "fifo",
      shard: shard?.text, metrics: scenario.metrics,
      arms: zip(scenario.arms, values).map { StudyHeader.Arm($0, settings: $1) })
    for position in arms.indices { arms[position].fork = study.fork?.facts(of: arms[position].name) }
  }

  /// Adds what is known about the world of each arm.
  package mutating func add(_ facts: [ArmFacts]) {
    for (position, fact) in facts.enumerated() { arms[position].add(fact) }
  }
}

extension StudyHeader.Arm {
  init(_ arm: Scenario.Arm, settings: [ResolvedValue]) {
    let measurement = arm.settings.measurement
    self.init(
      name: arm.name, agents: 0, topology: "", meanDegree: 0, secondSingularValue: nil,
      until: measurement.until.seconds,
      every: measurement.every.seconds,
      target: measurement.target.map {
        StudyHeader.Target(metric: $0.metric, threshold: $0.threshold)
      }, samplesPerUpdate: arm.settings.learning.samplesPerUpdate,
      isDeterministic: arm.settings.isDeterministic, settings: kept(settings))
  }

  fileprivate mutating func add(_ facts: ArmFacts) {
    agents = facts.network.agents
    topology = facts.network.topology
    meanDegree = facts.network.meanDegree
    secondSingularValue = facts.network.secondSingularValue
    singularValueError = facts.network.singularValueError
    presentSingularValues = facts.presentSpectrum.map { [$0.start, $0.least, $0.greatest] }
    utilisation = facts.utilisation
    predictedMSD = facts.prediction.deviation
    predictedFinalMSD = facts.prediction.curve?.finalWindow
    predictedCurve = facts.prediction.curve.map { StudyHeader.Curve($0) }
    predictionReason = facts.prediction.reason
    predictedRound = facts.predictedRound
    predictedAvailability = facts.predictedAvailability
    predictedLoss = facts.predictedLoss
    predictedDisagreement = facts.prediction.disagreement
  }
}

extension StudyHeader.Curve {
  /// Of longer curves every second, third and so on measurement is kept: more cannot be told apart.
  private static let mostPoints = 1000

  init(_ curve: PredictedCurve) {
    let step = (curve.points.count + Self.mostPoints - 1) / Self.mostPoints
    let kept = stride(from: 0, to: curve.points.count, by: max(1, step)).map { curve.points[$0] }
    self.init(times: kept.map(\.time), deviations: kept.map(\.deviation))
  }
}

extension StudyHeader {
  /// The `scenarioHash` of a study that need not be drawn.
  package static func settingsHash(of scenario: Scenario) -> String {
    StudyHeader(
      name: scenario.name, question: nil, scenario: "", overrides: [], seed: scenario.seed, replications: 0,
      resampled: [], ties: "", metrics: [],
      arms: scenario.arms.map { StudyHeader.Arm($0, settings: scenario.values(of: $0)) }
    ).scenarioHash
  }
}

/// The settings that change runs, as results keep them.
func kept(_ settings: [ResolvedValue]) -> [String: String] {
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
  /// The most agents of a network that is kept for figures.
  package static let mostAgents = 500

  /// The network with its weights.
  package init(_ network: Network) {
    let own = network.selfWeights.enumerated().map { Link(sender: $0, receiver: $0, weight: $1) }
    let others = network.senders.indices.map { link in
      Link(
        sender: network.senders[link].index, receiver: network.receivers[link].index, weight: network.weights[link])
    }
    self.init(
      names: network.names, positions: network.positions.map { $0.map { [$0.x, $0.y] } }, links: own + others)
  }
}
