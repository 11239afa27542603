// SPDX-License-Identifier: GPL-3.0-or-later

/// The scores of one arm: as many runs on each of some tasks.
package struct TaskScores: Sendable, Equatable {
  /// The scores task by task, the runs of a task next to each other.
  package let values: [Double]
  /// The number of runs on each task.
  package let runs: Int

  /// The number of tasks.
  package var tasks: Int { values.count / runs }

  /// Scores with a column of runs for each task; nothing if there are none, if a task has fewer runs than another one,
  /// and if a score is not a number.
  package init?(columns: [[Double]]) {
    guard let runs = columns.first?.count, runs > 0, columns.allSatisfy({ $0.count == runs }) else { return nil }
    let values = Array(columns.joined())
    guard !values.contains(where: \.isNaN) else { return nil }
    self.values = values
    self.runs = runs
  }

  /// Scores with a row of tasks for each run; nothing as with columns.
  package init?(rows: [[Double]]) {
    guard let tasks = rows.first?.count, rows.allSatisfy({ $0.count == tasks }) else { return nil }
    self.init(columns: (0..<tasks).map { task in rows.map { $0[task] } })
  }

  /// The positions of each task's runs.
  var strata: [Range<Int>] { (0..<tasks).map { $0 * runs..<($0 + 1) * runs } }

  /// One number for all scores; nothing where -∞ and ∞ meet.
  package func aggregate(_ aggregate: Aggregate) -> Double? {
    var prepared = PreparedAggregate(aggregate, of: self)
    return prepared.value(of: Array(values.indices))
  }
}

/// How the scores of runs on tasks become one number.
///
/// Source: Agarwal, Schwarzer, Castro, Courville and Bellemare, "Deep reinforcement learning at the edge of the
/// statistical precipice", NeurIPS 2021, section 4.
package enum Aggregate: Sendable, Equatable {
  /// The mean over all runs and tasks.
  case mean
  /// The median over tasks of the mean over runs. On a single task that is the mean.
  case median
  /// The mean of the middle half of all scores, dropping ⌊n / 4⌋ at each end (IQM).
  case interquartileMean
  /// The mean of what scores lack of a target, those beyond it lacking nothing: γ - mean of min(score, γ).
  case optimalityGap(target: Double)
}

/// An aggregate with what it needs of the scores worked out once, as it is asked for on many resamples.
///
/// Sums are of differences to one of the scores, so that equal scores have that very score as their mean.
struct PreparedAggregate {
  private let aggregate: Aggregate
  private let runs: Int
  /// What is subtracted from each score.
  private let origin: Double
  /// What each position adds to the sum; for the interquartile mean in ascending order.
  private let terms: [Double]
  /// The place of each position in the ascending order; for the interquartile mean only.
  private let ranks: [Int]
  /// Room for the means of tasks, or for how often each place was chosen.
  private var means: [Double]
  private var counts: [Int]

  init(_ aggregate: Aggregate, of scores: TaskScores) {
    self.aggregate = aggregate
    runs = scores.runs
    var values = scores.values
    if case .optimalityGap(let target) = aggregate { values = values.map { max(0, target - $0) } }
    let isFinite = values.allSatisfy(\.isFinite)
    origin = isFinite ? values[0] : 0
    var order = Array(values.indices)
    var ranks: [Int] = []
    if aggregate == .interquartileMean {
      order.sort { values[$0] < values[$1] }
      ranks = Array(repeating: 0, count: values.count)
      for (rank, position) in order.enumerated() { ranks[position] = rank }
    }
    let origin = origin
    terms = order.map { values[$0] - origin }
    self.ranks = ranks
    means = Array(repeating: 0, count: aggregate == .median ? scores.tasks : 0)
    counts = Array(repeating: 0, count: ranks.count)
  }

  /// The aggregate of the scores at some positions, as many as there are scores; nothing where -∞ and ∞ meet.
  mutating func value(of chosen: [Int]) -> Double? {
    switch aggregate {
    case .mean, .optimalityGap: defined(origin + sum(chosen[...]) / Double(chosen.count))
    case .median: median(chosen)
    case .interquartileMean: interquartileMean(chosen)
    }
  }

  private func sum(_ chosen: ArraySlice<Int>) -> Double {
    var sum = 0.0
    for position in chosen { sum += terms[position] }
    return sum
  }

  private mutating func median(_ chosen: [Int]) -> Double? {
    for task in means.indices {
      means[task] = sum(chosen[task * runs..<(task + 1) * runs]) / Double(runs)
      if means[task].isNaN { return nil }
    }
    means.sort()
    let middle = means.count / 2
    if means.count % 2 == 1 { return origin + means[middle] }
    let (below, above) = (means[middle - 1], means[middle])
    return defined(origin + (below == above ? below : (below + above) / 2))
  }

  /// Counts how often each place of the ascending order was chosen, and walks along the middle half: no sorting.
  private mutating func interquartileMean(_ chosen: [Int]) -> Double? {
    for place in counts.indices { counts[place] = 0 }
    for position in chosen { counts[ranks[position]] += 1 }
    let dropped = chosen.count / 4
    var toSkip = dropped
    var toTake = chosen.count - 2 * dropped
    let kept = Double(toTake)
    var sum = 0.0
    for place in counts.indices where counts[place] > 0 {
      let skipped = min(toSkip, counts[place])
      toSkip -= skipped
      let taken = min(toTake, counts[place] - skipped)
      guard taken > 0 else {
        if toTake == 0 { break }
        continue
      }
      sum += terms[place] * Double(taken)
      toTake -= taken
    }
    return defined(origin + sum / kept)
  }
}
