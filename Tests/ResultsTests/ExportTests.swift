// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

/// A study whose arms differ in two settings, one of which an arm lacks.
private func unusualHeader() -> StudyHeader {
  var study = header(replications: 2)
  study.arms[0].name = "a \"quoted\", long\nname"
  study.arms[0].settings["conditions.links.loss"] = "0.2"
  study.arms[1].settings["conditions.links.bandwidth"] = "1 kB/s"
  return study
}

private func text(_ path: String, _ rows: Export.Rows, _ format: TableFormat) throws -> String {
  var bytes: [UInt8] = []
  try Export(rows: rows, format: format).write(try ResultsFile(path)) { bytes += $0 }
  return String(decoding: bytes, as: UTF8.self)
}

private func withUnusualStudy(_ body: (String) throws -> Void) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let study = unusualHeader()
    let store = try store(path, header: study)
    try store.write(run(0, arm: study.arms[0].name, final: .infinity))
    try store.write(run(1, arm: study.arms[0].name, final: .nan))
    try store.write(run(0, arm: "with timeout", final: 0.1 + 0.2))
    try store.write(FailedRun(identity: .init(arm: "with timeout", replication: 1, seed: .max), error: "No, \"no\"."))
    try body(path)
  }
}

@Test func observationsNameArmSweptSettingsAndReplication() throws {
  try withUnusualStudy { path in
    let lines = try text(path, .observations, .csv).components(separatedBy: "\n")
    #expect(lines[0] == "arm,conditions.links.bandwidth,conditions.links.loss,replication,time,metric,value")
    // The name of the first arm holds a line break.
    #expect(lines[1...2].joined(separator: "\n") == "\"a \"\"quoted\"\", long\nname\",,0.2,0,0.0,msd,1.0")
    #expect(lines.contains("name\",,0.2,0,2.0,msd,inf"))
    #expect(lines.contains("name\",,0.2,1,2.0,msd,nan"))
    #expect(lines.contains("with timeout,1 kB/s,0.1,0,2.0,msd,0.30000000000000004"))
    #expect(lines.count == 1 + 2 * 12 + 6 + 1)
    #expect(lines.last == "")
  }
}

@Test func runsHaveTheirFingerprintsAndFailedOnesTheirError() throws {
  try withUnusualStudy { path in
    let lines = try text(path, .runs, .jsonl).split(separator: "\n")
    let rows = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    let fingerprints = ["00ff000000000001", "00ff000000000002", "00ff000000000001", nil]
    #expect(rows.map { $0["fingerprint"] as? String } == fingerprints)
    #expect(rows.map { $0["final_msd-own"] as? String } == ["inf", "nan", nil, nil])
    #expect(lines[2].contains("\"final_msd-own\":0.30000000000000004,"))
    #expect(rows[0]["arm"] as? String == unusualHeader().arms[0].name)
    #expect(rows[0]["target_time"] is NSNull)
    #expect(rows[0]["sent"] as? Int == 7)
    #expect(rows[0]["events"] as? Int == 7)
    #expect(lines[0].contains("\"seed\":18446744073709551615,"))
    #expect(rows[3]["error"] as? String == "No, \"no\".")
    #expect(Set(rows.map { $0.keys.sorted() }).count == 1)
  }
}

/// What is kept with accounts of links or energy only.
private let commas = String(repeating: ",", count: 10)

@Test func agentsHaveARowEach() throws {
  try withUnusualStudy { path in
    let lines = try text(path, .agents, .csv).components(separatedBy: "\n")
    let columns =
      "agent,updates,useful,wasted,unfinished,waiting,down,final_msd,task,episodes,samples,"
      + "final_return,slowed,sent,sent_bytes,heard,heard_bytes,waiting_neighbours,waiting_centre,waiting_clock,asleep,paused,"
      + "joules"
    #expect(lines[0].hasSuffix("replication,\(columns)"))
    #expect(lines.contains("with timeout,1 kB/s,0.1,0,a,3,1.0,0.0,0.0,1.0,0.0,0.30000000000000004,,,,," + commas))
  }
}

/// A run of two agents that act in two tasks.
private func actingRun() -> StoredRun {
  var acting = run(0)
  acting.record.agents = ["a", "b"].map { name in
    AgentAccount(
      name: name, updates: 3, useful: 1, wasted: 0, unfinished: 0, waiting: 1, down: 0, finalMSD: nil,
      task: "pole \(name)", episodes: 12, samples: 2400, finalReturn: 99.5)
  }
  acting.record.taskReturns = TaskReturns(tasks: ["pole a", "pole b"], returns: [[100, 0.1 + 0.2], [.nan, -1]])
  return acting
}

@Test func agentsThatActHaveTheirTaskAndReturnAndARowForEachTask() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let results = try store(path)
    try results.write(actingRun())
    try results.write(run(1))
    let agents = try text(path, .agents, .csv).components(separatedBy: "\n")
    #expect(agents.contains("asynchronous,0,b,3,1.0,0.0,0.0,1.0,0.0,,pole b,12,2400,99.5," + commas))
    let returns = """
      arm,replication,agent,task,return
      asynchronous,0,a,pole a,100.0
      asynchronous,0,a,pole b,0.30000000000000004
      asynchronous,0,b,pole a,nan
      asynchronous,0,b,pole b,-1.0

      """
    #expect(try text(path, .returns, .csv) == returns)
  }
}

@Test(arguments: [0.1, 1e300, .leastNonzeroMagnitude, -1.5e-10, 123_456_789_012_345_680, 0x1.FFFFFFFFFFFFFp1023, -0.0])
func numbersReadBackAsTheSameBits(value: Double) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, final: value))
    let cells = try text(path, .observations, .csv).split(separator: "\n").map { $0.split(separator: ",") }
    let cell = try #require(cells.first { $0[3] == "msd" && $0[2] == "2.0" }?[4])
    #expect(Double(cell)?.bitPattern == value.bitPattern)
  }
}
