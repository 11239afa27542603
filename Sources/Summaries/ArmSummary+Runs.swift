// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

extension ArmSummary {
  /// Summarises the runs of one arm.
  ///
  /// *Randomness*: what returns are bootstrapped with is a function of the seed and the arm's name.
  package init(_ arm: StudyHeader.Arm, runs: [StoredRun], seed: UInt64) {
    let records = runs.map(\.record)
    name = arm.name
    self.runs = runs.count
    finals = Self.finals(records)
    toTarget = arm.target == nil || records.isEmpty ? nil : ToTarget(records, until: arm.until)
    returns = AgentReturns(records, seed: seed, name: arm.name)
    let combined = records.map(\.staleness).filter { $0.count > 0 }
    stalenessUpdates = mean(combined.map(\.meanUpdates))
    stalenessSeconds = mean(combined.map(\.meanSeconds))
    lostShare = mean(
      records.map(\.messages).filter { $0.sent > 0 }.map { Double($0.lost) / Double($0.sent) })
    waitingShare = mean(records.compactMap(\.waitingShare))
    let updates = records.map { run in run.agents.map { Double($0.updates) } }
    updatesMean = mean(updates.compactMap(mean)) ?? 0
    updatesLeast = mean(updates.compactMap { $0.min() }) ?? 0
    episodesMean = mean(records.compactMap(\.episodesPerAgent)).flatMap { $0 > 0 ? $0 : nil }
    if episodesMean == nil { toTarget?.medianEpisodes = nil }
    samples = mean(records.map { $0.samples(perUpdate: arm.samplesPerUpdate) }) ?? 0
    messages = mean(records.map { Double($0.messages.started) }) ?? 0
    bytes = mean(records.map { Double($0.messages.bytes) }) ?? 0
    stalled = records.count { $0.ending == .stalled }
    diverged = records.count { $0.hasDiverged }
    nobodyUp = records.count { $0.endsWithNobodyUp }
    wallSeconds = runs.map(\.wallSeconds).reduce(0, +)
  }

  private static func finals(_ records: [RunRecord]) -> [Final] {
    guard let first = records.first else { return [] }
    return first.finals.keys.sorted().compactMap { Final($0, of: records) }
  }
}

extension ArmSummary.Final {
  /// One metric over some runs; nothing where none of them has it.
  init?(_ metric: String, of records: [RunRecord]) {
    let values = records.compactMap { $0.final(metric) }
    guard !values.isEmpty else { return nil }
    let estimate = TInterval(of: values)
    let average = estimate?.mean ?? .nan
    let interval = Interval(estimate?.low, estimate?.high)
    self.init(metric: metric, mean: average, interval: interval)
    let nobodyUp = records.count {
      $0.finals[metric]?.isNaN == true && $0.finals[MetricName.available.rawValue] == 0 && !$0.hasDiverged
    }
    runsWithNobodyUp = nobodyUp > 0 ? nobodyUp : nil
    guard squaredErrorMetrics.contains(metric) else { return }
    decibels = Quantities.decibels(ofPower: average)
    decibelsInterval = interval?.inDecibels
  }
}

extension ArmSummary.ToTarget {
  /// - Parameter until: when runs end, in seconds. A run in which nobody could proceed any more is censored here and
  ///   not where it stalled, as it would not have reached the target by then.
  init(_ records: [RunRecord], until: Double) {
    reached = records.count { $0.target != nil }
    runs = records.count
    let times = records.map { $0.timeToTarget(until: until) }
    let median = medianEstimate(times)
    medianTime = median.value
    interval = median.interval
    restrictedTo = times.filter { !$0.isReached }.map(\.time).min() ?? until
    restrictedMean = KaplanMeier(times)?.restrictedMean(upTo: restrictedTo) ?? restrictedTo
    medianUpdates = survivalMedian(records.map { $0.toTarget("updates", \.updates) })
    medianMessages = survivalMedian(records.map { $0.toTarget("messages", \.messages) })
    medianBytes = survivalMedian(records.map { $0.toTarget("bytes", \.bytes) })
    medianEpisodes = survivalMedian(records.compactMap { $0.toTarget(series: .episodes) })
  }

  /// Orders arms by how soon they reach the target: those with a median by it, then those that reached it in fewer
  /// than half of their runs by the restricted mean, then those that never did.
  var rank: (order: Int, time: Double) {
    if let medianTime { return (0, medianTime) }
    return reached > 0 ? (1, restrictedMean) : Self.last
  }

  /// The rank of an arm that never reached the target, or has none.
  static let last = (order: 2, time: Double.infinity)
}

extension RunRecord {
  /// The time to target, censored at the end of the run.
  func timeToTarget(until: Double) -> TimeToTarget {
    if let target { return TimeToTarget(target.time, isReached: true) }
    return TimeToTarget(ending == .stalled ? max(endTime, until) : endTime, isReached: false)
  }

  /// What the target cost. A run that spent its budget before is censored at what it had spent. Any other that never
  /// reached it is censored beyond all costs: where it had spent little it was slow or stood still, and leaving it out
  /// from there on would leave out those that fare worst.
  func toTarget(_ metric: String, _ cost: (TargetReached) -> Double) -> TimeToTarget {
    if let target { return TimeToTarget(cost(target), isReached: true) }
    guard ending == .budget else { return TimeToTarget(TimeToTarget.beyondAllCosts, isReached: false) }
    let spent = series.first { $0.metric == metric }?.values.last ?? 0
    return TimeToTarget(spent, isReached: false)
  }

  /// What the target cost by a series that grows, read where the target was reached; nothing where the run did not
  /// measure it.
  func toTarget(series metric: MetricName) -> TimeToTarget? {
    guard let values = series.first(where: { $0.metric == metric.rawValue })?.values, !values.isEmpty else {
      return nil
    }
    return toTarget(metric.rawValue) { target in
      // Targets are reached at points of the grid.
      let place = grid.prefix(values.count).lastIndex { $0 <= target.time } ?? 0
      return values[place]
    }
  }

  /// Data samples of all agents: those that agents count, of episodes, else updates times those of each.
  func samples(perUpdate: Double) -> Double {
    let counted = agents.compactMap(\.samples)
    guard counted.isEmpty else { return counted.reduce(0) { $0 + Double($1) } }
    return agents.reduce(0) { $0 + Double($1.updates) } * perUpdate
  }

  /// Nothing where agents learn from no episodes.
  var episodesPerAgent: Double? { mean(agents.compactMap(\.episodes).map { Double($0) }) }

  /// Time spent up but not computing over time spent up; nothing for a run in which nobody was.
  var waitingShare: Double? {
    let waiting = agents.map(\.waiting).reduce(0, +)
    let computing = agents.map { $0.useful + $0.wasted + $0.unfinished }.reduce(0, +)
    return waiting + computing > 0 ? waiting / (waiting + computing) : nil
  }
}

/// The average, or nothing of nothing.
func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
