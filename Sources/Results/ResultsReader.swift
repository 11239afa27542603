// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// A results file, read back.
package struct StoredStudy: Sendable, Equatable {
  package var header: StudyHeader
  /// Finished runs in the order of arms and replications, without the parameters that they keep; `ResultsFile` reads
  /// these.
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
  /// Reads a whole file but the parameters that runs keep, also while another process writes to it, and checks that it
  /// holds together.
  ///
  /// - Throws: `cannotRead`, `notResults`, `newerSchema`, `damaged`, `inUse`.
  package static func read(
    _ path: String, schema: ResultsSchema = .current
  ) throws(ResultsError) -> StoredStudy {
    try checkKind(of: path)
    return try access(path, .read) {
      try DatabaseFile.read(try DatabaseFile.openToRead(path, schema), path) { database in
        try DatabaseFile.checkForReading(database)
        return try DatabaseFile.study(database)
      }
    }
  }

  /// Whether anything but an empty file has the name; a program that is killed as soon as it has made its results file
  /// leaves an empty one.
  package static func isThere(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && (status.st_mode & S_IFMT != S_IFREG || status.st_size > 0)
  }

  /// Whether a file begins as results files do, or as any of SQLite's; false for what is no regular file.
  package static func looksLikeResults(_ path: String) -> Bool {
    (try? checkKind(of: path)) != nil && DatabaseFile.looksLikeResults(path)
  }

  /// Whether a process is writing to the file now.
  package static func isBeingWritten(_ path: String) -> Bool { FileLock.isHeld(path: path) }

  /// - Throws: `cannotRead` for anything but a file; a pipe, for one, would be waited for.
  static func checkKind(of path: String) throws(ResultsError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .cannotRead(path: path, reason: errno == ENOENT ? "no such file" : systemReason(errno))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard faccessat(AT_FDCWD, path, R_OK, 0) == 0 else { throw .cannotRead(path: path, reason: systemReason(errno)) }
    case S_IFDIR: throw .cannotRead(path: path, reason: "this is a folder")
    default: throw .cannotRead(path: path, reason: "this is no regular file")
    }
  }
}
