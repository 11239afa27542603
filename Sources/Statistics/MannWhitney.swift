// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// The rank test of two arms that are not paired: whether values of one tend to be larger.
///
/// Infinite values take their place in the order.
///
/// Source: Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the
/// other", 1947.
package struct MannWhitney: Sendable, Equatable {
  /// The number of pairs in which the first arm's value is larger, ties counting one half (U).
  package let u: Double
  /// U as a share of all pairs: how probably a value of the first arm is larger.
  package let probabilityOfSuperiority: Double
  /// The two-sided probability of a U at least as far from the middle when all orders are equally probable; nothing
  /// with ties and for an arm of more than `exactLimit` values.
  package let exactTwoSidedP: Double?
  /// The same from the normal distribution, corrected for ties and by one half for continuity; nothing where all values
  /// are equal. For fewer than about eight values in an arm it is rough.
  package let normalTwoSidedP: Double?

  /// The largest arm for which orders are counted.
  package static let exactLimit = 50

  /// The exact probability where there is one, else the normal one; nothing where all values are equal.
  package var twoSidedP: Double? { exactTwoSidedP ?? normalTwoSidedP }

  /// Compares two arms; nothing if one is empty or a value is not a number.
  package init?(_ first: [Double], _ second: [Double]) {
    guard !first.isEmpty, !second.isEmpty, !(first + second).contains(where: \.isNaN) else { return nil }
    _ = numericsPrepared
    let ranks = JointRanks(first, second)
    let twiceU = ranks.twiceTheWins
    let product = first.count * second.count
    u = Double(twiceU) / 2
    probabilityOfSuperiority = u / Double(product)
    // The larger of U and its mirror image, as it lies in the upper tail.
    let upper = Double(max(twiceU, 2 * product - twiceU)) / 2
    let tail = max(first.count, second.count) <= Self.exactLimit && ranks.multiplicities.allSatisfy { $0 == 1 }
    exactTwoSidedP =
      tail ? min(1, 2 * RankOrders(first.count, second.count).probability(ofAtLeast: Int(upper))) : nil
    let count = Double(first.count + second.count)
    let ties = ranks.multiplicities.reduce(0.0) { $0 + gsl_pow_3(Double($1)) - Double($1) }
    let variance = Double(product) / 12 * (count + 1 - ties / (count * (count - 1)))
    let excess = upper - Double(product) / 2 - 0.5
    normalTwoSidedP =
      ranks.multiplicities.count > 1 ? min(1, 2 * gsl_cdf_ugaussian_Q(excess / variance.squareRoot())) : nil
  }
}

/// The distribution of U when all orders of m + n different values are equally probable.
///
/// The largest value belongs to the first arm with probability m / (m + n), and is then larger than all n of the second:
/// p(u; m, n) = m/(m + n) p(u - n; m - 1, n) + n/(m + n) p(u; m, n - 1). Nothing is subtracted, so nothing cancels.
///
/// Source: Mann and Whitney, 1947, equation (3), as probabilities.
struct RankOrders {
  /// The probability of each U from 0 to m n.
  let probabilities: [Double]

  /// - Complexity: O(m² n²) time, O(m n²) room.
  init(_ first: Int, _ second: Int) {
    let room = first * second + 1
    // The distributions for one m and all n from 0 on; without a first arm U is 0.
    var rows = Array(repeating: [1] + Array(repeating: 0.0, count: room - 1), count: second + 1)
    for m in 0..<first {
      for n in 1...second {
        let share = Double(m + 1) / Double(m + 1 + n)
        var row = rows[n - 1].map { $0 * (1 - share) }
        for u in n..<max(n, min(room, (m + 1) * n + 1)) { row[u] += share * rows[n][u - n] }
        rows[n] = row
      }
    }
    probabilities = rows[second]
  }

  /// The probability of at least some U.
  func probability(ofAtLeast u: Int) -> Double { probabilities[u...].reversed().reduce(0, +) }
}
