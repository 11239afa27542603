// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Results
import Testing

private let calibration = MetricDefinition(
  "calibration-error", "mean distance of predicted from observed shares", .plain, .less, divergesBeyond: .infinity,
  ofAllAgents: "calibration-error-all", quartiles: ["calibration-lower", "calibration-upper"])
private let success = MetricDefinition("success-rate", "share of tests that agents pass", .share, .more)

/// The made-up study, of runs that measure other things.
private func ownHeader(_ metrics: [MetricDefinition] = [calibration, success], replications: Int = 2) -> StudyHeader {
  var header = header(replications: replications)
  header.metrics = metrics
  return header
}

private func ownRun(_ replication: Int) -> StoredRun {
  var run = run(replication)
  run.record.series = [
    RunRecord.Series(metric: "calibration-error", values: [1, 0.5, 0.1]),
    RunRecord.Series(metric: "success-rate", values: [0, 0.5, 0.9]),
  ]
  run.record.finals = ["calibration-error": 0.1, "success-rate": 0.9]
  return run
}

private func change(_ path: String, _ sql: String) throws {
  let database = try DatabaseQueue(path: path)
  try database.write { try $0.execute(sql: sql) }
  try database.close()
}

private func text(_ path: String, _ sql: String) throws -> [String] {
  var configuration = Database.Configuration()
  configuration.isReadOnly = true
  return try DatabaseQueue(path: path, configuration: configuration).read { try String.fetchAll($0, sql: sql) }
}

@Test func aFileHoldsTheDefinitionsOfWhatItsRunsMeasure() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path, header: ownHeader()).write(ownRun(0))
    let study = try ResultsReader.read(path)
    #expect(study.header.metrics == [calibration, success])
    #expect(study.runs == [ownRun(0)])
    #expect(try ResultsFile(path).header.metrics == [calibration, success])
    // Whoever reads the file without the program needs no more.
    #expect(
      try text(path, "SELECT json_extract(definition, '$.sense') FROM metric ORDER BY position") == ["less", "more"])
  }
}

@Test func theMetricOfATargetIsDefinedOnce() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    var asked = header()
    for position in asked.arms.indices { asked.arms[position].target?.metric = success }
    asked.metrics = [success]
    _ = try store(path, header: asked)
    let found = try ResultsReader.read(path).header
    #expect(found.target == StudyHeader.Target(metric: success, threshold: 1e-3))
    #expect(
      try text(path, "SELECT json_extract(facts, '$.target.metric') FROM arm") == ["success-rate", "success-rate"])
  }
}

@Test(arguments: [
  "UPDATE metric SET definition = replace(definition, 'less', 'more')", "DELETE FROM metric WHERE position = 1",
  "UPDATE metric SET position = 3 WHERE position = 0", "UPDATE metric SET name = 'other' WHERE position = 0",
  "DELETE FROM metric",
]) func aDefinitionThatHasChangedIsDamage(_ sql: String) throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path, header: ownHeader()).write(ownRun(0))
    try change(path, sql)
    #expect(throws: ResultsError.self) { try ResultsReader.read(path) }
    #expect(throws: ResultsError.self) { try ResultsFile(path) }
    #expect(throws: ResultsError.self) { try store(path, header: ownHeader()) }
  }
}

@Test func aStudyWhoseMetricTurnsRoundIsAnotherStudy() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path, header: ownHeader()).write(ownRun(0))
    var turned = calibration
    turned.sense = .more
    do throws(ResultsError) {
      _ = try store(path, header: ownHeader([turned, success]))
      Issue.record("It went on.")
    } catch {
      #expect(
        error.description.contains(
          "the metric calibration-error: plain, less is better in the file; plain, more is better now"))
    }
    // Another title is no other metric; a new metric joins, and one that is measured no more stays.
    turned = calibration
    turned.title = "error of calibration"
    try store(path, header: ownHeader([turned, .msd, .age])).write(run(1))
    #expect(
      try ResultsReader.read(path).header.metrics.map(\.name) == ["calibration-error", "msd", "age", "success-rate"])
    #expect(try ResultsReader.read(path).header.metrics[0] == turned)
  }
}

@Test func aMergeKnowsTheMetricsOfAllItsFiles() throws {
  try withFolder { folder in
    let (first, second, both) = (folder + "/1.sqlite", folder + "/2.sqlite", folder + "/both.sqlite")
    try store(first, header: ownHeader()).write(ownRun(0))
    try store(second, header: ownHeader([.msd, .age])).write(run(1))
    let outcome = try StudyMerge([first, second], into: both).write(allowsDifferences: false)
    #expect(outcome.runs == 2)
    #expect(
      try ResultsReader.read(both).header.metrics.map(\.name) == ["calibration-error", "success-rate", "msd", "age"])
    var turned = calibration
    turned.scale = .decibels
    let third = folder + "/3.sqlite"
    try store(third, header: ownHeader([turned, success])).write(ownRun(1))
    #expect(throws: ResultsError.self) { try StudyMerge([first, third], into: folder + "/none.sqlite") }
  }
}

// MARK: - Files that define nothing

/// A file as schema 2 had it, with some metrics.
private func writeOlder(_ path: String, measuring metrics: [String]) throws {
  let older = ResultsSchema(migrations: Array(ResultsSchema.current.migrations.prefix(2)))
  let database = try DatabaseQueue(path: path)
  try database.write { database in
    for migration in older.migrations { try database.execute(sql: migration.statements) }
    try database.execute(sql: "PRAGMA application_id = \(0x5354_524C)")
    try database.execute(sql: "PRAGMA user_version = 2")
    try database.execute(
      sql: """
        INSERT INTO arm (position, name, settings, facts) VALUES (0, 'a', '{}', '{}');
        INSERT INTO session (id, provenance, started) VALUES (1, '{}', '');
        INSERT INTO run (id, arm, replication, session, wall_seconds, digest) VALUES (1, 0, 0, 1, 0, '0');
        """)
    for (position, metric) in metrics.enumerated() {
      try database.execute(
        sql: "INSERT INTO series (run, position, metric, data) VALUES (1, ?, ?, x'')", arguments: [position, metric])
    }
  }
  try database.close()
}

private func namesAfterMigration(_ metrics: [String]) throws -> [String] {
  var names: [String] = []
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try writeOlder(path, measuring: metrics)
    let migration = ResultsSchema.current.migrations[2]
    let database = try DatabaseQueue(path: path)
    try database.write { database in
      try database.execute(sql: migration.statements)
      try migration.conclusion?(database)
    }
    try database.close()
    names = try text(path, "SELECT name FROM metric ORDER BY position")
  }
  return names
}

@Test func anOlderFileGetsTheDefinitionsOfWhatItsRunsMeasured() throws {
  let control = MetricDefinition.ofExactPolicies.map(\.name)
  #expect(try namesAfterMigration(control.reversed()) == control)
  let estimation = MetricDefinition.ofEstimation.map(\.name)
  #expect(try namesAfterMigration(estimation.sorted()) == estimation)
  #expect(try namesAfterMigration(["zeal", "age", "msd"]) == ["msd", "age", "zeal"])
  // Without runs, nobody knows which of them the study is about to measure.
  #expect(try namesAfterMigration([]).count == OlderMetrics.definitions.count)
}

@Test func theFigureReaderKnowsOlderMetricsAsTheProgramDoes() throws {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let data = try Data(contentsOf: folder.appendingPathComponent("python/starling_diffusion/figures/older_metrics.json"))
  let theirs = try resultsDecoder().decode([MetricDefinition].self, from: data)
  let ours = try OlderMetrics.definitions.map {
    try resultsDecoder().decode(MetricDefinition.self, from: Data($0.utf8))
  }
  #expect(theirs == ours && ours.count == 20)
  for metric in ours {
    let today = try #require(MetricDefinition.all.named(metric.name))
    #expect(today.isOfKind(metric), "\(metric.name)")
  }
}
