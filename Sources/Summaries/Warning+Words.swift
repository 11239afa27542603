// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

extension Warning {
  /// What is the matter, one sentence.
  package var message: String { Self.sentence([self]) }

  /// What is the matter with all of these, which say the same of one or several.
  static func sentence(_ warnings: [Warning]) -> String {
    guard let first = warnings.first else { return "" }
    let subjects = warnings.compactMap(\.subject)
    let predicate = first.predicate(ofOne: subjects.count <= 1 && (first.subject?.isOne ?? true))
    return subjects.isEmpty ? predicate : "\(WarningSubject.text(subjects)) \(predicate)"
  }

  /// Whom it is about, where the same may be said of several; nothing where the sentence stands alone.
  var subject: WarningSubject? {
    switch self {
    case .censored(let arm, let runs, let all, _, _), .budgetSpent(let arm, let runs, let all, _),
      .notSettled(let arm, _, let runs, let all), .metAtStart(let arm, let runs, let all, _),
      .nobodyUp(let arm, let runs, let all, _), .cutShort(let arm, let runs, let all, _):
      .runs(runs, of: all, arm: arm)
    case .stalled(let arm, let runs, _), .diverged(let arm, let runs, _), .massLost(let arm, let runs),
      .coarseGrid(let arm, let runs, _):
      .runs(runs, of: nil, arm: arm)
    case .soonerButLessAccurate(let arm, _, _), .copies(let arm, _), .fewMeasurements(let arm, _, _),
      .manyEvents(let arm, _, _), .timeoutWithoutUse(let arm):
      .arm(arm)
    case .saturated(let arm, _): .link(arm: arm)
    default: nil
    }
  }

  /// The sentence after its subject.
  func predicate(ofOne isOne: Bool) -> String {
    let censored = isOne ? "it is censored, not averaged." : "they are censored, not averaged."
    switch self {
    case .censored(_, _, _, let target, let until):
      return "never reached \(target) within \(humanDuration(until)): \(censored)"
    case .budgetSpent(_, _, _, let target): return "spent the budget before reaching \(target): \(censored)"
    case .stalled: return "stalled: nobody could proceed any more."
    case .diverged(_, _, let metric):
      return metric.divergesBeyond ?? .infinity < .infinity
        ? "diverged: the final error is not finite, or a million times the first."
        : "diverged: \(metric.title)s or parameters are not finite."
    case .massLost:
      return "diverged: plain push-sum loses mass with every message that is lost, so that no step size is stable."
    case .metAtStart(_, _, _, let target):
      return "met the target, \(target), at time 0, before agents had learnt anything: that tells nothing of them."
    case .nobodyUp(_, _, _, let metric):
      let leaving = "\(isOne ? "it is" : "they are") left out of the final \(metric.title)."
      return "had nobody up at the end: \(leaving)"
    case .cutShort(_, _, _, let target):
      return "ended beyond \(target), but with fewer than three measurements in a row there, as many as count as "
        + "having reached it: whether and when \(isOne ? "it" : "they") did is not known."
    case .fewMeasurements(_, let points, let needed):
      return "\(isOne ? "is" : "are") measured \(counted(points, "time")), too seldom to reach a target: that takes "
        + "\(needed) measurements in a row."
    case .copies(_, let runs):
      return "\(isOne ? "has" : "have") nothing random: the \(runs) replications \(isOne ? "" : "of each ")are copies "
        + "of one run, which says as much alone, and so there are no intervals."
    case .coarseGrid(_, _, let every):
      return "reached the target by the first measurement, \(humanDuration(every)) after the start: the grid is too "
        + "coarse to tell when."
    case .manyEvents(_, let events, _):
      return "\(isOne ? "makes" : "make") about \(humanCount(events)) events in each run, at some million a second."
    // A link that carries nothing counts as one that carries next to nothing.
    case .saturated(_, let utilisation) where utilisation > 1e6:
      return "\(isOne ? "carries" : "carry") next to nothing, so messages wait or are superseded."
    case .saturated(_, let utilisation):
      return
        "\(isOne ? "is" : "are") offered \(trimmed(utilisation)) times what \(isOne ? "it" : "they") can carry, so "
        + "messages wait or are superseded."
    case .notSettled(_, let metric, _, _):
      return "had not settled: half of the time or more is warm-up (MSER-5), and the last "
        + (metric.sense == .less ? "fifth still falls" : "fifth is not level with the one before")
        + ", so the final \(metric.title) is not that of a steady state."
    case .timeoutWithoutUse:
      return
        "\(isOne ? "has" : "have") a peer-timeout and the missing-neighbour rule wait, so agents wait in spite of it."
    case .soonerButLessAccurate(_, let other, let metric): return trade(with: other, metric, ofOne: isOne)
    default: return ownSentence
    }
  }

  private func trade(with other: String, _ metric: MetricDefinition, ofOne isOne: Bool) -> String {
    let isSooner = "\(isOne ? "is" : "are") sooner than \(other), but "
    guard metric.scale != .decibels else {
      return isSooner
        + "less accurate: a larger step size alone would do that, so \(isOne ? "the two" : "they") are not "
        + "yet compared on equal terms."
    }
    return isSooner
      + "\(isOne ? "its" : "their") final \(metric.title) is \(metric.sense == .more ? "lower" : "higher"): which is better "
      + "depends on the \(metric.title) that is asked for, and larger step sizes may do the same."
  }

  /// The sentences that are said once.
  private var ownSentence: String {
    switch self {
    case .fewReplications(let arm, let runs):
      "\(arm) has \(counted(runs, "replication")): with fewer than 10 an interval "
        + "is not to be trusted."
    case .networksDiffer: "the arms run on different networks, one of each kind: another draw may turn out otherwise."
    case .endsNothing(let event, let what):
      "\(event) ends nothing: no \(what) of the timeline comes before it."
    case .idlePreset(let name, let key, let overruler):
      "preset \(name) of \(key) says nothing: \(overruler) is set in the scenario, which comes before presets."
    case .burstsOfMessages:
      "bursts last so many messages, and the arms send at different rates: in time they last longer in one than in another."
    case .targetsDiffer: "the arms have different targets, so their times are not compared."
    case .horizonsDiffer:
      "the arms run for different virtual times, so what they end with is not compared at one time."
    case .incomplete(let runs, let all):
      "only \(runs) of \(counted(all, "run")) \(all == 1 ? "is" : "are") there; comparisons use the replications that both arms have."
    case .failed(let runs, let all, let error):
      "\(runs) of \(counted(all, "run")) failed and \(runs == 1 ? "is" : "are") in no number here: \(error)"
    case .shard(let part):
      "this is shard \(part) of the study: arms are compared by the runs that it holds."
    case .machinesDiffer(let differences):
      "runs were made on machines or by programs with another \(listed(differences)): the last bits of numbers may "
        + "differ."
    case .bestEndsWorse(let cell, let other, let metric):
      "\(cell) is the best by its time to the target, and ends with "
        + (metric.sense == .more ? "a lower " : "a larger ") + "\(metric.title) than \(other)."
    case .notMatched(let arm, let reason, _):
      "\(arm) is not compared at an equal final error: \(reason)."
    case .notPrecise(let arm, let metric, let precision, let replications, _):
      "after \(counted(replications, "replication")), as many as --at-most allows, the \(metric) of \(arm) is known within "
        + "\(PrecisionReport.text(precision)) only."
    case .neverPrecise(let arm, let metric):
      "the \(metric) of \(arm) is not finite in every run, and more replications would not help."
    default: ""
    }
  }
}

/// Whom a warning is about.
enum WarningSubject: Equatable {
  /// Some runs of an arm, of all or of as many as are not said.
  case runs(Int, of: Int?, arm: String)
  case arm(String)
  /// The busiest link of an arm.
  case link(arm: String)

  /// Whether one thing is spoken of.
  var isOne: Bool {
    if case .runs(let runs, _, _) = self { runs == 1 } else { true }
  }

  /// Which of them stand together: those of one kind.
  var kind: String {
    switch self {
    case .runs(_, let all, _): all == nil ? "some runs" : "runs"
    case .arm: "arm"
    case .link: "link"
    }
  }

  private var arm: String {
    switch self {
    case .runs(_, _, let arm), .arm(let arm), .link(let arm): arm
    }
  }

  /// The most arms that are named; of more, the last ones are counted.
  private static let mostNamed = 6

  /// Several of one kind: `5 of 6 runs of A, 4 of 6 of B and 6 of 6 of C`.
  static func text(_ subjects: [WarningSubject]) -> String {
    guard let first = subjects.first else { return "" }
    let named = subjects.count > mostNamed ? Array(subjects.prefix(mostNamed - 1)) : subjects
    let rest = Array(subjects.dropFirst(named.count))
    switch first {
    case .runs(let runs, let all, _):
      let noun = plural(all ?? runs, "run")
      let parts = named.enumerated().map { place, subject in
        "\(subject.countText)\(place == 0 ? " \(noun)" : "") of \(subject.arm)"
      }
      return listed(parts + (rest.isEmpty ? [] : ["\(total(rest)) of \(counted(rest.count, "other"))"]))
    case .arm: return listed(named.map(\.arm) + (rest.isEmpty ? [] : ["\(counted(rest.count, "other"))"]))
    case .link:
      let arms = listed(named.map(\.arm) + (rest.isEmpty ? [] : ["\(counted(rest.count, "other"))"]))
      return "the busiest \(plural(subjects.count, "link")) of \(arms)"
    }
  }

  /// `5 of 6`, or `5`.
  private var countText: String {
    guard case .runs(let runs, let all, _) = self else { return "" }
    return "\(runs)" + (all.map { " of \($0)" } ?? "")
  }

  private static func total(_ subjects: [WarningSubject]) -> String {
    var (runs, all) = (0, 0)
    for case .runs(let own, let known, _) in subjects { (runs, all) = (runs + own, all + (known ?? 0)) }
    return "\(runs)" + (all > 0 ? " of \(all)" : "")
  }
}

/// What is to be read of one warning, or of several that say the same of different arms.
package struct Caution: Sendable, Encodable, Equatable {
  package let message: String
  package let remedy: String
}

extension [Warning] {
  /// One for all that say the same, and that the same is to be done about, at the place of the first.
  package var cautions: [Caution] {
    var groups: [(key: [String], warnings: [Warning])] = []
    for warning in self {
      let key = warning.subject.map { [$0.kind, warning.predicate(ofOne: false), warning.remedy] }
      if let key, let place = groups.firstIndex(where: { $0.key == key }) {
        groups[place].warnings.append(warning)
      } else {
        groups.append((key ?? [], [warning]))
      }
    }
    return groups.map { Caution(message: Warning.sentence($0.warnings), remedy: $0.warnings[0].remedy) }
  }
}
