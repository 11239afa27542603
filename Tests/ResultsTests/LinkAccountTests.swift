// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

/// Two agents and a centre: a link over which estimates came, and one over which none did.
private func accounts(_ number: Int = 0) -> LinkAccounts {
  var fates = MessageFates()
  (fates.sent, fates.used, fates.lost, fates.copies, fates.bytes) = (9, 5, 3, 1, 720 + UInt64(number))
  (fates.losses.noise, fates.losses.cut, fates.losses.waiting, fates.unreadAtEnd) = (2, 1, 1, 1)
  let heard = LinkAccount(
    sender: 1, receiver: 0, fates: fates, retransmissions: 2, heard: 6, bytesHeard: 480,
    age: LinkAge(time: 9.5, mean: 0.1 + 0.2, peaks: 4, meanPeak: 1 / 3, largest: 5e-324, quantile95: 0.7))
  var once = heard
  once.sender = 2
  once.age?.peaks = 0
  once.age?.meanPeak = nil
  return LinkAccounts([heard, once, LinkAccount(sender: 0, receiver: 2, fates: MessageFates())], agents: 2)
}

private func run(_ replication: Int, with accounts: LinkAccounts?) -> StoredRun {
  var run = run(replication)
  run.record.links = accounts
  return run
}

private func withoutLinks(_ accounts: LinkAccounts) -> LinkAccounts {
  var accounts = accounts
  accounts.links = nil
  return accounts
}

/// Changes a file as no writer of results does.
private func change(_ path: String, _ sql: String) throws {
  let database = try DatabaseQueue(path: path)
  try database.write { try $0.execute(sql: sql) }
  try database.close()
}

@Test func accountsOfLinksReadBackAsTheSameBits() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let results = try store(path, header: header(replications: 2))
    try results.write(run(0, with: accounts()))
    try results.write(run(1, with: nil))
    let file = try ResultsFile(path)
    #expect(try file.links(arm: "asynchronous", replication: 0) == accounts())
    #expect(try file.links(arm: "asynchronous", replication: 1) == nil)
    // Those who do not ask for links get what they say together.
    #expect(try ResultsReader.read(path).runs.map(\.record.links) == [withoutLinks(accounts()), nil])
    #expect(accounts().count == 3 && accounts().age?.peaks == 4 && accounts().age?.time == 19)
  }
}

@Test func joulesToTheTargetReadBack() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let reached = RunRecord.TargetReached(time: 1.5, updates: 3, messages: 4, bytes: 320, joules: 0.1 + 0.2)
    try store(path).write(run(0, target: reached))
    #expect(try ResultsReader.read(path).runs.map(\.record.target) == [reached])
    try change(path, "UPDATE run SET target_joules = 0.3")
    #expect(throws: ResultsError.self) { try ResultsReader.read(path) }
  }
}

@Test func aRunWithoutAccountsHasTheDigestThatItHadWithoutTheTable() throws {
  try withFolder { folder in
    let (path, older) = (folder + "/results.sqlite", folder + "/older.sqlite")
    let schema = ResultsSchema(migrations: Array(ResultsSchema.current.migrations.prefix(6)))
    try store(path).write(run(0, with: nil))
    try store(older).write(run(0, with: nil))
    try change(
      older,
      """
      DROP TABLE agent_account; DROP TABLE link_account; ALTER TABLE run DROP COLUMN target_joules;
      PRAGMA user_version = \(schema.version)
      """)
    // It is read as it is, and brought up to date where it is continued.
    #expect(try ResultsReader.read(older).runs == ResultsReader.read(path).runs)
    try store(older, header: header(replications: 2)).write(run(1, with: accounts()))
    #expect(try ResultsFile(older).links(arm: "asynchronous", replication: 1) == accounts())
  }
}

@Test(arguments: [
  ("UPDATE link_account SET content = replace(content, '19', '18')", true),
  ("UPDATE link_account SET columns = replace(columns, 'lost_cut', 'lost_burst')", true),
  ("UPDATE link_account SET digest = '0000000000000000'", true),
  ("UPDATE link_account SET count = 2", true),
  ("DELETE FROM link_account", true),
  ("UPDATE link_account SET data = zeroblob(length(data))", false),
])
func changedAccountsOfLinksAreFound(change sql: String, isSeenByAll: Bool) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, with: accounts()))
    try change(path, sql)
    if isSeenByAll {
      #expect(throws: ResultsError.self) { try ResultsReader.read(path) }
    } else {
      #expect(try ResultsReader.read(path).runs.count == 1)
    }
    #expect(throws: ResultsError.self) { try ResultsFile(path).links(arm: "asynchronous", replication: 0) }
    #expect(throws: ResultsError.self) {
      try StudyMerge([path], into: folder + "/all.sqlite").write(allowsDifferences: false)
    }
  }
}

@Test func mergingKeepsAccountsOfLinks() throws {
  try withFolder { folder in
    for number in 0..<2 {
      let shard = header(replications: 2, shard: "\(number + 1)/2")
      try store("\(folder)/\(number).sqlite", header: shard).write(run(number, with: accounts(number)))
    }
    let output = folder + "/all.sqlite"
    _ = try StudyMerge((0..<2).map { "\(folder)/\($0).sqlite" }, into: output).write(allowsDifferences: false)
    let file = try ResultsFile(output)
    #expect(try (0..<2).map { try file.links(arm: "asynchronous", replication: $0) } == [accounts(0), accounts(1)])
  }
}

@Test func aLinkIsARowOfATable() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    var kept = run(0, with: accounts())
    kept.record.agents[0].name = "a,b"
    try store(path).write(kept)
    let rows = try exported(path, .links)
    let agents = kept.record.agents.map(\.name)
    func name(_ rank: Int) -> String { rank < agents.count ? agents[rank] : "centre" }
    #expect(rows.map { $0["sender"] as? String } == [name(1), name(2), name(0)])
    #expect(rows.map { $0["receiver"] as? String } == [name(0), name(0), name(2)])
    #expect(rows.map { $0["sent"] as? Int } == [9, 9, 0] && rows.map { $0["first_sent"] as? Int } == [6, 6, 0])
    #expect(rows.map { $0["lost_noise"] as? Int } == [2, 2, 0])
    // What reads JSON here is not exact to the last bit.
    #expect(
      rows.map { ($0["age_mean"] as? Double).map { Int(($0 * 1e9).rounded()) } } == [300_000_000, 300_000_000, nil])
    #expect(rows.map { $0["age_mean_peak"] is NSNull } == [false, true, true])
  }
}

@Test func aCauseIsARowOfATable() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    var kept = run(0, with: nil)
    kept.record.agents[0].causes = [
      AgentCause(cause: "failures", wasted: 0.5, down: 3), AgentCause(cause: "crash@40s", wasted: 0, down: 1),
    ]
    kept.record.agents[0].messages = AgentMessages(sent: 3, bytesSent: 240, heard: 2, bytesHeard: 160)
    kept.record.agents[0].waits = AgentWaits(neighbours: 1, paused: 0.25)
    kept.record.agents[0].joules = 0.7
    try store(path).write(kept)
    #expect(try ResultsReader.read(path).runs.map(\.record.agents) == [kept.record.agents])
    let rows = try exported(path, .causes)
    #expect(rows.map { $0["cause"] as? String } == ["failures", "crash@40s"])
    #expect(rows.map { $0["down"] as? Double } == [3, 1])
    let agent = try #require(try exported(path, .agents).first)
    #expect(
      agent["sent_bytes"] as? Int == 240 && agent["paused"] as? Double == 0.25 && agent["joules"] as? Double == 0.7)
  }
}

private func exported(_ path: String, _ rows: Export.Rows) throws -> [[String: Any]] {
  var bytes: [UInt8] = []
  try Export(rows: rows, format: .jsonl).write(try ResultsFile(path)) { bytes += $0 }
  let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  return try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
}
