// SPDX-License-Identifier: GPL-3.0-or-later

/// Several tests at once: their p-values raised so that with probability 1 - α no true hypothesis is rejected at α,
/// however the tests depend on each other.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.
package struct HolmAdjustment: Sendable, Equatable {
  /// The adjusted values in the order in which the tests were given: of the k-th smallest of m the largest
  /// (m - j + 1) pⱼ with j at most k, at most 1.
  package let adjusted: [Double]

  /// Adjusts the values of some tests, which may be none.
  ///
  /// - Parameter values: probabilities. What is not a number counts as 1: a test that says nothing.
  package init(_ values: [Double]) {
    let values = values.map { $0.isNaN ? 1 : $0 }
    var adjusted = values
    var largest = 0.0
    let order = values.indices.sorted { values[$0] < values[$1] }
    for (place, index) in order.enumerated() {
      largest = max(largest, Double(values.count - place) * values[index])
      adjusted[index] = min(1, largest)
    }
    self.adjusted = adjusted
  }

  /// Which hypotheses are rejected: those whose adjusted value is at most `alpha`.
  package func rejected(at alpha: Double) -> [Bool] { adjusted.map { $0 <= alpha } }
}
