// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics

/// Below this an adjusted p-value shows a difference.
let significanceLevel = 0.05

/// The tests of a study that stand or fall together.
///
/// The verdict is about the arm that turned out soonest, which the data choose. So that whatever it says holds with
/// 95 % all the same, the family has every pair of arms, once by the time to target (if there is one) and once by the
/// final error, and Holm's procedure keeps the chance of a single false claim in it below 5 %. With more than
/// `mostForAllPairs` arms only comparisons with one base arm are made: the first, or the one to which others were
/// matched. Of a fork each branch is compared with the run as it was, and with nothing else. Tests that cannot be made stay
/// in the family, with a p-value of one.
package struct TestFamily: Sendable, Codable, Equatable {
  /// The largest number of arms of which all pairs are compared.
  package static let mostForAllPairs = 8

  /// The arm with which all others are compared; nothing where all pairs are, or branches of several arms with theirs.
  package var base: String?
  /// `time-to-target` and the final metric.
  package var metrics: [String]
  /// How many tests there are.
  package var tests: Int
  /// The probability of a false claim in the family.
  package var level: Double
  package var method: String

  /// The family of a study.
  ///
  /// - Parameters:
  ///   - arms: those that have runs.
  ///   - base: the arm with which the others are compared where there are many.
  init(arms: Int, base: String, metric: String, hasTarget: Bool) {
    let isForAllPairs = arms <= Self.mostForAllPairs
    self.init(
      pairs: isForAllPairs ? arms * (arms - 1) / 2 : arms - 1, base: isForAllPairs ? nil : base, metric: metric,
      hasTarget: hasTarget)
  }

  /// The family of a fork.
  ///
  /// - Parameter origins: of each branch that has runs the arm that is as it was.
  init(branchesOf origins: [String], metric: String, hasTarget: Bool) {
    self.init(
      pairs: origins.count, base: Set(origins).count == 1 ? origins[0] : nil, metric: metric, hasTarget: hasTarget)
  }

  private init(pairs: Int, base: String?, metric: String, hasTarget: Bool) {
    self.base = base
    metrics = (hasTarget ? ["time-to-target"] : []) + [metric]
    tests = max(1, pairs * metrics.count)
    level = significanceLevel
    method = "holm"
  }
}

extension [Comparison] {
  /// Adjusts the p-values of times and final errors for all of them together.
  mutating func adjust(for family: TestFamily) {
    let times = map { $0.time?.p ?? .nan }
    let finals = map { $0.final?.p ?? .nan }
    let missing = Array<Double>(repeating: .nan, count: Swift.max(0, family.tests - family.metrics.count * count))
    let values = (family.metrics.count > 1 ? times : []) + finals + missing
    let adjusted = HolmAdjustment(values).adjusted
    let offset = family.metrics.count > 1 ? count : 0
    for index in indices {
      if offset > 0, self[index].time?.p != nil { self[index].time?.adjustedP = adjusted[index] }
      if self[index].final?.p != nil { self[index].final?.adjustedP = adjusted[offset + index] }
    }
  }
}
