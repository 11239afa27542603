// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Records

/// What the runs of a study measure, as rows of the table `metric`.
enum MetricRow {
  /// Writes the definitions in the place of those that are there.
  static func write(_ metrics: [MetricDefinition], into database: Database) throws {
    try database.execute(sql: "DELETE FROM metric")
    for (position, metric) in metrics.enumerated() {
      let text = try json(metric)
      try database.execute(
        sql: "INSERT INTO metric (position, name, definition, digest) VALUES (?, ?, ?, ?)",
        arguments: [position, metric.name, text, digest(of: text, at: position, of: metrics.count)])
    }
  }

  /// The definitions in their order.
  ///
  /// - Throws: `RowError` where one has changed or is missing.
  static func all(_ database: Database) throws -> [MetricDefinition] {
    let query = "SELECT position, name, definition, digest FROM metric ORDER BY position"
    let rows = try Row.fetchAll(database, sql: query)
    guard !rows.isEmpty else { throw RowError("the definitions of metrics are missing") }
    return try rows.map { row in
      let text: String = try row.value("definition")
      guard try row.value("digest") == digest(of: text, at: try row.value("position"), of: rows.count) else {
        throw RowError("the definition of a metric has changed")
      }
      let metric: MetricDefinition = try decoded(text)
      guard try row.value("name") == metric.name else { throw RowError("the name of a metric has changed") }
      return metric
    }
  }

  /// Whether a run has measured a metric.
  static func isMeasured(_ metric: MetricDefinition, in database: Database) throws -> Bool {
    let query = "SELECT EXISTS (SELECT 1 FROM series WHERE metric = ?)"
    return try Bool.fetchOne(database, sql: query, arguments: [metric.name]) ?? false
  }

  /// Writes what metrics meant before files defined them: those that runs of the file measured, or where there are no
  /// runs yet, all that there were.
  static func defineOlder(in database: Database) throws {
    let measured = Set(try String.fetchAll(database, sql: "SELECT DISTINCT metric FROM series"))
    let known: [MetricDefinition] = try OlderMetrics.definitions.map { try decoded($0) }
    let found = measured.isEmpty ? known : known.filter { measured.contains($0.name) }
    try write(found + measured.subtracting(known.map(\.name)).sorted().map(MetricDefinition.unknown), into: database)
  }

  private static func digest(of text: String, at position: Int, of count: Int) -> String {
    var digest = Digest()
    digest.add(text)
    digest.add(UInt64(bitPattern: Int64(position)))
    digest.add(UInt64(count))
    return hexadecimal(digest.value)
  }
}
