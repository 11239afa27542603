// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// A results file that is being written: one SQLite database for a study.
///
/// What one call writes is one transaction: killing the program loses what has not been written and nothing else. Runs
/// may be written from any thread. Only one process writes to a file at a time; others may read it meanwhile.
package final class ResultsStore: Sendable {
  /// Where the file is.
  package let path: String
  /// The study, with the number of replications that was asked for at most so far.
  package let header: StudyHeader
  /// Runs that were in the file when it was opened.
  package let finished: Set<RunRecord.Identity>
  /// Runs that were in the file as failed when it was opened.
  package let failed: [FailedRun]
  /// Runs that had been stopped on their way when it was opened.
  package let stops: [StudyProgress.Stop]
  /// How the machine or program differs from those that wrote the runs already there, in words.
  package let bitDifferences: [String]

  /// The version of SQLite.
  package static var databaseVersion: String { Database.version }

  private let lock: FileLock
  let database: DatabaseQueue
  private let session: Int64
  private let positions: [String: Int]

  /// Makes a results file, and its folder if that is missing, or continues one that holds the same study.
  ///
  /// - Parameters:
  ///   - networks: one for each arm, kept for figures.
  ///   - restart: an earlier results file is kept under its name with `~` added (`~2`, `~3` … of later ones), and a new one begun.
  ///   - retryFailed: runs that failed are forgotten, so that they run again.
  ///   - forgetStopped: what is kept of runs that were stopped on their way is forgotten, so that they begin anew.
  ///   - schema: what the file is brought up to if it is older.
  ///   - comparison: how the study in the file differs from this one, asked where settings are not the same texts.
  /// - Throws: any `ResultsError`; the file is then as it was.
  package init(
    path: String, header: StudyHeader, networks: [StoredNetwork?] = [], provenance: Provenance, restart: Bool = false,
    retryFailed: Bool = false, forgetStopped: Bool = false, schema: ResultsSchema = .current,
    comparison: @escaping StudyComparison = { $0.differences(in: $1) }
  ) throws(ResultsError) {
    self.path = path
    lock = try Self.prepareFile(path, restart: restart)
    guard !FirstResults.isThere(path) else {
      throw .outdated(
        path: path, maker: FirstResults.maker, reason: "its file is one of JSON Lines, which is only read", .restart)
    }
    let opening = Opening(
      path: path, header: header, networks: networks, provenance: provenance, retryFailed: retryFailed,
      forgetStopped: forgetStopped, schema: schema, comparison: comparison)
    let opened: Opening.Result
    do throws(ResultsError) {
      (database, opened) = try access(path, .write) {
        let database = try DatabaseFile.open(path, .write)
        return (database, try database.writeWithoutTransaction(opening.perform))
      }
    } catch {
      if lock.isNew { Self.removeIfEmpty(path) }
      throw error
    }
    self.header = opened.header
    session = opened.session
    finished = opened.finished
    failed = opened.failed
    stops = opened.stops
    bitDifferences = opened.bitDifferences
    positions = Dictionary(uniqueKeysWithValues: zip(header.arms.map(\.name), 0...))
  }

  deinit {
    // Before the lock is let go.
    try? database.close()
  }

  /// Notes that a run has begun.
  ///
  /// - Throws: `cannotWrite`, `inUse`.
  package func begin(_ run: RunRecord.Identity) throws(ResultsError) {
    try write([], begun: [(run, Self.now())])
  }

  /// Adds a finished run.
  ///
  /// - Throws: `cannotWrite`, `inUse`; the run is then not in the file.
  package func write(_ run: StoredRun) throws(ResultsError) {
    try write([try access(path, .write) { try RunRow(run) }])
  }

  /// Adds a run that could not be carried to its end.
  ///
  /// - Throws: `cannotWrite`, `inUse`.
  package func write(_ failure: FailedRun) throws(ResultsError) { try write([RunRow(failure)]) }

  /// Keeps a run that was stopped on its way, in the place of what was kept of it before.
  ///
  /// - Throws: `cannotWrite`, `inUse`.
  package func write(_ stop: StoredStop) throws(ResultsError) { try write([], stopped: [stop]) }

  /// Adds runs that have ended or were stopped, keeps what others under way have come to, and notes runs that have begun,
  /// with the times of that, all or nothing.
  ///
  /// - Throws: `cannotWrite`, `inUse`; nothing of it is then in the file.
  func write(
    _ ended: [RunRow], stopped: [StoredStop] = [], kept: [StoredStop] = [], states: [StoredStop] = [],
    begun: [(run: RunRecord.Identity, time: String)] = []
  ) throws(ResultsError) {
    try access(path, .write) {
      try database.write { database in
        for (run, time) in begun {
          let note = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO in_flight (arm, replication, started) VALUES (?, ?, ?)")
          try note.execute(arguments: [self.position(of: run), run.replication, time])
        }
        for row in ended { try self.end(database, row) }
        for stop in stopped { try self.stop(database, stop) }
        for state in kept { try state.insert(database, arm: self.position(of: state.run)) }
        for state in states { try state.insert(database, arm: self.position(of: state.run), into: .state) }
      }
    }
  }

  /// Notes that the study is to have more replications than were asked for so far; fewer change nothing.
  ///
  /// - Parameter scenario: the scenario with that number, as text.
  /// - Throws: `cannotWrite`, `inUse`.
  package func raise(replications: Int, scenario: String) throws(ResultsError) {
    try access(path, .write) {
      try database.write { database in
        var known = try StudyRow.header(database)
        guard replications > known.replications else { return }
        known.replications = replications
        known.scenario = scenario
        try StudyRow.raise(known, in: database)
      }
    }
  }

  /// Notes that the program has ended in good order, with or without all runs.
  package func close() throws(ResultsError) {
    try access(path, .write) {
      try database.write { database in
        try database.execute(sql: "DELETE FROM in_flight")
        try database.execute(
          sql: "UPDATE session SET ended = ? WHERE id = ?", arguments: [Self.now(), self.session])
      }
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

  private func end(_ database: Database, _ row: RunRow) throws {
    let arm = try position(of: row.identity)
    let key: StatementArguments = [arm, row.identity.replication]
    let started = try String.fetchOne(
      database.cachedStatement(sql: "SELECT started FROM in_flight WHERE arm = ? AND replication = ?"), arguments: key)
    try row.insert(database, arm: arm, session: session, started: started)
    try StoredStop.remove(database, arm: arm, replication: row.identity.replication)
    try land(database, key)
  }

  private func stop(_ database: Database, _ stop: StoredStop) throws {
    let arm = try position(of: stop.run)
    try stop.insert(database, arm: arm)
    try land(database, [arm, stop.run.replication])
  }

  /// Notes that a run is under way no more.
  private func land(_ database: Database, _ key: StatementArguments) throws {
    try database.cachedStatement(sql: "DELETE FROM in_flight WHERE arm = ? AND replication = ?")
      .execute(arguments: key)
  }

  private func position(of run: RunRecord.Identity) throws -> Int {
    guard let arm = positions[run.arm] else { throw RowError("there is no arm '\(run.arm)'") }
    return arm
  }

  /// The time of the real world, in UTC.
  static func now() -> String { Date.now.ISO8601Format() }
}

// MARK: - The file before it is opened

extension ResultsStore {
  private static func prepareFile(_ path: String, restart: Bool) throws(ResultsError) -> FileLock {
    try prepareFolder(of: path)
    do throws(ResultsError) {
      if restart { try keepEarlierFile(path) }
      return try FileLock(path: path)
    } catch {
      guard case .inUse = error else { throw error }
      throw .inUse(path: path, by: writer(of: path) ?? "another process is writing to it")
    }
  }

  /// Who writes to a file that is locked, from its newest session; nothing where that cannot be told.
  private static func writer(of path: String) -> String? {
    let sessions = try? DatabaseFile.openToRead(path, .current).read(DatabaseFile.sessions)
    guard let session = sessions?.last else { return nil }
    let provenance = session.provenance
    return "process \(provenance.process) on \(provenance.host) has been writing to it since \(session.started)"
  }

  static func prepareFolder(of path: String) throws(ResultsError) {
    guard let (folder, reason) = troubleMakingFolder(of: path) else { return }
    throw .cannotCreate(path: path, reason: "its folder '\(folder)' cannot be made (\(systemReason(reason)))")
  }

  /// Makes the folder of a file, and those that it lies in; the first that cannot be made, and why.
  private static func troubleMakingFolder(of path: String) -> (folder: String, reason: Int32)? {
    let parent = folder(of: path)
    guard !parent.isEmpty, parent != "/", !isFolder(parent) else { return nil }
    if let trouble = troubleMakingFolder(of: parent) { return trouble }
    guard mkdir(parent, 0o777) != 0 else { return nil }
    let reason = errno
    // Another process may have made it meanwhile.
    return isFolder(parent) ? nil : (parent, reason)
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Renames a results file that is in the way, damaged ones included; anything else is left for the error that
  /// follows. A symbolic link is followed, and stays.
  private static func keepEarlierFile(_ link: String) throws(ResultsError) {
    guard let real = realpath(link, nil) else { return }
    defer { free(real) }
    let path = String(cString: real)
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
    guard DatabaseFile.looksLikeResults(path) else {
      throw .notResults(path: link, reason: "--restart renames results files only")
    }
    let lock = try FileLock(path: path)
    defer { withExtendedLifetime(lock) {} }
    // A journal that is needed to read the file must not be parted from it: a program that is killed between two
    // renamings would do that.
    DatabaseFile.settle(path)
    let new = freeName(path)
    guard rename(path, new) == 0 else { throw .cannotCreate(path: new, reason: systemReason(errno)) }
    rename(path + "-journal", new + "-journal")
  }

  /// The name with `~` added, and from the second copy on the first number that meets no other file: `NAME~`, `NAME~2`.
  private static func freeName(_ path: String) -> String {
    var (name, number, status) = (path + "~", 1, stat())
    while lstat(name, &status) == 0 || lstat(name + "-journal", &status) == 0 {
      number += 1
      name = "\(path)~\(number)"
    }
    return name
  }

  /// Removes a file that was made for a study which then could not be written.
  private static func removeIfEmpty(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 { unlink(path) }
  }
}
