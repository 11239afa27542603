// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import GRDB
import Records
import Synchronization

/// A results file that is being written: one SQLite database for a study, in which every run is one transaction.
///
/// Killing the program loses the runs in flight and no other. Runs may be written from any thread. Only one process
/// writes to a file at a time; others may read it meanwhile.
package final class ResultsStore: Sendable {
  /// Where the file is.
  package let path: String
  /// The study, with the number of replications that was asked for at most so far.
  package let header: StudyHeader
  /// Runs that were in the file when it was opened.
  package let finished: Set<RunRecord.Identity>
  /// Runs that were in the file as failed when it was opened.
  package let failed: [FailedRun]
  /// How the machine or program differs from those that wrote the runs already there, in words.
  package let bitDifferences: [String]

  /// The version of SQLite.
  package static var databaseVersion: String {
    (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }).flatMap(\.self) ?? "unknown"
  }

  private let lock: FileLock
  private let database: DatabaseQueue
  private let session: Int64
  private let positions: [String: Int]

  /// Makes a results file, and its folder if that is missing, or continues one that holds the same study.
  ///
  /// - Parameters:
  ///   - networks: one for each arm, kept for figures.
  ///   - restart: an earlier results file is kept under its name with `~` added, and a new one begun.
  ///   - retryFailed: runs that failed are forgotten, so that they run again.
  /// - Throws: any `ResultsError`; the file is then as it was.
  package init(
    path: String, header: StudyHeader, networks: [StoredNetwork?] = [], provenance: Provenance, restart: Bool = false,
    retryFailed: Bool = false
  ) throws(ResultsError) {
    self.path = path
    try Self.prepareFolder(of: path)
    if restart { try Self.keepEarlierFile(path) }
    do throws(ResultsError) {
      lock = try FileLock(path: path)
    } catch {
      guard case .inUse = error else { throw error }
      throw .inUse(path: path, by: Self.writer(of: path) ?? "another process is writing to it")
    }
    let opened: Opened
    (database, opened) = try access(path, .write) { () throws in
      let database = try DatabaseFile.open(path, .write)
      let opened = try database.writeWithoutTransaction { database in
        try Self.prepare(database, path, header, networks, provenance, retryFailed: retryFailed)
      }
      return (database, opened)
    }
    self.header = opened.header
    session = opened.session
    finished = opened.finished
    failed = opened.failed
    bitDifferences = opened.bitDifferences
    positions = Dictionary(uniqueKeysWithValues: zip(header.arms.map(\.name), 0...))
  }

  /// Notes that a run has begun.
  ///
  /// - Throws: `cannotWrite`.
  package func begin(_ run: RunRecord.Identity) throws(ResultsError) {
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO in_flight (arm, replication, started) VALUES (?, ?, ?)",
        arguments: [self.positions[run.arm], run.replication, now()])
    }
  }

  /// Adds a finished run.
  ///
  /// - Throws: `cannotWrite`; the run is then not in the file.
  package func write(_ run: StoredRun) throws(ResultsError) {
    try write { try self.end($0, try RunRow(run)) }
  }

  /// Adds a run that could not be carried to its end.
  ///
  /// - Throws: `cannotWrite`.
  package func write(_ failure: FailedRun) throws(ResultsError) {
    try write { try self.end($0, RunRow(failure)) }
  }

  /// Notes that the program has ended in good order, with or without all runs.
  package func close() throws(ResultsError) {
    try write { database in
      try database.execute(sql: "DELETE FROM in_flight")
      try database.execute(sql: "UPDATE session SET ended = ? WHERE id = ?", arguments: [now(), self.session])
    }
  }

  /// Everything that is in the file now.
  package func read() throws(ResultsError) -> StoredStudy {
    try access(path, .write) { try database.read(DatabaseFile.study) }
  }

  /// Everything that is in the file now but the curves and accounts of runs: of these, what they came to.
  ///
  /// Digests were compared when the file was opened, and nobody else has written to it since.
  package func readOutcomes() throws(ResultsError) -> StoredStudy {
    try access(path, .write) { try database.read { try DatabaseFile.outcomes($0, of: self.header) } }
  }

  private func write(_ body: @escaping @Sendable (Database) throws -> Void) throws(ResultsError) {
    try access(path, .write) { try database.write(body) }
  }

  private func end(_ database: Database, _ row: RunRow) throws {
    guard let arm = positions[row.identity.arm] else { throw RowError("there is no arm '\(row.identity.arm)'") }
    let key: StatementArguments = [arm, row.identity.replication]
    let started = try String.fetchOne(
      database, sql: "SELECT started FROM in_flight WHERE arm = ? AND replication = ?", arguments: key)
    try row.insert(
      database, arm: arm, session: session,
      started: started ?? Date.now.addingTimeInterval(-row.wallSeconds).ISO8601Format())
    try database.execute(sql: "DELETE FROM in_flight WHERE arm = ? AND replication = ?", arguments: key)
  }
}

// MARK: - Opening

extension ResultsStore {
  private struct Opened {
    var header: StudyHeader
    var finished: Set<RunRecord.Identity> = []
    var failed: [FailedRun] = []
    var bitDifferences: [String]
    var session: Int64
  }

  /// Checks, or writes, the study, and begins a session, all in one transaction.
  private static func prepare(
    _ database: Database, _ path: String, _ header: StudyHeader, _ networks: [StoredNetwork?],
    _ provenance: Provenance, retryFailed: Bool
  ) throws -> Opened {
    let schema = try DatabaseFile.schema(database, path)
    var opened = Opened(header: header, bitDifferences: [], session: 0)
    if schema > 0 { try DatabaseFile.check(database) }
    try database.inTransaction(.immediate) {
      if schema < ResultsSchema.current { try ResultsSchema.migrate(database, from: schema) }
      if schema == 0 {
        try StudyRow.insert(header, networks: networks, into: database)
      } else {
        try proceed(database, path, header, retryFailed: retryFailed, &opened)
        opened.bitDifferences =
          try DatabaseFile.sessions(database).last.map { provenance.bitDifferences(from: $0.provenance) } ?? []
      }
      try database.execute(sql: "DELETE FROM in_flight")
      try database.execute(
        sql: "INSERT INTO session (provenance, started) VALUES (?, ?)", arguments: [try json(provenance), now()])
      opened.session = database.lastInsertedRowID
      return .commit
    }
    return opened
  }

  private static func proceed(
    _ database: Database, _ path: String, _ header: StudyHeader, retryFailed: Bool, _ opened: inout Opened
  ) throws {
    let known = try StudyRow.header(database)
    var differences = known.differences(in: header)
    if known.shard != header.shard {
      differences.append("the file holds \(shardText(known.shard)), and asked for is \(shardText(header.shard))")
    }
    guard differences.isEmpty else { throw ResultsError.anotherStudy(path: path, differences: differences) }
    var digests: [RunRecord.Identity: UInt64] = [:]
    try RunRow.forEach(database, seed: known.seed) { row, _, _ in
      guard let error = row.error else {
        opened.finished.insert(row.identity)
        return
      }
      opened.failed.append(FailedRun(identity: row.identity, error: error))
      digests[row.identity] = row.digest
    }
    if retryFailed {
      for run in opened.failed.map(\.identity) {
        try database.execute(
          sql: "DELETE FROM run WHERE arm = (SELECT position FROM arm WHERE name = ?) AND replication = ?",
          arguments: [run.arm, run.replication])
        try Tally.change(database, by: -1, digest: digests[run] ?? 0)
      }
      opened.failed = []
    }
    opened.header = known
    guard header.replications > known.replications else { return }
    opened.header = header
    opened.header.arms = known.arms
    opened.header.tuning = known.tuning
    opened.header.name = known.name
    try StudyRow.raise(opened.header, in: database)
  }

  private static func shardText(_ shard: String?) -> String { shard.map { "shard \($0)" } ?? "the whole study" }

  /// Who writes to a file that is locked, from its newest session; nothing where that cannot be told.
  private static func writer(of path: String) -> String? {
    guard let study = try? ResultsReader.read(path), let session = study.sessions.last else { return nil }
    let provenance = session.provenance
    return "process \(provenance.process) on \(provenance.host) has been writing to it since \(session.started)"
  }

  static func prepareFolder(of path: String) throws(ResultsError) {
    let folder = (path as NSString).deletingLastPathComponent
    guard !folder.isEmpty else { return }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let detail = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let reason = detail.map { String(cString: strerror(Int32($0.code))) } ?? error.localizedDescription
      throw .cannotCreate(path: path, reason: "its folder '\(folder)' cannot be made (\(reason))")
    }
  }

  /// Renames a results file that is in the way, damaged ones included; anything else is left for the error that
  /// follows.
  private static func keepEarlierFile(_ path: String) throws(ResultsError) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
    guard DatabaseFile.looksLikeDatabase(path) else {
      throw .notResults(path: path, reason: "--restart renames results files only")
    }
    let lock = try FileLock(path: path)
    defer { withExtendedLifetime(lock) {} }
    guard rename(path, path + "~") == 0 else { throw .cannotCreate(path: path, reason: systemReason()) }
    rename(path + "-journal", path + "~-journal")
  }
}

/// The time of the real world, in UTC.
private func now() -> String { Date.now.ISO8601Format() }
