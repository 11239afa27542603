// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics

extension Requirement {
  /// What the two sides can be in some replications, by their numbers from zero, with repetitions.
  typealias Sides = (_ chosen: [Int]) -> (left: Interval, right: Interval)

  /// How sure replications are of the requirement and of its contrary: of each one minus a one-sided p-value.
  ///
  /// Numbers that are made of means are tested by Student's test of what each replication adds (`Confidence.jackknife`);
  /// others, such as medians, by resampled replications, of which more must agree the fewer there are
  /// (`Confidence.expanded`). No confidence is larger than what an exact test of the signs of so many replications could
  /// give, not counting those in which both sides are equal, or open. Where replications do not vary at all, they are sure.
  ///
  /// *Randomness*: the resamples are a function of the seed and of the requirement's text.
  ///
  /// - Returns: nothing for fewer than two replications.
  func confidence(
    replications: Int, seed: UInt64, resamples: Int, sides: Sides
  ) -> (satisfied: Double, violated: Double)? {
    guard replications > 1 else { return nil }
    let all = Array(0..<replications)
    let each = all.map { sides([$0]) }
    if each.allSatisfy({ $0 == each[0] }), let holds = comparison.holds(each[0].left, each[0].right) {
      return holds ? (1, 0) : (0, 1)
    }
    let decisive = each.count { left, right in
      left.isExact && right.isExact ? left.lower != right.lower : comparison.holds(left, right) != nil
    }
    if !(left.metrics + right.metrics).contains(where: \.metric.isCost),
      let sure = confidenceOfMeans(all, sides: sides, most: 1 - exp2(-Double(decisive)))
    {
      return sure
    }
    let bootstrap = PairedBootstrap(seed: seed, name: "requirement/\(text)", resamples: resamples)
    let shares = bootstrap.shares(pairs: replications) { chosen in
      let (left, right) = sides(chosen)
      return comparison.holds(left, right)
    }
    guard let shares else { return nil }
    func confidence(_ share: Double) -> Double {
      let confidence = Confidence.expanded(share: share, resamples: resamples, replications: replications)
      return min(confidence, 1 - exp2(-Double(decisive)))
    }
    return (confidence(shares.satisfied), confidence(shares.violated))
  }

  /// - Parameter most: no confidence is larger.
  /// - Returns: nothing where a side is not finite.
  private func confidenceOfMeans(
    _ all: [Int], sides: Sides, most: Double
  ) -> (satisfied: Double, violated: Double)? {
    func excess(_ chosen: [Int]) -> Double {
      let (left, right) = sides(chosen)
      return left.lower - right.lower
    }
    let estimate = excess(all)
    let leavingOut = all.map { left in excess(all.filter { $0 != left }) }
    guard estimate.isFinite, let holds = comparison.holds(estimate, 0) else { return nil }
    if leavingOut.allSatisfy({ $0 == estimate }) { return holds ? (1, 0) : (0, 1) }
    guard let above = Confidence.jackknife(estimate, leavingOut: leavingOut),
      let below = Confidence.jackknife(-estimate, leavingOut: leavingOut.map { -$0 })
    else { return nil }
    let isUpward = comparison == .greater || comparison == .atLeast
    return (min(most, isUpward ? above : below), min(most, isUpward ? below : above))
  }
}
