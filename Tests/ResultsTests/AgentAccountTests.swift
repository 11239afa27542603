// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import MadeUp
import Records
import Results
import Testing

/// More agents than the record of a run has accounts of.
private let many = 10_001

/// Made-up accounts: some have all that is a number, none has what says more.
private func accounts(_ count: Int, named name: (Int) -> String = { "agent-\($0)" }) -> [AgentAccount] {
  (0..<count).map { rank in
    var account = MadeUp.agent(
      name(rank), updates: UInt64(rank), useful: 0.1 * Double(rank), waiting: 1 / 3, finalMSD: rank == 3 ? nil : 5e-324)
    if rank % 2 == 0 { (account.slowed, account.down, account.joules) = (-0.5, 0.25, .nan) }
    return account
  }
}

private func run(_ replication: Int, _ agents: [AgentAccount]) -> StoredRun {
  var run = run(replication)
  run.record.agents = agents
  return run
}

private func change(_ path: String, _ sql: String) throws {
  let database = try DatabaseQueue(path: path)
  try database.write { try $0.execute(sql: sql) }
  try database.close()
}

private func text(_ sql: String, in path: String) throws -> String? {
  let database = try DatabaseQueue(path: path)
  defer { try? database.close() }
  return try database.read { try String.fetchOne($0, sql: sql) }
}

/// Accounts as they can be compared: NaN equals itself.
private func bits(_ accounts: [AgentAccount]) -> [String] { accounts.map { "\($0)" } }

@Test func accountsOfManyAgentsReadBackAsTheSameBits() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let results = try store(path, header: header(replications: 2))
    try results.write(run(0, accounts(many)))
    try results.write(run(1, accounts(many) { "node \($0) é" }))
    let read = try ResultsReader.read(path).runs.map(\.record.agents)
    #expect(bits(read[0]) == bits(accounts(many)))
    #expect(bits(read[1]) == bits(accounts(many) { "node \($0) é" }))
    #expect(try text("SELECT CAST(count(names) AS TEXT) FROM agent_account", in: path) == "1")
    #expect(
      try text("SELECT columns FROM agent_account", in: path)
        == #"["updates","useful","waiting","down","slowed","final_msd","joules"]"#)
  }
}

@Test func accountsOfFewAgentsAndOfAgentsThatActStayInTheRecord() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let results = try store(path, header: header(replications: 2))
    var acting = accounts(many).map { account in
      var account = account
      account.joules = nil
      return account
    }
    acting[7].task = "pole"
    let few = Array(acting.prefix(9))
    try results.write(run(0, few))
    try results.write(run(1, acting))
    #expect(try ResultsReader.read(path).runs.map(\.record.agents) == [few, acting])
    #expect(try text("SELECT CAST(count(*) AS TEXT) FROM agent_account", in: path) == "0")
  }
}

@Test(arguments: [
  "UPDATE agent_account SET columns = replace(columns, 'useful', 'wasted')",
  "UPDATE agent_account SET count = 2",
  "UPDATE agent_account SET data = zeroblob(length(data))",
  "UPDATE agent_account SET names = '[]'",
  "DELETE FROM agent_account",
])
func changedAccountsOfAgentsAreFound(change sql: String) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, accounts(many)))
    try change(path, sql)
    #expect(throws: ResultsError.self) { try ResultsReader.read(path) }
  }
}

@Test func mergingKeepsAccountsOfAgents() throws {
  try withFolder { folder in
    for number in 0..<2 {
      let shard = header(replications: 2, shard: "\(number + 1)/2")
      try store("\(folder)/\(number).sqlite", header: shard).write(run(number, accounts(many)))
    }
    let path = folder + "/all.sqlite"
    _ = try StudyMerge(["\(folder)/0.sqlite", "\(folder)/1.sqlite"], into: path).write(allowsDifferences: false)
    let read = try ResultsReader.read(path).runs.map { bits($0.record.agents) }
    #expect(read == [bits(accounts(many)), bits(accounts(many))])
  }
}
