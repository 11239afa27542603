// SPDX-License-Identifier: GPL-3.0-or-later

/// Which share of scores lies above each of some thresholds, strictly: higher curves are better.
///
/// Source: Agarwal, Schwarzer, Castro, Courville and Bellemare, "Deep reinforcement learning at the edge of the
/// statistical precipice", NeurIPS 2021, section 4.2.
package struct PerformanceProfile: Sendable, Equatable {
  /// What is counted.
  package enum Basis: Sendable {
    /// Single runs: the share of all scores.
    case runs
    /// Averages: the share of tasks whose mean over runs lies above. One task is all or nothing.
    case taskMeans
  }

  /// What is counted.
  package let basis: Basis
  /// The thresholds, in the order in which they were given.
  package let thresholds: [Double]
  /// The share above each threshold.
  package let shares: [Double]
  /// The lower bound of each share; nothing without resamples.
  package let low: [Double?]?
  /// The upper bound of each share; nothing without resamples.
  package let high: [Double?]?
  /// The confidence level of each bound by itself; nothing without resamples.
  package let level: Double?

  init(
    basis: Basis, thresholds: [Double], shares: [Double], low: [Double?]? = nil, high: [Double?]? = nil,
    level: Double? = nil
  ) {
    self.basis = basis
    self.thresholds = thresholds
    self.shares = shares
    self.low = low
    self.high = high
    self.level = level
  }

  /// The profile of an arm, without bounds.
  ///
  /// A mean over runs in which -∞ and ∞ meet lies above no threshold, and nothing lies above a threshold that is not a
  /// number.
  package init(_ basis: Basis, of scores: TaskScores, thresholds: [Double]) {
    var prepared = PreparedProfile(basis, of: scores, thresholds: thresholds)
    self.init(basis: basis, thresholds: thresholds, shares: prepared.shares(of: Array(scores.values.indices)))
  }
}

/// A profile with what it needs worked out once, as it is asked for on many resamples.
struct PreparedProfile {
  private let basis: PerformanceProfile.Basis
  private let values: [Double]
  private let runs: Int
  private let tasks: Int
  /// The thresholds that are numbers, in ascending order, and where each of all thresholds is among them.
  private let ascending: [Double]
  private let places: [Int?]
  /// For single runs: how many thresholds each score lies above.
  private let passed: [Int]
  /// For averages: what is subtracted from each task's scores, so that equal ones have that very score as their mean.
  private let origins: [Double]
  /// Room for how many lie above the first 0, 1, ... thresholds.
  private var counts: [Int]

  init(_ basis: PerformanceProfile.Basis, of scores: TaskScores, thresholds: [Double]) {
    self.basis = basis
    values = scores.values
    runs = scores.runs
    tasks = scores.tasks
    let order = thresholds.indices.filter { !thresholds[$0].isNaN }.sorted { thresholds[$0] < thresholds[$1] }
    var places: [Int?] = Array(repeating: nil, count: thresholds.count)
    for (place, index) in order.enumerated() { places[index] = place }
    let ascending = order.map { thresholds[$0] }
    self.places = places
    self.ascending = ascending
    passed = basis == .runs ? scores.values.map { countBelow($0, in: ascending) } : []
    origins = scores.strata.map { scores.values[$0].allSatisfy(\.isFinite) ? scores.values[$0.lowerBound] : 0 }
    counts = Array(repeating: 0, count: ascending.count + 1)
  }

  /// The share above each threshold of the scores at some positions, as many as there are scores.
  mutating func shares(of chosen: [Int]) -> [Double] {
    for place in counts.indices { counts[place] = 0 }
    let total: Int
    switch basis {
    case .runs:
      total = chosen.count
      for position in chosen { counts[passed[position]] += 1 }
    case .taskMeans:
      total = tasks
      for task in 0..<tasks {
        var sum = 0.0
        for position in chosen[task * runs..<(task + 1) * runs] { sum += values[position] - origins[task] }
        counts[countBelow(origins[task] + sum / Double(runs), in: ascending)] += 1
      }
    }
    for place in counts.indices.dropLast().reversed() { counts[place] += counts[place + 1] }
    return places.map { place in place.map { Double(counts[$0 + 1]) / Double(total) } ?? 0 }
  }
}

/// How many of some ascending numbers lie strictly below a value; none below what is not a number.
private func countBelow(_ value: Double, in ascending: [Double]) -> Int {
  var low = 0
  var high = ascending.count
  while low < high {
    let middle = (low + high) / 2
    if ascending[middle] < value { low = middle + 1 } else { high = middle }
  }
  return low
}
