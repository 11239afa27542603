// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// The start of writing to a results file: the study is written, or compared with the one that is there, and a session
/// begins.
struct Opening: Sendable {
  struct Result: Sendable {
    var header: StudyHeader
    var finished: Set<RunRecord.Identity> = []
    var failed: [FailedRun] = []
    var stops: [StudyProgress.Stop] = []
    var bitDifferences: [String] = []
    var session: Int64 = 0
  }

  let path: String
  let header: StudyHeader
  let networks: [StoredNetwork?]
  let provenance: Provenance
  let retryFailed: Bool
  let forgetStopped: Bool
  let schema: ResultsSchema
  let comparison: StudyComparison

  /// Does everything in one transaction, after the whole file has been checked.
  ///
  /// - Throws: `ResultsError`, `RowError`, `DatabaseError`; the file is then as it was.
  func perform(_ database: Database) throws -> Result {
    let version = try DatabaseFile.schema(database, path, schema)
    var result = Result(header: header)
    if version > 0 {
      try DatabaseFile.check(database)
      try StudyRow.checkNetworks(database)
    }
    try database.inTransaction(.immediate) {
      try schema.migrate(database, from: version)
      if version == 0 {
        try StudyRow.insert(header, networks: networks, into: database)
      } else {
        result.header = try proceed(database)
        try readRuns(database, &result)
        if forgetStopped { try database.execute(sql: "DELETE FROM stopped") }
        result.stops = try StudyProgress.stops(database, seed: header.seed)
        result.bitDifferences =
          try DatabaseFile.sessions(database).last.map { provenance.bitDifferences(from: $0.provenance) } ?? []
      }
      try database.execute(sql: "DELETE FROM in_flight")
      try database.execute(
        sql: "INSERT INTO session (provenance, started) VALUES (?, ?)",
        arguments: [try json(provenance), ResultsStore.now()])
      result.session = database.lastInsertedRowID
    }
    return result
  }

  /// The study as the file is to say from now on.
  private func proceed(_ database: Database) throws -> StudyHeader {
    var known = try StudyRow.header(database)
    var differences = try known.differences(from: header, by: comparison, path: path, remedy: .restart) {
      StoredSession.maker(try DatabaseFile.sessions(database))
    }
    if known.shard != header.shard {
      differences.append("the file holds \(text(of: known.shard)), and asked for is \(text(of: header.shard))")
    }
    guard differences.isEmpty else { throw ResultsError.anotherStudy(path: path, differences: differences) }
    // What the file defines beyond what is measured now is that of its runs, or of none.
    known.metrics = try header.metrics.union(known.metrics).filter { metric in
      try header.metrics.contains(metric) || MetricRow.isMeasured(metric, in: database)
    }
    try MetricRow.write(known.metrics, into: database)
    guard header.replications > known.replications else { return known }
    var raised = header
    raised.metrics = known.metrics
    raised.arms = known.arms
    raised.tuning = known.tuning
    raised.name = known.name
    try StudyRow.raise(raised, in: database)
    return raised
  }

  private func readRuns(_ database: Database, _ result: inout Result) throws {
    var forgotten: [RunRow] = []
    try RunRow.forEach(database, seed: header.seed) { row, _, _ in
      if let error = row.error {
        if retryFailed {
          forgotten.append(row)
        } else {
          result.failed.append(FailedRun(identity: row.identity, error: error))
        }
      } else {
        result.finished.insert(row.identity)
      }
    }
    for row in forgotten {
      try database.execute(
        sql: "DELETE FROM run WHERE arm = (SELECT position FROM arm WHERE name = ?) AND replication = ?",
        arguments: [row.identity.arm, row.identity.replication])
      try Tally.change(database, by: -1, digest: row.digest)
    }
  }

  private func text(of shard: String?) -> String { shard.map { "shard \($0)" } ?? "the whole study" }
}
