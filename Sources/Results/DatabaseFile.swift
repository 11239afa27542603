// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import GRDB

/// The database of a results file: how it is opened, checked and read, and what SQLite's errors mean.
enum DatabaseFile {
  enum Purpose { case read, write }

  static func open(_ path: String, _ purpose: Purpose) throws -> DatabaseQueue {
    var configuration = Configuration()
    // A program that was killed may have left a journal, from which SQLite must first take back what was half written.
    configuration.readonly = purpose == .read && !FileManager.default.fileExists(atPath: path + "-journal")
    configuration.busyMode = .timeout(30)
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// The schema of a results file; 0 for an empty file.
  ///
  /// - Throws: `notResults`, `newerSchema`.
  static func schema(_ database: Database, _ path: String) throws -> Int {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if tables == 0, version == 0 { return 0 }
    guard application == ResultsSchema.applicationID else {
      throw ResultsError.notResults(path: path, reason: "it is a database of another program")
    }
    guard version <= ResultsSchema.current else {
      let needs = try String.fetchOne(database, sql: "SELECT needs FROM format") ?? "a newer program"
      throw ResultsError.newerSchema(path: path, schema: version, known: ResultsSchema.current, needs: needs)
    }
    return version
  }

  /// Has SQLite look for pages that do not hold together.
  ///
  /// - Throws: `RowError`.
  static func check(_ database: Database) throws {
    let answer = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? ""
    guard answer == "ok" else { throw RowError(answer.replacingOccurrences(of: "\n", with: " ")) }
  }

  /// Everything in the file.
  static func study(_ database: Database) throws -> StoredStudy {
    let header = try StudyRow.header(database)
    let rows = try RunRow.all(database, seed: header.seed)
    let running = try Row.fetchAll(
      database,
      sql: "SELECT arm.name AS arm, replication FROM in_flight JOIN arm ON arm.position = in_flight.arm ORDER BY 1, 2")
    return StoredStudy(
      header: header, runs: try rows.compactMap { try $0.run() },
      failures: rows.compactMap { row in row.error.map { FailedRun(identity: row.identity, error: $0) } },
      sessions: try sessions(database), networks: try StudyRow.networks(database),
      inFlight: try running.map {
        .init(arm: try $0.value("arm"), replication: try $0.value("replication"), seed: header.seed)
      })
  }

  /// Everything in the file but the curves and accounts of runs, of which only finals, ending and target are read.
  static func outcomes(_ database: Database, of header: StudyHeader) throws -> StoredStudy {
    let query = """
      SELECT arm.name AS arm, replication, wall_seconds, error, ending, end_time, target_time, target_updates,
        target_messages, target_bytes, json_extract(record, '$.finals') AS finals
      FROM run JOIN arm ON arm.position = run.arm ORDER BY run.arm, replication
      """
    var study = StoredStudy(header: header, runs: [], sessions: try sessions(database))
    let rows = try Row.fetchCursor(database, sql: query)
    while let row = try rows.next() {
      switch try RunRow.outcome(row, seed: header.seed) {
      case .success(let run): study.runs.append(run)
      case .failure(let failure): study.failures.append(failure.run)
      }
    }
    return study
  }

  static func sessions(_ database: Database) throws -> [StoredSession] {
    try Row.fetchAll(database, sql: "SELECT id, provenance, started, ended FROM session ORDER BY id").map { row in
      StoredSession(
        number: try row.value("id"), provenance: try decoded(try row.value("provenance")),
        started: try row.value("started"), ended: try row.optional("ended"))
    }
  }

  /// Whether a file begins as SQLite's files do.
  static func looksLikeDatabase(_ path: String) -> Bool {
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
  let reason = error.message ?? "\(error.resultCode)"
  switch error.resultCode {
  case .SQLITE_NOTADB: return .notResults(path: path, reason: reason)
  case .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH: return .damaged(path: path, reason: reason)
  case .SQLITE_FULL: return .cannotWrite(path: path, reason: "no space left on the device")
  case .SQLITE_BUSY, .SQLITE_LOCKED: return .inUse(path: path, by: "another program keeps the database locked")
  case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
    return purpose == .read
      ? .cannotRead(path: path, reason: reason)
      : .cannotWrite(path: path, reason: "\(reason); the file and its folder must be writable")
  default: return purpose == .read ? .cannotRead(path: path, reason: reason) : .cannotWrite(path: path, reason: reason)
  }
}
