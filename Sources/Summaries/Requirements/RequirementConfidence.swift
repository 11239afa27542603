// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics

extension Requirement {
  /// What the two sides can be in some replications, by their numbers from zero, with repetitions.
  typealias Sides = (_ chosen: [Int]) -> (left: Interval, right: Interval)

  /// What replications say of a requirement.
  enum Evidence {
    /// How sure they are of it and of its contrary.
    case confidence(satisfied: Double, violated: Double)
    /// Means of what came out the same in all of them.
    case doesNotVary
  }

  /// How sure replications are of the requirement and of its contrary: of each one minus a one-sided p-value.
  ///
  /// A quantity compared with itself is decided by logic. Else numbers that are made of means are tested by Student's
  /// test of what each replication adds (`Confidence.jackknife`); others, such as medians, by resampled replications, of
  /// which more must agree the fewer there are (`Confidence.expanded`). No confidence is larger than what an exact test
  /// of the signs of so many replications could give, not counting those that are open, or in which both sides are
  /// equal (but for medians those count for `<=`). Of what did not vary such a test tells the median, and nothing of
  /// the mean: runs that all lost nothing are just what is to be expected of a rare loss.
  ///
  /// *Randomness*: the resamples are a function of the seed and of the requirement's text.
  ///
  /// - Returns: nothing for fewer than two replications.
  func confidence(
    replications: Int, seed: UInt64, resamples: Int, sides: Sides
  ) -> Evidence? {
    guard replications > 1 else { return nil }
    let all = Array(0..<replications)
    let each = all.map { sides([$0]) }
    if left == right, each.allSatisfy({ $0.left.isExact && $0.left.lower.isFinite }),
      let holds = comparison.holds(0, 0)
    {
      return holds ? .confidence(satisfied: 1, violated: 0) : .confidence(satisfied: 0, violated: 1)
    }
    /// What an exact test of signs could give at most.
    func most(countingEqual: Bool) -> Double {
      let decisive = each.count { left, right in
        let areEqual = left.isExact && right.isExact && left.lower == right.lower
        return comparison.holds(left, right) != nil && (countingEqual || !areEqual)
      }
      return 1 - exp2(-Double(decisive))
    }
    let metrics = (left.metrics + right.metrics).map(\.metric)
    if !metrics.contains(where: \.isCost),
      let sure = confidenceOfMeans(all, sides: sides, most: most(countingEqual: false))
    {
      return sure
    }
    // A mean of one infinite value is infinite, whatever others are.
    let isFinite = [each[0].left, each[0].right].allSatisfy(\.lower.isFinite)
    if !metrics.allSatisfy(\.isCost), isFinite, each.allSatisfy({ $0 == each[0] }) { return .doesNotVary }
    let bootstrap = PairedBootstrap(seed: seed, name: "requirement/\(text)", resamples: resamples)
    let shares = bootstrap.shares(pairs: replications) { chosen in
      let (left, right) = sides(chosen)
      return comparison.holds(left, right)
    }
    guard let shares else { return nil }
    func confidence(_ share: Double, countingEqual: Bool) -> Double {
      let confidence = Confidence.expanded(share: share, resamples: resamples, replications: replications)
      return min(confidence, most(countingEqual: countingEqual))
    }
    // Values at the bound are on the side of `<=`, or on that of the contrary of `<`.
    let isForEqual = comparison == .atMost || comparison == .atLeast
    return .confidence(
      satisfied: confidence(shares.satisfied, countingEqual: isForEqual),
      violated: confidence(shares.violated, countingEqual: !isForEqual))
  }

  /// - Parameter most: no confidence is larger.
  /// - Returns: nothing where a side is not finite.
  private func confidenceOfMeans(
    _ all: [Int], sides: Sides, most: Double
  ) -> Evidence? {
    func excess(_ chosen: [Int]) -> Double {
      let (left, right) = sides(chosen)
      return left.lower - right.lower
    }
    let estimate = excess(all)
    let leavingOut = all.map { left in excess(all.filter { $0 != left }) }
    guard estimate.isFinite else { return nil }
    // Sums of other numbers of equal values differ by their rounding.
    let (left, right) = sides(all)
    let rounding = 1e-12 * max(abs(left.lower), abs(right.lower))
    if leavingOut.allSatisfy({ abs($0 - estimate) <= rounding }) { return .doesNotVary }
    guard let above = Confidence.jackknife(estimate, leavingOut: leavingOut),
      let below = Confidence.jackknife(-estimate, leavingOut: leavingOut.map { -$0 })
    else { return nil }
    let isUpward = comparison == .greater || comparison == .atLeast
    return .confidence(
      satisfied: min(most, isUpward ? above : below), violated: min(most, isUpward ? below : above))
  }
}
