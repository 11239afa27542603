// SPDX-License-Identifier: GPL-3.0-or-later

/// How probably a value of one arm lies below one of the other, ties counting one half: the share of all pairs of
/// values, with Wilson's interval of 95 % for so many trials as its variance says.
///
/// The variance comes from the placements of single values among those of the other arm; in pairs the two placements of
/// a pair are added first, as they depend on each other. Trials are at most as many as there are values, and no more
/// than runs of one arm where all pairs agree, which leaves no variance. Student's quantile takes the place of the
/// normal one.
///
/// Source: Sen, "A note on asymptotically distribution-free confidence bounds for P{X < Y}", 1967 (placements); Wilson,
/// "Probable inference, the law of succession, and statistical inference", 1927.
package struct ImprovementEstimate: Sendable, Equatable {
  package let share: Double
  /// The bounds; nothing where an arm has a single value.
  package let low: Double?
  package let high: Double?

  /// Compares two arms; infinite values take their place in the order. Nothing if an arm is empty or a value is not a
  /// number.
  ///
  /// - Parameters:
  ///   - first: the values of one arm.
  ///   - second: those of the other; where arms are paired, on the same seeds in the same order.
  ///   - arePaired: whether they are.
  package init?(_ first: [Double], below second: [Double], arePaired: Bool) {
    precondition(!arePaired || first.count == second.count, "Paired values come in equal numbers.")
    guard !first.isEmpty, !second.isEmpty, !(first + second).contains(where: \.isNaN) else { return nil }
    let ranks = JointRanks(first, second)
    let places = ranks.multiplicities.count
    let above = placements(of: ranks.first, below: ranks.second, places: places)
    let under = placements(of: ranks.second, below: ranks.first, places: places).map { 1 - $0 }
    let own = SampleCumulants(above)
    share = own.mean
    guard first.count > 1, second.count > 1 else {
      (low, high) = (nil, nil)
      return
    }
    let pivot =
      arePaired
      ? SampleCumulants(zip(above, under).map(+)).pivot : own.pivot(minus: -1, times: SampleCumulants(under))
    let fewer = Double(min(first.count, second.count))
    let variance = share * (1 - share)
    let known = pivot.error > 0 ? variance / (pivot.error * pivot.error) : .infinity
    let trials = variance > 0 ? min(known, Double(first.count + second.count)) : fewer
    let square = pivot.quantile * pivot.quantile / trials
    let center = (share + square / 2) / (1 + square)
    let halfWidth = (square * (variance + square / 4)).squareRoot() / (1 + square)
    (low, high) = (max(0, center - halfWidth), min(1, center + halfWidth))
  }
}

/// Which share of other values lies above each value, ties counting one half.
private func placements(of own: [Int], below others: [Int], places: Int) -> [Double] {
  var counts = Array(repeating: 0, count: places)
  for place in others { counts[place] += 1 }
  // Twice the number of other values above each place, and half of those at it.
  var twiceAbove = counts
  var sum = 0
  for place in counts.indices.reversed() {
    twiceAbove[place] = 2 * sum + counts[place]
    sum += counts[place]
  }
  return own.map { Double(twiceAbove[$0]) / Double(2 * others.count) }
}
