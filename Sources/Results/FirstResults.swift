// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records

/// A results file of version 0.1: JSON Lines, a header and then a line for every run. It is read as if it were a
/// database, and never written.
enum FirstResults {
  /// The version that wrote such files.
  static let maker = "starling 0.1.0"
  private static let schema = "starling-results/1"
  /// Bytes of the longest header that is looked for.
  private static let longestHeader = 64 << 20

  /// What the header says that is not said by that of today.
  private struct Header: Decodable {
    struct Arm: Decodable {
      var name: String
      var agents: Int
      var topology: String
      var meanDegree: Double
      var secondSingularValue: Double?
      var until: Double
      var every: Double
      var target: StudyHeader.Target?
      var utilisation: Double?
      var samplesPerUpdate: Double
      var predictedMSD: Double?
      var predictionReason: String?
    }

    var schema: String
    var version: String
    var name: String
    var question: String?
    var scenario: String
    var overrides: [String]
    var seed: UInt64
    var replications: Int
    var resampled: [String]
    var ties: String
    var arms: [Arm]
  }

  /// Whether a file begins as such files do.
  static func isThere(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    var line = Data()
    while line.count < longestHeader, let piece = try? file.read(upToCount: 1 << 16), !piece.isEmpty {
      guard line.isEmpty ? piece.first == UInt8(ascii: "{") : true else { return false }
      line += piece
      if piece.contains(UInt8(ascii: "\n")) { break }
    }
    return line.prefix { $0 != UInt8(ascii: "\n") }.range(of: Data("\"schema\":\"\(schema)\"".utf8)) != nil
  }

  /// The file as a database without a name, which SQLite deletes when it is closed. A last line that was torn when the
  /// program was killed is left out.
  ///
  /// - Throws: `RowError` where another line is no run.
  static func database(_ path: String, _ schema: ResultsSchema) throws -> DatabaseQueue {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    guard let first = lines.first, let header = try? resultsDecoder().decode(Header.self, from: first) else {
      throw RowError("its header is damaged")
    }
    let copy = try DatabaseQueue(path: "")
    try copy.write { database in
      try schema.migrate(database, from: 0)
      let study = study(header)
      try StudyRow.insert(study, networks: [], into: database)
      try database.execute(
        sql: "INSERT INTO session (provenance, started) VALUES (?, ?)",
        arguments: [try json(provenance(header)), "unknown"])
      let session = database.lastInsertedRowID
      let positions = Dictionary(zip(study.arms.map(\.name), 0...)) { first, _ in first }
      for (number, line) in lines.enumerated().dropFirst() {
        guard let run = try? resultsDecoder().decode(StoredRun.self, from: line),
          let arm = positions[run.record.identity.arm]
        else {
          if number == lines.count - 1, data.last != UInt8(ascii: "\n") { break }
          throw RowError("line \(number + 1) is no run of the study")
        }
        try RunRow(run).insert(database, arm: arm, session: session, started: nil)
      }
      try MetricRow.defineOlder(in: database)
    }
    return copy
  }

  /// The settings of arms were not kept apart from the scenario.
  private static func study(_ header: Header) -> StudyHeader {
    StudyHeader(
      name: header.name, question: header.question, scenario: header.scenario, overrides: header.overrides,
      seed: header.seed, replications: header.replications, resampled: header.resampled, ties: header.ties,
      metrics: [],
      arms: header.arms.map { arm in
        StudyHeader.Arm(
          name: arm.name, agents: arm.agents, topology: arm.topology, meanDegree: arm.meanDegree,
          secondSingularValue: arm.secondSingularValue, until: arm.until, every: arm.every, target: arm.target,
          utilisation: arm.utilisation, samplesPerUpdate: arm.samplesPerUpdate, predictedMSD: arm.predictedMSD,
          predictionReason: arm.predictionReason)
      })
  }

  /// What is known of the program: its version.
  private static func provenance(_ header: Header) -> Provenance {
    Provenance(
      command: "unknown", version: header.version, revision: Provenance.unknownRevision, streams: "unknown",
      libraries: [:], blasCore: "unknown", processor: "unknown", processorFlags: [], operatingSystem: "unknown",
      host: "unknown", process: 0, jobs: 1)
  }
}
