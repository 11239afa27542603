// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

/// A folder of its own for each test, removed afterwards.
private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "starling-results-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

private let header = StudyHeader(
  version: "0.1", name: "stragglers", question: "Does waiting cost more?", scenario: "name: stragglers\n",
  overrides: ["seed=2"], seed: .max, replications: 2, resampled: [], ties: "fifo",
  arms: [
    StudyHeader.Arm(
      name: "asynchronous", agents: 2, topology: "ring", meanDegree: 1, secondSingularValue: 0.5, until: 2, every: 1,
      target: StudyHeader.Target(metric: "msd", threshold: 1e-3))
  ])

private func run(_ replication: Int, final: Double, target: RunRecord.TargetReached? = nil) -> StoredRun {
  var fates = MessageFates()
  fates.sent = 7
  fates.replacedUnread = 7
  var engine = EngineCounts()
  engine.events = ["computeEnd": 3, "arrival": 4]
  return StoredRun(
    record: RunRecord(
      identity: RunRecord.Identity(arm: "asynchronous", replication: replication, seed: 2),
      fingerprint: 0x00FF_0000_0000_0001, ending: .until, endTime: 2, grid: [0, 1, 2],
      series: [RunRecord.Series(metric: "msd", values: [1, 0.1, final])], finals: ["msd-own": final], target: target,
      messages: fates, staleness: Staleness(),
      agents: [
        AgentAccount(
          name: "a", updates: 3, useful: 1, wasted: 0, unfinished: 0, waiting: 1, down: 0, finalMSD: final)
      ], engine: engine), wallSeconds: 0.25)
}

@Test func aResultsFileReadsBackAsItWasWritten() throws {
  try withFolder { folder in
    let path = folder + "/new/folder/results.jsonl"
    let writer = try ResultsWriter(path: path, header: header)
    let reached = RunRecord.TargetReached(time: 1.5, updates: 3, messages: 4, bytes: 320)
    let runs = [run(0, final: 0.1 + 0.2, target: reached), run(1, final: .leastNonzeroMagnitude)]
    for run in runs { try writer.write(run) }
    #expect(writer.runsWritten == 2)
    #expect(try ResultsReader.read(path) == StoredStudy(header: header, runs: runs))
  }
}

@Test func infiniteAndUndefinedNumbersSurvive() throws {
  try withFolder { folder in
    let path = folder + "/results.jsonl"
    let writer = try ResultsWriter(path: path, header: header)
    for value in [Double.infinity, -.infinity, .nan] { try writer.write(run(0, final: value)) }
    let values = try ResultsReader.read(path).runs.compactMap { $0.record.series[0].values.last }
    #expect(values.count == 3)
    #expect(values[0] == .infinity && values[1] == -.infinity && values[2].isNaN)
  }
}

@Test func aFingerprintIsWrittenAsSixteenDigitsInAString() throws {
  let line = String(decoding: try resultsEncoder().encode(run(0, final: 1)), as: UTF8.self)
  #expect(line.contains(#""fingerprint":"00ff000000000001""#))
}

@Test func aTornLastLineIsLeftOutAndReported() throws {
  try withFolder { folder in
    let path = folder + "/results.jsonl"
    let writer = try ResultsWriter(path: path, header: header)
    for replication in 0..<2 { try writer.write(run(replication, final: 1)) }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.dropLast(40).write(to: URL(fileURLWithPath: path))
    let study = try ResultsReader.read(path)
    #expect(study.lastLineWasTorn)
    #expect(study.runs == [run(0, final: 1)])
  }
}

@Test func aDamagedLineInTheMiddleIsAnErrorWithItsNumber() throws {
  try withFolder { folder in
    let path = folder + "/results.jsonl"
    let writer = try ResultsWriter(path: path, header: header)
    try writer.write(run(0, final: 1))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + "{\"arm\": \n" + text.split(separator: "\n")[1] + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ResultsError.notResults(path: path, line: 3, reason: "the line is damaged")) {
      try ResultsReader.read(path)
    }
  }
}

@Test func aFileInTheWayIsKeptUnderAnotherName() throws {
  try withFolder { folder in
    let path = folder + "/results.jsonl"
    try ResultsWriter(path: path, header: header).write(run(0, final: 1))
    _ = try ResultsWriter(path: path, header: header)
    #expect(try ResultsReader.read(path).runs.isEmpty)
    #expect(try ResultsReader.read(path + "~").runs == [run(0, final: 1)])
  }
}

@Test func aPlaceThatCannotBeMadeIsRefusedWithItsReason() throws {
  try withFolder { folder in
    let path = folder + "/file"
    try Data("text".utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: ResultsError.self) { try ResultsWriter(path: path + "/results.jsonl", header: header) }
    #expect(error?.description.hasPrefix("cannot create the results file '\(path)/results.jsonl': its folder") == true)
  }
}

@Test func linesReachTheSystemBeforeTheWriterEnds() throws {
  try withFolder { folder in
    let path = folder + "/results.jsonl"
    let writer = try ResultsWriter(path: path, header: header)
    try writer.write(run(0, final: 1))
    #expect(try ResultsReader.read(path).runs.count == 1)
    try writer.write(run(1, final: 1))
    #expect(try ResultsReader.read(path).runs.count == 2)
  }
}
