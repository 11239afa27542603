// SPDX-License-Identifier: GPL-3.0-or-later

/// The tables of a results file and how older files become newer ones. docs/results.md describes them for readers.
package struct ResultsSchema: Sendable {
  /// A step from one number of the schema to the next.
  package struct Migration: Sendable {
    /// The oldest program that reads files of the new schema. It is written into every file, for older programs to
    /// say what they would need.
    package let needs: String
    /// Statements of SQL.
    package let statements: String
    /// What SQL does not say.
    package let conclusion: (@Sendable (Database) throws -> Void)?

    package init(needs: String, statements: String) {
      self.init(needs: needs, statements: statements, conclusion: nil)
    }

    init(needs: String, statements: String, conclusion: (@Sendable (Database) throws -> Void)?) {
      self.needs = needs
      self.statements = statements
      self.conclusion = conclusion
    }
  }

  /// What SQLite calls the kind of file, `STRL` in ASCII.
  static let applicationID = 0x5354_524C
  /// The schema that this program writes.
  package static let current = ResultsSchema(migrations: [
    Migration(needs: "starling 0.2.0", statements: first),
    Migration(needs: "starling 0.3.0", statements: keptParameters),
    Migration(needs: "starling 0.4.0", statements: metrics, conclusion: { try MetricRow.defineOlder(in: $0) }),
    Migration(needs: "starling 0.4.0", statements: stopped),
    Migration(needs: "starling 0.4.0", statements: windows),
    Migration(needs: "starling 0.4.0", statements: states),
    Migration(needs: "starling 0.4.0", statements: linkAccounts),
    Migration(needs: "starling 0.4.0", statements: agentAccounts),
  ])

  /// From an empty file on; a migration that has been released never changes.
  package let migrations: [Migration]
  /// The number of the newest migration; SQLite keeps it in the file as `user_version`.
  package var version: Int { migrations.count }

  package init(migrations: [Migration]) { self.migrations = migrations }

  /// Brings an empty or older file up to this schema. The caller has begun a transaction.
  ///
  /// - Throws: `RowError` where a migration does not go through; the transaction must then be rolled back.
  func migrate(_ database: Database, from schema: Int) throws {
    for (number, migration) in migrations.enumerated().dropFirst(schema) {
      do {
        try database.execute(sql: migration.statements)
        try migration.conclusion?(database)
      } catch let error as DatabaseError where number > 0 && error.code == .error {
        throw RowError(
          "it cannot be brought from schema \(number) to \(number + 1): \(error.message)")
      }
    }
    guard schema < version, let newest = migrations.last else { return }
    try database.execute(sql: "UPDATE format SET needs = ?", arguments: [newest.needs])
    try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Lists are JSON, times of the real world ISO 8601 in UTC, blobs IEEE doubles in little-endian order, 64-bit
  /// digests and fingerprints 16 hexadecimal digits.
  private static let first = """
    CREATE TABLE format (id INTEGER PRIMARY KEY CHECK (id = 1), needs TEXT NOT NULL);
    INSERT INTO format VALUES (1, '');

    CREATE TABLE study (
      id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, question TEXT, scenario TEXT NOT NULL,
      scenario_hash TEXT NOT NULL, overrides TEXT NOT NULL, seed TEXT NOT NULL, replications INTEGER NOT NULL,
      resampled TEXT NOT NULL, ties TEXT NOT NULL, shard TEXT, tuning TEXT, digest TEXT NOT NULL);

    CREATE TABLE network (id INTEGER PRIMARY KEY, network TEXT NOT NULL, digest TEXT NOT NULL UNIQUE);

    CREATE TABLE arm (
      position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL, facts TEXT NOT NULL,
      network INTEGER REFERENCES network (id));

    CREATE TABLE session (
      id INTEGER PRIMARY KEY, provenance TEXT NOT NULL, started TEXT NOT NULL, ended TEXT);

    CREATE TABLE run (
      id INTEGER PRIMARY KEY, arm INTEGER NOT NULL REFERENCES arm (position), replication INTEGER NOT NULL,
      session INTEGER NOT NULL REFERENCES session (id), started TEXT, wall_seconds REAL NOT NULL, error TEXT,
      fingerprint TEXT, ending TEXT, end_time REAL, target_time REAL, target_updates REAL, target_messages REAL,
      target_bytes REAL, record TEXT, grid BLOB, digest TEXT NOT NULL, UNIQUE (arm, replication));

    CREATE TABLE series (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL, metric TEXT NOT NULL,
      data BLOB NOT NULL, PRIMARY KEY (run, position)) WITHOUT ROWID;

    CREATE TABLE in_flight (
      arm INTEGER NOT NULL, replication INTEGER NOT NULL, started TEXT NOT NULL, PRIMARY KEY (arm, replication))
      WITHOUT ROWID;

    CREATE TABLE tally (id INTEGER PRIMARY KEY CHECK (id = 1), runs INTEGER NOT NULL, digest TEXT NOT NULL);
    INSERT INTO tally VALUES (1, 0, '0000000000000000');

    CREATE VIEW final AS
      SELECT arm.name AS arm, run.replication, entry.key AS metric, entry.value
      FROM run JOIN arm ON arm.position = run.arm, json_each(run.record, '$.finals') AS entry;
    """

  /// Parameters of agents, in IEEE numbers of 4 or 8 bytes in little-endian order. The blob comes last: SQLite reads
  /// what stands before it without it.
  private static let keptParameters = """
    CREATE TABLE parameters (
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL,
      agent TEXT NOT NULL, time REAL NOT NULL, precision TEXT NOT NULL CHECK (precision IN ('single', 'double')),
      digest TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (run, position));

    CREATE VIEW kept AS
      SELECT arm.name AS arm, run.replication, agent, time, precision,
        length(data) / CASE precision WHEN 'single' THEN 4 ELSE 8 END AS count
      FROM parameters JOIN run ON run.id = parameters.run JOIN arm ON arm.position = run.arm;
    """

  /// What runs measure: a definition is JSON.
  private static let metrics = """
    CREATE TABLE metric (
      position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, digest TEXT NOT NULL);
    """

  /// Runs that were stopped on their way, with all that it takes to go on.
  private static let stopped = """
    CREATE TABLE stopped (
      id INTEGER PRIMARY KEY, arm INTEGER NOT NULL REFERENCES arm (position), replication INTEGER NOT NULL,
      time REAL NOT NULL, wall_seconds REAL NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL,
      UNIQUE (arm, replication));
    """

  /// Combination matrices as agents have realised them, by windows of a run. What they say is JSON; the matrices come last,
  /// as SQLite reads what stands before them without them.
  private static let windows = """
    CREATE TABLE window (
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, position INTEGER NOT NULL,
      "start" REAL NOT NULL, "end" REAL NOT NULL, content TEXT NOT NULL, digest TEXT NOT NULL, uses BLOB NOT NULL,
      product BLOB, UNIQUE (run, position));
    """

  /// States of runs at times of their way, for forks to begin at.
  private static let states = """
    CREATE TABLE state (
      id INTEGER PRIMARY KEY, arm INTEGER NOT NULL REFERENCES arm (position), replication INTEGER NOT NULL,
      time REAL NOT NULL, wall_seconds REAL NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL,
      UNIQUE (arm, replication, time));
    """

  /// Accounts of all links of a run: `count` doubles for each column, column after column. And the joules to the target.
  private static let linkAccounts = """
    CREATE TABLE link_account (
      run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE, content TEXT NOT NULL, columns TEXT NOT NULL,
      count INTEGER NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL);

    ALTER TABLE run ADD COLUMN target_joules REAL;
    """

  /// Accounts of the agents of large runs: `count` doubles for each column, column after column.
  private static let agentAccounts = """
    CREATE TABLE agent_account (
      run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE, names TEXT, columns TEXT NOT NULL,
      count INTEGER NOT NULL, data BLOB NOT NULL);
    """
}
