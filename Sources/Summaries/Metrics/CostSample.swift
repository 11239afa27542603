// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics

/// What the target took the runs of an arm, in order, so that the medians of many resamples are found by counting.
struct CostSample {
  /// Run by run; nothing where the metric does not apply.
  let costs: [TargetCost?]
  /// The ends of what costs can be in ascending order, each with the position of its run.
  private let lowers: [(end: Double, position: Int)]
  private let uppers: [(end: Double, position: Int)]

  init(_ costs: [TargetCost?]) {
    func ordered(_ end: (TargetCost) -> Double) -> [(end: Double, position: Int)] {
      costs.indices.compactMap { position in costs[position].map { (end: end($0), position: position) } }
        .sorted { $0.end < $1.end }
    }
    self.costs = costs
    lowers = ordered(\.bounds.lower)
    uppers = ordered(\.bounds.upper)
  }

  /// The Kaplan–Meier median of some runs, by their positions, with repetitions; infinite for a target that half of them
  /// never reached, not a number where the metric applies to none.
  func median(of chosen: [Int]) -> Double {
    KaplanMeier(chosen.compactMap { costs[$0]?.estimate }).map { $0.median ?? .infinity } ?? .nan
  }

  /// The bounds of the median that hold whatever was not seen any more; nothing where the metric applies to no run.
  ///
  /// The median is the ⌈n / 2⌉-th smallest value, as on the Kaplan–Meier curve without censoring.
  ///
  /// - Complexity: linear, and no memory is kept: it is asked for in every resample.
  func medianBounds(of chosen: [Int]) -> Interval? {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: costs.count) { counts in
      counts.initialize(repeating: 0)
      for position in chosen { counts[position] += 1 }
      let count = lowers.reduce(0) { $0 + counts[$1.position] }
      func middle(_ ordered: [(end: Double, position: Int)]) -> Double {
        var upTo = 0
        for (end, position) in ordered {
          upTo += counts[position]
          if 2 * upTo >= count { return end }
        }
        return .nan
      }
      return count > 0 ? Interval(lower: middle(lowers), upper: middle(uppers)) : nil
    }
  }
}
