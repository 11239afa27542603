// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

/// A metric of one arm against virtual time: the mean over replications and its interval at each time.
package struct MetricCurve: Sendable, Equatable {
  package let arm: String
  /// Runs that have the metric.
  package let runs: Int
  /// Seconds, ascending, as far as all runs went.
  package let times: [Double]
  /// In linear units; not a number where some run has no finite value.
  package let means: [Double]
  /// Of 95 %, at each time by itself; nothing where there is none.
  package let intervals: [Interval?]

  /// Of longer grids every second, third … measurement is taken.
  ///
  /// - Parameter points: times at most, two or more.
  /// - Returns: nothing where no run of the arm has measured the metric.
  package init?(_ metric: String, of study: StoredStudy, arm: String, points: Int = 300) {
    var pairs: [(grid: [Double], values: [Double])] = []
    for run in study.runs where run.record.identity.arm == arm {
      guard let series = run.record.series.first(where: { $0.metric == metric }) else { continue }
      pairs.append((run.record.grid, series.values))
    }
    guard let shortest = pairs.min(by: { $0.grid.count < $1.grid.count }), !shortest.grid.isEmpty else { return nil }
    let count = shortest.grid.count
    let step = max(1, (count + points - 2) / max(1, points - 1))
    var kept = Array(stride(from: 0, to: count, by: step))
    if kept.last != count - 1 { kept.append(count - 1) }
    self.arm = arm
    runs = pairs.count
    times = kept.map { shortest.grid[$0] }
    let estimates = kept.map { index in MeanEstimate(of: pairs.map { $0.values[index] }) }
    means = estimates.map { $0.flatMap { $0.mean.isFinite ? $0.mean : nil } ?? .nan }
    intervals = estimates.map { Interval($0?.low, $0?.high) }
  }
}

extension MetricDefinition {
  /// A value as a figure shows it: in decibels where the metric is a power, else as it is.
  package func drawn(_ value: Double) -> Double {
    scale == .decibels ? decibels(ofPower: max(0, value)) : value
  }

  /// The unit at an axis; empty where there is none.
  package var axisUnit: String {
    switch scale {
    case .decibels: "dB"
    case .plain, .count, .share: ""
    case .seconds: "s"
    case .bytes: "B"
    }
  }
}
