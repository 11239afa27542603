// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// What to beware of in a summary; every case says what to do about it.
package enum Warning: Sendable, Equatable {
  /// Runs that never reached the target.
  case censored(arm: String, runs: Int, of: Int, target: String, until: Double)
  case fewReplications(arm: String, runs: Int)
  /// Runs in which nobody could proceed any more.
  case stalled(arm: String, runs: Int)
  /// Runs whose final error is not finite or has grown a millionfold.
  case diverged(arm: String, runs: Int)
  /// Diverged runs of plain push-sum from which mass gets lost: no step size would have been small enough.
  case massLost(arm: String, runs: Int)
  /// Runs of agents that act in which a return or a parameter is not finite.
  case returnsDiverged(arm: String, runs: Int)
  /// A link is offered more bytes than it carries.
  case saturated(arm: String, utilisation: Double)
  /// Runs will make so many events that they take long; with the key of scenarios that makes most of them.
  case manyEvents(arm: String, events: Double, path: String)
  /// The target was met before anything was learnt.
  case metAtStart(arm: String, runs: Int, of: Int, target: String)
  /// Runs in which nobody was up in the final window, and which its means leave out; with the metric of the end.
  case nobodyUp(arm: String, runs: Int, of: Int, metric: String)
  /// The soonest cell of a sweep is shown to end worse than another; with the metric of the end.
  case bestEndsWorse(cell: String, other: String, metric: String)
  /// Runs that ended beyond the target before three measurements in a row could tell.
  case cutShort(arm: String, runs: Int, of: Int, target: String)
  /// An arm is measured less often than it takes to reach a target.
  case fewMeasurements(arm: String, points: Int, needed: Int)
  /// Nothing in an arm is random.
  case copies(arm: String, runs: Int)
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
  /// The step size of an arm was tuned, and the arm yet ends elsewhere than the reference; with the pilots so far, or
  /// nothing where no more of them would help, since nothing in the two is random.
  case notMatched(arm: String, reason: String, pilots: Int?)
  /// The replications ran out before a mean was as precise as asked for.
  case notPrecise(arm: String, metric: String, precision: Double, replications: Int, needed: Int)
  /// A mean that no number of replications makes precise.
  case neverPrecise(arm: String, metric: String)
}

extension Warning {
  /// What to do about it.
  package var remedy: String {
    switch self {
    case .censored(_, _, _, _, let until): "lengthen `measure.until` beyond \(humanDuration(until)) to see them."
    case .fewReplications: "add `--until-precision 5%` or `--replications 20`."
    case .stalled: "set `strategy.peer-timeout`, or a missing-neighbour rule other than `wait`."
    case .diverged: "lower `learner.step-size`."
    case .massLost: "set `strategy.push-sum.running-sums: true`."
    case .returnsDiverged: "lower `learner.actor-step-size` and `learner.critic-step-size`."
    case .saturated: "raise `conditions.links.bandwidth`, lengthen the compute time or send less."
    case .manyEvents(_, _, let path): "give `\(path)` longer durations, or shorten `measure.until`."
    case .metAtStart: "set a target that is harder to reach."
    case .nobodyUp(_, _, _, let metric) where Self.ofAll(metric) != nil:
      "let agents recover in `conditions.failures`, or read `final-\(Self.ofAll(metric) ?? metric)`, which has crashed "
        + "agents too."
    case .nobodyUp: "let agents recover in `conditions.failures`."
    case .bestEndsWorse: "set a target that is harder to reach, or leave it out to have the best by its end."
    case .coarseGrid: "shorten `measure.every`, or set a target that is harder to reach."
    case .fewMeasurements: "shorten `measure.every`."
    case .cutShort: "shorten `measure.every`, or lengthen `measure.until`."
    case .copies:
      "run it once (`--replications 1`), or let something in it be random, such as its data, the times of "
        + "`conditions.compute` or, with `resample`, its world."
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
      (pilots.map { "add `--pilots \($0 * 3)`, or " } ?? "")
        + "choose with `--match-to` an arm whose final error all can reach."
    case .notPrecise(_, _, _, _, let needed): "add `--at-most \(needed)`; about so many are needed."
    case .neverPrecise: "lower the step sizes of the arm, or leave it out."
    }
  }

  /// The metric that counts crashed agents too; nothing where there is none.
  private static func ofAll(_ metric: String) -> String? {
    let twin = "\(metric)-all"
    return RunMetric.named(twin) == nil || metric == MetricName.everyTaskReturn.rawValue ? nil : twin
  }
}
