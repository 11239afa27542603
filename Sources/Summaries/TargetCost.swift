// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Results
import Statistics

/// What the target took one run, or what a run that ended without it tells of that.
struct TargetCost {
  /// As curves take it: reached, or censored.
  let estimate: TimeToTarget
  /// What it is, or would have been, whatever was not seen any more: the ends are equal where the target was reached.
  let bounds: Interval

  init(reached cost: Double) {
    estimate = TimeToTarget(cost, isReached: true)
    bounds = Interval(lower: cost, upper: cost)
  }

  init(censoredAt end: Double, atLeast least: Double) {
    estimate = TimeToTarget(end, isReached: false)
    bounds = Interval(lower: least, upper: .infinity)
  }

  var isReached: Bool { estimate.isReached }

  /// The same in another unit.
  func scaled(by factor: Double) -> TargetCost {
    isReached
      ? TargetCost(reached: bounds.lower * factor)
      : TargetCost(censoredAt: estimate.time * factor, atLeast: bounds.lower * factor)
  }
}

extension RunRecord {
  /// The time to target. A run without it is censored at its end, or at the first of its last measurements where these
  /// are beyond the target and too few in a row to tell. One in which nobody could proceed any more is censored where
  /// the others end, and would never have reached it.
  func timeToTarget(in arm: StudyHeader.Arm) -> TargetCost {
    if let target { return TargetCost(reached: target.time) }
    if let streak = openStreak(arm.target) { return TargetCost(censoredAt: grid[streak], atLeast: grid[streak]) }
    guard ending != .stalled else { return TargetCost(censoredAt: max(endTime, arm.until), atLeast: .infinity) }
    return TargetCost(censoredAt: endTime, atLeast: endTime.nextUp)
  }

  /// What the target cost. A run that spent its budget before is censored at what it had spent. Any other that never
  /// reached it is censored beyond all costs: where it had spent little it was slow or stood still, and leaving it out
  /// from there on would leave out those that fare worst. What is known of it is what it had spent, as costs only grow.
  func toTarget(
    _ metric: MetricDefinition, in arm: StudyHeader.Arm, _ cost: (TargetReached) -> Double
  ) -> TargetCost {
    if let target { return TargetCost(reached: cost(target)) }
    let values = series.first { $0.metric == metric.name }?.values ?? []
    let streak = openStreak(arm.target)
    let spent = streak.flatMap { values.indices.contains($0) ? values[$0] : nil } ?? values.last ?? 0
    return TargetCost(
      censoredAt: ending == .budget ? spent : TimeToTarget.beyondAllCosts,
      atLeast: ending == .stalled && streak == nil ? .infinity : spent)
  }

  /// What the target cost by a series that grows, read where the target was reached; nothing where the run did not
  /// measure it.
  func toTarget(series metric: MetricDefinition, in arm: StudyHeader.Arm) -> TargetCost? {
    guard let values = series.first(where: { $0.metric == metric.name })?.values, !values.isEmpty else {
      return nil
    }
    return toTarget(metric, in: arm) { target in
      // Targets are reached at points of the grid.
      let place = grid.prefix(values.count).lastIndex { $0 <= target.time } ?? 0
      return values[place]
    }
  }

  /// Data samples of all agents to the target: those that agents count, of episodes, else updates times those of each.
  func samplesToTarget(in arm: StudyHeader.Arm) -> TargetCost? {
    if let counted = toTarget(series: .samples, in: arm) { return counted }
    guard !countsSamples else { return nil }
    return toTarget(.updates, in: arm, \.updates).scaled(by: Double(arm.agents) * arm.samplesPerUpdate)
  }

  /// Whether the run has counted samples, also where its curves have not been read.
  var countsSamples: Bool {
    let name = MetricDefinition.samples.name
    return finals[name] != nil || series.contains { $0.metric == name }
  }

  /// Whether the run ended beyond its target before three measurements in a row could tell.
  func endsInOpenStreak(_ target: StudyHeader.Target?) -> Bool { openStreak(target) != nil }

  private func openStreak(_ target: StudyHeader.Target?) -> Int? {
    target.flatMap { openStreak($0.metric, beyond: $0.threshold) }
  }
}

/// The Kaplan–Meier median of what a target took, with what is known of it where half of the runs never reached it.
struct MedianEstimate {
  /// Nothing if half of the runs never reached the target.
  let value: Double?
  /// Of 95 % or more, and open (infinite) above where censoring leaves it so.
  let interval: Interval?
  /// The least that a run had taken which never reached the target; nothing where all did.
  let firstEnd: Double?

  /// The lower end of a median that was not reached; nothing where there is one.
  var atLeast: Double? { value == nil ? interval?.lower ?? firstEnd : nil }

  init(_ costs: [TargetCost]) {
    let times = costs.map(\.estimate)
    firstEnd = costs.filter { !$0.isReached }.map { min($0.estimate.time, $0.bounds.lower) }.min()
    value = KaplanMeier(times)?.median
    let bounds = MedianBounds(times)
    interval = bounds.low.map { Interval(lower: $0, upper: bounds.high ?? .infinity) }
  }
}
