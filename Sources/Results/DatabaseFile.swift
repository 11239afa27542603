// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records

/// The database of a results file: how it is opened, checked and read, and what SQLite's errors mean.
enum DatabaseFile {
  enum Purpose { case read, write }

  /// Seconds that one waits while another process reads or writes a transaction.
  private static let patience = 120.0

  static func open(_ path: String, _ purpose: Purpose) throws -> DatabaseQueue {
    var configuration = Database.Configuration()
    configuration.isReadOnly = purpose == .read
    configuration.busyTimeout = patience
    // SQLite takes names such as `:memory:` or `file:x?mode=memory` for something else than files, unless they are
    // absolute.
    return try DatabaseQueue(path: absolute(path), configuration: configuration)
  }

  /// Opens a file for reading. If its last writer was killed within a transaction, that is first undone, as whoever
  /// opens the file next must; a file of an older schema is brought up to date in a copy, and stays as it is.
  ///
  /// - Throws: `ResultsError`, `DatabaseError`, `RowError`.
  static func openToRead(_ path: String, _ schema: ResultsSchema) throws -> DatabaseQueue {
    if FirstResults.isThere(path) { return try FirstResults.database(path, schema) }
    for _ in 0..<3 {
      do {
        let database = try open(path, .read)
        let version = try database.read { try self.schema($0, path, schema) }
        guard version > 0 else {
          throw ResultsError.notResults(path: path, reason: "it is empty, as no study has been written to it yet")
        }
        return version == schema.version ? database : try upgradedCopy(of: database, from: version, schema)
      } catch let error as DatabaseError where error.extendedCode == .readOnlyRollback {
        try undoUnfinishedTransaction(path)
      }
    }
    throw ResultsError.cannotRead(path: path, reason: "its writer is killed again and again")
  }

  /// Reads from a file that is open already; its writer may have been killed within a transaction since.
  ///
  /// - Throws: `ResultsError`, `DatabaseError`, and what `body` throws.
  static func read<Value>(
    _ database: DatabaseQueue, _ path: String, _ body: (Database) throws -> Value
  ) throws -> Value {
    for _ in 0..<3 {
      do {
        return try database.read(body)
      } catch let error as DatabaseError where error.extendedCode == .readOnlyRollback {
        try undoUnfinishedTransaction(path)
      }
    }
    return try database.read(body)
  }

  private static func undoUnfinishedTransaction(_ path: String) throws {
    do {
      let database = try open(path, .write)
      _ = try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
      try database.close()
    } catch let error as DatabaseError where [.readOnly, .cannotOpen].contains(error.code) {
      throw ResultsError.cannotRead(
        path: path,
        reason: "a program was killed while it wrote; to undo the last, unfinished transaction the file, "
          + "its folder and '\(path)-journal' must be writable")
    }
  }

  /// Rolls back what a killed writer left unfinished, if the file holds together well enough for that.
  static func settle(_ path: String) { try? undoUnfinishedTransaction(path) }

  private static func upgradedCopy(
    of database: DatabaseQueue, from version: Int, _ schema: ResultsSchema
  ) throws -> DatabaseQueue {
    // A database without a name lives in a temporary file, which SQLite deletes when it is closed.
    let copy = try DatabaseQueue(path: "")
    try database.backup(to: copy)
    try database.close()
    try copy.write { try schema.migrate($0, from: version) }
    return copy
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// The schema of a results file; 0 for an empty file.
  ///
  /// - Throws: `notResults`, `newerSchema`.
  static func schema(_ database: Database, _ path: String, _ schema: ResultsSchema) throws -> Int {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    var status = stat()
    let isThere = stat(path, &status) == 0
    let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
    if pages == 0 {
      guard isThere, status.st_size == 0 else {
        throw ResultsError.notResults(path: path, reason: "file is not a database")
      }
      return 0
    }
    guard application == ResultsSchema.applicationID, version > 0 else {
      throw ResultsError.notResults(path: path, reason: "it is a database of another program")
    }
    let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
    if isThere, !path.isEmpty, Int(status.st_size) < pages * pageSize { throw RowError("its end is missing") }
    guard version <= schema.version else {
      let needs = try? String.fetchOne(database, sql: "SELECT needs FROM format")
      throw ResultsError.newerSchema(
        path: path, schema: version, known: schema.version, needs: needs ?? "a newer program")
    }
    return version
  }

  /// Has SQLite look for pages that do not hold together, anywhere in the file.
  ///
  /// - Throws: `RowError`.
  static func check(_ database: Database) throws {
    let answer = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? ""
    guard answer == "ok" else { throw RowError(answer.replacingOccurrences(of: "\n", with: " ")) }
  }

  /// The same for the pages that a reader of studies looks at: those of parameters and of stopped runs, which may be most of
  /// the file, are left alone.
  ///
  /// - Throws: `RowError`.
  static func checkForReading(_ database: Database) throws {
    let query = """
      SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('parameters', 'stopped') ORDER BY name
      """
    for table in try ["sqlite_schema"] + String.fetchAll(database, sql: query) {
      let answer = try String.fetchOne(database, sql: "PRAGMA integrity_check(\(quoted(table)))") ?? ""
      guard answer == "ok" else { throw RowError(answer.replacingOccurrences(of: "\n", with: " ")) }
    }
  }

  /// A name as SQL has it, whatever signs it is of.
  private static func quoted(_ name: String) -> String {
    "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  /// Everything in the file but the parameters that runs keep.
  static func study(_ database: Database) throws -> StoredStudy {
    let header = try StudyRow.header(database)
    var study = StoredStudy(
      header: header, runs: [], sessions: try sessions(database), networks: try StudyRow.networks(database))
    try RunRow.forEach(database, seed: header.seed) { row, _, _ in
      if let run = try row.run() {
        study.runs.append(run)
      } else if let error = row.error {
        study.failures.append(FailedRun(identity: row.identity, error: error))
      }
    }
    let running = try Row.fetchAll(
      database,
      sql: "SELECT arm.name AS arm, replication FROM in_flight JOIN arm ON arm.position = in_flight.arm ORDER BY 1, 2")
    study.inFlight = try running.map {
      .init(arm: try $0.value("arm"), replication: try $0.value("replication"), seed: header.seed)
    }
    return study
  }

  /// Everything in the file but the curves and accounts of runs, of which only finals, ending and target are read; of
  /// a run that did not reach its target also its last measurements, as many as it takes to reach one.
  static func outcomes(_ database: Database, of header: StudyHeader) throws -> StoredStudy {
    let query = """
      SELECT run.id, arm.name AS arm, replication, wall_seconds, error, fingerprint, ending, end_time, target_time,
        target_updates, target_messages, target_bytes, target_joules, json_extract(record, '$.finals') AS finals,
        substr(grid, -\(lastBytes)) AS grid
      FROM run JOIN arm ON arm.position = run.arm ORDER BY run.arm, replication
      """
    var study = StoredStudy(header: header, runs: [], sessions: try sessions(database))
    let aims = header.arms.compactMap { arm in arm.target.map { (arm.name, $0.metric.name) } }
    let targets = Dictionary(aims) { first, _ in first }
    let rows = try Row.fetchCursor(database, sql: query)
    while let row = try rows.next() {
      let outcome = try RunRow.outcome(row, seed: header.seed) {
        try targets[row.value("arm")].map { try lastMeasurements(database, run: row.value("id"), of: $0) } ?? []
      }
      switch outcome {
      case .success(let run): study.runs.append(run)
      case .failure(let failure): study.failures.append(failure.run)
      }
    }
    return study
  }

  /// Bytes of as many measurements as it takes to reach a target.
  private static let lastBytes = RunRecord.TargetReached.measurements * MemoryLayout<Double>.size

  /// The end of the curves of costs, and of the metric of the target.
  private static func lastMeasurements(
    _ database: Database, run: Int64, of metric: String
  ) throws -> [RunRecord.Series] {
    let last = try database.cachedStatement(
      sql: """
        SELECT metric, substr(data, -\(lastBytes)) AS data FROM series
        WHERE run = ? AND metric IN ('updates', 'messages', 'bytes', 'joules', ?) ORDER BY position
        """)
    return try Row.fetchAll(last, arguments: [run, metric]).map { row in
      RunRecord.Series(metric: try row.value("metric"), values: numbers(try row.value("data")))
    }
  }

  static func sessions(_ database: Database) throws -> [StoredSession] {
    try Row.fetchAll(database, sql: "SELECT id, provenance, started, ended FROM session ORDER BY id").map { row in
      StoredSession(
        number: try row.value("id"), provenance: try decoded(try row.value("provenance")),
        started: try row.value("started"), ended: try row.optional("ended"))
    }
  }

  /// Whether a file begins as results files do, or as any of SQLite's.
  static func looksLikeResults(_ path: String) -> Bool { looksLikeDatabase(path) || FirstResults.isThere(path) }

  private static func looksLikeDatabase(_ path: String) -> Bool {
    let file = FileHandle(forReadingAtPath: path)
    defer { try? file?.close() }
    return (try? file?.read(upToCount: 16)) == Data("SQLite format 3\0".utf8)
  }
}

/// Does something with a database and says what went wrong in the words of results.
func access<Value>(
  _ path: String, _ purpose: DatabaseFile.Purpose, _ body: () throws -> Value
) throws(ResultsError) -> Value {
  do {
    return try body()
  } catch let error as ResultsError {
    throw error
  } catch let error as DamagedStop {
    throw .cannotGoOn(path: path, run: error.run, reason: "it is not what was written")
  } catch let error as RowError {
    throw .damaged(path: path, reason: error.reason)
  } catch let error as DatabaseError {
    throw meaning(of: error, path: path, purpose)
  } catch {
    throw purpose == .read
      ? .cannotRead(path: path, reason: "\(error)") : .cannotWrite(path: path, reason: "\(error)")
  }
}

private func meaning(of error: DatabaseError, path: String, _ purpose: DatabaseFile.Purpose) -> ResultsError {
  let reason = error.message
  switch error.code {
  case .notADatabase: return .notResults(path: path, reason: reason)
  case .corrupt, .error, .constraint, .mismatch: return .damaged(path: path, reason: reason)
  case .full: return .cannotWrite(path: path, reason: "no space left on the device")
  case .inputOutput where purpose == .write:
    return .cannotWrite(path: path, reason: "\(reason) (a quota, a limit on the size of files, or a fault)")
  case .busy, .locked: return .inUse(path: path, by: "another program keeps the database locked")
  case .readOnly, .cannotOpen, .permission:
    return purpose == .read
      ? .cannotRead(path: path, reason: reason)
      : .cannotWrite(path: path, reason: "\(reason); the file and its folder must be writable")
  default: return purpose == .read ? .cannotRead(path: path, reason: reason) : .cannotWrite(path: path, reason: reason)
  }
}
