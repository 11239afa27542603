// SPDX-License-Identifier: GPL-3.0-or-later
import Files

/// The study as rows of the tables `study`, `arm`, `network` and `metric`.
enum StudyRow {
  /// Writes the study into an empty file.
  ///
  /// - Parameter networks: one for each arm, or none.
  static func insert(_ header: StudyHeader, networks: [StoredNetwork?], into database: Database) throws {
    let arms = try header.arms.map { try ArmText($0) }
    try database.execute(
      sql: """
        INSERT INTO study (id, name, question, scenario, scenario_hash, overrides, seed, replications, resampled, ties,
          shard, tuning, digest)
        VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        header.name, header.question, header.scenario, header.scenarioHash, try json(header.overrides),
        String(header.seed), header.replications, try json(header.resampled), header.ties, header.shard,
        try header.tuning.map(json),
        hexadecimal(try header.digest(arms)),
      ])
    try MetricRow.write(header.metrics, into: database)
    // Arms in a row mostly share their network, which is not to be written out for each.
    var last: (network: StoredNetwork, id: Int64)?
    let insertion = try database.cachedStatement(
      sql: "INSERT INTO arm (position, name, settings, facts, network) VALUES (?, ?, ?, ?, ?)")
    for (position, arm) in arms.enumerated() {
      let network = position < networks.count ? networks[position] : nil
      if let network, network != last?.network { last = (network, try insert(network, into: database)) }
      try insertion.execute(
        arguments: [position, arm.name, arm.settings, arm.facts, network.flatMap { _ in last?.id }])
    }
  }

  /// The row of a network, which arms share where theirs are equal.
  private static func insert(_ network: StoredNetwork, into database: Database) throws -> Int64 {
    let text = try json(network)
    let digest = digest(of: text)
    let known = try Int64.fetchOne(database, sql: "SELECT id FROM network WHERE digest = ?", arguments: [digest])
    if let known { return known }
    try database.execute(sql: "INSERT INTO network (network, digest) VALUES (?, ?)", arguments: [text, digest])
    return database.lastInsertedRowID
  }

  private static func digest(of text: String) -> String {
    var digest = Digest()
    digest.add(text)
    return hexadecimal(digest.value)
  }

  /// Notes that the study is to have more replications than so far, and the overrides and the text that say so. Its
  /// arms are those of the file.
  static func raise(_ header: StudyHeader, in database: Database) throws {
    try database.execute(
      sql: "UPDATE study SET replications = ?, scenario = ?, overrides = ?, question = ?, digest = ?",
      arguments: [
        header.replications, header.scenario, try json(header.overrides), header.question,
        hexadecimal(try header.digest(ArmText.all(in: database))),
      ])
  }

  /// Reads the study.
  ///
  /// - Throws: `RowError` where it does not hold together.
  static func header(_ database: Database) throws -> StudyHeader {
    let query = """
      SELECT name, question, scenario, overrides, seed, replications, resampled, ties, shard, tuning, digest FROM study
      """
    guard let row = try Row.fetchOne(database, sql: query) else { throw RowError("the study is missing") }
    guard let seed = UInt64(try row.value("seed") as String) else { throw RowError("the seed is no number") }
    let texts = try ArmText.all(in: database)
    let arms = try texts.map { try $0.arm() }
    var header = StudyHeader(
      name: try row.value("name"), question: try row.optional("question"), scenario: try row.value("scenario"),
      overrides: try value(row, "overrides"), seed: seed, replications: try row.value("replications"),
      resampled: try value(row, "resampled"), ties: try row.value("ties"), shard: try row.optional("shard"),
      metrics: try MetricRow.all(database), arms: arms)
    header.tuning = try (row.optional("tuning") as String?).map { try decoded($0) }
    guard hexadecimal(try header.digest(texts)) == (try row.value("digest") as String) else {
      throw RowError("the study has changed")
    }
    return header
  }

  /// Compares the networks with their digests, without reading them.
  ///
  /// - Throws: `RowError` where one has changed, with the first arm that has it.
  static func checkNetworks(_ database: Database) throws {
    let rows = try Row.fetchCursor(database, sql: "SELECT id, network, digest FROM network")
    while let row = try rows.next() {
      guard try row.value("digest") != digest(of: try row.value("network")) else { continue }
      let arm = try String.fetchOne(
        database, sql: "SELECT name FROM arm WHERE network = ? ORDER BY position LIMIT 1",
        arguments: [try row.value("id") as Int64])
      throw changed(arm ?? "none")
    }
    let lost = try String.fetchOne(
      database,
      sql: """
        SELECT name FROM arm WHERE network IS NOT NULL AND network NOT IN (SELECT id FROM network)
        ORDER BY position LIMIT 1
        """)
    if let lost { throw RowError("the network of arm '\(lost)' is missing") }
  }

  private static func changed(_ arm: String) -> RowError { RowError("the network of arm '\(arm)' has changed") }

  /// The networks of the arms, nothing for arms without one.
  static func networks(_ database: Database) throws -> [StoredNetwork?] {
    let query = """
      SELECT arm.name, arm.network AS number, network.network, network.digest
      FROM arm LEFT JOIN network ON network.id = arm.network ORDER BY arm.position
      """
    return try Row.fetchAll(database, sql: query).map { row in
      guard try row.optional("number") as Int64? != nil else { return nil }
      let text: String = try row.value("network")
      guard try row.value("digest") == digest(of: text) else {
        throw changed(try row.value("name"))
      }
      return try decoded(text)
    }
  }

  private static func value<Value: Decodable>(_ row: Row, _ column: String) throws -> Value {
    try decoded(try row.value(column))
  }
}

extension StudyHeader {
  /// Over all that the file says of the study.
  fileprivate func digest(_ arms: [ArmText]) throws -> UInt64 {
    var digest = Digest()
    let tuning = try tuning.map { try json($0) }
    for text in [name, question, scenario, ties, shard, tuning] + overrides + resampled {
      digest.add(text ?? "none")
    }
    digest.add(seed)
    digest.add(UInt64(bitPattern: Int64(replications)))
    for arm in arms { try arm.add(to: &digest) }
    return digest.value
  }
}
