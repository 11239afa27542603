// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
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
    /// Nothing for a run that failed.
    package let fingerprint: String?
  }

  /// A run that was stopped on its way.
  package struct Stop: Sendable, Equatable {
    package let run: RunRecord.Identity
    /// Seconds of virtual time up to which everything has happened.
    package let time: Double
    /// Seconds of real time that it has taken so far.
    package let wallSeconds: Double
  }

  /// States of runs at a time of their way, from which forks can begin.
  package struct States: Sendable, Equatable, Encodable {
    /// Seconds of virtual time.
    package let time: Double
    /// How many runs have one.
    package let runs: Int
  }

  package let header: StudyHeader
  /// In the order of arms and replications.
  package let runs: [Run]
  /// Arm and replication of runs that had begun when the file was last written.
  package let inFlight: [(arm: Int, replication: Int)]
  /// In the order of arms and replications.
  package let stops: [Stop]
  /// By their time.
  package let states: [States]
  package let sessions: [StoredSession]
  /// Whether a process is writing to the file now.
  package let isBeingWritten: Bool
  /// Whether runs can be added to a file of this kind.
  package let canGrow: Bool
  /// Bytes on the disk.
  package let size: Int

  /// Reads a results file, also while another process writes to it.
  ///
  /// - Throws: `cannotRead`, `notResults`, `newerSchema`, `damaged`, `inUse`.
  package init(_ path: String) throws(ResultsError) {
    try ResultsReader.checkKind(of: path)
    // Asked before the file is read: a process that ends in between has then written all it had to.
    isBeingWritten = ResultsReader.isBeingWritten(path)
    canGrow = !FirstResults.isThere(path)
    (header, runs, inFlight, stops, states, sessions) = try access(path, .read) {
      try DatabaseFile.openToRead(path, .current).read { database in
        let header = try StudyRow.header(database)
        try StudyRow.checkNetworks(database)
        let (runs, inFlight) = (try Self.runs(database), try Self.inFlight(database))
        guard (runs.map(\.arm) + inFlight.map(\.arm)).allSatisfy(header.arms.indices.contains) else {
          throw RowError("a run is of no arm")
        }
        let stops = try Self.stops(database, seed: header.seed)
        return (header, runs, inFlight, stops, try Self.states(database), try DatabaseFile.sessions(database))
      }
    }
    size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int).flatMap(\.self) ?? 0
  }

  /// The programs that have made the runs that ended well.
  package var makers: [Provenance] {
    let numbers = Set(runs.filter { $0.error == nil }.map(\.session))
    return sessions.filter { numbers.contains($0.number) }.map(\.provenance)
  }

  /// Whether all of these runs have ended.
  ///
  /// - Parameter retryFailed: whether they must have ended well.
  package func holds(_ plan: [RunRecord.Identity], retryFailed: Bool) -> Bool {
    let ended = Set(
      runs.filter { !retryFailed || $0.error == nil }.map { run in
        RunRecord.Identity(arm: header.arms[run.arm].name, replication: run.replication, seed: header.seed)
      })
    return plan.allSatisfy(ended.contains)
  }

  private static func runs(_ database: Database) throws -> [Run] {
    try Row.fetchAll(
      database, sql: "SELECT arm, replication, session, wall_seconds, error, fingerprint FROM run ORDER BY 1, 2"
    ).map { row in
      Run(
        arm: try row.value("arm"), replication: try row.value("replication"), session: try row.value("session"),
        wallSeconds: try row.value("wall_seconds"), error: try row.optional("error"),
        fingerprint: try row.optional("fingerprint"))
    }
  }

  static func stops(_ database: Database, seed: UInt64) throws -> [Stop] {
    let query = """
      SELECT arm.name AS arm, replication, time, wall_seconds FROM stopped JOIN arm ON arm.position = stopped.arm
      ORDER BY stopped.arm, replication
      """
    return try Row.fetchAll(database, sql: query).map { row in
      let run = RunRecord.Identity(arm: try row.value("arm"), replication: try row.value("replication"), seed: seed)
      return Stop(run: run, time: try row.value("time"), wallSeconds: try row.value("wall_seconds"))
    }
  }

  private static func states(_ database: Database) throws -> [States] {
    try Row.fetchAll(database, sql: "SELECT time, count(*) AS runs FROM state GROUP BY time ORDER BY time").map {
      States(time: try $0.value("time"), runs: try $0.value("runs"))
    }
  }

  private static func inFlight(_ database: Database) throws -> [(arm: Int, replication: Int)] {
    try Row.fetchAll(database, sql: "SELECT arm, replication FROM in_flight ORDER BY arm, replication").map { row in
      (try row.value("arm"), try row.value("replication"))
    }
  }
}
