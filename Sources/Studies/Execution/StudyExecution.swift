// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Simulation
import Summaries

/// Carries out what is missing of a study, keeps every run as it ends, and reads back what the results file holds.
package struct StudyExecution {
  let request: StudyRequest
  /// The results file.
  package let path: String
  let isCancelled: @Sendable () -> Bool
  let listener: any ExecutionListener

  /// What a study has come to.
  package struct Outcome {
    /// The runs asked for, in the order of the plan.
    package var study: StoredStudy
    /// How precise the study is, where that was asked for.
    package var precision: PrecisionReport?
  }

  /// - Parameters:
  ///   - path: of the results file, which need not be there.
  ///   - isCancelled: once true, the study comes to an end in good order.
  package init(
    _ request: StudyRequest, path: String, isCancelled: @escaping @Sendable () -> Bool = { false },
    listener: any ExecutionListener
  ) {
    precondition(request.goal == nil || request.shard == nil, "How precise a shard is says nothing of the study.")
    self.request = request
    self.path = path
    self.isCancelled = isCancelled
    self.listener = listener
  }

  /// Runs what is not yet in the results file.
  ///
  /// - Throws: what keeps the study from ending well; runs that have ended stay in the results file. After a
  ///   cancellation `StudyInterruption`.
  package func carryOut(_ scenario: Scenario) throws -> Outcome {
    var scenario = scenario
    if request.goal != nil { scenario.replications = PrecisionGoal.leastReplications }
    let tuning = try request.matching.map { [scenario] in try self.tuning($0, of: scenario) }
    if let tuning { scenario = try scenario.tuned(by: tuning) }
    var study = try Study(scenario)
    study.fork = request.fork
    try StudyMemory(study, replications: scenario.replications, readsCurves: request.withCurves).check()
    let (store, obstacle) = try open(study, tuning)
    var outcome = Outcome(study: try complete(study, 0..<scenario.replications, store))
    if let goal = request.goal {
      var report = PrecisionReport(outcome.study, goal: goal, replications: scenario.replications)
      while let next = report.next {
        if let obstacle { throw obstacle }
        listener.hear(.goesOn(report, next: next))
        let done = scenario.replications
        scenario.replications = next
        try store.raise(replications: next, scenario: scenario.resolvedText())
        outcome.study = try complete(study, done..<next, store)
        report = PrecisionReport(outcome.study, goal: goal, replications: next)
      }
      outcome.precision = report
    }
    try store.close()
    return outcome
  }

  /// Runs what is missing of some replications, all earlier ones being there, and reads those up to the last of them.
  private func complete(_ study: Study, _ replications: Range<Int>, _ store: ResultsStore) throws -> StoredStudy {
    let plan = request.runs(of: study.plan(replications: replications.upperBound))
    let present = store.finished.union(store.failed.map(\.identity))
    let missing = plan.filter { replications.contains($0.replication) && !present.contains($0) }
    if replications.lowerBound == 0 {
      if !missing.isEmpty, !store.bitDifferences.isEmpty {
        listener.hear(.otherBits(store.bitDifferences, path: path))
      }
      let underWay = Set(store.stops.map(\.run))
      listener.hear(
        .begins(
          study, missing: missing.count, underWay: missing.count { underWay.contains($0) }, planned: plan.count,
          path: path))
    }
    let progress = try run(missing, of: study, into: store)
    if progress.open > 0 { try store.close() }
    var result = try request.withCurves ? store.read() : store.readOutcomes()
    guard progress.open == 0 else {
      let present = Set(result.runs.map(\.record.identity))
      let ended = plan.count { present.contains($0) }
      guard request.stopAt != nil, progress.open == progress.stops.count,
        let times = ClosedRange(spanning: progress.stops)
      else {
        throw StudyInterruption.amongRuns(ended: ended, planned: plan.count, path: path)
      }
      throw StudyInterruption.stopped(
        at: times, ended: ended, stopped: progress.stops.count, planned: plan.count, path: path)
    }
    let place = Dictionary(uniqueKeysWithValues: zip(plan, 0...))
    result.runs = result.runs.filter { place[$0.record.identity] != nil }
    result.runs.sort { place[$0.record.identity] ?? 0 < place[$1.record.identity] ?? 0 }
    result.failures.removeAll { place[$0.identity] == nil }
    result.header.replications = replications.upperBound
    return result
  }

  /// Runs what is missing, or carries it on to the time at which it is to stop.
  ///
  /// - Returns: how many of the runs have not ended, and how far those are that have been stopped where they are to be, or
  ///   beyond.
  private func run(
    _ missing: [RunRecord.Identity], of study: Study, into store: ResultsStore
  ) throws -> (open: Int, stops: [VirtualTime]) {
    let limit = request.stopAt.map(VirtualTime.init) ?? .never
    let times = Dictionary(uniqueKeysWithValues: store.stops.map { ($0.run, VirtualTime(seconds: $0.time)) })
    let carriedOut = request.carriedOut.flatMap { missing.contains($0.record.identity) ? $0 : nil }
    let due = missing.filter {
      $0 != carriedOut?.record.identity && times[$0].map { $0 < limit } ?? true
    }
    let waiting = missing.compactMap { times[$0] }.filter { $0 >= limit }
    guard !due.isEmpty || carriedOut != nil else { return (waiting.count, waiting) }
    let progress = listener.begins(.runs, total: due.count + (carriedOut == nil ? 0 : 1))
    let queue = RunQueue(store) { progress.count($0) }
    defer { progress.finish() }
    if let carriedOut {
      queue.begin(carriedOut.record.identity)
      queue.add(carriedOut)
    }
    let isInParts =
      request.stopAt != nil || request.savesEvery != nil || !request.forkTimes.isEmpty || !store.stops.isEmpty
    study.run(
      due, jobs: try jobs(for: study),
      stops: isInParts
        ? RunStops(
          study.scenario, limit: limit, savesEvery: request.savesEvery?.seconds, forkTimes: request.forkTimes,
          program: request.program, store: store)
        : nil,
      isCancelled: { [isCancelled] in isCancelled() || queue.hasTrouble },
      listener: Keeper(queue, store.stops, progress))
    try queue.finish()
    return (missing.count - queue.count, waiting + Array(repeating: limit, count: queue.stops))
  }

  /// How many runs take place at once: as many as asked for, unless memory is short.
  private func jobs(for study: Study) throws -> Int {
    let wanted = request.program.jobs
    let jobs = try StudyMemory(study, replications: 1, readsCurves: false).jobs(atMost: wanted)
    if jobs < wanted { listener.hear(.shortOfMemory(jobs: jobs, wanted: wanted)) }
    return jobs
  }
}

/// Has each run written down, after which it counts.
private struct Keeper: StudyListener {
  private let queue: RunQueue
  /// Seconds of real time that runs had taken before they were stopped.
  private let earlier: [RunRecord.Identity: Double]
  private let progress: any ExecutionProgress

  init(_ queue: RunQueue, _ stops: [StudyProgress.Stop], _ progress: any ExecutionProgress) {
    self.queue = queue
    self.progress = progress
    earlier = Dictionary(stops.map { ($0.run, $0.wallSeconds) }) { first, _ in first }
  }

  func begins(_ run: RunRecord.Identity) { queue.begin(run) }

  func advanced(_ run: RunRecord.Identity, share: Double) { progress.advance(run, to: share) }

  func ended(_ run: RunRecord.Identity, _ outcome: Result<RunRecord, SimulationError>, seconds: Double) {
    progress.advance(run, to: 0)
    switch outcome {
    case .success(let record): queue.add(StoredRun(record: record, wallSeconds: seconds + (earlier[run] ?? 0)))
    case .failure(let error): queue.add(FailedRun(identity: run, error: error.description))
    }
  }

  func stopped(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {
    progress.advance(run, to: 0)
    queue.add(stop(run, memory, seconds))
  }

  func kept(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) { queue.keep(stop(run, memory, seconds)) }

  func passed(_ run: RunRecord.Identity, _ memory: StoppedRun, seconds: Double) {
    // Everything before the time has happened.
    let time = VirtualTime(nanoseconds: memory.time.nanoseconds + 1)
    queue.add(state: stop(run, memory, seconds, at: time))
  }

  private func stop(
    _ run: RunRecord.Identity, _ memory: StoppedRun, _ seconds: Double, at time: VirtualTime? = nil
  ) -> StoredStop {
    StoredStop(
      run: run, time: (time ?? memory.time).seconds, wallSeconds: seconds + (earlier[run] ?? 0),
      memory: Data(memory.bytes))
  }
}
