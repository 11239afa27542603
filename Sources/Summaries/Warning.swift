// SPDX-License-Identifier: GPL-3.0-or-later
import Results

/// What to beware of in a summary; every case says what to do about it.
package enum Warning: Sendable, Equatable {
  /// Runs that never reached the target.
  case censored(arm: String, runs: Int, of: Int, target: String, until: Double)
  case fewReplications(arm: String, runs: Int)
  /// Runs in which nobody could proceed any more.
  case stalled(arm: String, runs: Int)
  /// Runs whose final error is not finite or has grown a millionfold.
  case diverged(arm: String, runs: Int)
  /// Runs of agents that act in which a return or a parameter is not finite.
  case returnsDiverged(arm: String, runs: Int)
  /// A link is offered more bytes than it carries.
  case saturated(arm: String, utilisation: Double)
  /// The target was reached before the grid could tell when.
  case coarseGrid(arm: String, runs: Int, every: Double)
  case networksDiffer
  case targetsDiffer
  /// Arms end at different virtual times, so their final errors or returns are not of one age.
  case horizonsDiffer
  /// Runs that spent their budget before they reached the target.
  case budgetSpent(arm: String, runs: Int, of: Int, target: String)
  /// Some replications are missing in one arm or the other.
  case incomplete(runs: Int, of: Int)
  /// Runs that could not be carried to their end; with what the first of them said.
  case failed(runs: Int, of: Int, error: String)
  /// The file holds a part of the study.
  case shard(String)
  /// Runs were made by programs or processors that may differ in the last bits.
  case machinesDiffer(differences: [String])
  /// More than half of an arm's runs spent half of their time or more on warming up, and they fall to the end; returns
  /// fall or rise.
  case notSettled(arm: String, metric: String, runs: Int, of: Int)
  /// Shown sooner and shown less accurate, or lower in return; with the metric of the end.
  case soonerButLessAccurate(arm: String, other: String, metric: String)
  /// The step size of an arm was tuned, and the arm yet ends elsewhere than the reference; with the pilots so far.
  case notMatched(arm: String, reason: String, pilots: Int)
  /// The replications ran out before a mean was as precise as asked for.
  case notPrecise(arm: String, metric: String, precision: Double, replications: Int, needed: Int)
  /// A mean that no number of replications makes precise.
  case neverPrecise(arm: String, metric: String)

  /// What is the matter, one sentence.
  package var message: String {
    switch self {
    case .censored(let arm, let runs, let of, let target, let until):
      "\(count(runs, of: of)) of \(arm) never reached \(target) within \(humanDuration(until)): "
        + (runs == 1 ? "it is censored, not averaged." : "they are censored, not averaged.")
    case .fewReplications(let arm, let runs):
      "\(arm) has \(runs) \(runs == 1 ? "replication" : "replications"): with fewer than 10 an interval "
        + "is not to be trusted."
    case .stalled(let arm, let runs):
      "\(count(runs)) of \(arm) stalled: nobody could proceed any more."
    case .diverged(let arm, let runs):
      "\(count(runs)) of \(arm) diverged: the final error is not finite, or a million times the first."
    case .returnsDiverged(let arm, let runs):
      "\(count(runs)) of \(arm) diverged: returns or parameters are not finite."
    case .saturated(let arm, let utilisation):
      "the busiest link of \(arm) is offered \(trimmed(utilisation)) times what it can carry, so messages wait or "
        + "are superseded."
    case .coarseGrid(let arm, let runs, let every):
      "\(count(runs)) of \(arm) reached the target by the first measurement, \(humanDuration(every)) after the start: "
        + "the grid is too coarse to tell when."
    case .networksDiffer: "the arms run on different networks, one of each kind: another draw may turn out otherwise."
    case .targetsDiffer: "the arms have different targets, so their times are not compared."
    case .horizonsDiffer:
      "the arms run for different virtual times, so what they end with is not compared at one time."
    case .budgetSpent(let arm, let runs, let of, let target):
      "\(count(runs, of: of)) of \(arm) spent the budget before reaching \(target): "
        + (runs == 1 ? "it is censored, not averaged." : "they are censored, not averaged.")
    case .incomplete(let runs, let of):
      "only \(runs) of \(of) runs are there; comparisons use the replications that both arms have."
    case .failed(let runs, let of, let error):
      "\(count(runs, of: of)) failed and \(runs == 1 ? "is" : "are") in no number here: \(error)"
    case .shard(let part):
      "this is shard \(part) of the study: arms are compared by the runs that it holds."
    case .machinesDiffer(let differences):
      "runs were made on machines or by programs with another \(listed(differences)): the last bits of numbers may "
        + "differ."
    case .notSettled(let arm, let metric, let runs, let of):
      "\(count(runs, of: of)) of \(arm) had not settled: half of the time or more is warm-up (MSER-5), and the last "
        + (returnMetrics.contains(metric) ? "fifth is not level with the one before" : "fifth still falls")
        + ", so the final \(metricTitle(metric)) is not that of a steady state."
    case .soonerButLessAccurate(let arm, let other, let metric) where returnMetrics.contains(metric):
      "\(arm) is sooner than \(other), but its final \(metricTitle(metric)) is lower: which is better depends on the "
        + "return that is asked for, and larger step sizes may do the same."
    case .soonerButLessAccurate(let arm, let other, _):
      "\(arm) is sooner than \(other), but less accurate: a larger step size alone would do that, so the two are not "
        + "yet compared on equal terms."
    case .notMatched(let arm, let reason, _):
      "\(arm) is not compared at an equal final error: \(reason)."
    case .notPrecise(let arm, let metric, let precision, let replications, _):
      "after \(replications) replications, as many as --at-most allows, the \(metric) of \(arm) is known within "
        + "\(PrecisionReport.text(precision)) only."
    case .neverPrecise(let arm, let metric):
      "the \(metric) of \(arm) is not finite in every run, and more replications would not help."
    }
  }

  /// What to do about it.
  package var remedy: String {
    switch self {
    case .censored(_, _, _, _, let until): "lengthen `measure.until` beyond \(humanDuration(until)) to see them."
    case .fewReplications: "add `--until-precision 5%` or `--replications 20`."
    case .stalled: "set `strategy.peer-timeout`, or a missing-neighbour rule other than `wait`."
    case .diverged: "lower `learner.step-size`."
    case .returnsDiverged: "lower `learner.actor-step-size` and `learner.critic-step-size`."
    case .saturated: "raise `conditions.links.bandwidth`, lengthen the compute time or send less."
    case .coarseGrid: "shorten `measure.every`, or set a target that is harder to reach."
    case .networksDiffer: "add `resample=[network]` to draw a network in every replication, where they are random."
    case .targetsDiffer: "give `measure.target` once, outside the arms."
    case .horizonsDiffer: "give `measure.until` once, outside the arms, or read the times only."
    case .budgetSpent: "raise `measure.budget` to see them."
    case .incomplete: "run the study again to its end."
    case .failed: "see them all with `starling status`, and run them again with `--retry-failed`."
    case .shard: "put all shards together with `starling merge`."
    case .machinesDiffer: "where every bit counts, run the study on one machine with `--restart`."
    case .notSettled: "lengthen `measure.until`, or read them as what the runs had come to by then."
    case .soonerButLessAccurate(_, _, let metric) where returnMetrics.contains(metric):
      "compare the times to a higher target as well, or sweep `learner.actor-step-size` of both with another `--seed` "
        + "and compare their best."
    case .soonerButLessAccurate(_, _, let metric):
      "add `--match final-\(metric)`, which tunes the step sizes until the final errors agree; then compare the times."
    case .notMatched(_, _, let pilots):
      "add `--pilots \(pilots * 3)`, or choose with `--match-to` an arm whose final error all can reach."
    case .notPrecise(_, _, _, _, let needed): "add `--at-most \(needed)`; about so many are needed."
    case .neverPrecise: "lower the step sizes of the arm, or leave it out."
    }
  }
}

private func count(_ runs: Int, of all: Int? = nil) -> String {
  let total = all.map { " of \($0)" } ?? ""
  return "\(runs)\(total) \((all ?? runs) == 1 ? "run" : "runs")"
}

extension Warning {
  /// All that is to be said about a study, by kind and then by arm.
  ///
  /// - Parameter base: the arm than which others may be sooner but less accurate.
  static func about(
    _ study: StoredStudy, groups: [ArmRuns], arms: [ArmSummary], comparisons: [Comparison], base: String,
    verdict: Verdict, metric: String, matched: MatchedStudy?, steadyStates: [SteadyState]
  ) -> [Warning] {
    var warnings: [Warning] = aboutTheFile(study)
    // Every arm against the base, and the one that the verdict is about.
    var suspects = arms.map(\.name).filter { $0 != base }.map { ($0, base) }
    if verdict.remark != nil, verdict.arms.first == base { suspects.append((base, verdict.arms[1])) }
    for (arm, other) in suspects where matched == nil {
      guard let comparison = comparisons.comparison(arm, with: other), comparison.time?.isSooner ?? false,
        comparison.final?.isWorse ?? false
      else { continue }
      warnings.append(.soonerButLessAccurate(arm: arm, other: other, metric: metric))
    }
    for arm in matched?.arms ?? [] {
      guard let reason = arm.reason else { continue }
      warnings.append(.notMatched(arm: arm.name, reason: reason, pilots: matched?.pilots ?? 0))
    }
    for (group, arm) in zip(groups, arms) where arm.runs > 0 {
      warnings += aboutArm(group, arm)
      let steadyState = steadyStates.first { $0.arm == arm.name }
      if let steadyState, steadyState.canTell, !steadyState.isSettled, group.header.shouldSettle {
        warnings.append(
          .notSettled(
            arm: arm.name, metric: metric, runs: steadyState.unsettled, of: steadyState.runs.count))
      }
    }
    if let arm = arms.filter({ $0.runs > 0 }).min(by: { $0.runs < $1.runs }), arm.runs < 10 {
      warnings.append(.fewReplications(arm: arm.name, runs: arm.runs))
    }
    return warnings + aboutDifferences(study.header)
  }

  static func aboutTheFile(_ study: StoredStudy) -> [Warning] {
    var warnings: [Warning] = []
    let planned = study.header.replications * study.header.arms.count
    if let failure = study.failures.first {
      let error = failure.error.hasSuffix(".") ? failure.error : failure.error + "."
      warnings.append(.failed(runs: study.failures.count, of: planned, error: error))
    }
    let present = study.runs.count + study.failures.count
    if let part = study.header.shard {
      warnings.append(.shard(part))
    } else if present < planned {
      warnings.append(.incomplete(runs: present, of: planned))
    }
    if let first = study.sessions.first?.provenance {
      let differences = study.sessions.lazy.map { $0.provenance.bitDifferences(from: first) }
      if let found = differences.first(where: { !$0.isEmpty }) {
        warnings.append(.machinesDiffer(differences: found))
      }
    }
    return warnings
  }

  private static func aboutArm(_ group: ArmRuns, _ arm: ArmSummary) -> [Warning] {
    var warnings: [Warning] = []
    if arm.diverged > 0 {
      let isOfControl = group.runs.contains(where: \.record.isOfControl)
      warnings.append(
        isOfControl
          ? .returnsDiverged(arm: arm.name, runs: arm.diverged) : .diverged(arm: arm.name, runs: arm.diverged))
    }
    if arm.stalled > 0 { warnings.append(.stalled(arm: arm.name, runs: arm.stalled)) }
    if let target = arm.toTarget, let aim = group.header.target, target.reached < target.runs {
      let title = targetPhrase(aim)
      let spent = group.runs.count { $0.record.target == nil && $0.record.ending == .budget }
      let late = target.runs - target.reached - spent
      if spent > 0 { warnings.append(.budgetSpent(arm: arm.name, runs: spent, of: target.runs, target: title)) }
      if late > 0 {
        warnings.append(
          .censored(arm: arm.name, runs: late, of: target.runs, target: title, until: group.header.until))
      }
    }
    let first = group.header.every
    let early = group.runs.count { $0.record.target.map { $0.time <= first } ?? false }
    if early > 0 { warnings.append(.coarseGrid(arm: arm.name, runs: early, every: first)) }
    if let utilisation = group.header.utilisation, utilisation >= 1 {
      warnings.append(.saturated(arm: arm.name, utilisation: utilisation))
    }
    return warnings
  }

  private static func aboutDifferences(_ header: StudyHeader) -> [Warning] {
    guard let first = header.arms.first else { return [] }
    var warnings: [Warning] = []
    if !header.resampled.contains("network"), !header.sharesNetwork {
      warnings.append(.networksDiffer)
    }
    if header.arms.contains(where: { $0.target != first.target }) { warnings.append(.targetsDiffer) }
    if header.arms.contains(where: { $0.until != first.until }) { warnings.append(.horizonsDiffer) }
    return warnings
  }
}

extension StudyHeader.Arm {
  /// Whether the arm has a steady state that is not zero: agents that only average, and exact gradients that lead to
  /// the optimum, come down for ever.
  var shouldSettle: Bool { settings["learner.algorithm"] != "none" && predictedMSD != 0 }

  /// Whether its agents talk to a fusion centre only, whatever network they are on.
  var hasCentre: Bool { settings["strategy.kind"] == "centralised" }

  /// Whether all that is recorded about the networks of two arms agrees.
  func sharesNetwork(with other: StudyHeader.Arm) -> Bool {
    agents == other.agents && topology == other.topology && meanDegree == other.meanDegree
      && secondSingularValue == other.secondSingularValue
  }
}

extension StudyHeader {
  /// The arm that tells of the network: the first without a fusion centre, where there is one.
  var armOfNetwork: Arm? { arms.first { !$0.hasCentre } ?? arms.first }

  /// Whether all agents are on one network, but for those around a fusion centre.
  var sharesNetwork: Bool {
    guard let first = armOfNetwork else { return true }
    return arms.allSatisfy { $0.sharesNetwork(with: first) || $0.hasCentre && $0.agents == first.agents }
  }
}
