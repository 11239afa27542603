// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// When a run reached its target: at the first of three consecutive grid points at or beyond the threshold.
///
/// - Returns: nothing if that never happened; the run is then censored at its end.
func targetReached(
  _ target: MeasurementSettings.Target?, grid: [Double], series: [RunRecord.Series]
) -> RunRecord.TargetReached? {
  guard let target, let values = series.values(of: target.metric) else { return nil }
  var streak = 0
  for (index, value) in values.enumerated() {
    streak = target.metric.reaches(target.threshold, with: value) ? streak + 1 : 0
    guard streak == RunRecord.TargetReached.measurements else { continue }
    let first = index - streak + 1
    return RunRecord.TargetReached(
      time: grid[first], updates: series.values(of: .updates)?[first] ?? .nan,
      messages: series.values(of: .messages)?[first] ?? .nan, bytes: series.values(of: .bytes)?[first] ?? .nan,
      joules: series.values(of: .joules)?[first])
  }
  return nil
}

/// The mean of each metric from a time on, undefined points left out; at least the last point counts.
func finalMeans(grid: [Double], series: [RunRecord.Series], from start: VirtualTime) -> [String: Double] {
  let first = min(grid.firstIndex { $0 >= start.seconds } ?? grid.count - 1, grid.count - 1)
  var finals: [String: Double] = [:]
  for one in series where !one.values.isEmpty {
    let values = one.values[max(0, first)...].filter { !$0.isNaN }
    finals[one.metric] = values.reduce(0, +) / Double(values.count)
  }
  return finals
}

extension [RunRecord.Series] {
  fileprivate func values(of metric: MetricDefinition) -> [Double]? { first { $0.metric == metric.name }?.values }
}
