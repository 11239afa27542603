// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

extension StatisticsCase {
  /// Procedures of the references that no report of Starling needs yet.
  private static let skipped: Set = [
    "aggregate", "autocorrelation", "batch_means", "common_random_numbers_gain", "effect_size", "holm", "log_rank",
    "mann_whitney_u", "mser5", "performance_profile", "probability_of_improvement", "probability_of_improvement_ci",
    "sequential_replications", "stratified_bootstrap_ci", "streaming_quantile", "welch_t",
  ]

  /// Checks the case.
  ///
  /// - Returns: whether its procedure is there to be checked.
  func check() throws -> Bool {
    switch procedure {
    case "paired_t": try checkPairedDifference()
    case "quantiles_type_7": try checkQuantiles()
    case "summary": try checkSummary()
    case "kaplan_meier": try checkKaplanMeier()
    default:
      #expect(Self.skipped.contains(procedure), "\(id): the procedure '\(procedure)' is not known.")
      return false
    }
    return true
  }

  private func checkPairedDifference() throws {
    let level = try parameter("level")
    let got = try #require(PairedDifference(numbers("x"), numbers("y"), level: level))
    try check("mean_difference", got.difference.mean)
    try check("sd_difference", got.difference.standardDeviation)
    try check("low", got.difference.low)
    try check("high", got.difference.high)
    try check("half_width", got.difference.halfWidth)
    try check("t", got.t)
    try check("df", Double(got.degreesOfFreedom))
    try check("p_two_sided", got.twoSidedP)
  }

  private func checkQuantiles() throws {
    let sample = try #require(SortedSample(numbers("sample")))
    let probabilities = try #require(parameters?["probabilities"]?.list).map { try #require($0.number) }
    try check("quantiles", probabilities.map { sample.quantile($0) })
  }

  /// Skewness and the median absolute deviation are in the cases, but no report shows them.
  private func checkSummary() throws {
    let level = parameters?["level"]?.number ?? 0.95
    let summary = try #require(SampleSummary(of: numbers("sample"), level: level))
    let answers: [String: Double?] = [
      "count": Double(summary.count), "mean": summary.mean.mean,
      "variance": summary.mean.standardDeviation.map { $0 * $0 }, "sd": summary.mean.standardDeviation,
      "sem": summary.mean.standardError, "min": summary.minimum, "max": summary.maximum, "median": summary.median,
      "q1": summary.firstQuartile, "q3": summary.thirdQuartile, "iqm": summary.interquartileMean,
      "mean_low": summary.mean.low, "mean_high": summary.mean.high,
    ]
    let checked = expected.keys.filter { answers.keys.contains($0) }.sorted()
    #expect(Set(expected.keys).subtracting(checked).isSubset(of: ["mad_raw", "skewness_population"]))
    for key in checked { try check(key, answers[key] ?? nil) }
  }

  private func checkKaplanMeier() throws {
    let reached = try #require(input["reached"]?.list).compactMap(\.flag)
    let runs = zip(try numbers("time"), reached).map { TimeToTarget($0, isReached: $1) }
    let curve = try #require(KaplanMeier(runs))
    try check("event_times", curve.steps.map(\.time))
    try check("survival", curve.steps.map(\.survival))
    try check("greenwood_se", curve.steps.map(\.standardError))
    try check("median", curve.median)
    let interval = curve.medianInterval(level: try parameter("level"))
    try check("median_low", interval.low)
    try check("median_high", interval.high)
    try check("restricted_mean", curve.restrictedMean(upTo: try parameter("restriction")))
  }
}
