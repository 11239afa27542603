// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Foundation
import Results
import Testing

/// The current schema and made-up later ones: a table of its own, then a column with a value for every run.
private func schema(later count: Int, lastOneFails: Bool = false) -> ResultsSchema {
  let later = [
    ResultsSchema.Migration(
      needs: "starling 8.0.0", statements: "CREATE TABLE note (text TEXT NOT NULL); INSERT INTO note VALUES ('old');"),
    ResultsSchema.Migration(
      needs: "starling 9.0.0",
      statements: "ALTER TABLE run ADD COLUMN host TEXT NOT NULL DEFAULT 'unknown';"
        + (lastOneFails ? "UPDATE run SET nowhere = 1;" : "")),
  ]
  return ResultsSchema(migrations: ResultsSchema.current.migrations + later.prefix(count))
}

/// Asks for the number of the schema, as text.
private let number = "SELECT CAST(user_version AS TEXT) FROM pragma_user_version"

private func question(_ sql: String, _ path: String) throws -> String? {
  var configuration = Database.Configuration()
  configuration.isReadOnly = true
  return try DatabaseQueue(path: path, configuration: configuration).read { try String.fetchOne($0, sql: sql) }
}

private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// Opens the made-up study with a schema.
private func open(_ path: String, _ schema: ResultsSchema) throws(ResultsError) -> ResultsStore {
  try ResultsStore(path: path, header: header(), provenance: provenance(), schema: schema)
}

@Test(arguments: 1...2) func anOlderFileIsBroughtUpToDateWhenItIsContinued(steps: Int) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    let newer = schema(later: steps)
    do {
      let again = try open(path, newer)
      #expect(again.finished == [run(0).record.identity])
      try again.write(run(1))
    }
    #expect(try ResultsReader.read(path, schema: newer).runs == [run(0), run(1)])
    #expect(try question(number, path) == "\(ResultsSchema.current.version + steps)")
    #expect(try question("SELECT needs FROM format", path) == "starling \(7 + steps).0.0")
    #expect(try question("SELECT text FROM note", path) == "old")
    if steps == 2 { #expect(try question("SELECT DISTINCT host FROM run", path) == "unknown") }
  }
}

@Test func anOlderFileIsReadAndStaysAsItIs() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    let before = try bytes(path)
    #expect(try ResultsReader.read(path, schema: schema(later: 2)).runs == [run(0)])
    #expect(try ResultsFile(path, schema: schema(later: 2)).runs == [run(0).record.identity])
    #expect(try bytes(path) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["results.sqlite"])
  }
}

@Test func aNewFileGoesThroughAllMigrations() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try open(path, schema(later: 2)).write(run(0))
    #expect(try question("SELECT text FROM note", path) == "old")
    #expect(try ResultsReader.read(path, schema: schema(later: 2)).runs == [run(0)])
  }
}

@Test func aMigrationThatFailsLeavesTheFileAsItWas() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    let before = try bytes(path)
    let broken = schema(later: 2, lastOneFails: true)
    let error = #expect(throws: ResultsError.self) { try open(path, broken) }
    #expect(
      error?.description.contains(
        "it cannot be brought from schema \(ResultsSchema.current.version + 1) to \(ResultsSchema.current.version + 2): no such column: nowhere"
      ) == true)
    #expect(throws: ResultsError.self) { try ResultsReader.read(path, schema: broken) }
    #expect(try bytes(path) == before)
    #expect(try store(path).finished == [run(0).record.identity])
  }
}

@Test func aNewerFileIsRefusedWithTheProgramThatItNeeds() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try open(path, schema(later: 2)).write(run(0))
    let before = try bytes(path)
    let expected = ResultsError.newerSchema(
      path: path, schema: ResultsSchema.current.version + 2, known: ResultsSchema.current.version,
      needs: "starling 9.0.0")
    #expect(throws: expected) { try store(path) }
    #expect(throws: expected) { try ResultsReader.read(path) }
    #expect(throws: expected) { try ResultsFile(path) }
    #expect(try bytes(path) == before)
  }
}

// MARK: - The first schema

/// Writes a file of schema 1, as the program of that time made it.
private func writeFirstSchema(to path: String) throws {
  let url = Bundle.module.url(forResource: "schema-1", withExtension: "sql", subdirectory: "Resources")
  let script = try String(contentsOf: try #require(url), encoding: .utf8)
  var configuration = Database.Configuration()
  configuration.checksForeignKeys = false
  let database = try DatabaseQueue(path: path, configuration: configuration)
  try database.writeWithoutTransaction { try $0.execute(sql: script) }
  try database.close()
}

@Test func aFileOfTheFirstSchemaIsReadAndStaysAsItIs() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try writeFirstSchema(to: path)
    let before = try bytes(path)
    let study = try ResultsReader.read(path)
    #expect(study.runs.map { hexadecimal($0.record.fingerprint) } == ["a44061c13c71d864", "a6fa73e4c3c780e8"])
    #expect(study.runs.map { $0.record.finals["msd"] } == [0.02807715782896289, 0.017662512939718596])
    #expect(study.runs[1].record.agents.map(\.finalMSD).last == 0.01700956450116106)
    #expect(study.runs.allSatisfy { $0.record.taskReturns == nil && $0.record.agents[0].task == nil })
    let file = try ResultsFile(path)
    #expect(try file.keptParameters().isEmpty)
    let none = MissingParameters.nothingKept(arm: "asynchronous", replication: 0)
    #expect(throws: ResultsError.noParameters(path: path, none)) {
      try file.parameters(arm: "asynchronous", replication: 0, agent: "agent-0")
    }
    #expect(try bytes(path) == before)
  }
}

@Test func aFileOfTheFirstSchemaGoesOnWithRunsThatKeepParameters() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try writeFirstSchema(to: path)
    var header = try ResultsReader.read(path).header
    header.replications = 3
    let old = try ResultsReader.read(path).runs
    var new = run(2, keeping: [parameters(2)])
    new.record.identity.seed = header.seed
    do {
      let store = try store(path, header: header)
      #expect(store.finished == Set(old.map(\.record.identity)))
      try store.write(new)
    }
    #expect(try question(number, path) == "\(ResultsSchema.current.version)")
    #expect(try question("SELECT needs FROM format", path) == ResultsSchema.current.migrations.last?.needs)
    // The curves of the old runs begin with an age that is NaN, so the runs are not compared as a whole.
    let runs = try ResultsReader.read(path).runs
    #expect(runs.map(\.record.fingerprint) == old.map(\.record.fingerprint) + [new.record.fingerprint])
    #expect(runs.last == withoutParameters(new))
    let kept = try ResultsFile(path).parameters(arm: "asynchronous", replication: 2, agent: "a")
    #expect(kept == parameters(2))
  }
}
