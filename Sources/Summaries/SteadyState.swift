// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Statistics

/// How the runs of an arm settled: where their warm-up ends, and what they say after it.
package struct SteadyState: Sendable, Encodable, Equatable {
  /// One run.
  package struct Run: Sendable, Codable, Equatable {
    package var replication: Int
    /// Seconds of virtual time that MSER-5 leaves out.
    package var cut: Double
    /// Whether the cut was made before the limit of half the run; at the limit nothing after it is to be trusted.
    package var isSettled: Bool
    /// The mean of what is left, in linear units.
    package var mean: Double
    /// The interval of the mean from the batches; nothing with too few measurements.
    package var interval: Interval?
    /// The lag-1 autocorrelation of the batch means; above `mostAutocorrelation` the interval is too narrow.
    package var autocorrelation: Double?
  }

  /// The number of batches.
  package static let batches = 20
  /// Above this the batches are too short to count as independent.
  package static let mostAutocorrelation = 0.2

  package var arm: String
  package var metric: String
  let definition: MetricDefinition
  package var runs: [Run]
  /// The mean over runs of their means after the cut, settled or not, with its interval over the runs.
  package var mean: Double
  package var interval: Interval?
  /// Runs at the limit of MSER-5.
  package var unsettled: Int
  /// Whether the last fifth of the runs is shown to lie below the fifth before it (paired t over runs, 5 %).
  package var isFalling: Bool
  /// The same above it.
  package var isRising: Bool
  /// Whether at most half of the runs are at the limit, or what they end with does not fall any more; where less is
  /// not better it may not rise either. Chance and a long warm-up bring runs to the limit that have settled in the end.
  package var isSettled: Bool {
    2 * unsettled <= runs.count || !(isFalling || isRising && definition.sense != .less)
  }
  /// Whether there are batches enough to tell: with fewer than ten (50 measurements) the limit comes after a few.
  package var canTell: Bool

  private enum CodingKeys: String, CodingKey {
    case arm, metric, runs, mean, interval, unsettled, isFalling, isRising, canTell
  }

  /// Settled runs whose batches resemble their neighbours too much.
  package var correlated: Int {
    runs.count { $0.isSettled && $0.autocorrelation.map { $0 > Self.mostAutocorrelation } ?? false }
  }

  /// The settling of an arm by one metric. Nothing if no run has measured it on a grid of five points or more with
  /// finite values, or where it has come down to rounding, which never settles.
  init?(_ group: ArmRuns, metric: MetricDefinition) {
    let runs = group.records.compactMap { Run($0, metric: metric) }
    guard let estimate = MeanEstimate(of: runs.map(\.mean)) else { return nil }
    arm = group.header.name
    self.metric = metric.name
    definition = metric
    self.runs = runs
    mean = estimate.mean
    interval = group.isCertain ? nil : Interval(estimate.low, estimate.high)
    unsettled = runs.count { !$0.isSettled }
    (isFalling, isRising) = Self.trend(group.records, metric: metric.name)
    canTell = group.records.contains { $0.grid.count >= 50 }
  }
}

extension SteadyState {
  private static func trend(_ records: [RunRecord], metric: String) -> (isFalling: Bool, isRising: Bool) {
    var early: [Double] = []
    var late: [Double] = []
    for record in records {
      let values = record.series.first { $0.metric == metric }?.values ?? []
      let fifth = values.count / 5
      guard fifth > 0 else { continue }
      early.append(values.dropLast(fifth).suffix(fifth).reduce(0, +) / Double(fifth))
      late.append(values.suffix(fifth).reduce(0, +) / Double(fifth))
    }
    guard let difference = PairedDifference(early, late) else { return (false, false) }
    // A single run, and runs that all fall alike, have no test.
    let isShown = difference.twoSidedP ?? 0 < significanceLevel
    return (isShown && difference.difference.mean > 0, isShown && difference.difference.mean < 0)
  }
}

extension SteadyState.Run {
  fileprivate init?(_ record: RunRecord, metric: MetricDefinition) {
    guard let values = record.series.first(where: { $0.metric == metric.name })?.values,
      let cut = WarmUpCut(of: values), metric.scale != .decibels || cut.mean > roundingLevel
    else { return nil }
    replication = record.identity.replication
    self.cut = cut.cutValues > 0 && cut.cutValues < record.grid.count ? record.grid[cut.cutValues] : 0
    isSettled = !cut.isAtLimit
    let rest = Array(values.dropFirst(cut.cutValues))
    mean = TInterval(of: rest)?.mean ?? cut.mean
    let batches = BatchMeans(of: rest, batches: SteadyState.batches)
    interval = Interval(batches?.interval.low, batches?.interval.high)
    autocorrelation = batches?.lag1Autocorrelation
  }
}
