// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Results

/// What arms cost at one final error, to which the step sizes of all but one were tuned on pilot replications.
package struct MatchedStudy: Sendable, Encodable, Equatable {
  package struct Arm: Sendable, Encodable, Equatable {
    package var name: String
    /// By which its step size was multiplied.
    package var factor: Double
    /// The final error in the reported runs; decibels of a linear mean.
    package var final: ArmSummary.Final?
    /// That over the reference's, in decibels; nothing for the reference itself.
    package var difference: Comparison.Estimate?
    /// The smallest margin within which the arm and the reference are equivalent at 5 % (two one-sided tests), in
    /// decibels: the farther end of the interval of the difference, which is of 95 % and so errs on the safe side.
    package var equivalentWithin: Double?
    /// Nothing if the arm is compared as one of equal error; else why not, without a full stop.
    package var reason: String?
  }

  package var metric: String
  package var reference: String
  /// The level of the reference on the pilots, to which the others were brought, in decibels.
  package var level: Double
  /// Decibels by which arms may miss it on the pilots.
  package var tolerance: Double
  package var pilots: Int
  /// In the order of the study; the reference among them.
  package var arms: [Arm]

  /// The arms that are compared as ones of equal error, without the reference.
  package var comparable: [Arm] { arms.filter { $0.reason == nil && $0.name != reference } }

  /// Nothing if the study's step sizes were not tuned.
  init?(header: StudyHeader, arms: [ArmSummary], comparisons: [Comparison]) {
    guard let tuning = header.tuning else { return nil }
    metric = tuning.metric
    reference = tuning.reference
    level = decibels(ofPower: tuning.level)
    tolerance = tuning.tolerance
    pilots = tuning.pilots.count
    self.arms = arms.compactMap { arm in
      tuning.arms.first { $0.name == arm.name }.map { Arm($0, arm, of: tuning, comparisons) }
    }
  }
}

extension MatchedStudy.Arm {
  fileprivate init(_ tuned: Tuning.Arm, _ arm: ArmSummary, of tuning: Tuning, _ comparisons: [Comparison]) {
    name = tuned.name
    factor = tuned.factor
    final = arm.final(tuning.metric)
    let compared = comparisons.comparison(tuned.name, with: tuning.reference)?.final
    let isComparable = compared?.metric == tuning.metric && !(compared?.isToRounding ?? false)
    let against = isComparable ? compared : nil
    difference = against.flatMap { final in
      final.decibels.map { Comparison.Estimate(value: $0, interval: final.decibelsInterval) }
    }
    equivalentWithin = difference?.interval.map { max(abs($0.lower), abs($0.upper)) }
    reason = nil
    if tuned.name == tuning.reference { return }
    if !tuned.isMatched {
      let miss = decibels(ofPower: tuned.level / tuning.level)
      reason =
        miss.isFinite
        ? "its pilots stayed \(humanDecibels(abs(miss))) \(miss > 0 ? "above" : "below") the level in "
          + counted(tuned.attempts.count, "try", "tries") : "its pilots diverged"
    } else if arm.runs == 0 {
      reason = "it has no finished run"
    } else if let difference, let interval = difference.interval, !interval.contains(0),
      abs(difference.value) > tuning.tolerance, against?.isShown ?? false
    {
      reason =
        "its reported runs end \(humanDecibels(abs(difference.value))) "
        + "\(difference.value > 0 ? "above" : "below") the reference"
    } else if difference == nil {
      reason = "its final error cannot be compared"
    }
  }
}
