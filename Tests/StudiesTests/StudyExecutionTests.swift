// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Scenarios
import Studies
import Summaries
import Synchronization
import Testing

private func scenario(_ settings: String...) throws -> Scenario {
  let text = """
    name: executed
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
    network: {topology: ring, agents: 4}
    learner: {step-size: 0.05}
    conditions: {compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.3}}}}
    measure: {until: 3 s, every: 100 ms}
    arms: {together: {strategy.timing: synchronous-global}, apart: {}}
    replications: 3
    """
  return try Scenario.parse(text: text, file: "executed.yaml", overrides: settings.map { try Override($0) })
}

private func program(revision: String = "0123456789ab") -> Provenance {
  .onThisMachine(command: "starling compare executed.yaml", version: "1", revision: revision, jobs: 2)
}

/// Remembers what it hears, and how many runs of each stage have ended.
private final class Memory: ExecutionListener {
  final class Count: ExecutionProgress {
    let ended = Atomic(0)
    private let limit: Int
    private let stop: @Sendable () -> Void

    init(limit: Int, _ stop: @escaping @Sendable () -> Void) {
      self.limit = limit
      self.stop = stop
    }

    func expect(_ more: Int) {}
    func finish() {}
    func count(_ number: Int) {
      if ended.wrappingAdd(number, ordering: .relaxed).newValue >= limit { stop() }
    }
  }

  let notices = Mutex<[ExecutionNotice]>([])
  let stages = Mutex<[(stage: ExecutionStage, count: Count)]>([])
  private let isStopped = Atomic(false)
  private let questions = Atomic(0)
  private let limit: Int

  /// - Parameter limit: runs after which the study is asked to stop.
  init(stopAfter limit: Int = .max) { self.limit = limit }

  /// Asked before every run. Runs can be faster than what writes them down, so some hundred are told to wait for that.
  func isAskedToStop() -> Bool {
    let number = questions.wrappingAdd(1, ordering: .relaxed).newValue
    while limit < .max, number > 500, !isStopped.load(ordering: .relaxed) { usleep(1000) }
    return isStopped.load(ordering: .relaxed)
  }

  func hear(_ notice: ExecutionNotice) { notices.withLock { $0.append(notice) } }

  func begins(_ stage: ExecutionStage, total: Int) -> any ExecutionProgress {
    let count = Count(limit: limit) { [self] in isStopped.store(true, ordering: .relaxed) }
    stages.withLock { $0.append((stage, count)) }
    return count
  }

  /// Runs that have ended in a stage.
  func ended(_ stage: ExecutionStage) -> Int {
    stages.withLock { $0.filter { $0.stage == stage }.reduce(0) { $0 + $1.count.ended.load(ordering: .relaxed) } }
  }

  /// How many runs were missing, each time that was said.
  var missing: [Int] {
    notices.withLock { $0.compactMap { if case .begins(_, let missing, _, _, _) = $0 { missing } else { nil } } }
  }
}

private func withFile(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "starling-execution-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder + "/study.sqlite")
}

private func carryOut(
  _ scenario: Scenario, _ path: String, _ request: StudyRequest = StudyRequest(program: program()),
  memory: Memory = Memory()
) throws -> StudyExecution.Outcome {
  let execution = StudyExecution(request, path: path, isCancelled: memory.isAskedToStop, listener: memory)
  // The thread that has written lets go of the file a moment later.
  defer { while (try? StudyProgress(path).isBeingWritten) == true { usleep(1000) } }
  return try execution.carryOut(scenario)
}

private func fingerprints(_ study: StoredStudy) -> [UInt64] { study.runs.map(\.record.fingerprint) }

@Test func aStudyThatIsThereIsReadAndNotRunAgain() throws {
  try withFile { path in
    let first = try carryOut(scenario(), path)
    #expect(first.study.runs.map(\.record.identity) == (try Study(scenario()).plan))
    let memory = Memory()
    let again = try carryOut(scenario(), path, memory: memory)
    #expect(fingerprints(again.study) == fingerprints(first.study))
    #expect(memory.missing == [0] && memory.ended(.runs) == 0)
  }
}

@Test func aCancelledStudyGoesOnWhereItStopped() throws {
  try withFile { path in
    let scenario = try scenario("replications=500")
    let memory = Memory(stopAfter: 2)
    let interruption = #expect(throws: StudyInterruption.self) { _ = try carryOut(scenario, path, memory: memory) }
    guard case .amongRuns(let ended, 1000, path)? = interruption else {
      Issue.record("\(String(describing: interruption))")
      return
    }
    #expect(ended >= 2 && ended < 1000)
    let rest = Memory()
    let outcome = try carryOut(scenario, path, memory: rest)
    #expect(rest.missing == [1000 - ended] && rest.ended(.runs) == 1000 - ended)
    try withFile { other in
      let unbroken = try carryOut(scenario, other)
      #expect(fingerprints(unbroken.study) == fingerprints(outcome.study))
    }
  }
}

/// Shards run every so many of the plan; more replications than a shard was asked for are not read back.
@Test func aShardRunsItsPart() throws {
  try withFile { path in
    let shard = try #require(Shard("2/4"))
    let outcome = try carryOut(scenario(), path, StudyRequest(shard: shard, program: program()))
    let plan = try Study(scenario()).plan
    #expect(outcome.study.runs.map(\.record.identity) == [plan[1], plan[5]])
    let report = StatusReport(path, try StudyProgress(path))
    #expect(report.planned == 2 && report.done == 2 && report.arms.map(\.done) == [0, 2])
    #expect(report.missing == 0 && report.sessions.map(\.runs) == [2])
  }
}

@Test func replicationsAreAddedUntilTheStudyIsPrecise() throws {
  try withFile { path in
    let goal = PrecisionGoal(relative: 0.15, atMost: 400)
    let memory = Memory()
    let outcome = try carryOut(scenario(), path, StudyRequest(goal: goal, program: program()), memory: memory)
    let report = try #require(outcome.precision)
    #expect(report.isReached && report.replications > PrecisionGoal.leastReplications)
    #expect(outcome.study.runs.count == 2 * report.replications && memory.ended(.runs) == 2 * report.replications)
    // The same question again takes the same way, and runs nothing.
    let again = Memory()
    let known = try carryOut(scenario(), path, StudyRequest(goal: goal, program: program()), memory: again)
    #expect(known.precision == outcome.precision && again.ended(.runs) == 0)
  }
}

@Test func aTuningIsKeptWithItsStudy() throws {
  try withFile { path in
    func request(pilots: Int) throws -> StudyRequest {
      StudyRequest(matching: try Matching(scenario(), metric: .msd, pilots: pilots), program: program())
    }
    let memory = Memory()
    let first = try carryOut(scenario(), path, request(pilots: 3), memory: memory)
    #expect(memory.ended(.pilots) > 0 && first.study.header.tuning?.pilots.count == 3)
    let known = Memory()
    let again = try carryOut(scenario(), path, request(pilots: 3), memory: known)
    #expect(known.ended(.pilots) == 0 && again.study.header.tuning == first.study.header.tuning)
    let error = #expect(throws: ResultsError.self) { _ = try carryOut(scenario(), path, request(pilots: 4)) }
    #expect(error?.description.contains("the number of pilots is 3 in the file, 4 now") == true)
  }
}

/// Another revision repeats a run of the file before it adds its own.
@Test func anotherRevisionRepeatsARunFirst() throws {
  try withFile { path in
    _ = try carryOut(scenario(), path)
    let memory = Memory()
    let request = StudyRequest(program: program(revision: "ba9876543210"))
    let outcome = try carryOut(scenario("replications=4"), path, request, memory: memory)
    #expect(outcome.study.runs.count == 8 && memory.ended(.runs) == 2)
    let makers = memory.notices.withLock { notices in
      notices.compactMap { if case .repeating(_, let maker) = $0 { maker.revision } else { nil } }
    }
    #expect(makers == ["0123456789ab"])
  }
}
