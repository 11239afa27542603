// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// A run that was stopped on its way, as results keep it until it has ended: a row of the table `stopped`.
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
  /// Puts the row in the place of one of the same run.
  func insert(_ database: Database, arm: Int) throws {
    let insertion = try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO stopped (arm, replication, time, wall_seconds, digest, data) VALUES (?, ?, ?, ?, ?, ?)
        """)
    try insertion.execute(arguments: [arm, run.replication, time, wallSeconds, hexadecimal(digest), memory])
  }

  /// Forgets what was kept of a run.
  static func remove(_ database: Database, arm: Int, replication: Int) throws {
    try database.cachedStatement(sql: "DELETE FROM stopped WHERE arm = ? AND replication = ?")
      .execute(arguments: [arm, replication])
  }

  private static let query = """
    SELECT arm.name AS arm, replication, time, wall_seconds, digest, data
    FROM stopped JOIN arm ON arm.position = stopped.arm
    """

  /// What is kept of a run, or nothing.
  ///
  /// - Throws: `DamagedStop` where it has changed.
  static func one(_ database: Database, of run: RunRecord.Identity) throws -> StoredStop? {
    try Row.fetchOne(
      database, sql: "\(query) WHERE arm.name = ? AND replication = ?", arguments: [run.arm, run.replication]
    ).map { try checked($0, seed: run.seed) }
  }

  /// Reads all rows one after another, in the order of arms and replications.
  ///
  /// - Throws: `DamagedStop` where one has changed, and what `body` throws.
  static func forEach(_ database: Database, seed: UInt64, _ body: (StoredStop) throws -> Void) throws {
    let rows = try Row.fetchCursor(database, sql: "\(query) ORDER BY stopped.arm, replication")
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

extension ResultsStore {
  /// What is kept of a run that was stopped on its way; nothing where there is none.
  ///
  /// - Throws: `damaged`, `cannotWrite`, `inUse`.
  package func stop(of run: RunRecord.Identity) throws(ResultsError) -> StoredStop? {
    try access(path, .write) { try database.read { try StoredStop.one($0, of: run) } }
  }
}
