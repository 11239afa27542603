// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Simulation
import Workers

/// Runs of a fork: what is before the branches is carried out once for all that branch from a run.
extension Study {
  /// Runs that branch from one run.
  private struct Group: Sendable {
    let runs: [RunRecord.Identity]
  }

  /// Where the runs of a group go on.
  private enum Origin {
    /// Before the first moment at which branches differ.
    case state(StoppedRun)
    /// The run had ended by then.
    case ended(RunRecord)
  }

  /// Carries runs of a fork out, in the way of `run`.
  func run(
    _ runs: [RunRecord.Identity], of fork: Fork, jobs: Int, isCancelled: @escaping @Sendable () -> Bool,
    turn: some StudyListener
  ) {
    let groups = groups(of: runs, fork)
    let steps = StepPool()
    let hasStepJobs = scenario.arms.contains { $0.settings.learning.computesElsewhere }
    _ = inParallel(count: groups.count, jobs: jobs, steps: hasStepJobs ? steps : nil) { index in
      guard !isCancelled() else { return }
      carryOut(groups[index], fork, steps, isCancelled, turn)
    }
  }

  private func groups(of runs: [RunRecord.Identity], _ fork: Fork) -> [Group] {
    var order: [String] = []
    var groups: [String: [RunRecord.Identity]] = [:]
    for run in runs {
      let key = "\(run.replication) \(fork.arm(run.arm)?.parent ?? run.arm)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(run)
    }
    return order.compactMap { groups[$0].map { Group(runs: $0) } }
  }

  private func carryOut(
    _ group: Group, _ fork: Fork, _ steps: StepPool, _ isCancelled: @escaping @Sendable () -> Bool,
    _ listener: some StudyListener
  ) {
    let label = RunLabel(program: "fork", run: "fork")
    let limit = VirtualTime(nanoseconds: fork.start.nanoseconds - 1)
    var origin: Result<Origin, SimulationError>?
    for run in group.runs where !isCancelled() {
      listener.begins(run)
      let watch = Stopwatch()
      let outcome = Result { () throws(SimulationError) -> RunRecord in
        let settings = branchable(run.arm)
        let world = try world(of: run, settings)
        /// Up to the branch, from a state or from the start.
        func before(_ settings: SimulationSettings, from state: StoppedRun?) throws(SimulationError) -> Origin {
          let outcome = try advance(
            settings, in: world, arm: run.arm, replication: run.replication, label: label, from: state,
            isBranch: state != nil, to: limit, steps: steps, isCancelled: isCancelled)
          switch outcome {
          case .ended(let record): return .ended(record)
          case .stopped(let state): return .state(state)
          }
        }
        let own = branchable(originArm(of: run.arm, fork))
        if origin == nil {
          origin = Result { () throws(SimulationError) in try before(own, from: fork.state(of: run, own)) }
        }
        guard let known = origin else { preconditionFailure("A group has an origin.") }
        var start = try known.get()
        if case .state(let state) = start, settings.obstacleToBranching(from: own) != nil {
          start = try before(settings, from: nil)
          if let other = start.fingerprint, other != state.fingerprint {
            throw SimulationError(
              "What comes at \(fork.start.seconds) s changes what was before: up to then the fingerprint is "
                + "\(hexadecimal(other)), and without it \(hexadecimal(state.fingerprint)).")
          }
        }
        var record: RunRecord
        switch start {
        case .ended(let ended):
          record = ended
          record.identity = run
        case .state(let state):
          let outcome = try advance(
            settings, in: world, arm: run.arm, replication: run.replication, label: label, from: state, isBranch: true,
            steps: steps, isCancelled: isCancelled)
          guard case .ended(let ended) = outcome else { preconditionFailure("A run without a limit comes to its end.") }
          record = ended
        }
        record.prefix = start.fingerprint
        if let difference = fork.difference(of: record, settings) { throw SimulationError(difference) }
        return record
      }
      if case .failure = outcome, isCancelled() { return }
      listener.ended(run, outcome, seconds: watch.seconds)
    }
  }

  /// The arm of the fork that is as it was, from which an arm branches.
  private func originArm(of arm: String, _ fork: Fork) -> String {
    let parent = fork.arm(arm)?.parent
    return fork.forked.arms.first { $0.parent == parent && !$0.isBranch }?.name ?? arm
  }

  private func branchable(_ arm: String) -> SimulationSettings {
    guard var settings = scenario.arms.first(where: { $0.name == arm })?.settings else {
      preconditionFailure("A run is of an arm.")
    }
    settings.isBranchable = true
    return settings
  }
}

extension Study.Origin {
  fileprivate var fingerprint: UInt64? {
    switch self {
    case .state(let state): state.fingerprint
    case .ended(let record): record.fingerprint
    }
  }
}
