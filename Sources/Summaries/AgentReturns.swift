// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Statistics

/// How the agents of an arm end: the final returns of their policies in their own tasks, over agents and replications.
package struct AgentReturns: Sendable, Codable, Equatable {
  /// How many returns there are: agents times replications, as a rule.
  package var count: Int
  package var minimum: Double?
  package var median: Double?
  package var quartiles: Interval?
  /// The mean of the middle half (IQM).
  package var interquartileMean: Double?
  /// Of 95 %, over whole replications: agents of one run learn from each other and are no independent sample. Nothing
  /// for fewer than six replications.
  package var interquartileMeanInterval: Interval?
  package var maximum: Double?
  /// The mean over replications of the mean over agents and all tasks, with its interval of 95 %; nothing where runs did
  /// not test policies in other agents' tasks.
  package var inAllTasks: Comparison.Estimate?

  /// Nothing if no agent has a final return.
  ///
  /// - Parameter isCertain: whether nothing in the arm is random, so that there are no intervals.
  init?(_ records: [RunRecord], isCertain: Bool) {
    // A return that is not a number is that of a policy that has diverged, and worse than any other.
    let returns = records.map { run in run.agents.compactMap(\.finalReturn).map(orWorst) }.filter { !$0.isEmpty }
    guard let sample = SortedSample(returns.flatMap { $0 }) else { return nil }
    count = sample.values.count
    minimum = sample.values.first
    median = sample.median
    quartiles = Interval(sample.quantile(0.25), sample.quantile(0.75))
    maximum = sample.values.last
    let middle = InterquartileMean(clusters: returns)
    interquartileMean = middle?.mean
    interquartileMeanInterval = isCertain ? nil : Interval(middle?.low, middle?.high)
    let inAll = records.compactMap { $0.taskReturns?.mean }
    inAllTasks = MeanEstimate(of: inAll).map {
      Comparison.Estimate(value: $0.mean, interval: isCertain ? nil : Interval($0.low, $0.high))
    }
  }
}

/// A return, or the worst there is where it is not finite.
func orWorst(_ value: Double) -> Double { value.isFinite ? value : -.infinity }

extension TaskReturns {
  /// The mean over agents and tasks; nothing without any.
  var mean: Double? { Summaries.mean(returns.flatMap { $0 }).map(orWorst) }
}
