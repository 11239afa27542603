// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

extension RunRow {
  /// Where a run is in the file.
  struct Place: Sendable {
    var identity: RunRecord.Identity
    var row: Int64
  }

  /// Reads every row, failed runs included, in the order of arms and replications, one after another, and compares
  /// digests and tally; with the number of the run's session and when it started. The values of parameters and
  /// matrices are neither read nor compared. A caller believes what it was given only if this returns.
  ///
  /// - Throws: `RowError` where the file does not hold together, and what `body` throws.
  static func forEach(
    _ database: Database, seed: UInt64, _ body: (RunRow, _ session: Int64, _ started: String?) throws -> Void
  ) throws {
    var (count, curves, kept, windows, links, agents) = (0, 0, 0, 0, 0, 0)
    var sum: UInt64 = 0
    let rows = try Row.fetchCursor(database, sql: "\(query) ORDER BY run.arm, replication")
    while let row = try rows.next() {
      let (run, digest) = try checked(row, database, seed: seed)
      (count, curves, sum) = (count + 1, curves + run.series.count, sum ^ digest)
      kept += run.parameters.count
      windows += run.windows.count
      if run.links != nil { links += 1 }
      if run.agents != nil { agents += 1 }
      try body(run, try row.value("session"), try row.optional("started"))
    }
    guard try Int.fetchOne(database, sql: "SELECT count(*) FROM series") == curves else {
      throw RowError("there are curves without a run")
    }
    guard try Int.fetchOne(database, sql: "SELECT count(*) FROM parameters") == kept else {
      throw RowError("there are parameters without a run")
    }
    guard try Int.fetchOne(database, sql: "SELECT count(*) FROM window") == windows else {
      throw RowError("there are windows without a run")
    }
    guard try Int.fetchOne(database, sql: "SELECT count(*) FROM link_account") == links else {
      throw RowError("there are accounts of links without a run")
    }
    guard try Int.fetchOne(database, sql: "SELECT count(*) FROM agent_account") == agents else {
      throw RowError("there are accounts of agents without a run")
    }
    try Tally.check(database, runs: count, digest: sum)
  }

  /// One run, compared with its digest; nothing if it is not there.
  ///
  /// - Throws: `RowError` where it has changed.
  static func one(_ database: Database, at place: Place) throws -> RunRow? {
    let found = try Row.fetchOne(
      database.cachedStatement(sql: "\(query) WHERE run.id = ?"), arguments: [place.row])
    guard let row = try found.map({ try checked($0, database, seed: place.identity.seed).run }) else { return nil }
    return row.identity == place.identity ? row : nil
  }

  /// Which runs there are, in the order of arms and replications, compared with the tally; the runs themselves are not
  /// looked at.
  ///
  /// - Throws: `RowError` where the tally says otherwise.
  static func places(_ database: Database, seed: UInt64) throws -> [Place] {
    var found: [Place] = []
    var sum: UInt64 = 0
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT run.id, arm.name AS arm, replication, digest FROM run JOIN arm ON arm.position = run.arm
        ORDER BY run.arm, replication
        """)
    while let row = try rows.next() {
      found.append(
        Place(
          identity: .init(arm: try row.value("arm"), replication: try row.value("replication"), seed: seed),
          row: try row.value("id")))
      guard let digest = UInt64(try row.value("digest") as String, radix: 16) else { throw RowError() }
      sum ^= digest
    }
    try Tally.check(database, runs: found.count, digest: sum)
    return found
  }

  private static let query = """
    SELECT run.id, arm.name AS arm, replication, session, started, wall_seconds, error, fingerprint, ending, end_time,
      target_time, target_updates, target_messages, target_bytes, target_joules, record, grid, digest
    FROM run JOIN arm ON arm.position = run.arm
    """

  /// A run with its digest, which is that of the file.
  private static func checked(
    _ row: Row, _ database: Database, seed: UInt64
  ) throws -> (run: RunRow, digest: UInt64) {
    var run = try RunRow(row, seed: seed)
    let curves = try database.cachedStatement(
      sql: "SELECT metric, data FROM series WHERE run = ? ORDER BY position")
    let id: Int64 = try row.value("id")
    let rows = try Row.fetchCursor(curves, arguments: [id])
    while let curve = try rows.next() { run.series.append((try curve.value("metric"), try curve.value("data"))) }
    run.parameters = try ParameterRow.all(database, of: id)
    run.windows = try WindowRow.all(database, of: id)
    run.links = try LinkAccountRow.one(database, of: id)
    run.agents = try AgentAccountRow.one(database, of: id)
    let digest = run.digest
    guard hexadecimal(digest) == (try row.value("digest") as String) else {
      throw RowError("the run of arm '\(run.identity.arm)', replication \(run.identity.replication) has changed")
    }
    return (run, digest)
  }

  private init(_ row: Row, seed: UInt64) throws {
    identity = RunRecord.Identity(
      arm: try row.value("arm"), replication: try row.value("replication"), seed: seed)
    wallSeconds = try row.value("wall_seconds")
    error = try row.optional("error")
    fingerprint = try row.optional("fingerprint")
    ending = try row.optional("ending")
    endTime = try row.optional("end_time")
    target = [
      try row.optional("target_time"), try row.optional("target_updates"), try row.optional("target_messages"),
      try row.optional("target_bytes"), try row.optional("target_joules"),
    ]
    details = try row.optional("record")
    grid = try row.optional("grid")
  }
}
