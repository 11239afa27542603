// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import GRDB
import Records

/// How far a study has come, read without the runs' curves.
package struct StudyProgress: Sendable {
  /// A run that ended, well or not.
  package struct Run: Sendable {
    /// The arm's position in the study.
    package let arm: Int
    package let replication: Int
    package let session: Int
    package let wallSeconds: Double
    /// Nothing for a run that ended well.
    package let error: String?
  }

  package let header: StudyHeader
  /// In the order of arms and replications.
  package let runs: [Run]
  /// Arm and replication of runs that had begun when the file was last written.
  package let inFlight: [(arm: Int, replication: Int)]
  package let sessions: [StoredSession]
  /// Whether a process is writing to the file now.
  package let isBeingWritten: Bool
  /// Bytes on the disk.
  package let size: Int

  /// Reads a results file, also while another process writes to it.
  ///
  /// - Throws: `cannotRead`, `notResults`, `newerSchema`, `damaged`, `inUse`.
  package init(_ path: String) throws(ResultsError) {
    try ResultsReader.checkKind(of: path)
    // Asked before the file is read: a process that ends in between has then written all it had to.
    isBeingWritten = ResultsReader.isBeingWritten(path)
    (header, runs, inFlight, sessions) = try access(path, .read) {
      try DatabaseFile.openToRead(path, .current).read { database in
        (
          try StudyRow.header(database), try Self.runs(database), try Self.inFlight(database),
          try DatabaseFile.sessions(database)
        )
      }
    }
    size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int).flatMap(\.self) ?? 0
  }

  private static func runs(_ database: Database) throws -> [Run] {
    try Row.fetchAll(
      database, sql: "SELECT arm, replication, session, wall_seconds, error FROM run ORDER BY arm, replication"
    ).map { row in
      Run(
        arm: try row.value("arm"), replication: try row.value("replication"), session: try row.value("session"),
        wallSeconds: try row.value("wall_seconds"), error: try row.optional("error"))
    }
  }

  private static func inFlight(_ database: Database) throws -> [(arm: Int, replication: Int)] {
    try Row.fetchAll(database, sql: "SELECT arm, replication FROM in_flight ORDER BY arm, replication").map { row in
      (try row.value("arm"), try row.value("replication"))
    }
  }
}
