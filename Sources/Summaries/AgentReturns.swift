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
  /// A percentile bootstrap of 95 % over whole replications: agents of one run learn from each other and are no
  /// independent sample. Nothing for a single replication.
  package var interquartileMeanInterval: Interval?
  package var maximum: Double?
  /// The mean over replications of the mean over agents and all tasks, with Student's interval of 95 %; nothing where
  /// runs did not test policies in other agents' tasks.
  package var inAllTasks: Comparison.Estimate?

  /// Nothing if no agent has a final return.
  ///
  /// *Randomness*: the bootstrap draws from a stream of its own that the seed and the name determine.
  init?(_ records: [RunRecord], seed: UInt64, name: String) {
    // A return that is not a number is that of a policy that has diverged, and worse than any other.
    let returns = records.map { run in run.agents.compactMap(\.finalReturn).map(orWorst) }.filter { !$0.isEmpty }
    guard let sample = SortedSample(returns.flatMap { $0 }) else { return nil }
    count = sample.values.count
    minimum = sample.values.first
    median = sample.median
    quartiles = Interval(sample.quantile(0.25), sample.quantile(0.75))
    maximum = sample.values.last
    let middle = ClusteredMean(returns)
    let bootstrap = PairedBootstrap(seed: seed, name: "returns/\(name)")
    let estimate = bootstrap.estimate(pairs: returns.count) { middle.value(of: $0) }
    interquartileMean = estimate?.estimate
    let areCopies = records.areCopies
    interquartileMeanInterval = areCopies ? nil : Interval(estimate?.low, estimate?.high)
    let inAll = records.compactMap { $0.taskReturns?.mean }
    inAllTasks = TInterval(of: inAll).map {
      Comparison.Estimate(value: $0.mean, interval: areCopies ? nil : Interval($0.low, $0.high))
    }
  }
}

/// A return, or the worst there is where it is not finite.
func orWorst(_ value: Double) -> Double { value.isFinite ? value : -.infinity }

extension TaskReturns {
  /// The mean over agents and tasks; nothing without any.
  var mean: Double? { Summaries.mean(returns.flatMap { $0 }).map(orWorst) }
}

/// The mean of the middle half of scores that come in clusters, dropping ⌊n / 4⌋ at each end, for clusters that are
/// chosen with repetitions.
///
/// *Complexity*: linear in the number of scores for each choice, as they are sorted once.
private struct ClusteredMean {
  /// In ascending order, each with the number of its cluster.
  private let scores: [(value: Double, cluster: Int)]
  /// How many scores each cluster has.
  private let sizes: [Int]

  init(_ clusters: [[Double]]) {
    sizes = clusters.map(\.count)
    scores = clusters.enumerated().flatMap { place, values in values.map { (value: $0, cluster: place) } }
      .sorted { $0.value < $1.value }
  }

  func value(of chosen: [Int]) -> Double? {
    var times = Array(repeating: 0, count: sizes.count)
    for cluster in chosen { times[cluster] += 1 }
    let total = chosen.reduce(0) { $0 + sizes[$1] }
    guard total > 0 else { return nil }
    var toSkip = total / 4
    var toTake = total - 2 * toSkip
    let kept = Double(toTake)
    // Sums of differences to one of the scores, so that equal scores have that very score as their mean.
    let origin = scores[scores.count / 2].value
    guard origin.isFinite else { return origin }
    var sum = 0.0
    for score in scores where times[score.cluster] > 0 && toTake > 0 {
      let skipped = min(toSkip, times[score.cluster])
      let taken = min(toTake, times[score.cluster] - skipped)
      toSkip -= skipped
      toTake -= taken
      if taken > 0 { sum += Double(taken) * (score.value - origin) }
    }
    return origin + sum / kept
  }
}
