// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

/// A window of two agents, of which the second did not combine.
private func window(_ number: Int, keepsProduct: Bool = true) -> RealisedWindow {
  let mixing = RealisedWindow.Mixing(
    perron: keepsProduct ? [0.1 + 0.2, 0.7] : nil, secondEigenvalueModulus: 1 / 3, secondSingularValue: nil,
    rowSumError: 5e-324)
  return RealisedWindow(
    start: Double(number) * 0.1, end: Double(number + 1) * 0.1, combinations: [3, 0], steps: [UInt64(number), 1],
    ownWeights: [2.0 / 3, 1], mean: mixing, product: keepsProduct ? mixing : nil,
    participation: keepsProduct ? [0.25, 0.75] : nil,
    matrices: RealisedWindow.Matrices(
      uses: [.init(sender: 1, receiver: 0, uses: 3, weight: 1, meanAge: 0.1, largestAge: 0.3)],
      product: keepsProduct ? [0.1, 0, 0.9, 1] : nil))
}

private func run(_ replication: Int, with windows: [RealisedWindow]) -> StoredRun {
  var run = run(replication)
  run.record.windows = windows
  return run
}

private func withoutMatrices(_ windows: [RealisedWindow]) -> [RealisedWindow] {
  windows.map { window in
    var window = window
    window.matrices = nil
    return window
  }
}

/// Changes a file as no writer of results does.
private func change(_ path: String, _ sql: String) throws {
  let database = try DatabaseQueue(path: path)
  try database.write { try $0.execute(sql: sql) }
  try database.close()
}

@Test func windowsReadBackAsTheSameBits() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let kept = [window(0), window(1, keepsProduct: false), window(2)]
    let results = try store(path, header: header(replications: 2))
    try results.write(run(0, with: kept))
    try results.write(run(1, with: []))
    let file = try ResultsFile(path)
    #expect(try file.windows(arm: "asynchronous", replication: 0) == kept)
    #expect(try file.windows(arm: "asynchronous", replication: 1) == [])
    #expect(try file.windows(arm: "asynchronous", replication: 2) == nil)
    // Those who do not ask for matrices get the rest.
    #expect(try ResultsReader.read(path).runs.map(\.record.windows) == [withoutMatrices(kept), []])
    #expect(kept[0].meanMatrix == [2.0 / 3, 0, 1.0 / 3, 1] && withoutMatrices(kept)[0].meanMatrix == nil)
    #expect(kept.map(\.effectiveAgents) == [1.6, nil, 1.6])
  }
}

@Test func aRunWithoutWindowsHasTheDigestThatItHadWithoutTheTable() throws {
  try withFolder { folder in
    let (path, older) = (folder + "/results.sqlite", folder + "/older.sqlite")
    let schema = ResultsSchema(migrations: Array(ResultsSchema.current.migrations.prefix(4)))
    try store(path).write(run(0, with: []))
    try store(older).write(run(0, with: []))
    let later =
      "DROP TABLE state; DROP TABLE link_account; DROP TABLE agent_account; ALTER TABLE run DROP COLUMN target_joules;"
    try change(older, "DROP TABLE window; \(later) PRAGMA user_version = \(schema.version)")
    // It is read as it is, and brought up to date where it is continued.
    #expect(try ResultsReader.read(older).runs == ResultsReader.read(path).runs)
    try store(older, header: header(replications: 2)).write(run(1, with: [window(0)]))
    #expect(try ResultsFile(older).windows(arm: "asynchronous", replication: 1) == [window(0)])
  }
}

@Test(arguments: [
  ("UPDATE window SET content = replace(content, '0.75', '0.74') WHERE position = 1", true),
  ("UPDATE window SET digest = '0000000000000000' WHERE position = 1", true),
  ("DELETE FROM window WHERE position = 1", true),
  ("UPDATE window SET position = 3 WHERE position = 0", true),
  ("UPDATE window SET product = zeroblob(length(product))", false),
  ("UPDATE window SET uses = zeroblob(length(uses)) WHERE position = 2", false),
])
func changedWindowsAreFound(change sql: String, isSeenByAll: Bool) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, with: [window(0), window(1), window(2)]))
    try change(path, sql)
    if isSeenByAll {
      #expect(throws: ResultsError.self) { try ResultsReader.read(path) }
    } else {
      #expect(try ResultsReader.read(path).runs.count == 1)
    }
    #expect(throws: ResultsError.self) { try ResultsFile(path).windows(arm: "asynchronous", replication: 0) }
    #expect(throws: ResultsError.self) {
      try StudyMerge([path], into: folder + "/all.sqlite").write(allowsDifferences: false)
    }
  }
}

@Test func mergingKeepsWindows() throws {
  try withFolder { folder in
    let kept = [[window(0), window(1)], [window(2, keepsProduct: false)]]
    for (number, windows) in kept.enumerated() {
      let shard = header(replications: 2, shard: "\(number + 1)/2")
      try store("\(folder)/\(number).sqlite", header: shard).write(run(number, with: windows))
    }
    let output = folder + "/all.sqlite"
    let inputs = kept.indices.map { "\(folder)/\($0).sqlite" }
    _ = try StudyMerge(inputs, into: output).write(allowsDifferences: false)
    let file = try ResultsFile(output)
    #expect(try kept.indices.map { try file.windows(arm: "asynchronous", replication: $0) } == kept)
  }
}

@Test func aWindowIsARowOfATable() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, with: [window(0), window(1, keepsProduct: false)]))
    var bytes: [UInt8] = []
    try Export(rows: .windows, format: .jsonl).write(try ResultsFile(path)) { bytes += $0 }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let rows = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    #expect(rows.count == 2)
    #expect(rows.map { $0["start"] as? Double } == [0, 0.1])
    #expect(rows.map { $0["combinations"] as? Int } == [3, 3])
    #expect(rows.map { $0["effective_agents"] as? Double } == [1.6, nil])
    #expect(rows.map { $0["mean_second_eigenvalue"] as? Double } == [1 / 3, 1 / 3])
    #expect(rows.map { $0["product_perron_most"] as? Double } == [0.7, nil])
    #expect(rows.map { $0["mean_second_singular_value"] is NSNull } == [true, true])
  }
}
