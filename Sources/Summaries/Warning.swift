// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// What to beware of in a summary; every case says what to do about it.
package enum Warning: Sendable, Equatable {
  /// Runs that never reached the target.
  case censored(arm: String, runs: Int, of: Int, target: String, until: Double)
  case fewReplications(arm: String, runs: Int)
  /// Runs in which nobody could proceed any more, and what they wait for.
  case stalled(arm: String, runs: Int, waitingFor: Awaited)
  /// Runs that end without a finite value, or too far beyond the first; with the metric that they are judged by.
  case diverged(arm: String, runs: Int, metric: MetricDefinition)
  /// Diverged runs of plain push-sum from which mass gets lost: no step size would have been small enough.
  case massLost(arm: String, runs: Int)
  /// A link is offered more bytes than it carries.
  case saturated(arm: String, utilisation: Double)
  /// Arms send at different rates, and lose messages in bursts that last so many of them.
  case burstsOfMessages
  /// An event of a timeline ends what never began by then.
  case endsNothing(event: String, what: String)
  /// A preset says nothing, since the scenario sets what it would, such as this key.
  case idlePreset(name: String, key: String, overruledBy: String)
  /// Agents have a time after which a silent neighbour counts as dead, and wait for it all the same.
  case timeoutWithoutUse(arm: String)
  /// Runs will make so many events that they take long; with the key of scenarios that makes most of them.
  case manyEvents(arm: String, events: Double, path: String)
  /// The target was met before anything was learnt.
  case metAtStart(arm: String, runs: Int, of: Int, target: String)
  /// Runs in which nobody was up in the final window, and which its means leave out; with the metric of the end.
  case nobodyUp(arm: String, runs: Int, of: Int, metric: MetricDefinition)
  /// The soonest cell of a sweep is shown to end worse than another; with the metric of the end.
  case bestEndsWorse(cell: String, other: String, metric: MetricDefinition)
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
  /// Arms end at different virtual times, so what they end with is not of one age.
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
  /// More than half of an arm's runs spent half of their time or more on warming up, and they fall to the end; where
  /// less is not better, fall or rise.
  case notSettled(arm: String, metric: MetricDefinition, runs: Int, of: Int)
  /// Shown sooner and shown to end worse; with the metric of the end.
  case soonerButLessAccurate(arm: String, other: String, metric: MetricDefinition)
  /// The step size of an arm was tuned, and the arm yet ends elsewhere than the reference; with the pilots so far, or
  /// nothing where no more of them would help, since nothing in the two is random.
  case notMatched(arm: String, reason: String, pilots: Int?)
  /// The replications ran out before a mean was as precise as asked for.
  case notPrecise(arm: String, metric: String, precision: Double, replications: Int, needed: Int)
  /// A mean that no number of replications makes precise.
  case neverPrecise(arm: String, metric: String)
}

extension Warning {
  /// What agents wait for who cannot go on.
  package enum Awaited: Sendable {
    /// Neighbours whom the timeline has taken away.
    case timeline
    /// The turn of one agent.
    case turn
    /// Neighbours that are slow, down, or not heard.
    case settings
  }

  /// What to do about it.
  package var remedy: String {
    switch self {
    case .censored(_, _, _, _, let until): "lengthen `measure.until` beyond \(humanDuration(until)) to see them."
    case .fewReplications: "add `--until-precision 5%` or `--replications 20`."
    case .stalled(_, _, .timeline):
      "let what `timeline` takes away come back (`for`), or set `strategy.missing-neighbour` to another rule than `wait`."
    case .stalled(_, _, .turn):
      "set `strategy.retransmission.acknowledge: always` where messages are lost, or `strategy.incremental.dead-agents: "
        + "skip` where agents are down."
    case .stalled(_, _, .settings): "set `strategy.peer-timeout`, or a missing-neighbour rule other than `wait`."
    case .diverged(_, _, let metric) where metric.scale == .decibels: "lower `learner.step-size`."
    case .diverged: "lower the step sizes in `learner`."
    case .massLost: "set `strategy.push-sum.running-sums: true`."
    case .saturated: "raise `conditions.links.bandwidth`, lengthen the compute time or send less."
    case .timeoutWithoutUse: "set `strategy.missing-neighbour` to last-heard, self or renormalise."
    case .endsNothing:
      "recover ends a crash, restore a cut, heal a partition and resume a pause; or say `for` where it begins."
    case .idlePreset(_, let key, let overruler): "leave out \(overruler), or \(key)."
    case .burstsOfMessages: "give the length of bursts in seconds, such as `length: 1 s`."
    case .manyEvents(_, _, let path): "give `\(path)` longer durations, or shorten `measure.until`."
    case .metAtStart: "set a target that is harder to reach."
    case .nobodyUp(_, _, _, let metric):
      "let agents come up again before the end (`conditions.failures`, `timeline`)"
        + (metric.ofAllAgents.map { ", or read `final-\($0)`, which has crashed agents too" } ?? "") + "."
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
    case .soonerButLessAccurate(_, _, let metric) where metric.scale != .decibels:
      "compare the times to a harder target as well, or sweep the step sizes of both with another `--seed` and compare "
        + "their best."
    case .soonerButLessAccurate(_, _, let metric):
      "add `--match final-\(metric.name)`, which tunes the step sizes until the final errors agree; then compare the times."
    case .notMatched(_, _, let pilots):
      (pilots.map { "add `--pilots \($0 * 3)`, or " } ?? "")
        + "choose with `--match-to` an arm whose final error all can reach."
    case .notPrecise(_, _, _, _, let needed): "add `--at-most \(needed)`; about so many are needed."
    case .neverPrecise: "lower the step sizes of the arm, or leave it out."
    }
  }
}
