// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Records
import Scenarios
import Simulation
import Synchronization

/// Why a study cannot be run although its scenario reads well, as a full sentence.
package struct StudyError: Error, CustomStringConvertible {
  package let description: String
}

/// All runs of a scenario: arms × replications.
package struct Study: Sendable {
  package let scenario: Scenario
  /// The world of replication 0 of each arm, which is that of all its replications unless the arm resamples.
  package let worlds: [World]

  /// Draws the networks, tasks and speeds of all arms.
  ///
  /// - Throws: if a world cannot be drawn, with the name of the arm.
  package init(_ scenario: Scenario) throws(StudyError) {
    self.scenario = scenario
    var worlds: [World] = []
    for arm in scenario.arms {
      do {
        worlds.append(try World(arm.settings, replication: 0))
      } catch {
        throw StudyError(description: scenario.arms.count == 1 ? "\(error)" : "arm '\(arm.name)': \(error)")
      }
    }
    self.worlds = worlds
  }

  /// What will be run, in order: replication by replication, each in all arms, so that pairs end together.
  package var plan: [RunRecord.Identity] {
    (0..<scenario.replications).flatMap { replication in
      scenario.arms.map { RunRecord.Identity(arm: $0.name, replication: replication, seed: scenario.seed) }
    }
  }

  /// The network of an arm in replication 0.
  package func network(arm: Int) -> Network { worlds[arm].network }

  /// Runs everything.
  ///
  /// - Parameters:
  ///   - jobs: runs at the same time.
  ///   - isCancelled: once true, no run begins and those under way are given up.
  ///   - finished: called with each run and the seconds that it took as it ends, from any thread, one call at a
  ///     time.
  /// - Returns: the finished runs in the order of the plan; after a cancellation some are missing.
  /// - Throws: the error of the first run in the order of the plan that failed.
  package func run(
    jobs: Int, isCancelled: @escaping @Sendable () -> Bool = { false },
    finished: @escaping @Sendable (RunRecord, Double) -> Void = { _, _ in }
  ) throws(StudyError) -> [RunRecord] {
    let plan = plan
    let announcer = Announcer(finished)
    let outcomes = inParallel(count: plan.count, jobs: jobs) { index -> Result<RunRecord, SimulationError>? in
      if isCancelled() { return nil }
      let start = ContinuousClock.now
      let outcome = outcome(of: plan[index], arm: index % scenario.arms.count, isCancelled)
      if case .success(let record) = outcome { announcer.announce(record, (.now - start) / .seconds(1)) }
      return outcome
    }
    var records: [RunRecord] = []
    for (identity, outcome) in zip(plan, outcomes) {
      switch outcome {
      case .success(let record): records.append(record)
      case .failure where isCancelled(), nil: break
      case .failure(let error):
        throw StudyError(description: "arm '\(identity.arm)', replication \(identity.replication): \(error)")
      }
    }
    return records
  }

  private func outcome(
    of identity: RunRecord.Identity, arm: Int, _ isCancelled: @escaping @Sendable () -> Bool
  ) -> Result<RunRecord, SimulationError> {
    let settings = scenario.arms[arm].settings
    return Result { () throws(SimulationError) in
      let world =
        settings.resample.isEmpty ? worlds[arm] : try World(settings, replication: UInt32(identity.replication))
      return try simulate(
        settings, in: world, arm: identity.arm, replication: identity.replication, isCancelled: isCancelled)
    }
  }
}

/// Calls a listener from many threads, one call at a time.
private final class Announcer: Sendable {
  private let turn = Mutex(())
  private let listener: @Sendable (RunRecord, Double) -> Void

  init(_ listener: @escaping @Sendable (RunRecord, Double) -> Void) { self.listener = listener }

  func announce(_ record: RunRecord, _ seconds: Double) { turn.withLock { _ in listener(record, seconds) } }
}
