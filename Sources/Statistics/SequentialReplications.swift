// SPDX-License-Identifier: GPL-3.0-or-later

/// How many replications a wanted precision takes when they are added one by one.
///
/// They stop at the first n from some minimum on with half width / |mean| ≤ g / (1 + g): then the mean errs by at most
/// the share g of the true one, about as often as the interval's level says.
///
/// Source: Law, "Simulation modeling and analysis", 2015, section 9.4.1.
package struct SequentialReplications: Sendable, Equatable {
  /// How many replications the precision took; nothing if all of them are too few.
  package let stoppedAt: Int?
  /// The mean of those with Student's interval; of all if they are too few.
  package let interval: TInterval

  /// Goes through replications in their order; nothing if there are none.
  ///
  /// - Parameters:
  ///   - values: one value of each replication.
  ///   - relativePrecision: g, above 0.
  ///   - minimum: how many replications at least; fewer than two never are enough.
  ///   - level: the confidence level, above 0 and below 1.
  /// - Complexity: O(n²).
  package init?(of values: [Double], relativePrecision: Double, minimum: Int, level: Double = 0.95) {
    guard let all = TInterval(of: values, level: level) else { return nil }
    for count in stride(from: max(2, minimum), through: values.count, by: 1) {
      guard let interval = TInterval(of: Array(values[..<count]), level: level) else { continue }
      if interval.isPrecise(relativePrecision) {
        (stoppedAt, self.interval) = (count, interval)
        return
      }
    }
    (stoppedAt, interval) = (nil, all)
  }

  /// Whether replications may stop here: whether all of these together have the wanted precision.
  ///
  /// Equal values do, zeros included; a value that is infinite or not a number never does.
  ///
  /// - Parameters: as of `init`.
  package static func isPrecise(
    _ values: [Double], relativePrecision: Double, minimum: Int, level: Double = 0.95
  ) -> Bool {
    guard values.count >= minimum, let interval = TInterval(of: values, level: level) else { return false }
    return interval.isPrecise(relativePrecision)
  }
}

extension TInterval {
  /// Whether the half width is at most the share g / (1 + g) of the mean; not without an interval.
  fileprivate func isPrecise(_ relativePrecision: Double) -> Bool {
    precondition(relativePrecision > 0, "A relative precision is above zero.")
    return halfWidth.map { $0 <= abs(mean) * (relativePrecision / (1 + relativePrecision)) } ?? false
  }
}
