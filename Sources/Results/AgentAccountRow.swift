// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// The accounts of the agents of a large run, as a row of the table `agent_account`: column after column. As JSON in the
/// record, where smaller runs have them, a million of them would take longer to write and to read than the run itself.
struct AgentAccountRow: Sendable {
  /// Agents up to which accounts are part of the record.
  static let mostInRecord = 10_000

  /// The names of the agents as a JSON list; nothing for `agent-0`, `agent-1` and so on.
  var names: String?
  /// The names of the columns, as a JSON list; counts and times that are zero for all, and what nobody has, have none.
  var columns: String
  var count: Int
  var data: Data

  /// - Returns: nothing for accounts that are part of the record: those of few agents, and those that say more than numbers.
  /// - Throws: where names cannot be written as JSON.
  init?(_ accounts: [AgentAccount]) throws {
    guard accounts.count > Self.mostInRecord, accounts.allSatisfy(\.isOfNumbers) else { return nil }
    count = accounts.count
    let isNumbered = accounts.enumerated().allSatisfy { $1.name.isNumbered($0) }
    names = isNumbered ? nil : try json(accounts.map(\.name))
    var kept: [String] = []
    data = Data()
    for column in AgentColumn.all {
      let numbers = column.values(accounts)
      guard numbers.contains(where: { $0.bitPattern != column.absent.bitPattern }) else { continue }
      kept.append(column.name)
      data.append(blob(numbers))
    }
    columns = try json(kept)
  }

  /// The accounts of all agents, in their order.
  ///
  /// - Throws: `RowError` where they are of no such columns.
  func accounts() throws -> [AgentAccount] {
    let kept: [String] = try decoded(columns)
    let named: [String]? = try names.map { try decoded($0) }
    guard count >= 0, data.count == 8 * count * kept.count, named.map({ $0.count == count }) ?? true else {
      throw RowError("the accounts of agents are of no such columns")
    }
    var accounts = (0..<count).map { rank in
      AgentAccount(
        name: named?[rank] ?? "agent-\(rank)", updates: 0, useful: 0, wasted: 0, unfinished: 0, waiting: 0, down: 0,
        finalMSD: nil)
    }
    for (position, name) in kept.enumerated() {
      // Columns that nobody knows are passed by.
      guard let column = AgentColumn.all.first(where: { $0.name == name }) else { continue }
      column.set(numbers(data.dropFirst(8 * count * position).prefix(8 * count)), &accounts)
    }
    return accounts
  }

  /// Adds everything that the row says to the digest of its run.
  func add(to digest: inout Digest) {
    for text in [names ?? "numbered", columns] { digest.add(text) }
    digest.add(UInt64(count))
    data.withUnsafeBytes { digest.add($0) }
  }
}

extension AgentAccountRow {
  /// What a run keeps; nothing where its accounts are part of the record.
  static func one(_ database: Database, of run: Int64) throws -> AgentAccountRow? {
    let query = try database.cachedStatement(
      sql: "SELECT names, columns, count, data FROM agent_account WHERE run = ?")
    return try Row.fetchOne(query, arguments: [run]).map { row in
      AgentAccountRow(
        names: try row.optional("names"), columns: try row.value("columns"), count: try row.value("count"),
        data: try row.value("data"))
    }
  }

  private init(names: String?, columns: String, count: Int, data: Data) {
    (self.names, self.columns, self.count, self.data) = (names, columns, count, data)
  }

  /// Adds the row to a run.
  func insert(_ database: Database, run: Int64) throws {
    let insertion = try database.cachedStatement(
      sql: "INSERT INTO agent_account (run, names, columns, count, data) VALUES (?, ?, ?, ?, ?)")
    try insertion.execute(arguments: [run, names, columns, count, data])
  }
}

/// A column of the accounts of agents, under the name that it has in exports.
private struct AgentColumn: Sendable {
  let name: String
  /// What stands for a column that is not there.
  let absent: Double
  let values: @Sendable ([AgentAccount]) -> [Double]
  let set: @Sendable ([Double], inout [AgentAccount]) -> Void

  /// Seconds that every agent has.
  private static func seconds(
    _ name: String, _ value: @escaping @Sendable (AgentAccount) -> Double,
    _ set: @escaping @Sendable (inout AgentAccount, Double) -> Void
  ) -> AgentColumn {
    AgentColumn(
      name: name, absent: 0, values: { $0.map(value) },
      set: { numbers, accounts in for rank in accounts.indices { set(&accounts[rank], numbers[rank]) } })
  }

  /// What not every agent has.
  private static func optional(
    _ name: String, _ value: @escaping @Sendable (AgentAccount) -> Double?,
    _ set: @escaping @Sendable (inout AgentAccount, Double) -> Void
  ) -> AgentColumn {
    AgentColumn(
      name: name, absent: .absent, values: { $0.map { value($0) ?? .absent } },
      set: { numbers, accounts in
        for rank in accounts.indices where numbers[rank].bitPattern != Double.absent.bitPattern {
          set(&accounts[rank], numbers[rank])
        }
      })
  }

  /// Closures and no key paths, which would be looked up for every agent.
  static let all: [AgentColumn] = [
    seconds("updates", { Double($0.updates) }, { $0.updates = UInt64(exactly: $1) ?? 0 }),
    seconds("useful", { $0.useful }, { $0.useful = $1 }),
    seconds("wasted", { $0.wasted }, { $0.wasted = $1 }),
    seconds("unfinished", { $0.unfinished }, { $0.unfinished = $1 }),
    seconds("waiting", { $0.waiting }, { $0.waiting = $1 }),
    seconds("down", { $0.down }, { $0.down = $1 }),
    optional("slowed", { $0.slowed }, { $0.slowed = $1 }),
    optional("final_msd", { $0.finalMSD }, { $0.finalMSD = $1 }),
    optional("joules", { $0.joules }, { $0.joules = $1 }),
  ]
}

extension Double {
  /// A NaN that no arithmetic makes: what is not there is told from what could not be computed.
  fileprivate static let absent = Double(bitPattern: 0x7FF8_5354_524C_0000)
}

extension AgentAccount {
  /// Whether the columns say all of it.
  fileprivate var isOfNumbers: Bool {
    task == nil && episodes == nil && samples == nil && finalReturn == nil && finals == nil && messages == nil
      && causes == nil && waits == nil && updates <= 1 << 53
  }
}

extension String {
  /// Whether it is the name that an agent of a rank gets where users give none.
  fileprivate func isNumbered(_ rank: Int) -> Bool { self == "agent-\(rank)" }
}
