// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// Between which of their times the median of runs lies.
///
/// Where no run ended without its target before the last one that reached it, the order of the times is known, and two
/// of them bound the median with at least 95 %, whatever the distribution: the one of rank k, the largest with
/// P(B < k) ≤ 2.5 %, where B is the number of heads of n tosses, and the one of rank n + 1 - k. Other runs are censored in between: there Kaplan and Meier's curve has to say (its
/// log(-log) interval). Fewer than six runs bound nothing with 95 %.
///
/// Source: Thompson, "On confidence ranges for the median and other expectation distributions", 1936.
package struct MedianBounds: Sendable, Equatable {
  /// The median is at least this; nothing if runs are too few or censored too soon to say.
  package let low: Double?
  /// The median is at most this; nothing where runs that never reached their target leave it open.
  package let high: Double?

  package init(_ runs: [TimeToTarget]) {
    let rank = Self.rank(of: runs.count)
    guard rank > 0, runs.allSatisfy(\.time.isFinite) else {
      (low, high) = (nil, nil)
      return
    }
    // At one time targets come before ends.
    let sorted = runs.sorted { ($0.time, $0.isReached ? 0 : 1) < ($1.time, $1.isReached ? 0 : 1) }
    let last = sorted.last { $0.isReached }?.time ?? -.infinity
    guard sorted.allSatisfy({ $0.isReached || $0.time >= last }) else {
      let curve = KaplanMeier(runs)?.medianInterval()
      (low, high) = (curve?.low, curve?.high)
      return
    }
    low = sorted[rank - 1].time
    let upper = sorted[sorted.count - rank]
    high = upper.isReached ? upper.time : nil
  }

  /// The rank of the lower bound; zero for too few.
  private static func rank(of count: Int) -> Int {
    _ = numericsPrepared
    var rank = 0
    while rank < (count + 1) / 2, gsl_cdf_binomial_P(UInt32(rank), 0.5, UInt32(count)) <= 0.025 { rank += 1 }
    return rank
  }
}
