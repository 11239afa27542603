// SPDX-License-Identifier: GPL-3.0-or-later
import GRDB

/// The tables of a results file and how older files become newer ones. docs/results.md describes them for readers.
enum ResultsSchema {
  /// What SQLite calls the kind of file, `STRL` in ASCII.
  static let applicationID = 0x5354_524C
  /// The number of the newest migration; SQLite keeps it in the file as `user_version`.
  static let current = 1
  /// The oldest program that reads files of the current schema. It is written into every file, for older programs to
  /// say what they would need.
  static let firstVersion = "starling 0.2.0"

  /// Brings an empty or older file up to the current schema, in one transaction.
  static func migrate(_ database: Database, from schema: Int) throws {
    if schema < 1 { try database.execute(sql: first) }
    try database.execute(sql: "UPDATE format SET needs = ?", arguments: [firstVersion])
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(current)")
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
}
