// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Workers

/// How the state of a run is kept while the run goes on, so that a program that is killed loses little of a long one.
package struct RunSaving: Sendable {
  /// Seconds of real time between two keepings, at least; zero to keep the state whenever the run is asked.
  package let interval: Double
  /// After so many events, at most, a run is asked for how long it has gone on.
  package let events: Int
  /// Takes what was kept; on the thread of the run.
  package let keep: @Sendable (StoppedRun) -> Void

  package init(every interval: Double, events: Int = 4096, keep: @escaping @Sendable (StoppedRun) -> Void) {
    self.interval = interval
    self.events = events
    self.keep = keep
  }
}

/// When the state of a run is due.
struct SavingClock {
  /// Keeping takes at most such a share of the time of a run.
  private static let mostShare = 0.05

  private let interval: Double
  private var watch = Stopwatch()
  private var due: Double

  init(every interval: Double) {
    self.interval = interval
    due = interval
  }

  var isDue: Bool { watch.seconds >= due }

  /// Begins to wait again, after a keeping that took so many seconds.
  mutating func restart(cost: Double) {
    watch = Stopwatch()
    due = interval > 0 ? max(interval, cost / Self.mostShare) : 0
  }

  /// The state of the run has become too large.
  mutating func giveUp() { due = .infinity }
}

extension RunLoop where Strategy: ~Copyable {
  /// The largest state that is kept, in bytes: SQLite holds none of more than 1 GB.
  private static var mostBytes: Int { 512 << 20 }

  /// Keeps the state between two events, and goes on as if nothing had been.
  @inline(never)
  mutating func save(_ saving: RunSaving, as label: RunLabel) throws(SimulationError) {
    let watch = Stopwatch()
    do throws(RunMemoryFault) {
      guard MemoryUse(run, recorder, kept).bytes <= Self.mostBytes else {
        self.watch.savingClock?.giveUp()
        return
      }
      let time = run.now
      let fingerprint = run.scheduler.fingerprint
      saving.keep(
        try StoppedRun(label, at: time, fingerprint: fingerprint) { (memory) throws(RunMemoryFault) in
          try visit(&memory)
        })
    } catch {
      throw SimulationError("The state of the run cannot be kept: \(error).")
    }
    self.watch.savingClock?.restart(cost: watch.seconds)
  }
}
