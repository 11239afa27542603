// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Records
import Results
import Scenarios
import Studies
import Testing

private func scenario(_ settings: String...) throws -> Scenario {
  let text = """
    name: stopped
    task: {kind: linear-regression, dimension: 2, noise-variance: 0.01}
    network: {topology: ring, agents: 4}
    learner: {step-size: 0.05}
    conditions:
      compute: {between-agents: {lognormal: {median: 100 ms, sigma: 0.3}}}
      links: {latency: {exponential: 50 ms}, loss: 0.1}
    measure: {until: 3 s, every: 100 ms}
    arms: {together: {strategy.timing: synchronous-global}, apart: {}}
    replications: 2
    """
  return try Scenario.parse(text: text, file: "stopped.yaml", overrides: settings.map { try Override($0) })
}

private func program(_ revision: String) -> Provenance {
  .onThisMachine(command: "starling compare stopped.yaml", version: "1", revision: revision, jobs: 2)
}

private func withFile(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "starling-stopped-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder + "/study.sqlite")
}

/// - Parameter stopAt: milliseconds.
private func carryOut(
  _ scenario: Scenario, _ path: String, stopAt: Int64? = nil, forgetsStopped: Bool = false,
  revision: String = "0123456789ab"
) throws -> StoredStudy {
  let request = StudyRequest(
    stopAt: stopAt.map { VirtualDuration(nanoseconds: $0 * 1_000_000) }, forgetsStopped: forgetsStopped,
    program: program(revision))
  // The thread that has written lets go of the file a moment later.
  defer { while (try? StudyProgress(path).isBeingWritten) == true { usleep(1000) } }
  return try StudyExecution(request, path: path, listener: Silence()).carryOut(scenario).study
}

/// Asserts that a study stops with so many of its four runs on their way.
private func expectStop(
  _ path: String, at milliseconds: Int64, stopped expected: Int = 4, revision: String = "0123456789ab"
) {
  let interruption = #expect(throws: StudyInterruption.self) {
    _ = try carryOut(scenario(), path, stopAt: milliseconds, revision: revision)
  }
  guard case .stopped(_, 4 - expected, expected, 4, path)? = interruption else {
    Issue.record("\(String(describing: interruption))")
    return
  }
}

@Test func aStudyThatIsStoppedAgainAndAgainIsTheStudyInOneGo() throws {
  try withFile { whole in
    let expected = try carryOut(scenario(), whole)
    try withFile { path in
      for time: Int64 in [0, 700, 300, 1234] { expectStop(path, at: time) }
      #expect(try StudyProgress(path).stops.map(\.time) == [1.234, 1.234, 1.234, 1.234])
      let report = StatusReport(path, try StudyProgress(path))
      #expect(report.missing == 4 && report.stopped == 4 && report.done == 0)
      let study = try carryOut(scenario(), path)
      #expect(study.runs.map(\.record.fingerprint) == expected.runs.map(\.record.fingerprint))
      #expect(study.runs.map(\.record.staleness) == expected.runs.map(\.record.staleness))
      #expect(study.runs.map(\.record.messages) == expected.runs.map(\.record.messages))
      #expect(study.runs.map(\.record.engine) == expected.runs.map(\.record.engine))
      #expect(study.runs.map(\.record.agents) == expected.runs.map(\.record.agents))
      #expect(try StudyProgress(path).stops.isEmpty)
    }
  }
}

/// A time at or beyond the end stops nothing.
@Test func aStopBehindTheEndIsNone() throws {
  try withFile { path in
    let study = try carryOut(scenario(), path, stopAt: 3000)
    #expect(study.runs.count == 4)
    #expect(try StudyProgress(path).stops.isEmpty)
  }
}

@Test func anotherProgramMayLetStoppedRunsBeginAnewOnly() throws {
  try withFile { path in
    expectStop(path, at: 1000)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let error = #expect(throws: ResultsError.self) { _ = try carryOut(scenario(), path, revision: "ba9876543210") }
    let text = error?.description ?? ""
    #expect(text.contains("the run of arm 'together', replication 0, was stopped on its way"))
    #expect(text.contains("it was kept by starling 1 (revision 0123456789ab), and this is starling 1 (revision ba98"))
    #expect(text.contains("--forget-stopped"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    let anew = try carryOut(scenario(), path, forgetsStopped: true, revision: "ba9876543210")
    try withFile { whole in
      let expected = try carryOut(scenario(), whole)
      #expect(anew.runs.map(\.record.fingerprint) == expected.runs.map(\.record.fingerprint))
    }
  }
}

/// Where a revision tells nothing of the program, its executable does: this one goes on with its own runs.
@Test(arguments: [Provenance.unknownRevision, "0123456789ab-changed"])
func aProgramWithoutARevisionKnowsItself(revision: String) throws {
  try withFile { path in
    expectStop(path, at: 1000, revision: revision)
    let study = try carryOut(scenario(), path, revision: revision)
    #expect(study.runs.count == 4)
  }
}

/// More replications are another question about the same runs.
@Test func stoppedRunsGoOnAmongMoreReplications() throws {
  try withFile { path in
    expectStop(path, at: 1000)
    let study = try carryOut(scenario("replications=3"), path)
    #expect(study.runs.count == 6)
  }
}
