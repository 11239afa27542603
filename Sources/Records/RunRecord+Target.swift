// SPDX-License-Identifier: GPL-3.0-or-later

extension RunRecord.TargetReached {
  /// So many measurements in a row beyond the target count as having reached it, at the first of them.
  package static let measurements = 3
}

extension RunRecord {
  /// The first of the last measurements of a run that ended beyond a target, but too soon to have reached it: they are
  /// too few in a row to tell. Nothing where the last measurement is not beyond, and where the target was reached.
  package func openStreak(_ metric: MetricDefinition, beyond threshold: Double) -> Int? {
    guard target == nil, let values = series.first(where: { $0.metric == metric.name })?.values else { return nil }
    let streak = values.reversed().prefix { metric.reaches(threshold, with: $0) }.count
    return 1..<TargetReached.measurements ~= streak ? values.count - streak : nil
  }
}

extension [RunRecord] {
  /// Whether these are several runs of one arm that agree in every event and every bit, so that nothing in them is
  /// random: they say no more than one of them.
  package var areCopies: Bool {
    guard let first, count > 1 else { return false }
    return allSatisfy { $0.fingerprint == first.fingerprint && $0.identity.arm == first.identity.arm }
  }
}
