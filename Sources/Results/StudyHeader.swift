// SPDX-License-Identifier: GPL-3.0-or-later

/// The first line of a results file: what was asked, in enough detail to ask it again.
package struct StudyHeader: Sendable, Codable, Equatable {
  /// A bound that a metric should pass: reached where the metric is at or below the threshold, in linear units.
  package struct Target: Sendable, Codable, Equatable {
    package var metric: String
    package var threshold: Double

    package init(metric: String, threshold: Double) {
      self.metric = metric
      self.threshold = threshold
    }
  }

  /// One variant, with the facts about its world that a reader of the numbers needs.
  package struct Arm: Sendable, Codable, Equatable {
    package var name: String
    package var agents: Int
    /// In words, such as `random geometric`.
    package var topology: String
    /// Mean number of neighbours, the agent itself not counted.
    package var meanDegree: Double
    /// The second singular value of the combination matrix; nothing if it was not computed.
    package var secondSingularValue: Double?
    /// Virtual seconds at which every run of the arm ends.
    package var until: Double
    /// Virtual seconds between measurements.
    package var every: Double
    package var target: Target?
    /// The greatest utilisation among the links (offered bytes over bandwidth); nothing without a bandwidth limit.
    package var utilisation: Double?
    /// Data samples that one update uses.
    package var samplesPerUpdate: Double
    /// The steady-state network MSD that theory predicts, linear; nothing where there is no closed form.
    package var predictedMSD: Double?
    /// Why none is predicted, as a sentence.
    package var predictionReason: String?

    package init(
      name: String, agents: Int, topology: String, meanDegree: Double, secondSingularValue: Double?, until: Double,
      every: Double, target: Target?, utilisation: Double? = nil, samplesPerUpdate: Double = 1,
      predictedMSD: Double? = nil, predictionReason: String? = nil
    ) {
      self.name = name
      self.agents = agents
      self.topology = topology
      self.meanDegree = meanDegree
      self.secondSingularValue = secondSingularValue
      self.until = until
      self.every = every
      self.target = target
      self.utilisation = utilisation
      self.samplesPerUpdate = samplesPerUpdate
      self.predictedMSD = predictedMSD
      self.predictionReason = predictionReason
    }
  }

  /// The name and version of the format.
  package static let currentSchema = "starling-results/1"

  package var schema: String
  /// The version of the program that wrote the file.
  package var version: String
  package var name: String
  package var question: String?
  /// The scenario with every default written out; it runs again as it stands.
  package var scenario: String
  /// The `path=value` overrides of the command line; they are already in `scenario`.
  package var overrides: [String]
  package var seed: UInt64
  /// How many replications of each arm were asked for.
  package var replications: Int
  /// What every replication drew anew: `network`, `tasks`, `speeds`.
  package var resampled: [String]
  /// How exact ties were taken: `fifo` or `random:SEED`.
  package var ties: String
  /// The target if all arms share one.
  package var target: Target?
  package var arms: [Arm]

  package init(
    version: String, name: String, question: String?, scenario: String, overrides: [String], seed: UInt64,
    replications: Int, resampled: [String], ties: String, arms: [Arm]
  ) {
    schema = Self.currentSchema
    self.version = version
    self.name = name
    self.question = question
    self.scenario = scenario
    self.overrides = overrides
    self.seed = seed
    self.replications = replications
    self.resampled = resampled
    self.ties = ties
    self.arms = arms
    let first = arms.first?.target
    target = arms.allSatisfy { $0.target == first } ? first : nil
  }
}
