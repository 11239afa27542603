// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Records

/// A run as one row of the table `run` and rows of `series`, `parameters` and `window`, with the digest over all of it.
struct RunRow: Sendable {
  /// What a run leaves behind that has no column of its own.
  private struct Details: Codable {
    var finals: [String: Double]
    var messages: MessageFates
    var staleness: Staleness
    var agents: [AgentAccount]
    var engine: EngineCounts
    var taskReturns: TaskReturns?
    /// Of a run of a fork: the fingerprint of what was before it.
    var prefix: String?
  }

  var identity: RunRecord.Identity
  var wallSeconds = 0.0
  var error: String?
  var fingerprint: String?
  var ending: String?
  var endTime: Double?
  /// Time, updates, messages, bytes and joules to the target.
  var target: [Double?] = [nil, nil, nil, nil, nil]
  var details: String?
  var grid: Data?
  var series: [(metric: String, data: Data)] = []
  var parameters: [ParameterRow] = []
  var windows: [WindowRow] = []
  var links: LinkAccountRow?
  /// Of a large run; others have the accounts of agents in `details`.
  var agents: AgentAccountRow?

  /// Over everything that the row says. A run that keeps no parameters, windows, accounts of links or energy, and has not so
  /// many agents that they have a table of their own, has the digest that it has without these tables and columns.
  var digest: UInt64 {
    var digest = Digest()
    digest.add(identity.arm)
    digest.add(UInt64(bitPattern: Int64(identity.replication)))
    digest.add(wallSeconds)
    for text in [error, fingerprint, ending, details] { digest.add(text ?? "none") }
    digest.add(endTime)
    for number in target.prefix(4) { digest.add(number) }
    if let joules = target[4] { digest.add(joules) }
    for data in [grid ?? Data()] + series.map(\.data) {
      data.withUnsafeBytes { digest.add($0) }
      digest.add(UInt64(data.count))
    }
    for entry in series { digest.add(entry.metric) }
    for entry in parameters { entry.add(to: &digest) }
    for entry in windows { entry.add(to: &digest) }
    links?.add(to: &digest)
    agents?.add(to: &digest)
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
    wallSeconds = run.wallSeconds + 0  // Zero without a sign, as SQLite keeps it.
    fingerprint = hexadecimal(record.fingerprint)
    ending = record.ending.rawValue
    endTime = record.endTime + 0
    if let reached = record.target {
      // SQLite keeps no NaN outside of blobs: null is one where there is a time.
      target = [reached.time, reached.updates, reached.messages, reached.bytes, reached.joules].map { number in
        number.flatMap { $0.isNaN ? nil : $0 + 0 }
      }
    }
    agents = try AgentAccountRow(record.agents)
    let details = Details(
      finals: record.finals, messages: record.messages, staleness: record.staleness,
      agents: agents == nil ? record.agents : [],
      engine: record.engine, taskReturns: record.taskReturns, prefix: record.prefix.map { hexadecimal($0) })
    self.details = try json(details)
    grid = blob(record.grid)
    series = record.series.map { ($0.metric, blob($0.values)) }
    parameters = record.parameters.map(ParameterRow.init)
    windows = try record.windows.map { try WindowRow($0) }
    links = try record.links.map { try LinkAccountRow($0) }
  }

  /// The run that the row describes, without the parameters and the matrices that it keeps; nothing for a run that failed.
  ///
  /// - Throws: if the row is not whole.
  func run() throws -> StoredRun? {
    guard error == nil else { return nil }
    guard let fingerprint = fingerprint.flatMap({ UInt64($0, radix: 16) }),
      let ending = ending.flatMap(RunRecord.Ending.init), let endTime, let details, let grid
    else { throw RowError() }
    let rest: Details = try decoded(details)
    var run = StoredRun(
      record: RunRecord(
        identity: identity, fingerprint: fingerprint, ending: ending, endTime: endTime, grid: numbers(grid),
        series: series.map { RunRecord.Series(metric: $0.metric, values: numbers($0.data)) }, finals: rest.finals,
        target: target[0].map { time in
          RunRecord.TargetReached(
            time: time, updates: target[1] ?? .nan, messages: target[2] ?? .nan, bytes: target[3] ?? .nan,
            joules: target[4])
        },
        messages: rest.messages, staleness: rest.staleness, agents: try agents?.accounts() ?? rest.agents,
        engine: rest.engine, taskReturns: rest.taskReturns, windows: try windows.map { try $0.window() },
        links: try links.map { try $0.accounts() }),
      wallSeconds: wallSeconds)
    run.record.prefix = rest.prefix.flatMap { UInt64($0, radix: 16) }
    return run
  }
}

extension RunRow {
  /// Adds the row, and counts it in the tally.
  ///
  /// - Parameter origin: the file that the row comes from, if it comes from one.
  func insert(
    _ database: Database, arm: Int, session: Int64, started: String?, from origin: Database? = nil
  ) throws {
    let digest = digest
    let insertion = try database.cachedStatement(
      sql: """
        INSERT INTO run (arm, replication, session, started, wall_seconds, error, fingerprint, ending, end_time,
          target_time, target_updates, target_messages, target_bytes, target_joules, record, grid, digest)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try insertion.execute(
      arguments: [
        arm, identity.replication, session, started, wallSeconds, error, fingerprint, ending, endTime, target[0],
        target[1], target[2], target[3], target[4], details, grid, hexadecimal(digest),
      ])
    let row = database.lastInsertedRowID
    let curve = try database.cachedStatement(
      sql: "INSERT INTO series (run, position, metric, data) VALUES (?, ?, ?, ?)")
    for (position, entry) in series.enumerated() {
      try curve.execute(arguments: [row, position, entry.metric, entry.data])
    }
    for (position, entry) in parameters.enumerated() {
      try entry.insert(database, run: row, position: position, from: origin)
    }
    for (position, entry) in windows.enumerated() {
      try entry.insert(database, run: row, position: position, from: origin)
    }
    try links?.insert(database, run: row, from: origin)
    try agents?.insert(database, run: row)
    try Tally.change(database, by: 1, digest: digest)
  }
}
