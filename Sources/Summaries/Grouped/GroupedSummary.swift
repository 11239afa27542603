// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Results
import Statistics

/// What groups of arms say by some metrics. Replications are the sample.
///
/// A group of several arms counts each replication once: the values of its arms are averaged within the replication,
/// over those replications that all of them have, since arms of one replication share their random numbers and are not
/// independent. What the target took cannot be averaged where runs are censored: there the curve is that of all runs,
/// and it has no interval.
package struct GroupedSummary: Sendable, Codable, Equatable {
  /// Numbers of a sample, in linear units.
  package struct Sample: Sendable, Codable, Equatable {
    package var mean: Double
    /// Student's corrected for skewness, as all intervals of 95 %.
    package var meanInterval: Interval?
    package var median: Double?
    package var quartiles: Interval?
    package var interquartileMean: Double?
    package var interquartileMeanInterval: Interval?
    package var minimum: Double?
    package var maximum: Double?
  }

  /// What the target took, with censored runs.
  package struct Survival: Sendable, Codable, Equatable {
    package var reached: Int
    package var runs: Int
    /// The Kaplan–Meier median; nothing if half of the runs never reached the target.
    package var median: Double?
    /// Its interval, open above where censoring leaves it so; nothing for a group of several arms.
    package var medianInterval: Interval?
    /// The lower end of a median that was not reached, as of `ArmSummary.ToTarget`; nothing where there is one.
    package var medianAtLeast: Double?
    package var restrictedMean: Double
    package var restrictedTo: Double
  }

  /// One value of the sample.
  package struct Observation: Sendable, Codable, Equatable {
    package var value: Double
    /// Whether the run ended there without its target; an infinite cost is that of a run that never reached it.
    package var isCensored: Bool
  }

  package struct Row: Sendable, Codable, Equatable {
    /// The values of the keys.
    package var group: [String]
    package var arms: [String]
    package var metric: String
    /// The number of replications.
    package var replications: Int
    package var sample: Sample?
    package var survival: Survival?
    /// In the order of replications.
    package var observations: [Observation]
  }

  package var study: String
  package var keys: [String]
  package var metrics: [String]
  /// Metric by metric, the groups in the order in which their arms first come.
  package var rows: [Row]

  /// Groups the arms of a study by some keys.
  package init(_ study: StoredStudy, by keys: [SettingKey], metrics: [RunMetric]) {
    self.study = study.header.name
    self.keys = keys.map(\.path)
    self.metrics = metrics.map(\.name)
    var groups: [(values: [String], arms: [ArmRuns])] = []
    for arm in study.header.arms {
      let runs = study.runs(of: arm)
      let values = keys.map { $0.value(of: arm) }
      if let place = groups.firstIndex(where: { $0.values == values }) {
        groups[place].arms.append(runs)
      } else {
        groups.append((values, [runs]))
      }
    }
    rows = metrics.flatMap { metric in
      groups.map { Row(metric, group: $0.values, arms: $0.arms) }
    }
  }

  /// The groups that pool several arms, each once.
  var pooled: [Row] { rows.filter { $0.arms.count > 1 && $0.metric == metrics.first } }
}

extension GroupedSummary.Row {
  fileprivate init(_ metric: RunMetric, group: [String], arms: [ArmRuns]) {
    self.init(
      group: group, arms: arms.map(\.header.name), metric: metric.name, replications: 0, sample: nil, survival: nil,
      observations: [])
    if metric.isCost {
      countSurvival(metric, arms)
    } else {
      let values = Self.replicationMeans(metric, arms)
      replications = values.count
      observations = values.map { GroupedSummary.Observation(value: $0, isCensored: false) }
      sample = GroupedSummary.Sample(values)
      // What is certain does not spread.
      if arms.allSatisfy(\.isCertain) {
        sample?.meanInterval = nil
        sample?.interquartileMeanInterval = nil
      }
    }
  }

  private mutating func countSurvival(_ metric: RunMetric, _ arms: [ArmRuns]) {
    let runs = arms.flatMap { arm in arm.runs.compactMap { run in metric.cost(of: run, in: arm.header) } }
    replications = Set(arms.flatMap { $0.runs.map(\.record.identity.replication) }).count
    observations = runs.map { run in
      GroupedSummary.Observation(
        value: run.isReached ? run.estimate.time : run.estimate.censoredAt ?? .infinity, isCensored: !run.isReached)
    }
    let times = runs.map(\.estimate)
    guard let curve = KaplanMeier(times) else { return }
    let restriction = times.compactMap(\.censoredAt).min() ?? times.filter(\.isReached).map(\.time).max() ?? 0
    let median = MedianEstimate(runs)
    let hasInterval = arms.count == 1 && !arms[0].isCertain
    survival = GroupedSummary.Survival(
      reached: runs.count(where: \.isReached), runs: runs.count, median: median.value,
      medianInterval: hasInterval ? median.interval : nil,
      medianAtLeast: hasInterval ? median.atLeast : median.value == nil ? median.firstEnd : nil,
      restrictedMean: curve.restrictedMean(upTo: restriction), restrictedTo: restriction)
  }

  /// The mean over the arms of each replication that all of them have.
  private static func replicationMeans(_ metric: RunMetric, _ arms: [ArmRuns]) -> [Double] {
    var values: [Int: [Double]] = [:]
    for arm in arms {
      for run in arm.runs {
        if let value = metric.value(of: run, in: arm.header) {
          values[run.record.identity.replication, default: []].append(value)
        }
      }
    }
    return values.filter { $0.value.count == arms.count }.sorted { $0.key < $1.key }.compactMap { mean($0.value) }
  }
}

extension GroupedSummary.Sample {
  /// Nothing for no values.
  init?(_ values: [Double]) {
    guard let summary = SampleSummary(of: values) else { return nil }
    let mean = MeanEstimate(of: values)
    let middle = InterquartileMean(clusters: values.map { [$0] })
    self.init(
      mean: summary.mean.mean, meanInterval: Interval(mean?.low, mean?.high), median: summary.median,
      quartiles: Interval(summary.firstQuartile, summary.thirdQuartile), interquartileMean: summary.interquartileMean,
      interquartileMeanInterval: Interval(middle?.low, middle?.high), minimum: summary.minimum,
      maximum: summary.maximum)
  }
}
