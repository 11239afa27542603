// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Quantities
import Records
import Simulation
import Workers

/// Runs of a fork: what is before the branches is carried out once for all that branch from a run.
extension Study {
  /// Carries runs of a fork out, in the way of `run`.
  ///
  /// - Parameter listener: hears one thing at a time.
  func run(
    _ runs: [RunRecord.Identity], of fork: Fork, jobs: Int, isCancelled: @escaping @Sendable () -> Bool,
    listener: some StudyListener
  ) {
    let groups = groups(of: runs, fork)
    let steps = StepPool()
    let hasStepJobs = scenario.arms.contains { $0.settings.learning.computesElsewhere }
    _ = inParallel(count: groups.count, jobs: jobs, steps: hasStepJobs ? steps : nil) { index in
      var group = ForkGroup(study: self, fork: fork, steps: steps, isCancelled: isCancelled)
      for run in groups[index] where !isCancelled() {
        listener.begins(run)
        let watch = Stopwatch()
        let outcome = Result { () throws(SimulationError) in try group.record(of: run) }
        if case .failure = outcome, isCancelled() { return }
        listener.ended(run, outcome, seconds: watch.seconds)
      }
    }
  }

  /// Those together that branch from one run.
  private func groups(of runs: [RunRecord.Identity], _ fork: Fork) -> [[RunRecord.Identity]] {
    var order: [RunRecord.Identity] = []
    var groups: [RunRecord.Identity: [RunRecord.Identity]] = [:]
    for run in runs {
      let origin = fork.origin(of: run)
      if groups[origin] == nil { order.append(origin) }
      groups[origin, default: []].append(run)
    }
    return order.compactMap { groups[$0] }
  }
}

/// Runs that branch from one run of another study.
private struct ForkGroup {
  let study: Study
  let fork: Fork
  let steps: StepPool
  let isCancelled: @Sendable () -> Bool
  /// What is before the branches, once it has been carried out.
  private var past: Past?

  /// A run up to the time from which on branches differ.
  private enum Past {
    /// It goes on.
    case state(StoppedRun)
    /// It had ended by then.
    case ended(RunRecord)

    var fingerprint: UInt64 {
      switch self {
      case .state(let state): state.fingerprint
      case .ended(let record): record.fingerprint
      }
    }
  }

  /// Within the program: who reads a state knows whose it is.
  private static let label = RunLabel(program: "fork", run: "fork")

  init(study: Study, fork: Fork, steps: StepPool, isCancelled: @escaping @Sendable () -> Bool) {
    (self.study, self.fork, self.steps, self.isCancelled) = (study, fork, steps, isCancelled)
  }

  mutating func record(of run: RunRecord.Identity) throws(SimulationError) -> RunRecord {
    let settings = branchable(run.arm)
    var record: RunRecord
    let past = try past(of: run, settings)
    switch past {
    case .ended(let ended):
      record = ended
      record.identity = run
    case .state(let state):
      guard case .ended(let ended) = try advance(run, settings, from: state, to: .never) else {
        preconditionFailure("A run without a limit comes to its end.")
      }
      record = ended
    }
    record.prefix = past.fingerprint
    if let difference = fork.difference(of: record, settings) { throw SimulationError(difference) }
    return record
  }

  /// What is before the branches: of what has it as it was, or carried out again where a state of that does not do.
  private mutating func past(
    of run: RunRecord.Identity, _ settings: SimulationSettings
  ) throws(SimulationError) -> Past {
    let asItWas = branchable(fork.asItWas(run.arm))
    let common: Past
    if let past {
      common = past
    } else {
      common = try self.past(of: run, asItWas, from: fork.state(of: run, asItWas))
      past = common
    }
    guard case .state = common, settings.obstacleToBranching(from: asItWas) != nil else { return common }
    let own = try self.past(of: run, settings, from: nil)
    guard own.fingerprint == common.fingerprint else {
      throw SimulationError(
        "What comes at \(fork.start.seconds) s changes what was before: up to then the fingerprint is "
          + "\(hexadecimal(own.fingerprint)), and without it \(hexadecimal(common.fingerprint)).")
    }
    return own
  }

  private func past(
    of run: RunRecord.Identity, _ settings: SimulationSettings, from state: StoppedRun?
  ) throws(SimulationError) -> Past {
    let limit = VirtualTime(nanoseconds: fork.start.nanoseconds - 1)
    switch try advance(run, settings, from: state, to: limit) {
    case .ended(let record): return .ended(record)
    case .stopped(let state): return .state(state)
    }
  }

  private func advance(
    _ run: RunRecord.Identity, _ settings: SimulationSettings, from state: StoppedRun?, to limit: VirtualTime
  ) throws(SimulationError) -> RunOutcome {
    try Simulation.advance(
      settings, in: study.world(of: run, settings), arm: run.arm, replication: run.replication, label: Self.label,
      from: state, isBranch: state != nil, to: limit, steps: steps, isCancelled: isCancelled)
  }

  private func branchable(_ arm: String) -> SimulationSettings {
    guard var settings = study.scenario.arms.first(where: { $0.name == arm })?.settings else {
      preconditionFailure("A run is of an arm.")
    }
    settings.isBranchable = true
    return settings
  }
}
