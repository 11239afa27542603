// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import GRDB
import GRDB
import Records

/// A results file, read back.
package struct StoredStudy: Sendable, Equatable {
  package var header: StudyHeader
  /// Finished runs in the order of arms and replications.
  package var runs: [StoredRun]
  package var failures: [FailedRun]
  /// In the order of their starts.
  package var sessions: [StoredSession]
  /// The network of each arm, nothing where it is not kept.
  package var networks: [StoredNetwork?]
  /// Runs that had begun when the file was last written: running now, or lost when the program was killed.
  package var inFlight: [RunRecord.Identity]

  package init(
    header: StudyHeader, runs: [StoredRun], failures: [FailedRun] = [], sessions: [StoredSession] = [],
    networks: [StoredNetwork?] = [], inFlight: [RunRecord.Identity] = []
  ) {
    self.header = header
    self.runs = runs
    self.failures = failures
    self.sessions = sessions
    self.networks = networks
    self.inFlight = inFlight
  }
}

/// Reads results files.
package enum ResultsReader {
  /// Reads a whole file, also while another process writes to it, and checks that it holds together.
  ///
  /// - Throws: `cannotRead`, `notResults`, `newerSchema`, `damaged`, `inUse`.
  package static func read(_ path: String) throws(ResultsError) -> StoredStudy {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .cannotRead(path: path, reason: "no such file")
    }
    guard !isDirectory.boolValue else { throw .cannotRead(path: path, reason: "this is a folder") }
    return try access(path, .read) {
      try DatabaseFile.open(path, .read).read { database in
        guard try DatabaseFile.schema(database, path) > 0 else {
          throw ResultsError.notResults(path: path, reason: "it is empty")
        }
        try DatabaseFile.check(database)
        return try DatabaseFile.study(database)
      }
    }
  }

  /// Whether a file holds this study, as far as names and settings of arms tell; false for a file that cannot be read.
  package static func holds(_ path: String, _ header: StudyHeader) -> Bool {
    guard FileManager.default.fileExists(atPath: path) else { return false }
    let hash = try? access(path, .read) {
      try DatabaseFile.open(path, .read).read { database in
        try DatabaseFile.schema(database, path) > 0
          ? String.fetchOne(database, sql: "SELECT scenario_hash FROM study") : nil
      }
    }
    return hash == header.scenarioHash
  }

  /// Whether a process is writing to the file now.
  package static func isBeingWritten(_ path: String) -> Bool { FileLock.isHeld(path: path) }
}
