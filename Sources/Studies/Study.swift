// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records
import Scenarios
import Simulation
import Synchronization
import Workers

/// Why a study cannot be run although its scenario reads well, as a full sentence.
package struct StudyError: Error, CustomStringConvertible {
  package let description: String
}

/// All runs of a scenario: arms × replications.
package struct Study: Sendable {
  package let scenario: Scenario
  /// Where it branches from another study; nothing where it is none of branches.
  package var fork: Fork?
  /// The world of replication 0 of each arm, where there are few arms; else worlds are drawn when they are needed, so
  /// that a sweep of many cells takes no more memory than one of few.
  private let kept: [World]

  /// Arms of which the worlds are kept.
  static let mostKept = 32

  /// Draws the networks, tasks and speeds of all arms if there are few.
  ///
  /// - Throws: if one of them cannot be drawn, with the name of the arm.
  package init(_ scenario: Scenario) throws(StudyError) {
    self.scenario = scenario
    var worlds: [World] = []
    for arm in scenario.arms where scenario.arms.count <= Self.mostKept {
      worlds.append(try Self.world(of: arm, in: scenario))
    }
    kept = worlds
  }

  /// The world of replication 0 of an arm, which is that of all its replications unless the arm resamples.
  ///
  /// - Parameter arm: its position in the scenario.
  /// - Throws: if it cannot be drawn, or a run in it would take more time or memory than there is, with the name of the
  ///   arm.
  package func world(of arm: Int) throws(StudyError) -> World {
    if !kept.isEmpty { return kept[arm] }
    return try Self.world(of: scenario.arms[arm], in: scenario)
  }

  private static func world(of arm: Scenario.Arm, in scenario: Scenario) throws(StudyError) -> World {
    let prefix = scenario.arms.count == 1 ? "" : "arm '\(arm.name)': "
    do {
      let world = try World(arm.settings, replication: 0)
      // Agents that move may be in pieces at the start, where that is refused.
      _ = try world.movingAgents(arm.settings, replication: 0)
      try world.checkTimeline(arm.settings)
      guard let excess = MemoryNeed(ExpectedLoad(arm.settings, in: world)).excess(over: .atStart) else { return world }
      throw StudyError(description: "\(prefix)\(excess.message) (\(excess.path)): \(excess.hint)")
    } catch let error as SimulationError {
      throw StudyError(description: "\(prefix)\(error)")
    } catch let error as StudyError {
      throw error
    } catch {
      throw StudyError(description: "\(prefix)\(error)")
    }
  }

  /// What will be run, in order: replication by replication, each in all arms, so that pairs end together.
  package var plan: [RunRecord.Identity] { plan(replications: scenario.replications) }

  /// The same with another number of replications.
  package func plan(replications: Int) -> [RunRecord.Identity] {
    (0..<replications).flatMap { replication in
      scenario.arms.map { RunRecord.Identity(arm: $0.name, replication: replication, seed: scenario.seed) }
    }
  }

  /// Carries runs out.
  ///
  /// - Parameters:
  ///   - runs: some of the plan.
  ///   - jobs: runs at the same time.
  ///   - stops: how far runs are carried and from where; nothing for whole runs.
  ///   - isCancelled: once true, no run begins, and those under way are given up; where their states are kept, once more
  ///     before that.
  ///   - listener: hears of every run, from any thread, one call at a time.
  package func run(
    _ runs: [RunRecord.Identity], jobs: Int, stops: RunStops? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }, listener: some StudyListener
  ) {
    let listener = OneAtATime(listener)
    if let fork { return run(runs, of: fork, jobs: jobs, isCancelled: isCancelled, listener: listener) }
    let position = Dictionary(uniqueKeysWithValues: zip(scenario.arms.map(\.name), 0...))
    let steps = StepPool()
    let hasStepJobs = scenario.arms.contains { $0.settings.learning.computesElsewhere }
    _ = inParallel(count: runs.count, jobs: jobs, steps: hasStepJobs ? steps : nil) { index in
      guard !isCancelled(), let arm = position[runs[index].arm] else { return }
      listener.begins(runs[index])
      let watch = Stopwatch()
      let saving = stops?.savesEvery.map { interval in
        RunSaving(every: interval) { state in
          listener.kept(runs[index], state, seconds: watch.seconds)
        }
      }
      let outcome = outcome(
        of: runs[index], arm: arm, stops, saving, steps, isCancelled,
        progress: { listener.advanced(runs[index], share: $0) },
        passed: { listener.passed(runs[index], $0, seconds: watch.seconds) })
      let seconds = watch.seconds
      if case .failure = outcome, isCancelled() { return }
      switch outcome {
      case .success(.ended(let record)): listener.ended(runs[index], .success(record), seconds: seconds)
      case .success(.stopped(let run)): listener.stopped(runs[index], run, seconds: seconds)
      case .failure(let error): listener.ended(runs[index], .failure(error), seconds: seconds)
      }
    }
  }

  /// Carries runs out for somebody who needs all of them.
  ///
  /// - Returns: the records in the order of `runs`; after a cancellation some are missing.
  /// - Throws: the error of the first run that failed, in the order of `runs`.
  package func records(
    of runs: [RunRecord.Identity], jobs: Int, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(StudyError) -> [RunRecord] {
    let gathering = Gathering()
    run(runs, jobs: jobs, isCancelled: isCancelled, listener: gathering)
    let outcomes = gathering.outcomes.withLock(\.self)
    var records: [RunRecord] = []
    for run in runs {
      switch outcomes[run] {
      case .success(let record): records.append(record)
      case .failure(let error):
        throw StudyError(description: "arm '\(run.arm)', replication \(run.replication): \(error)")
      case nil: break
      }
    }
    return records
  }

  private func outcome(
    of identity: RunRecord.Identity, arm: Int, _ stops: RunStops?, _ saving: RunSaving?, _ steps: StepPool,
    _ isCancelled: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (Double) -> Void,
    passed: (StoppedRun) -> Void
  ) -> Result<RunOutcome, SimulationError> {
    var settings = scenario.arms[arm].settings
    return Result { () throws(SimulationError) in
      let world = try world(of: identity, settings, arm: arm)
      guard let stops else {
        return .ended(
          try simulate(
            settings, in: world, arm: identity.arm, replication: identity.replication, steps: steps,
            isCancelled: isCancelled, progress: progress))
      }
      var start = stops.start(of: identity)
      let isBranchable = start.map(stops.isBranchable) ?? !stops.passes.isEmpty
      settings.isBranchable = isBranchable
      func go(to limit: VirtualTime) throws(SimulationError) -> RunOutcome {
        try advance(
          settings, in: world, arm: identity.arm, replication: identity.replication,
          label: stops.label(identity, isBranchable: isBranchable), from: start, to: limit, saving: saving,
          steps: steps, isCancelled: isCancelled, progress: progress)
      }
      for time in stops.passes where isBranchable && time < stops.limit && start.map({ $0.time < time }) ?? true {
        let outcome = try go(to: time)
        guard case .stopped(let state) = outcome else { return outcome }
        passed(state)
        start = state
      }
      return try go(to: stops.limit)
    }
  }

  /// The world of a run.
  func world(
    of run: RunRecord.Identity, _ settings: SimulationSettings, arm: Int? = nil
  ) throws(SimulationError) -> World {
    let place = arm ?? scenario.arms.firstIndex { $0.name == run.arm }
    if let place, settings.resample.isEmpty, !kept.isEmpty { return kept[place] }
    return try World(settings, replication: UInt32(run.replication))
  }
}

/// Keeps what has come of runs.
private final class Gathering: StudyListener {
  let outcomes = Mutex<[RunRecord.Identity: Result<RunRecord, SimulationError>]>([:])

  func begins(_ run: RunRecord.Identity) {}

  func ended(_ run: RunRecord.Identity, _ outcome: Result<RunRecord, SimulationError>, seconds: Double) {
    outcomes.withLock { $0[run] = outcome }
  }
}

/// Tells one thing at a time.
private struct OneAtATime<Listener: StudyListener>: StudyListener {
  private let listener: Listener
  private let turn = Turn()

  private final class Turn: Sendable {
    let lock = Mutex(())
  }

  init(_ listener: Listener) { self.listener = listener }

  func begins(_ run: RunRecord.Identity) { turn.lock.withLock { _ in listener.begins(run) } }

  func advanced(_ run: RunRecord.Identity, share: Double) {
    turn.lock.withLock { _ in listener.advanced(run, share: share) }
  }

  func ended(_ run: RunRecord.Identity, _ outcome: Result<RunRecord, SimulationError>, seconds: Double) {
    turn.lock.withLock { _ in listener.ended(run, outcome, seconds: seconds) }
  }

  func stopped(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {
    turn.lock.withLock { _ in listener.stopped(run, memory, seconds: seconds) }
  }

  func kept(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {
    turn.lock.withLock { _ in listener.kept(run, memory, seconds: seconds) }
  }

  func passed(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {
    turn.lock.withLock { _ in listener.passed(run, memory, seconds: seconds) }
  }
}

/// Where the runs of a study end up.
package protocol StudyListener: Sendable {
  /// A run begins.
  func begins(_ run: RunRecord.Identity)
  /// A share of a run is over, presumably; now and then.
  func advanced(_ run: RunRecord.Identity, share: Double)
  /// A run has ended after some seconds of real time, or could not be carried to its end.
  func ended(_ run: RunRecord.Identity, _ outcome: Result<RunRecord, SimulationError>, seconds: Double)
  /// A run was stopped on its way after some seconds of real time; only where runs are carried to a time.
  func stopped(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double)
  /// What a run has come to after some seconds of real time, for the case that the program is killed; it goes on.
  func kept(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double)
  /// The state of a run at a time at which forks may begin, after some seconds of real time; the run goes on.
  func passed(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double)
}

extension StudyListener {
  package func advanced(_ run: RunRecord.Identity, share: Double) {}
  package func stopped(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {}
  package func kept(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {}
  package func passed(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {}
}
