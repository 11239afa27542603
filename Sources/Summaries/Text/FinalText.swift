// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

extension ArmSummary.Final {
  /// `-41.6 dB` or `196.2`.
  package var levelText: String { runsWithNobodyUp == nil ? definition.scale.text(mean) : "nobody up" }

  /// `[-41.8, -41.5]` or `[195.1, 197.0]`; empty where there is none.
  package var intervalText: String { interval.map { definition.scale.text($0, of: mean) } ?? "" }

  /// How it is said that an arm ends so, as after a name: `ends at MSD -41.6 dB [-41.8, -41.5]`.
  var deed: String {
    if let runsWithNobodyUp {
      return "ends with nobody up in \(counted(runsWithNobodyUp, "run"))"
    }
    guard mean.isFinite else { return "diverges" }
    let title = definition.title
    let place = definition.scale == .decibels ? "at \(title)" : "with \(withArticle(title)) of"
    return "ends \(place) \(levelText)" + (intervalText.isEmpty ? "" : " " + intervalText)
  }

  /// What to sort arms by, the best first; what is not finite comes last.
  var rank: Double { definition.rank(mean) }
}

extension Comparison.Final {
  /// A size without a sign: `0.5 dB` or `2.1`.
  func sizeText(_ size: Double) -> String {
    isRatio ? humanDecibels(abs(size)) : definition.scale.text(abs(size))
  }

  /// `0.5 dB [0.3, 0.7]` or `2.1 [0.5, 3.9]` without signs: the sentence says which way.
  var gapText: String {
    let bounds = deficitInterval.map { deficit > 0 ? $0 : $0.negated }
    return sizeText(deficit)
      + (bounds.map { " " + definition.scale.differenceText($0, of: deficit) } ?? "")
  }

  /// How it is said that the arm ends otherwise than another one: `ends 0.5 dB [0.3, 0.7] better`. Decibels from zero
  /// to rounding tell of the rounding only.
  var clause: String {
    guard isToRounding ?? false else { return "ends \(gapText) \(word)" }
    return deficit < 0
      ? "comes to zero to rounding and so ends better" : "does not come to zero to rounding and so ends worse"
  }

  /// Which way this arm differs.
  var word: String {
    if isRatio { return deficit > 0 ? "worse" : "better" }
    return (deficit > 0) == (definition.sense == .more) ? "lower" : "higher"
  }
}

extension ArmSummary.ToTarget {
  /// `12.3 s`, or `at least 29.1 s` where half of the runs never reached the target.
  package var medianText: String {
    medianTime.map(humanDuration) ?? "at least \(humanDuration(medianAtLeast ?? restrictedTo))"
  }

  /// The interval of a median that was reached; else empty, as its lower end says all.
  package var intervalText: String { medianTime == nil ? "" : interval.map(humanDurations) ?? "" }

  /// What the runs did: `reaches -30 dB in 12.3 s [11.9, 12.8 s] (in 20 of 20 runs)`.
  func deed(_ target: String) -> String {
    let share = "in \(reached) of \(counted(runs, "run"))"
    if let medianTime {
      let interval = intervalText.isEmpty ? "" : " " + intervalText
      return "reaches \(target) in \(humanDuration(medianTime))\(interval) (\(share))"
    }
    guard reached == 0 else { return "reaches \(target) only \(share)" }
    return cutShort == nil
      ? "does not reach \(target) within \(humanDuration(restrictedTo))"
      : "is measured too seldom to tell when it reaches \(target)"
  }
}
