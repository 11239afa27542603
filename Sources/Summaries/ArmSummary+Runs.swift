// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Statistics

extension ArmSummary {
  /// Summarises the runs of one arm.
  ///
  /// - Parameter metrics: what they measure.
  package init(_ arm: StudyHeader.Arm, runs: [StoredRun], metrics: [MetricDefinition]) {
    let records = runs.map(\.record)
    name = arm.name
    self.runs = runs.count
    finals = Self.finals(records, in: arm, metrics)
    toTarget = arm.target == nil || records.isEmpty ? nil : ToTarget(records, in: arm)
    returns = AgentReturns(records, isCertain: arm.isCertain(records))
    let combined = records.map(\.staleness).filter { $0.count > 0 }
    stalenessUpdates = mean(combined.map(\.meanUpdates))
    stalenessSeconds = mean(combined.map(\.meanSeconds))
    lostShare = mean(
      records.map(\.messages).filter { $0.sent > 0 }.map { Double($0.lost) / Double($0.sent) })
    waitingShare = mean(records.compactMap(\.waitingShare))
    upShare = mean(records.compactMap(\.upShare)).flatMap { $0 < 1 ? $0 : nil }
    let updates = records.map { run in run.agents.map { Double($0.updates) } }
    updatesMean = mean(updates.compactMap(mean)) ?? 0
    updatesLeast = mean(updates.compactMap { $0.min() }) ?? 0
    episodesMean = mean(records.compactMap(\.episodesPerAgent)).flatMap { $0 > 0 ? $0 : nil }
    if episodesMean == nil { toTarget?.medianEpisodes = nil }
    samples = mean(records.map { $0.samples(perUpdate: arm.samplesPerUpdate) }) ?? 0
    messages = mean(records.map { Double($0.messages.started) }) ?? 0
    bytes = mean(records.map { Double($0.messages.bytes) }) ?? 0
    stalled = records.count { $0.ending == .stalled }
    diverged = records.count { $0.hasDiverged(metrics) }
    nobodyUp = records.count { $0.endsWithNobodyUp }
    wallSeconds = runs.map(\.wallSeconds).reduce(0, +)
  }

  private static func finals(
    _ records: [RunRecord], in arm: StudyHeader.Arm, _ metrics: [MetricDefinition]
  ) -> [Final] {
    guard let first = records.first else { return [] }
    return first.finals.keys.sorted().compactMap { name in
      Final(metrics.named(name) ?? .unknown(name), of: records, in: arm, metrics)
    }
  }
}

extension ArmSummary.Final {
  /// One metric over some runs; nothing where none of them has it.
  init?(
    _ metric: MetricDefinition, of records: [RunRecord], in arm: StudyHeader.Arm, _ metrics: [MetricDefinition]
  ) {
    let values = records.compactMap { $0.final(metric.name) }
    guard !values.isEmpty else { return nil }
    let estimate = MeanEstimate(of: values)
    let average = estimate?.mean ?? .nan
    let interval = arm.isCertain(records) ? nil : Interval(estimate?.low, estimate?.high)
    self.init(metric: metric.name, definition: metric, mean: average, interval: interval)
    let nobodyUp = records.count {
      $0.finals[metric.name]?.isNaN == true && $0.endsWithNobodyUp && !$0.hasDiverged(metrics)
    }
    runsWithNobodyUp = nobodyUp > 0 ? nobodyUp : nil
    guard metric.scale == .decibels else { return }
    decibels = Quantities.decibels(ofPower: average)
    decibelsInterval = interval?.inDecibels
  }
}

extension ArmSummary.ToTarget {
  init(_ records: [RunRecord], in arm: StudyHeader.Arm) {
    reached = records.count { $0.target != nil }
    runs = records.count
    let late = records.count { $0.endsInOpenStreak(arm.target) }
    cutShort = late > 0 ? late : nil
    let times = records.map { $0.timeToTarget(in: arm) }
    let median = MedianEstimate(times)
    medianTime = median.value
    let isCertain = arm.isCertain(records)
    interval = isCertain ? nil : median.interval
    medianAtLeast = isCertain ? median.firstEnd : median.atLeast
    meanTime = mean(records.map { $0.target?.time ?? arm.until }) ?? arm.until
    restrictedTo = median.firstEnd ?? arm.until
    restrictedMean = KaplanMeier(times.map(\.estimate))?.restrictedMean(upTo: restrictedTo) ?? restrictedTo
    medianUpdates = MedianEstimate(records.map { $0.toTarget(.updates, in: arm, \.updates) }).value
    medianMessages = MedianEstimate(records.map { $0.toTarget(.messages, in: arm, \.messages) }).value
    medianBytes = MedianEstimate(records.map { $0.toTarget(.bytes, in: arm, \.bytes) }).value
    medianEpisodes = MedianEstimate(records.compactMap { $0.toTarget(series: .episodes, in: arm) }).value
  }

  /// Orders arms by how soon they reach the target on average; those that never did come last.
  var rank: (order: Int, time: Double) { reached > 0 ? (0, meanTime) : Self.last }

  /// The rank of an arm that never reached the target, or has none.
  static let last = (order: 1, time: Double.infinity)
}

extension RunRecord {
  /// Data samples of all agents: those that agents count, of episodes, else updates times those of each.
  func samples(perUpdate: Double) -> Double {
    let counted = agents.compactMap(\.samples)
    guard counted.isEmpty else { return counted.reduce(0) { $0 + Double($1) } }
    return agents.reduce(0) { $0 + Double($1.updates) } * perUpdate
  }

  /// Nothing where agents learn from no episodes.
  var episodesPerAgent: Double? { mean(agents.compactMap(\.episodes).map { Double($0) }) }

  /// Time spent up over all time of all agents; nothing for a run that has lasted no time.
  var upShare: Double? {
    let down = agents.map(\.down).reduce(0, +)
    let up = agents.map { $0.useful + $0.wasted + $0.unfinished + $0.waiting }.reduce(0, +)
    return up + down > 0 ? up / (up + down) : nil
  }

  /// Time spent up but not computing over time spent up; nothing for a run in which nobody was.
  var waitingShare: Double? {
    let waiting = agents.map(\.waiting).reduce(0, +)
    let computing = agents.map { $0.useful + $0.wasted + $0.unfinished }.reduce(0, +)
    guard waiting + computing > 0 else { return nil }
    // In files of versions up to 0.3 times are sums of rounded numbers, and who never waits has waited for less than a
    // nanosecond in a second.
    return waiting < 1e-9 * computing ? 0 : waiting / (waiting + computing)
  }
}

/// The average, or nothing of nothing.
func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
