// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

/// Series of one run, and replications one after the other.
extension StatisticsCase {
  func checkWarmUp() throws {
    let got = try #require(WarmUpCut(of: numbers("series"), batchSize: Int(parameter("batch_size"))))
    try checkAll([
      "batches": .count(got.batches), "cut_batches": .count(got.cutBatches), "cut_observations": .count(got.cutValues),
      "statistic": .number(got.statistic), "truncated_mean": .number(got.mean), "at_limit": .flag(got.isAtLimit),
    ])
  }

  func checkBatchMeans() throws {
    let batches = Int(try parameter("batches"))
    let got = try #require(BatchMeans(of: numbers("series"), batches: batches, level: parameter("level")))
    try checkAll([
      "batch_size": .count(got.batchSize), "mean": .number(got.interval.mean),
      "half_width": .number(got.interval.halfWidth), "low": .number(got.interval.low),
      "high": .number(got.interval.high), "lag1_autocorrelation_of_batches": .number(got.lag1Autocorrelation),
    ])
  }

  func checkAutocorrelation() throws {
    let got = try #require(Autocorrelation(of: numbers("series"), upTo: 5))
    try checkAll(["lags_0_to_5": .numbers(got.coefficients)])
  }

  func checkSequentialReplications() throws {
    let values = try numbers("observations")
    let precision = try parameter("relative_precision")
    let minimum = Int(try parameter("minimum"))
    let level = try parameter("level")
    let got = try #require(
      SequentialReplications(of: values, relativePrecision: precision, minimum: minimum, level: level))
    try checkAll([
      "stopped_at": .count(got.stoppedAt), "mean": .number(got.interval.mean),
      "half_width": .number(got.interval.halfWidth),
    ])
    let first = (1...values.count).first {
      SequentialReplications.isPrecise(
        Array(values[..<$0]), relativePrecision: precision, minimum: minimum, level: level)
    }
    #expect(first == got.stoppedAt, "\(id): the question and the search differ.")
  }
}
