// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

/// Scores of runs on tasks.
extension StatisticsCase {
  private func scores(_ key: String = "scores") throws -> TaskScores { try #require(TaskScores(rows: rows(key))) }

  /// The seed is fixed, and the bars of the files are six standard deviations between resamplings of ten thousand.
  private func bootstrap() throws -> StratifiedBootstrap {
    #expect(parameters?["method"]?.text == "percentile", "\(id)")
    return StratifiedBootstrap(
      seed: 1, name: id, resamples: Int(try parameter("resamples_at_least")), level: try parameter("level"))
  }

  func checkAggregate() throws {
    let scores = try scores()
    try checkAll([
      "mean": .number(scores.aggregate(.mean)), "median": .number(scores.aggregate(.median)),
      "iqm": .number(scores.aggregate(.interquartileMean)),
      "optimality_gap": .number(scores.aggregate(.optimalityGap(target: try parameter("gamma")))),
    ])
  }

  func checkStratifiedBootstrap() throws {
    let aggregates: [String: Aggregate] = ["mean": .mean, "median": .median, "iqm": .interquartileMean]
    let statistic = try #require(parameters?["statistic"]?.text)
    let interval = try bootstrap().interval(try #require(aggregates[statistic], "\(id)"), of: scores())
    try checkAll(["low": .number(interval.low), "high": .number(interval.high)])
  }

  func checkImprovement() throws {
    let bootstrap = StratifiedBootstrap(seed: 1, name: id, resamples: 1)
    let interval = try #require(bootstrap.probabilityOfImprovement(scores("x"), over: scores("y")))
    try checkAll(["estimate": .number(interval.estimate)])
  }

  func checkImprovementInterval() throws {
    let interval = try #require(try bootstrap().probabilityOfImprovement(scores("x"), over: scores("y")))
    try checkAll(["low": .number(interval.low), "high": .number(interval.high)])
  }

  func checkProfile() throws {
    let scores = try scores()
    let thresholds = try parameters("thresholds")
    try checkAll([
      "run_score": .numbers(PerformanceProfile(.runs, of: scores, thresholds: thresholds).shares),
      "average_score": .numbers(PerformanceProfile(.taskMeans, of: scores, thresholds: thresholds).shares),
    ])
  }
}
