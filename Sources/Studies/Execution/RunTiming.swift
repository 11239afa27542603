// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Simulation
import Synchronization
import Workers

/// How long the runs of a study take here, found out by carrying a few of them on for a while.
package struct RunTiming: Sendable, Equatable {
  /// Mean seconds of real time that a run takes, one at a time.
  package let seconds: Double

  /// Arms that are timed at most, spread over all of them.
  private static let mostArms = 4

  /// Carries out the first replication of up to four arms, the first and the last among them. A run that has not ended
  /// when its time is over counts as if all of its virtual time took as long as what has passed of it.
  ///
  /// - Parameters:
  ///   - seconds: of real time that this may take in all.
  ///   - isCancelled: once true, the rest is let be.
  /// - Returns: nothing where no run came to anything, as after a cancellation.
  package init?(
    _ study: Study, program: Provenance, within seconds: Double = 4,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    let arms = study.scenario.arms
    let count = min(Self.mostArms, arms.count)
    let chosen = (0..<count).map { count == 1 ? 0 : $0 * (arms.count - 1) / (count - 1) }
    let times = chosen.compactMap { arm -> Double? in
      let until = arms[arm].settings.measurement.until
      let stops = RunStops(study.scenario, limit: nil, savesEvery: .infinity, program: program)
      let watch = Stopwatch()
      let listener = Timer(until: until.seconds)
      study.run(
        [study.plan[arm]], jobs: 1, stops: stops,
        isCancelled: { isCancelled() || watch.seconds > seconds / Double(count) }, listener: listener)
      return listener.seconds.withLock(\.self)
    }
    guard !times.isEmpty else { return nil }
    self.seconds = times.reduce(0, +) / Double(times.count)
  }

  /// Hears how long a run takes.
  private final class Timer: StudyListener {
    let seconds = Mutex<Double?>(nil)
    private let until: Double

    /// - Parameter until: seconds of virtual time that the run has.
    init(until: Double) { self.until = until }

    func begins(_ run: RunRecord.Identity) {}

    func ended(_ run: RunRecord.Identity, _ outcome: Result<RunRecord, SimulationError>, seconds: Double) {
      guard case .success = outcome else { return }
      self.seconds.withLock { $0 = seconds }
    }

    func kept(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {
      guard memory.time > .zero else { return }
      self.seconds.withLock { $0 = seconds * max(1, until / memory.time.seconds) }
    }
  }
}
