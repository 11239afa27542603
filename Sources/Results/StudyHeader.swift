// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Records

/// What a study asked, in enough detail to ask it again.
package struct StudyHeader: Sendable, Codable, Equatable {
  /// A bound that a metric should pass: reached where the metric is at or below the threshold, in linear units, or at or
  /// above it where more is better.
  package struct Target: Sendable, Equatable {
    package var metric: MetricDefinition
    package var threshold: Double

    package init(metric: MetricDefinition, threshold: Double) {
      self.metric = metric
      self.threshold = threshold
    }
  }

  /// A metric as it is expected to go.
  package struct Curve: Sendable, Codable, Equatable {
    /// Virtual seconds.
    package var times: [Double]
    /// Linear.
    package var deviations: [Double]

    package init(times: [Double], deviations: [Double]) {
      self.times = times
      self.deviations = deviations
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
    /// How far that presumably is from the true value at most, where it is an estimate.
    package var singularValueError: Double?
    /// What it is of the present graph at the first measurement, and the least and the greatest at any, where the network
    /// changes and they are known.
    package var presentSingularValues: [Double]?
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
    /// The network MSD that theory predicts over the final window, linear, where a timeline leaves no steady state; nothing
    /// where there is no closed form.
    package var predictedFinalMSD: Double?
    /// The network MSD that theory predicts at measurements, some of them where there are many; nothing likewise.
    package var predictedCurve: Curve?
    /// Why none is predicted, as a sentence.
    package var predictionReason: String?
    /// Seconds that a global round is predicted to last in the mean; nothing where there is no closed form, or no barrier.
    package var predictedRound: Double?
    /// The share of time that agents are predicted to be up; nothing where it is not known for the time of the run, or
    /// nobody goes down.
    package var predictedAvailability: Double?
    /// The share of messages that are predicted to get lost; nothing where there is no closed form, or a single probability
    /// says it.
    package var predictedLoss: Double?
    /// The disagreement that is predicted for the final window, where agents come and go; nothing where there is no closed form.
    package var predictedDisagreement: Double?
    /// Whether nothing that replications draw anew is random, so that they can be nothing but copies of each other;
    /// nothing in files of versions that did not note it.
    package var isDeterministic: Bool?
    /// Of a fork: where the arm comes from; nothing of other studies.
    package var fork: Fork?
    /// Every key of the resolved scenario that changes runs, by its dotted path, with the value of this arm.
    package var settings: [String: String]

    package init(
      name: String, agents: Int, topology: String, meanDegree: Double, secondSingularValue: Double?, until: Double,
      every: Double, target: Target?, utilisation: Double? = nil, samplesPerUpdate: Double = 1,
      predictedMSD: Double? = nil, predictionReason: String? = nil, isDeterministic: Bool? = nil,
      settings: [String: String] = [:]
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
      self.isDeterministic = isDeterministic
      self.settings = settings
    }
  }

  package var name: String
  package var question: String?
  /// The scenario with every default written out; it runs again as it stands.
  package var scenario: String
  /// The `path=value` overrides of the command line; they are already in `scenario`.
  package var overrides: [String]
  package var seed: UInt64
  /// How many replications of each arm were asked for, at most so far.
  package var replications: Int
  /// What every replication drew anew: `network`, `tasks`, `speeds`.
  package var resampled: [String]
  /// How exact ties were taken: `fifo` or `random:SEED`.
  package var ties: String
  /// The part of the runs that this file is to hold, such as `3/16`; nothing for all.
  package var shard: String?
  /// How the step sizes of the arms were tuned; nothing where they were not.
  package var tuning: Tuning?
  /// What the runs of its arms measure.
  package var metrics: [MetricDefinition]
  /// The target if all arms share one.
  package var target: Target?
  package var arms: [Arm]

  package init(
    name: String, question: String?, scenario: String, overrides: [String], seed: UInt64, replications: Int,
    resampled: [String], ties: String, shard: String? = nil, metrics: [MetricDefinition], arms: [Arm]
  ) {
    self.name = name
    self.question = question
    self.scenario = scenario
    self.overrides = overrides
    self.seed = seed
    self.replications = replications
    self.resampled = resampled
    self.ties = ties
    self.shard = shard
    self.metrics = metrics
    self.arms = arms
    for position in arms.indices {
      // A file names the metric of a target, and defines it once.
      guard let known = arms[position].target.flatMap({ metrics.named($0.metric.name) }) else { continue }
      self.arms[position].target?.metric = known
    }
    let first = self.arms.first?.target
    target = self.arms.allSatisfy { $0.target == first } ? first : nil
  }
}

extension StudyHeader.Target: Codable {
  private enum Field: String, CodingKey {
    case metric, threshold
  }

  /// The metric by its name alone.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(metric.name, forKey: .metric)
    try fields.encode(threshold, forKey: .threshold)
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    metric = .unknown(try fields.decode(String.self, forKey: .metric))
    threshold = try fields.decode(Double.self, forKey: .threshold)
  }
}

extension StudyHeader {
  /// The definition of a metric of its runs.
  package func metric(_ name: String) -> MetricDefinition { metrics.named(name) ?? .unknown(name) }

  /// Keys that change no run, and may differ between two starts of one study.
  package static let freeKeys: Set = ["name", "question", "replications", "sweep"]

  /// What identifies a study: a digest of the names and settings of its arms, as 16 hexadecimal digits.
  package var scenarioHash: String {
    var digest = Digest()
    // Arms have the same keys, as a rule, and sorting them for each of many would take long.
    var keys: [String] = []
    for arm in arms {
      digest.add(arm.name)
      let isSorted = keys.count == arm.settings.count && keys.allSatisfy { arm.settings[$0] != nil }
      if !isSorted { keys = arm.settings.keys.sorted() }
      for key in keys {
        digest.add(key)
        digest.add(arm.settings[key] ?? "")
      }
    }
    return hexadecimal(digest.value)
  }

  /// Metrics that mean another thing in another study, a line for each.
  func differentMetrics(in other: StudyHeader) -> [String] {
    metrics.compactMap { metric in
      guard let match = other.metrics.named(metric.name), !metric.isOfKind(match) else { return nil }
      return "the metric \(metric.name): \(metric.kind) in the file; \(match.kind) now"
    }
  }

  /// How another study differs from this one, a line for each setting; empty for the same study.
  package func differences(in other: StudyHeader) -> [String] {
    var lines: [String] = []
    let names = arms.map(\.name)
    let others = other.arms.map(\.name)
    if names != others {
      let (here, there) = (Set(names), Set(others))
      let removed = names.filter { !there.contains($0) }
      let added = others.filter { !here.contains($0) }
      lines += removed.map { "arm '\($0)' is in the file and not in the study now" }
      lines += added.map { "arm '\($0)' is in the study now and not in the file" }
      if removed.isEmpty, added.isEmpty { lines.append("the arms are in another order") }
    }
    lines += differentForks(in: other)
    let matches = Dictionary(other.arms.map { ($0.name, $0) }) { first, _ in first }
    for arm in arms {
      guard let match = matches[arm.name], match.settings != arm.settings else { continue }
      let keys = Set(arm.settings.keys).union(match.settings.keys).sorted()
      for key in keys where arm.settings[key] != match.settings[key] {
        let place = arms.count > 1 ? "arm '\(arm.name)': " : ""
        lines.append(
          "\(place)\(key) is \(arm.settings[key] ?? "unknown") in the file, \(match.settings[key] ?? "unknown") now")
      }
    }
    return lines
  }
}

extension MetricDefinition {
  /// `decibels, less is better`.
  fileprivate var kind: String { "\(scale.rawValue), \(sense.rawValue) is better" }
}
