// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Records
import Results
import Scenarios
import Simulation
import Synchronization

/// Tunes the step size of each arm until all of them end equally accurate.
///
/// A larger step size makes any arm sooner and less accurate, and stale estimates act like a smaller one: only between
/// arms of one final error do times say anything. The tuning sees pilot replications only, of numbers that no reported
/// run can have, so that what is reported is not what was tuned on. All arms share the pilots' random numbers: the
/// level of an arm is a smooth function of its step size.
package struct Matching: Sendable {
  /// The replication number of the first pilot; a scenario has fewer replications than that.
  package static let firstPilot = 1_000_000
  /// So many that the levels of two arms of the scenarios here are known to about 0.2 dB against each other.
  package static let usualPilots = 40
  /// Decibels by which a matched arm may miss the level on the pilots: less than their chance leaves in doubt.
  package static let usualTolerance = 0.1

  /// Squared errors, the final values of which can be matched.
  package static let metrics = MetricDefinition.all.filter { $0.isOfKind(.msd) }

  /// What is heard of the pilot runs, from any thread.
  package struct Watch: Sendable {
    /// So many more runs are to come.
    package var expects: @Sendable (Int) -> Void
    package var ended: @Sendable () -> Void

    package init(expects: @escaping @Sendable (Int) -> Void, ended: @escaping @Sendable () -> Void) {
      self.expects = expects
      self.ended = ended
    }
  }

  private let scenario: Scenario
  private let metric: MetricDefinition
  private let reference: Int
  private let pilots: Int
  private let tolerance: Double

  /// - Parameters:
  ///   - reference: the position of the arm to whose level the others are brought; it keeps its step size.
  ///   - tolerance: decibels by which a matched arm may miss that level.
  /// - Throws: if an arm has no step size.
  package init(
    _ scenario: Scenario, metric: MetricDefinition, reference: Int = 0, pilots: Int = usualPilots,
    tolerance: Double = usualTolerance
  ) throws(StudyError) {
    precondition(scenario.arms.indices.contains(reference) && pilots > 0 && tolerance > 0, "Matching needs pilots.")
    for arm in scenario.arms {
      guard let obstacle = arm.settings.learning.matchingObstacle else { continue }
      throw StudyError(description: "arm '\(arm.name)' \(obstacle)")
    }
    self.scenario = scenario
    self.metric = metric
    self.reference = reference
    self.pilots = pilots
    self.tolerance = tolerance
  }

  /// What is asked for, before anything of it is known: equal for two studies that ask for the same tuning.
  ///
  /// - Parameter scenarioHash: of the study before the tuning.
  package func question(scenarioHash: String) -> Tuning {
    Tuning(
      metric: metric.name, reference: scenario.arms[reference].name, level: 0, tolerance: tolerance,
      pilots: Array(Self.firstPilot..<Self.firstPilot + pilots), scenarioHash: scenarioHash, arms: [])
  }

  /// Runs pilots until every arm is matched or given up.
  ///
  /// The arms go ahead together, a factor of each at a time, so the runs keep all threads busy; which factors are tried
  /// depends on levels alone and not on the number of threads.
  ///
  /// - Returns: nothing after a cancellation.
  /// - Throws: if an arm cannot run at the step size of the scenario, or the reference does not end at a finite error.
  package func tune(
    scenarioHash: String, jobs: Int, isCancelled: @escaping @Sendable () -> Bool = { false }, watch: Watch
  ) throws(StudyError) -> Tuning? {
    let pilotRuns = PilotRuns(scenario, metric: metric, pilots: pilots, jobs: jobs, isCancelled, watch)
    guard let first = try pilotRuns.levels(of: scenario.arms.indices.map { ($0, 1) }) else { return nil }
    var tuning = question(scenarioHash: scenarioHash)
    tuning.level = first[reference]
    guard tuning.level > 0, tuning.level.isFinite else {
      throw StudyError(
        description: tuning.level > 0
          ? "'\(tuning.reference)' diverges, so there is no final \(metric.name) to match the others to; lower its "
            + "step size, or choose another arm with --match-to"
          : "the final \(metric.name) of '\(tuning.reference)' is \(tuning.level), which no step size of another arm "
            + "can be matched to")
    }
    var searches = scenario.arms.map { _ in StepSizeSearch(tolerance: tolerance) }
    var attempts = scenario.arms.map { _ in [Tuning.Attempt]() }
    func note(_ arm: Int, _ factor: Double, _ level: Double) {
      attempts[arm].append(Tuning.Attempt(factor: factor, level: level))
      searches[arm].add(factor: factor, excess: decibels(ofPower: level) - decibels(ofPower: tuning.level))
    }
    for arm in scenario.arms.indices { note(arm, 1, first[arm]) }
    while true {
      let open = scenario.arms.indices.compactMap { arm in searches[arm].next.map { (arm: arm, factor: $0) } }
      guard !open.isEmpty else { break }
      guard let levels = try pilotRuns.levels(of: open) else { return nil }
      for (one, level) in zip(open, levels) { note(one.arm, one.factor, level) }
    }
    tuning.arms = scenario.arms.indices.map { arm in
      let chosen = searches[arm].choice
      return Tuning.Arm(
        name: scenario.arms[arm].name, factor: attempts[arm][chosen].factor, level: attempts[arm][chosen].level,
        isMatched: searches[arm].isMet, attempts: attempts[arm])
    }
    return tuning
  }
}

extension Scenario {
  /// The scenario with the step sizes of its arms multiplied as a tuning says.
  ///
  /// - Throws: if the tuning does not know an arm, or a law does not allow the size.
  package func tuned(by tuning: Tuning) throws(StudyError) -> Scenario {
    var tuned = self
    for index in arms.indices {
      guard let arm = tuning.arms.first(where: { $0.name == arms[index].name }) else {
        throw StudyError(description: "the tuning does not know the arm '\(arms[index].name)'")
      }
      tuned.arms[index] = try arms[index].scaled(by: arm.factor)
    }
    return tuned
  }
}

extension Scenario.Arm {
  /// The arm with another step size.
  fileprivate func scaled(by factor: Double) throws(StudyError) -> Scenario.Arm {
    guard factor != 1 else { return self }
    guard let stepSize = settings.learner.stepSize.scaled(by: factor) else {
      throw StudyError(description: "arm '\(name)': its step size cannot be multiplied by \(factor)")
    }
    var arm = self
    arm.settings.learner.stepSize = stepSize
    return arm
  }
}

/// Finds out at which final error arms end with some step sizes.
private struct PilotRuns {
  private let scenario: Scenario
  private let metric: String
  private let pilots: Int
  private let jobs: Int
  private let isCancelled: @Sendable () -> Bool
  private let watch: Matching.Watch

  init(
    _ scenario: Scenario, metric: MetricDefinition, pilots: Int, jobs: Int,
    _ isCancelled: @escaping @Sendable () -> Bool, _ watch: Matching.Watch
  ) {
    self.scenario = scenario
    self.metric = metric.name
    self.pilots = pilots
    self.jobs = jobs
    self.isCancelled = isCancelled
    self.watch = watch
  }

  /// The mean final errors of arms with the step size of each multiplied by a factor, linear; infinite for one that
  /// cannot run with that factor. Nothing after a cancellation.
  func levels(of tries: [(arm: Int, factor: Double)]) throws(StudyError) -> [Double]? {
    var scaled = scenario
    scaled.arms = []
    for one in tries { scaled.arms.append(try scenario.arms[one.arm].scaled(by: one.factor)) }
    let study = try Study(scaled)
    let runs = (0..<pilots).flatMap { pilot in
      scaled.arms.map {
        RunRecord.Identity(arm: $0.name, replication: Matching.firstPilot + pilot, seed: scenario.seed)
      }
    }
    let gathering = FinalErrors(metric: metric, among: scenario.metrics, watch: watch)
    watch.expects(runs.count)
    study.run(runs, jobs: jobs, isCancelled: isCancelled, listener: gathering)
    if isCancelled() { return nil }
    let errors = gathering.errors.withLock(\.self)
    if tries.allSatisfy({ $0.factor == 1 }) {
      for run in runs {
        if case .failure(let error) = errors[run] {
          throw StudyError(description: "arm '\(run.arm)', pilot \(run.replication): \(error)")
        }
      }
    }
    return scaled.arms.map { arm in
      let own = runs.filter { $0.arm == arm.name }.map { (try? errors[$0]?.get()) ?? .infinity }
      let mean = own.reduce(0, +) / Double(pilots)
      return mean.isNaN ? .infinity : mean
    }
  }
}

/// Keeps one number of every run.
private final class FinalErrors: StudyListener {
  let errors = Mutex<[RunRecord.Identity: Result<Double, SimulationError>]>([:])

  private let metric: String
  private let metrics: [MetricDefinition]
  private let watch: Matching.Watch

  init(metric: String, among metrics: [MetricDefinition], watch: Matching.Watch) {
    self.metric = metric
    self.metrics = metrics
    self.watch = watch
  }

  func begins(_ run: RunRecord.Identity) {}

  func ended(_ run: RunRecord.Identity, _ outcome: Result<RunRecord, SimulationError>, seconds: Double) {
    let error = outcome.map { $0.hasDiverged(metrics) ? .infinity : $0.finals[metric] ?? .nan }
    errors.withLock { $0[run] = error }
    watch.ended()
  }
}
