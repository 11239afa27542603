// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// A results file that is read run by run, so that its size matters little and its writer never waits long. Runs come
/// without the parameters that they keep, which are read one agent at a time.
package final class ResultsFile {
  /// A run and the start of the program that wrote it.
  package enum Entry {
    case finished(StoredRun)
    case failed(FailedRun)
  }

  package let header: StudyHeader
  /// The runs that were there when the file was opened, failed ones included, in the order of arms and replications.
  package var runs: [RunRecord.Identity] { places.map(\.identity) }

  let places: [RunRow.Place]
  let path: String
  let database: DatabaseQueue

  /// Opens a results file, also while another process writes to it.
  ///
  /// - Throws: `cannotRead`, `notResults`, `newerSchema`, `damaged`, `inUse`.
  package init(_ path: String, schema: ResultsSchema = .current) throws(ResultsError) {
    try ResultsReader.checkKind(of: path)
    self.path = path
    (database, header, places) = try access(path, .read) {
      let database = try DatabaseFile.openToRead(path, schema)
      return try DatabaseFile.read(database, path) { connection in
        let header = try StudyRow.header(connection)
        try StudyRow.checkNetworks(connection)
        return (database, header, try RunRow.places(connection, seed: header.seed))
      }
    }
  }

  /// Reads the runs one after another, and compares each with its digest.
  ///
  /// - Throws: `damaged`, `cannotRead`, `inUse`, and what `body` throws.
  package func forEach(_ body: (RunRecord.Identity, Entry) throws -> Void) throws {
    for place in places { try body(place.identity, try entry(place)) }
  }

  /// One run, compared with its digest; nothing where it is not there.
  ///
  /// - Throws: `damaged`, `cannotRead`, `inUse`.
  package func entry(arm: String, replication: Int) throws(ResultsError) -> Entry? {
    let place = places.first { $0.identity.arm == arm && $0.identity.replication == replication }
    guard let place else { return nil }
    return try entry(place)
  }

  private func entry(_ place: RunRow.Place) throws(ResultsError) -> Entry {
    let row = try row(place)
    return try access(path, .read) {
      if let run = try row.run() { return .finished(run) }
      return .failed(FailedRun(identity: row.identity, error: row.error ?? ""))
    }
  }

  /// The run at a place, compared with its digest.
  func row(_ place: RunRow.Place) throws(ResultsError) -> RunRow {
    try access(path, .read) {
      let row = try DatabaseFile.read(database, path) { try RunRow.one($0, at: place) }
      guard let row else {
        throw RowError(
          "the run of arm '\(place.identity.arm)', replication \(place.identity.replication) is there no more")
      }
      return row
    }
  }

  /// The names of the final metrics that any run has, in alphabetical order.
  ///
  /// - Throws: `damaged`, `cannotRead`, `inUse`.
  package func finalMetrics() throws(ResultsError) -> [String] {
    try access(path, .read) {
      try DatabaseFile.read(database, path) {
        try String.fetchAll($0, sql: "SELECT DISTINCT metric FROM final ORDER BY metric")
      }
    }
  }
}
