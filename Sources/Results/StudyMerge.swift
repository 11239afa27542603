// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// Puts the results files of one study together, such as its shards.
///
/// The result is written beside its place and renamed when it is whole, so that a program that is killed leaves the
/// old file or the new one. Which file comes first changes only whose wall time and session a run keeps that is in two.
package struct StudyMerge {
  /// A run of which two files say different things.
  package struct Conflict: Sendable, Equatable {
    package let run: RunRecord.Identity
    /// The file whose copy is kept, and its session.
    package let kept: Copy
    package let other: Copy
  }

  /// A copy of a run, and what made it.
  package struct Copy: Sendable, Equatable {
    package let path: String
    package let fingerprint: String
    /// The host and the process of its session.
    package let maker: String
  }

  /// What a merge has come to.
  package struct Outcome: Sendable {
    package var header: StudyHeader
    /// Finished runs in the result.
    package var runs = 0
    package var failed = 0
    /// Runs that were in more than one file.
    package var repeated = 0
    package var conflicts: [Conflict] = []
  }

  private let paths: [String]
  private let output: String
  private let databases: [DatabaseQueue]
  private let headers: [StudyHeader]
  private let lock: FileLock

  /// Opens the inputs, and the output where that is there already, and compares the studies.
  ///
  /// - Parameter comparison: how the studies of two files differ, asked where settings are not the same texts.
  /// - Throws: any `ResultsError`; `strangers` where two files are not of one study.
  package init(
    _ inputs: [String], into output: String, comparison: @escaping StudyComparison = { $0.differences(in: $1) }
  ) throws(ResultsError) {
    for input in inputs where sameFile(input, output) {
      throw .cannotCreate(path: output, reason: "it is one of the files to merge")
    }
    for (position, input) in inputs.enumerated() {
      for earlier in inputs.prefix(position) where sameFile(input, earlier) {
        throw .cannotRead(path: input, reason: "it is named twice")
      }
    }
    try ResultsStore.prepareFolder(of: output)
    var paths = inputs
    var opened: [(database: DatabaseQueue, header: StudyHeader)] = []
    for path in inputs {
      opened.append(try Self.open(path, .read))
      try Self.compare(opened[0], inputs[0], with: opened[opened.count - 1].header, path, comparison)
    }
    // The lock makes an empty file where there is none, so it comes after all that may be wrong with the inputs.
    lock = try FileLock(path: output)
    if (try? FileManager.default.attributesOfItem(atPath: output)[.size] as? Int) ?? 0 > 0 {
      opened.insert(try Self.open(output, .write), at: 0)
      paths.insert(output, at: 0)
      try Self.compare(opened[0], output, with: opened[1].header, inputs[0], comparison)
    }
    let (databases, headers) = (opened.map(\.database), opened.map(\.header))
    (self.paths, self.output, self.databases, self.headers) = (paths, output, databases, headers)
  }

  private static func compare(
    _ known: (database: DatabaseQueue, header: StudyHeader), _ firstPath: String, with other: StudyHeader,
    _ path: String, _ comparison: StudyComparison
  ) throws(ResultsError) {
    let first = known.header
    var differences = try access(firstPath, .read) {
      try first.differences(from: other, by: comparison, path: firstPath, remedy: .merge) {
        StoredSession.maker(try known.database.read(DatabaseFile.sessions))
      }
    }
    if first.tuning != other.tuning { differences.append("the step sizes were tuned differently") }
    guard differences.isEmpty else { throw .strangers(path: path, first: firstPath, differences: differences) }
  }

  private static func open(
    _ path: String, _ purpose: DatabaseFile.Purpose
  ) throws(ResultsError) -> (DatabaseQueue, StudyHeader) {
    try ResultsReader.checkKind(of: path)
    return try access(path, purpose) {
      let database = try DatabaseFile.openToRead(path, .current)
      let header = try database.read { database in
        try DatabaseFile.checkForReading(database)
        return try StudyRow.header(database)
      }
      return (database, header)
    }
  }

  /// Writes the union of the files.
  ///
  /// - Parameter allowsDifferences: whether a run of which the files say different things is taken from the first
  ///   that has it; else nothing is written.
  /// - Returns: what is in the union, and the conflicts, for which nothing was written unless they are allowed.
  package func write(allowsDifferences: Bool) throws(ResultsError) -> Outcome {
    let temporary = output + ".merging"
    for path in [temporary, temporary + "-journal"] { unlink(path) }
    defer {
      for path in [temporary, temporary + "-journal"] { unlink(path) }
      removeIfEmpty()
    }
    let outcome = try access(temporary, .write) {
      let target = try DatabaseFile.open(temporary, .write)
      let outcome = try target.write { try fill($0) }
      try target.close()
      return outcome
    }
    guard outcome.conflicts.isEmpty || allowsDifferences else { return outcome }
    try access(output, .write) { for database in databases { try database.close() } }
    guard rename(temporary, output) == 0 else { throw .cannotCreate(path: output, reason: systemReason(errno)) }
    return outcome
  }

  /// Leaves everything as it was: nothing is to be written.
  package func giveUp() { removeIfEmpty() }

  /// The lock has made an empty file where there was none.
  private func removeIfEmpty() {
    var status = stat()
    if lstat(output, &status) == 0, status.st_size == 0 { unlink(output) }
  }

  // MARK: - Filling

  /// A run that is in the union.
  private struct Kept {
    let file: Int
    let session: Int64
    let fingerprint: String?
  }

  private func fill(_ target: Database) throws -> Outcome {
    let header = union
    try ResultsSchema.current.migrate(target, from: 0)
    let networks = try databases[0].read { try StudyRow.networks($0) }
    try StudyRow.insert(header, networks: networks, into: target)
    let sessions = try renumberedSessions(target)
    let winners = try chooseCopies()
    var outcome = Outcome(header: header)
    outcome.repeated = winners.repeated
    outcome.conflicts = try winners.conflicts.map { try conflict($0) }
    let positions = Dictionary(uniqueKeysWithValues: zip(header.arms.map(\.name), 0...))
    for (file, database) in databases.enumerated() {
      try database.read { source in
        try RunRow.forEach(source, seed: header.seed) { row, session, started in
          guard let arm = positions[row.identity.arm] else { throw RowError("a run is of no arm") }
          guard winners.kept[row.identity]?.file == file else { return }
          guard let number = sessions[file][session] else { throw RowError("a run is of no session") }
          try row.insert(target, arm: arm, session: number, started: started, from: source)
          if row.error == nil { outcome.runs += 1 } else { outcome.failed += 1 }
        }
      }
    }
    try fillStops(target, positions, Set(winners.kept.keys))
    try fillStates(target, positions, winners.kept)
    return outcome
  }

  /// Keeps what there is of runs that were stopped on their way and have ended in no file: what has come farthest.
  private func fillStops(
    _ target: Database, _ positions: [String: Int], _ ended: Set<RunRecord.Identity>
  ) throws {
    var times: [RunRecord.Identity: Double] = [:]
    for database in databases {
      try database.read { source in
        try StoredStop.forEach(source, seed: headers[0].seed) { stop in
          guard let arm = positions[stop.run.arm], !ended.contains(stop.run), stop.time > times[stop.run] ?? -1 else {
            return
          }
          times[stop.run] = stop.time
          try stop.insert(target, arm: arm)
        }
      }
    }
  }

  /// Keeps the states at which forks may begin, those of each run from where the run is taken from.
  private func fillStates(
    _ target: Database, _ positions: [String: Int], _ kept: [RunRecord.Identity: Kept]
  ) throws {
    for (file, database) in databases.enumerated() {
      try database.read { source in
        try StoredStop.forEach(source, in: .state, seed: headers[0].seed) { state in
          guard let arm = positions[state.run.arm], kept[state.run]?.file == file else { return }
          try state.insert(target, arm: arm, into: .state)
        }
      }
    }
  }

  /// The study of the union: the whole of it, with as many replications as any of the files.
  private var union: StudyHeader {
    var union = headers.max { $0.replications < $1.replications } ?? headers[0]
    union.name = headers[0].name
    union.arms = headers[0].arms
    union.metrics = headers.reduce([]) { $0.union($1.metrics) }
    union.shard = nil
    return union
  }

  /// Which file each run is taken from. A finished copy stands against a failed one.
  private func chooseCopies() throws -> (
    kept: [RunRecord.Identity: Kept], repeated: Int, conflicts: [(RunRecord.Identity, Kept, Kept)]
  ) {
    var kept: [RunRecord.Identity: Kept] = [:]
    var repeated = 0
    var conflicts: [(RunRecord.Identity, Kept, Kept)] = []
    let query = """
      SELECT arm.name AS arm, replication, session, fingerprint FROM run JOIN arm ON arm.position = run.arm
      ORDER BY run.arm, replication
      """
    for (file, database) in databases.enumerated() {
      try database.read { source in
        for row in try Row.fetchAll(source, sql: query) {
          let run = RunRecord.Identity(
            arm: try row.value("arm"), replication: try row.value("replication"), seed: headers[0].seed)
          let copy = Kept(file: file, session: try row.value("session"), fingerprint: try row.optional("fingerprint"))
          guard let known = kept[run] else {
            kept[run] = copy
            continue
          }
          repeated += 1
          if known.fingerprint == nil, copy.fingerprint != nil { kept[run] = copy }
          if known.fingerprint != nil, copy.fingerprint != nil, known.fingerprint != copy.fingerprint {
            conflicts.append((run, known, copy))
          }
        }
      }
    }
    return (kept, repeated, conflicts)
  }

  private func conflict(_ conflict: (run: RunRecord.Identity, kept: Kept, other: Kept)) throws -> Conflict {
    func copy(_ kept: Kept) throws -> Copy {
      let session = try databases[kept.file].read { try DatabaseFile.sessions($0) }.first { $0.number == kept.session }
      let maker = session.map { "process \($0.provenance.process) on \($0.provenance.host), \($0.provenance.version)" }
      return Copy(
        path: paths[kept.file], fingerprint: kept.fingerprint ?? "none", maker: maker ?? "unknown session")
    }
    return Conflict(run: conflict.run, kept: try copy(conflict.kept), other: try copy(conflict.other))
  }

  /// Writes the sessions of all files in the order of their starts, one that is in two files once.
  ///
  /// - Returns: for each file, the new number of each of its sessions.
  private func renumberedSessions(_ target: Database) throws -> [[Int64: Int64]] {
    var found: [(key: String, session: StoredSession, file: Int)] = []
    for (file, database) in databases.enumerated() {
      for session in try database.read({ try DatabaseFile.sessions($0) }) {
        found.append(("\(session.started) \(try json(session.provenance))", session, file))
      }
    }
    found.sort { ($0.key, $0.file) < ($1.key, $1.file) }
    var numbers = Array(repeating: [Int64: Int64](), count: databases.count)
    var last: (key: String, number: Int64)?
    for (key, session, file) in found {
      if key != last?.key {
        try target.execute(
          sql: "INSERT INTO session (provenance, started, ended) VALUES (?, ?, ?)",
          arguments: [try json(session.provenance), session.started, session.ended])
        last = (key, target.lastInsertedRowID)
      }
      numbers[file][Int64(session.number)] = last?.number
    }
    return numbers
  }
}

/// Whether two paths lead to one file that is there.
private func sameFile(_ first: String, _ second: String) -> Bool {
  var (one, two) = (stat(), stat())
  guard stat(first, &one) == 0, stat(second, &two) == 0 else { return first == second }
  return one.st_dev == two.st_dev && one.st_ino == two.st_ino
}
