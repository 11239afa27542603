// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// The state of a run on its way: of one that was stopped, as results keep it until it has ended (a row of the table
/// `stopped`), or of one at a time at which forks may begin (a row of `state`).
package struct StoredStop: Sendable, Equatable {
  package var run: RunRecord.Identity
  /// Seconds of virtual time up to which everything has happened.
  package var time: Double
  /// Seconds of real time that it has taken so far.
  package var wallSeconds: Double
  /// All that it takes to go on; nothing that results look into.
  package var memory: Data

  package init(run: RunRecord.Identity, time: Double, wallSeconds: Double, memory: Data) {
    self.run = run
    self.time = time
    self.wallSeconds = wallSeconds
    self.memory = memory
  }

  /// Over everything that the row says.
  private var digest: UInt64 {
    var digest = Digest()
    digest.add(run.arm)
    digest.add(UInt64(bitPattern: Int64(run.replication)))
    digest.add(time)
    digest.add(wallSeconds)
    memory.withUnsafeBytes { digest.add($0) }
    return digest.value
  }
}

/// What was kept of a run that was stopped is not what was written; the rest of the file may be whole.
struct DamagedStop: Error {
  let run: RunRecord.Identity
}

extension StoredStop {
  /// The tables that have such rows.
  enum Table: String {
    case stopped
    case state
  }

  /// Puts the row in the place of one of the same run, and of the same time in the table of states.
  func insert(_ database: Database, arm: Int, into table: Table = .stopped) throws {
    let insertion = try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO \(table.rawValue) (arm, replication, time, wall_seconds, digest, data) VALUES (?, ?, ?, ?, ?, ?)
        """)
    try insertion.execute(arguments: [arm, run.replication, time, wallSeconds, hexadecimal(digest), memory])
  }

  /// Forgets what was kept of a run.
  static func remove(_ database: Database, arm: Int, replication: Int) throws {
    try database.cachedStatement(sql: "DELETE FROM stopped WHERE arm = ? AND replication = ?")
      .execute(arguments: [arm, replication])
  }

  private static func query(of table: Table) -> String {
    """
    SELECT arm.name AS arm, replication, time, wall_seconds, digest, data
    FROM \(table.rawValue) JOIN arm ON arm.position = \(table.rawValue).arm
    """
  }

  /// The latest state of a run that is kept for forks, up to a time; nothing where there is none.
  ///
  /// - Throws: `DamagedStop` where it has changed.
  static func state(_ database: Database, of run: RunRecord.Identity, until time: Double) throws -> StoredStop? {
    try Row.fetchOne(
      database,
      sql: "\(query(of: .state)) WHERE arm.name = ? AND replication = ? AND time <= ? ORDER BY time DESC LIMIT 1",
      arguments: [run.arm, run.replication, time]
    ).map { try checked($0, seed: run.seed) }
  }

  /// What is kept of a run, or nothing.
  ///
  /// - Throws: `DamagedStop` where it has changed.
  static func one(_ database: Database, of run: RunRecord.Identity) throws -> StoredStop? {
    try Row.fetchOne(
      database, sql: "\(query(of: .stopped)) WHERE arm.name = ? AND replication = ?",
      arguments: [run.arm, run.replication]
    ).map { try checked($0, seed: run.seed) }
  }

  /// Reads all rows one after another, in the order of arms and replications.
  ///
  /// - Throws: `DamagedStop` where one has changed, and what `body` throws.
  static func forEach(
    _ database: Database, in table: Table = .stopped, seed: UInt64, _ body: (StoredStop) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      database, sql: "\(query(of: table)) ORDER BY \(table.rawValue).arm, replication, time")
    while let row = try rows.next() { try body(try checked(row, seed: seed)) }
  }

  private static func checked(_ row: Row, seed: UInt64) throws -> StoredStop {
    let stop = StoredStop(
      run: RunRecord.Identity(arm: try row.value("arm"), replication: try row.value("replication"), seed: seed),
      time: try row.value("time"), wallSeconds: try row.value("wall_seconds"), memory: try row.value("data"))
    guard try row.value("digest") == hexadecimal(stop.digest) else {
      throw DamagedStop(run: stop.run)
    }
    return stop
  }
}

extension ResultsReader {
  /// Reads what is kept of each run that was stopped on its way, one after another.
  ///
  /// - Throws: `cannotRead`, `damaged`, `inUse`, and what `body` throws as `ResultsError`.
  package static func forEachStop(
    _ path: String, seed: UInt64, _ body: (StoredStop) throws(ResultsError) -> Void
  ) throws(ResultsError) {
    try access(path, .read) {
      try DatabaseFile.read(try DatabaseFile.openToRead(path, .current), path) { database in
        try StoredStop.forEach(database, seed: seed) { try body($0) }
      }
    }
  }
}

extension ResultsReader {
  /// The latest state of a run that is kept for forks, up to a time in seconds; nothing where there is none.
  ///
  /// - Throws: `cannotRead`, `damaged`, `inUse`, `cannotGoOn`.
  package static func state(
    _ path: String, of run: RunRecord.Identity, until time: Double
  ) throws(ResultsError) -> StoredStop? {
    try access(path, .read) {
      try DatabaseFile.read(try DatabaseFile.openToRead(path, .current), path) { database in
        try StoredStop.state(database, of: run, until: time)
      }
    }
  }
}

extension ResultsStore {
  /// What is kept of a run that was stopped on its way; nothing where there is none.
  ///
  /// - Throws: `damaged`, `cannotWrite`, `inUse`.
  package func stop(of run: RunRecord.Identity) throws(ResultsError) -> StoredStop? {
    try access(path, .write) { try database.read { try StoredStop.one($0, of: run) } }
  }
}
