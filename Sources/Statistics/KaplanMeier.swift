// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation
import Numerics

/// The time of one run to a target, or how long it ran without reaching it.
package struct TimeToTarget: Sendable, Equatable {
  /// When the target was reached, or when the run ended without it.
  package let time: Double
  /// Whether the target was reached.
  package let isReached: Bool

  package init(_ time: Double, isReached: Bool) {
    self.time = time
    self.isReached = isReached
  }
}

/// The Kaplan-Meier curve: the share of runs that have not reached the target, with runs that ended early counted for
/// as long as they ran. At equal times targets come before ends.
///
/// Source: Kaplan and Meier, "Nonparametric estimation from incomplete observations", 1958.
package struct KaplanMeier: Sendable, Equatable {
  /// One step of the curve.
  package struct Step: Sendable, Equatable {
    /// When at least one run reached the target.
    package let time: Double
    /// How many runs had neither reached the target nor ended just before.
    package let atRisk: Int
    /// How many reached it at this time.
    package let reached: Int
    /// The share that has not reached it, from this time on.
    package let survival: Double
    /// The sum of reached / (at risk × not reached) so far, in Greenwood's formula; infinite once all have reached it.
    package let greenwoodSum: Double

    /// The standard error of the survival by Greenwood's formula; nothing once all have reached the target.
    package var standardError: Double? { survival > 0 ? survival * greenwoodSum.squareRoot() : nil }
  }

  /// The steps of the curve in the order of time.
  package let steps: [Step]
  /// The number of runs.
  package let count: Int
  /// The time from which at most half of the runs have not reached the target; nothing if that never comes.
  ///
  /// It is found in whole numbers: a product of fractions can rest a rounding error above one half.
  package let median: Double?

  /// The curve of some runs; nothing if there are none or a time is infinite or not a number.
  package init?(_ runs: [TimeToTarget]) {
    guard !runs.isEmpty, runs.allSatisfy(\.time.isFinite) else { return nil }
    let sorted = runs.sorted { $0.time < $1.time }
    var steps: [Step] = []
    var median: Double?
    var exact = ExactShare()
    var greenwoodSum = 0.0
    var index = 0
    while index < sorted.count {
      let time = sorted[index].time
      let atRisk = sorted.count - index
      var reached = 0
      while index < sorted.count, sorted[index].time == time {
        if sorted[index].isReached { reached += 1 }
        index += 1
      }
      guard reached > 0 else { continue }
      exact.multiply(by: atRisk - reached, over: atRisk)
      greenwoodSum += Double(reached) / (Double(atRisk) * Double(atRisk - reached))
      let survival = (steps.last?.survival ?? 1) * Double(atRisk - reached) / Double(atRisk)
      steps.append(
        Step(time: time, atRisk: atRisk, reached: reached, survival: survival, greenwoodSum: greenwoodSum))
      if median == nil, exact.isAtMostOneHalf { median = time }
    }
    self.steps = steps
    self.median = median
    count = runs.count
  }

  /// The area under the curve up to a time: the mean time to target of runs that are stopped there.
  ///
  /// Beyond the longest run the curve keeps its last value.
  package func restrictedMean(upTo restriction: Double) -> Double {
    var area = 0.0
    var start = 0.0
    var survival = 1.0
    for step in steps where step.time < restriction {
      area += survival * (step.time - start)
      start = step.time
      survival = step.survival
    }
    return area + survival * (restriction - start)
  }

  /// Where the bounds of the curve's log(-log) interval pass one half: an interval for the median.
  ///
  /// A bound is nothing if its curve never comes down to one half. Once all runs have reached the target Greenwood's
  /// formula is undefined and nothing is read, so a single run has no interval.
  ///
  /// Source: Brookmeyer and Crowley, "A confidence interval for the median survival time", 1982.
  ///
  /// - Parameter level: the confidence level, above 0 and below 1.
  package func medianInterval(level: Double = 0.95) -> (low: Double?, high: Double?) {
    precondition(level > 0 && level < 1, "A confidence level lies between 0 and 1.")
    _ = numericsPrepared
    let z = gsl_cdf_ugaussian_Qinv((1 - level) / 2)
    var low: Double?
    var high: Double?
    for step in steps where step.survival > 0 {
      let exponent = z * step.greenwoodSum.squareRoot() / log(step.survival)
      // The logarithm is negative, so the first of the two is the lower bound of the curve.
      if low == nil, pow(step.survival, exp(-exponent)) <= 0.5 { low = step.time }
      if high == nil, pow(step.survival, exp(exponent)) <= 0.5 { high = step.time }
    }
    return (low, high)
  }
}
