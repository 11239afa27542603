// SPDX-License-Identifier: GPL-3.0-or-later
import Records
import Simulation
import Workers

/// A run of which a trace was written.
package struct TracedRun: Sendable {
  package let record: RunRecord
  /// Lines or packets of the trace.
  package let count: Int
  /// Seconds of real time that the run took.
  package let seconds: Double
}

extension Study {
  /// Carries one run out and writes what happens in it. The same run gives the same bytes, whatever `jobs` is.
  ///
  /// - Parameters:
  ///   - run: one of the plan.
  ///   - jobs: threads for the steps of agents that may be computed elsewhere.
  ///   - write: takes some bytes at a time, on a thread of its own; once it has thrown, the run is given up.
  /// - Throws: what `write` throws; `StudyError` where the run cannot be carried out, `CancellationError` after a
  ///   cancellation. What has happened until then has been written.
  package func trace(
    _ run: RunRecord.Identity, as format: TraceFormat, jobs: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    into write: @escaping (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws -> TracedRun {
    guard let arm = scenario.arms.firstIndex(where: { $0.name == run.arm }) else {
      throw StudyError(description: "there is no arm '\(run.arm)'")
    }
    let settings = scenario.arms[arm].settings
    let world = try run.replication == 0 ? world(of: arm) : World(settings, replication: UInt32(run.replication))
    return try trace(run, settings, in: world, jobs: jobs, isCancelled: isCancelled) { subject in
      format.make(subject, ByteSink(write))
    }.run
  }

  /// The same with settings of its own and a writer of whatever kind, which is handed back with the names of causes.
  func trace(
    _ run: RunRecord.Identity, _ settings: SimulationSettings, in world: World, jobs: Int,
    isCancelled: @escaping @Sendable () -> Bool, making make: (TraceSubject) -> any TraceWriter
  ) throws -> (run: TracedRun, causes: CauseNames, writer: any TraceWriter) {
    let causes = CauseNames()
    let title = "\(run.arm), replication \(run.replication)"
    let thread = TraceThread(make(TraceSubject(title: title, network: world.network, causes: causes)))
    let steps = StepPool()
    let watch = Stopwatch()
    let outcomes = inParallel(
      count: 1, jobs: settings.learning.computesElsewhere ? jobs : 1,
      steps: settings.learning.computesElsewhere ? steps : nil
    ) { _ -> Result<RunRecord, SimulationError> in
      let observer = RunObserver(strip: thread.first, causes: causes) { thread.take($0, $1) }
      defer { observer.handOn() }
      return Result { () throws(SimulationError) in
        try simulate(
          settings, in: world, arm: run.arm, replication: run.replication, steps: steps, observer: observer,
          isCancelled: { isCancelled() || thread.isBroken })
      }
    }
    let writer = thread.end()
    if let trouble = writer.trouble { throw trouble }
    switch outcomes[0] {
    case .success(let record):
      return (TracedRun(record: record, count: writer.count, seconds: watch.seconds), causes, writer)
    case .failure(let error):
      if isCancelled() { throw CancellationError() }
      throw StudyError(description: "arm '\(run.arm)', replication \(run.replication): \(error)")
    }
  }
}
