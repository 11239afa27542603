// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

extension StatisticsCase {
  /// Checks the case; one whose procedure is not known fails.
  func check() throws {
    switch procedure {
    case "aggregate": try checkAggregate()
    case "stratified_bootstrap_ci": try checkStratifiedBootstrap()
    case "probability_of_improvement": try checkImprovement()
    case "probability_of_improvement_ci": try checkImprovementInterval()
    case "performance_profile": try checkProfile()
    case "paired_t": try checkPairedDifference()
    case "common_random_numbers_gain": try checkCommonRandomNumbers()
    case "welch_t": try checkWelch()
    case "mann_whitney_u": try checkMannWhitney()
    case "effect_size": try checkEffectSize()
    case "holm": try checkHolm()
    case "kaplan_meier": try checkKaplanMeier()
    case "log_rank": try checkLogRank()
    case "mser5": try checkWarmUp()
    case "batch_means": try checkBatchMeans()
    case "autocorrelation": try checkAutocorrelation()
    case "sequential_replications": try checkSequentialReplications()
    case "quantiles_type_7": try checkQuantiles()
    case "summary": try checkSummary()
    case "streaming_quantile": try checkStreamingQuantile()
    default: Issue.record("\(id): the procedure '\(procedure)' is not known.")
    }
  }

  private func checkQuantiles() throws {
    let sample = try #require(SortedSample(numbers("sample")))
    try checkAll(["quantiles": .numbers(try parameters("probabilities").map { sample.quantile($0) })])
  }

  private func checkStreamingQuantile() throws {
    let sample = try numbers("sample")
    let estimates = try parameters("probabilities").map { probability in
      var quantile = StreamingQuantile(probability)
      for value in sample { quantile.add(value) }
      return quantile.estimate
    }
    try checkAll(["exact": .numbers(estimates)])
  }

  private func checkSummary() throws {
    let summary = try #require(SampleSummary(of: numbers("sample"), level: parameters?["level"]?.number ?? 0.95))
    let deviation = summary.mean.standardDeviation
    try checkAll([
      "count": .count(summary.count), "mean": .number(summary.mean.mean), "sd": .number(deviation),
      "variance": .number(deviation.map { $0 * $0 }), "sem": .number(summary.mean.standardError),
      "min": .number(summary.minimum), "max": .number(summary.maximum), "median": .number(summary.median),
      "q1": .number(summary.firstQuartile), "q3": .number(summary.thirdQuartile),
      "iqm": .number(summary.interquartileMean), "mad_raw": .number(summary.medianAbsoluteDeviation),
      "skewness_population": .number(summary.skewness), "mean_low": .number(summary.mean.low),
      "mean_high": .number(summary.mean.high),
    ])
  }

  private func checkHolm() throws {
    let holm = HolmAdjustment(try numbers("p"))
    try checkAll([
      "adjusted": .numbers(holm.adjusted), "rejected": .flags(holm.rejected(at: try parameter("alpha"))),
    ])
  }

  private func runs(_ suffix: String = "") throws -> [TimeToTarget] {
    let reached = try #require(input["reached" + suffix]?.list).map { try #require($0.flag as Bool?) }
    let times = try numbers("time" + suffix)
    try #require(times.count == reached.count)
    return zip(times, reached).map { TimeToTarget($0, isReached: $1) }
  }

  private func checkKaplanMeier() throws {
    let curve = try #require(KaplanMeier(runs()))
    let interval = curve.medianInterval(level: try parameter("level"))
    try checkAll([
      "event_times": .numbers(curve.steps.map(\.time)), "survival": .numbers(curve.steps.map(\.survival)),
      "greenwood_se": .numbers(curve.steps.map(\.standardError)), "median": .number(curve.median),
      "median_low": .number(interval.low), "median_high": .number(interval.high),
      "restricted_mean": .number(curve.restrictedMean(upTo: try parameter("restriction"))),
    ])
  }

  private func checkLogRank() throws {
    let test = try #require(LogRank(runs("_x"), runs("_y")))
    try checkAll([
      "chi_squared": .number(test.chiSquared), "p": .number(test.p), "df": .count(test.degreesOfFreedom),
    ])
  }
}
