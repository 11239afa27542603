// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// The log-rank test of the times to target of two arms that are not paired: whether one reaches it sooner.
///
/// Source: Mantel, "Evaluation of survival data and two new rank order statistics arising in its consideration", 1966.
package struct LogRank: Sendable, Equatable {
  /// How many runs of the first arm reached the target.
  package let observed: Int
  /// How many would have if the arms did not differ, given who was still on the way at each time.
  package let expected: Double
  /// The square of observed minus expected over its variance.
  package let chiSquared: Double
  /// The probability of a value at least as large if the arms do not differ: χ² with one degree of freedom.
  package let p: Double

  /// The degrees of freedom of the test.
  package var degreesOfFreedom: Int { 1 }

  /// Compares two arms. Nothing if one is empty, if a time is infinite or not a number, and if at no time a run reached
  /// the target while runs of both arms were on the way and could have.
  package init?(_ first: [TimeToTarget], _ second: [TimeToTarget]) {
    guard !first.isEmpty, !second.isEmpty, (first + second).allSatisfy(\.time.isFinite) else { return nil }
    _ = numericsPrepared
    let runs = (first.map { (run: $0, isFirst: true) } + second.map { (run: $0, isFirst: false) })
      .sorted { $0.run.time < $1.run.time }
    var atRisk = (all: runs.count, first: first.count)
    var observed = 0
    var expected = 0.0
    var variance = 0.0
    var index = 0
    while index < runs.count {
      let time = runs[index].run.time
      var left = (all: 0, first: 0)
      var reached = (all: 0, first: 0)
      while index < runs.count, runs[index].run.time == time {
        let (run, isFirst) = runs[index]
        left.all += 1
        if isFirst { left.first += 1 }
        if run.isReached { reached.all += 1 }
        if run.isReached, isFirst { reached.first += 1 }
        index += 1
      }
      observed += reached.first
      let share = Double(atRisk.first) / Double(atRisk.all)
      expected += Double(reached.all) * share
      // The hypergeometric variance; a last run that is alone on the way has none.
      if atRisk.all > 1 {
        variance +=
          Double(reached.all) * share * (1 - share) * Double(atRisk.all - reached.all) / Double(atRisk.all - 1)
      }
      atRisk.all -= left.all
      atRisk.first -= left.first
    }
    guard variance > 0 else { return nil }
    self.observed = observed
    self.expected = expected
    chiSquared = gsl_pow_2(Double(observed) - expected) / variance
    p = gsl_cdf_chisq_Q(chiSquared, 1)
  }
}
