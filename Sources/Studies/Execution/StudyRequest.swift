// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Results
import Summaries

/// What is asked for of a study beside its scenario.
package struct StudyRequest: Sendable {
  /// The overrides that made the scenario, for the record.
  package var overrides: [String]
  /// The part of the runs that is to be carried out; nothing for all.
  package var shard: Shard?
  /// How step sizes are matched before the runs.
  package var matching: Matching?
  /// How precisely the study is to be known, which decides how many replications it has; nothing for as many as the
  /// scenario says.
  package var goal: PrecisionGoal?
  /// Whether a results file that is there makes way for a new one.
  package var restart: Bool
  /// Whether what has failed in an earlier attempt is run again.
  package var retryFailed: Bool
  /// The virtual time at which every run is stopped, and kept so that it can go on; nothing to carry all runs to their ends.
  package var stopAt: VirtualDuration?
  /// Real time after which the state of every run under way is kept again; nothing where none is.
  package var savesEvery: VirtualDuration?
  /// Virtual times before which the state of every run is kept, for forks to begin at.
  package var forkTimes: [VirtualDuration] = []
  /// Where the study branches from another one.
  package var fork: Fork?
  /// Whether runs begin anew that were stopped on their way.
  package var forgetsStopped: Bool
  /// Whether the curves and accounts of runs are read back, or only what runs came to.
  package var withCurves: Bool
  /// A run that has been carried out already, and is kept if it is one of those that are missing.
  package var carriedOut: StoredRun?
  /// This program, and how many runs it carries out at once.
  package var program: Provenance

  package init(
    overrides: [String] = [], shard: Shard? = nil, matching: Matching? = nil, goal: PrecisionGoal? = nil,
    restart: Bool = false, retryFailed: Bool = false, stopAt: VirtualDuration? = nil,
    savesEvery: VirtualDuration? = nil, forgetsStopped: Bool = false,
    withCurves: Bool = true, carriedOut: StoredRun? = nil, program: Provenance
  ) {
    self.overrides = overrides
    self.shard = shard
    self.matching = matching
    self.goal = goal
    self.restart = restart
    self.retryFailed = retryFailed
    self.stopAt = stopAt
    self.savesEvery = savesEvery
    self.forgetsStopped = forgetsStopped
    self.withCurves = withCurves
    self.carriedOut = carriedOut
    self.program = program
  }

  /// The runs that are asked for of a plan, in its order.
  func runs(of plan: [RunRecord.Identity]) -> [RunRecord.Identity] { shard?.runs(of: plan) ?? plan }
}
