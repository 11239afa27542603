// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import GRDB
import Records

/// A run as one row of the table `run` and rows of `series`, with the digest over all of it.
struct RunRow {
  /// What a run leaves behind that has no column of its own.
  private struct Details: Codable {
    var finals: [String: Double]
    var messages: MessageFates
    var staleness: Staleness
    var agents: [AgentAccount]
    var engine: EngineCounts
  }

  var identity: RunRecord.Identity
  var wallSeconds = 0.0
  var error: String?
  var fingerprint: String?
  var ending: String?
  var endTime: Double?
  /// Time, updates, messages and bytes to the target.
  var target: [Double?] = [nil, nil, nil, nil]
  var details: String?
  var grid: Data?
  var series: [(metric: String, data: Data)] = []

  /// Over everything that the row says.
  var digest: UInt64 {
    var digest = Digest()
    digest.add(identity.arm)
    digest.add(UInt64(identity.replication))
    digest.add(wallSeconds)
    for text in [error, fingerprint, ending, details] { digest.add(text ?? "none") }
    digest.add(endTime)
    for number in target { digest.add(number) }
    for data in [grid ?? Data()] + series.map(\.data) {
      digest.add(data)
      digest.add(UInt64(data.count))
    }
    for entry in series { digest.add(entry.metric) }
    return digest.value
  }
}

extension RunRow {
  init(_ failure: FailedRun) {
    identity = failure.identity
    error = failure.error
  }

  /// - Throws: if a value cannot be written as JSON.
  init(_ run: StoredRun) throws {
    let record = run.record
    identity = record.identity
    wallSeconds = run.wallSeconds
    fingerprint = hexadecimal(record.fingerprint)
    ending = record.ending.rawValue
    endTime = record.endTime
    if let reached = record.target { target = [reached.time, reached.updates, reached.messages, reached.bytes] }
    let details = Details(
      finals: record.finals, messages: record.messages, staleness: record.staleness, agents: record.agents,
      engine: record.engine)
    self.details = String(decoding: try resultsEncoder().encode(details), as: UTF8.self)
    grid = blob(record.grid)
    series = record.series.map { ($0.metric, blob($0.values)) }
  }

  /// The run that the row describes; nothing for a run that failed.
  ///
  /// - Throws: if the row is not whole.
  func run() throws -> StoredRun? {
    guard error == nil else { return nil }
    guard let fingerprint = fingerprint.flatMap({ UInt64($0, radix: 16) }),
      let ending = ending.flatMap(RunRecord.Ending.init), let endTime, let details, let grid
    else { throw RowError() }
    let rest = try resultsDecoder().decode(Details.self, from: Data(details.utf8))
    let reached = target.compactMap(\.self)
    return StoredRun(
      record: RunRecord(
        identity: identity, fingerprint: fingerprint, ending: ending, endTime: endTime, grid: numbers(grid),
        series: series.map { RunRecord.Series(metric: $0.metric, values: numbers($0.data)) }, finals: rest.finals,
        target: reached.count == 4
          ? RunRecord.TargetReached(time: reached[0], updates: reached[1], messages: reached[2], bytes: reached[3])
          : nil,
        messages: rest.messages, staleness: rest.staleness, agents: rest.agents, engine: rest.engine),
      wallSeconds: wallSeconds)
  }
}

extension RunRow {
  /// Adds the row, and counts it in the tally.
  func insert(_ database: Database, arm: Int, session: Int64, started: String?) throws {
    try database.execute(
      sql: """
        INSERT INTO run (arm, replication, session, started, wall_seconds, error, fingerprint, ending, end_time,
          target_time, target_updates, target_messages, target_bytes, record, grid, digest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        arm, identity.replication, session, started, wallSeconds, error, fingerprint, ending, endTime, target[0],
        target[1], target[2], target[3], details, grid, hexadecimal(digest),
      ])
    let row = database.lastInsertedRowID
    for (position, entry) in series.enumerated() {
      try database.execute(
        sql: "INSERT INTO series (run, position, metric, data) VALUES (?, ?, ?, ?)",
        arguments: [row, position, entry.metric, entry.data])
    }
    try Tally.change(database, by: 1, digest: digest)
  }

  /// Reads every row, failed runs included, in the order of arms and replications, and compares digests and tally.
  ///
  /// - Throws: `RowError` where the file does not hold together.
  static func all(_ database: Database, seed: UInt64) throws -> [RunRow] {
    var found: [RunRow] = []
    try forEach(database, seed: seed) { row, _, _ in found.append(row) }
    return found
  }

  /// The same one by one, so that the file may be larger than memory; with the number of the run's session and when it
  /// started.
  static func forEach(
    _ database: Database, seed: UInt64, _ body: (RunRow, _ session: Int64, _ started: String?) throws -> Void
  ) throws {
    let curves = try database.makeStatement(sql: "SELECT metric, data FROM series WHERE run = ? ORDER BY position")
    var count = 0
    var curveCount = 0
    var sum: UInt64 = 0
    let rows = try Row.fetchCursor(database, sql: query)
    while let row = try rows.next() {
      let id: Int64 = try row.value("id")
      let series = try Row.fetchAll(curves, arguments: [id]).map { curve -> (metric: String, data: Data) in
        (try curve.value("metric"), try curve.value("data"))
      }
      let run = try RunRow(row, seed: seed, series: series)
      let digest = run.digest
      guard hexadecimal(digest) == (try row.value("digest") as String) else {
        throw RowError("the run of arm '\(run.identity.arm)', replication \(run.identity.replication) has changed")
      }
      sum ^= digest
      count += 1
      curveCount += series.count
      try body(run, try row.value("session"), try row.optional("started"))
    }
    guard try Int.fetchOne(database, sql: "SELECT count(*) FROM series") == curveCount else {
      throw RowError("there are curves without a run")
    }
    try Tally.check(database, runs: count, digest: sum)
  }

  private static let query = """
    SELECT run.id, arm.name AS arm, replication, session, started, wall_seconds, error, fingerprint, ending, end_time,
      target_time, target_updates, target_messages, target_bytes, record, grid, digest
    FROM run JOIN arm ON arm.position = run.arm ORDER BY run.arm, replication
    """

  private init(_ row: Row, seed: UInt64, series: [(metric: String, data: Data)]) throws {
    identity = RunRecord.Identity(
      arm: try row.value("arm"), replication: try row.value("replication"), seed: seed)
    wallSeconds = try row.value("wall_seconds")
    error = try row.optional("error")
    fingerprint = try row.optional("fingerprint")
    ending = try row.optional("ending")
    endTime = try row.optional("end_time")
    target = [
      try row.optional("target_time"), try row.optional("target_updates"), try row.optional("target_messages"),
      try row.optional("target_bytes"),
    ]
    details = try row.optional("record")
    grid = try row.optional("grid")
    self.series = series
  }
}

extension RunRow {
  /// A run that failed, as the other outcome.
  struct Failure: Error {
    let run: FailedRun
  }

  /// What a run came to, without its curves and accounts.
  static func outcome(_ row: Row, seed: UInt64) throws -> Result<StoredRun, Failure> {
    let identity = RunRecord.Identity(arm: try row.value("arm"), replication: try row.value("replication"), seed: seed)
    if let error: String = try row.optional("error") {
      return .failure(Failure(run: FailedRun(identity: identity, error: error)))
    }
    guard let ending = RunRecord.Ending(rawValue: try row.value("ending")) else { throw RowError() }
    var target: RunRecord.TargetReached?
    if let time: Double = try row.optional("target_time") {
      target = RunRecord.TargetReached(
        time: time, updates: try row.value("target_updates"), messages: try row.value("target_messages"),
        bytes: try row.value("target_bytes"))
    }
    let record = RunRecord(
      identity: identity, fingerprint: 0, ending: ending, endTime: try row.value("end_time"), grid: [], series: [],
      finals: try decoded(try row.value("finals")), target: target, messages: MessageFates(), staleness: Staleness(),
      agents: [], engine: EngineCounts())
    return .success(StoredRun(record: record, wallSeconds: try row.value("wall_seconds")))
  }
}

/// How many runs the file should hold, and the exclusive or of their digests: a lost run shows.
enum Tally {
  static func change(_ database: Database, by count: Int, digest: UInt64) throws {
    let old = try String.fetchOne(database, sql: "SELECT digest FROM tally") ?? ""
    guard let value = UInt64(old, radix: 16) else { throw RowError("the tally of runs is damaged") }
    try database.execute(
      sql: "UPDATE tally SET runs = runs + ?, digest = ?", arguments: [count, hexadecimal(value ^ digest)])
  }

  static func check(_ database: Database, runs: Int, digest: UInt64) throws {
    guard let row = try Row.fetchOne(database, sql: "SELECT runs, digest FROM tally") else {
      throw RowError("the tally of runs is missing")
    }
    let expected: Int = try row.value("runs")
    guard expected == runs, try row.value("digest") as String == hexadecimal(digest) else {
      throw RowError("it should hold \(expected) runs and holds \(runs), or others")
    }
  }
}

/// Something in a results file does not hold together.
struct RowError: Error {
  let reason: String

  init(_ reason: String = "a row is not whole") { self.reason = reason }
}

extension Row {
  /// A value of a column. GRDB's own subscript ends the program where the type is another, as in a file with noise.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    guard let value: Value = try optional(column) else { throw RowError("the column \(column) has no value") }
    return value
  }

  /// A value of a column, or nothing where it is null.
  func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
    let raw: DatabaseValue = self[column]
    guard !raw.isNull else { return nil }
    guard let value = Value.fromDatabaseValue(raw) else { throw RowError("the column \(column) has another type") }
    return value
  }
}

/// Numbers as IEEE doubles in little-endian order.
private func blob(_ numbers: [Double]) -> Data {
  var data = Data(capacity: 8 * numbers.count)
  for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
  return data
}

private func numbers(_ data: Data) -> [Double] {
  data.withUnsafeBytes { bytes in
    (0..<bytes.count / 8).map {
      Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
    }
  }
}
