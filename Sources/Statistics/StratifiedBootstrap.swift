// SPDX-License-Identifier: GPL-3.0-or-later

/// The percentile bootstrap of arms that are not paired: runs are resampled inside each task, and the arms apart.
///
/// Percentile intervals are too narrow for few runs: of intervals of 95 % for the mean of normal scores on one task
/// about 84 % cover it with five runs, 90 % with ten and 92 % with twenty.
///
/// *Randomness*: the resample of number b takes one whole number per score from index b of its stream, task by task and
/// arm by arm, so an interval is a pure function of the data, the seed and the name, and equal names resample equally.
///
/// Source: Agarwal, Schwarzer, Castro, Courville and Bellemare, "Deep reinforcement learning at the edge of the
/// statistical precipice", NeurIPS 2021, section 4.1.
package struct StratifiedBootstrap: Sendable {
  private let resampling: Resampling

  /// - Parameters:
  ///   - seed: the seed of the study.
  ///   - name: what is estimated.
  ///   - resamples: at least one.
  ///   - level: the confidence level, above 0 and below 1.
  package init(seed: UInt64, name: String, resamples: Int = 10_000, level: Double = 0.95) {
    resampling = Resampling(seed: seed, name: name, resamples: resamples, level: level)
  }

  /// An aggregate of runs on tasks; a single run has no bounds.
  package func interval(_ aggregate: Aggregate, of scores: TaskScores) -> BootstrapInterval {
    var prepared = PreparedAggregate(aggregate, of: scores)
    return resampling.interval(of: scores.strata) { prepared.value(of: $0) }
  }

  /// An aggregate of the values of one arm; nothing without values and if one is not a number.
  package func interval(_ aggregate: Aggregate, of values: [Double]) -> BootstrapInterval? {
    TaskScores(columns: [values]).map { interval(aggregate, of: $0) }
  }

  /// Any statistic of the values of one arm, such as a quantile; nothing without values.
  ///
  /// - Parameter statistic: its value on a sample of the same size; nothing, or not a number, where it is undefined.
  package func interval(of values: [Double], statistic: ([Double]) -> Double?) -> BootstrapInterval? {
    guard !values.isEmpty else { return nil }
    return resampling.interval(of: [values.indices]) { chosen in statistic(chosen.map { values[$0] }) }
  }

  /// How probably a run of one arm scores above a run of the other on the same task, on average over tasks; a tie
  /// counts one half. Nothing if the arms have different numbers of tasks.
  ///
  /// Source: Agarwal and others (see above), section 4.3 and appendix A.4.
  package func probabilityOfImprovement(_ first: TaskScores, over second: TaskScores) -> BootstrapInterval? {
    guard var improvement = PairwiseWins(first, second) else { return nil }
    let offset = first.values.count
    let strata = first.strata + second.strata.map { $0.lowerBound + offset..<$0.upperBound + offset }
    return resampling.interval(of: strata) { improvement.share(of: $0) }
  }

  /// The profile of an arm with the bounds of its shares, each threshold by itself; a single run has no bounds.
  ///
  /// Two thousand resamples are enough for a band.
  package func profile(
    _ basis: PerformanceProfile.Basis, of scores: TaskScores, thresholds: [Double]
  ) -> PerformanceProfile {
    var prepared = PreparedProfile(basis, of: scores, thresholds: thresholds)
    let shares = prepared.shares(of: Array(scores.values.indices))
    guard scores.runs > 1 else {
      return PerformanceProfile(basis: basis, thresholds: thresholds, shares: shares)
    }
    var resampled = Array(repeating: [Double](), count: thresholds.count)
    resampling.forEachResample(of: scores.strata) { chosen in
      for (index, share) in prepared.shares(of: chosen).enumerated() { resampled[index].append(share) }
    }
    let tail = (1 - resampling.level) / 2
    let sorted = resampled.compactMap { SortedSample($0) }
    return PerformanceProfile(
      basis: basis, thresholds: thresholds, shares: shares, low: sorted.map { $0.quantile(tail) },
      high: sorted.map { $0.quantile(1 - tail) }, level: resampling.level)
  }
}
