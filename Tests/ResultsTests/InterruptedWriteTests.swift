// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Results
import Testing

/// Leaves a results file as a program does that is killed within a transaction, after SQLite has begun to change the
/// file: with a journal without which it cannot be read.
private func leaveHotJournal(at path: String) throws {
  let original = path + "-original"
  try FileManager.default.moveItem(atPath: path, toPath: original)
  let database = try DatabaseQueue(path: original)
  try database.writeWithoutTransaction { connection in
    try connection.execute(sql: "PRAGMA cache_size = 1; BEGIN IMMEDIATE")
    try connection.execute(sql: "UPDATE tally SET runs = 99, digest = 'nonsense'")
    try connection.execute(sql: "DELETE FROM series")
    try connection.execute(sql: "UPDATE parameters SET data = zeroblob(length(data))")
    for number in 0..<200 {
      try connection.execute(
        sql: "INSERT INTO session (provenance, started) VALUES (?, 'now')",
        arguments: [String(repeating: "x\(number)", count: 500)])
    }
    for suffix in ["", "-journal"] {
      try FileManager.default.copyItem(atPath: original + suffix, toPath: path + suffix)
    }
    try connection.execute(sql: "ROLLBACK")
  }
}

private func isHot(_ path: String) -> Bool {
  ((try? Data(contentsOf: URL(fileURLWithPath: path + "-journal")))?.prefix(8).contains { $0 != 0 }) == true
}

@Test func aReaderUndoesWhatAKilledWriterLeft() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    let whole = try ResultsReader.read(path)
    try leaveHotJournal(at: path)
    #expect(isHot(path))
    // Without its journal the file is damaged, so that the journal does matter.
    try FileManager.default.copyItem(atPath: path, toPath: folder + "/alone.sqlite")
    #expect(throws: ResultsError.self) { try ResultsReader.read(folder + "/alone.sqlite") }
    #expect(try ResultsReader.read(path) == whole)
    #expect(!isHot(path))
  }
}

@Test func theSameStudyGoesOnAfterAKillWithinATransaction() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    try leaveHotJournal(at: path)
    let again = try store(path)
    #expect(again.finished == [run(0).record.identity])
    try again.write(run(1))
    #expect(try again.read().runs == [run(0), run(1)])
  }
}

@Test func restartingKeepsTheEarlierFileWholeAfterAKillWithinATransaction() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0))
    try leaveHotJournal(at: path)
    #expect(try store(path, restart: true).finished.isEmpty)
    #expect(try ResultsReader.read(path + "~").runs == [run(0)])
  }
}

@Test func parametersComeThroughAKillWithinATransaction() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    try store(path).write(run(0, keeping: [parameters(0)]))
    try leaveHotJournal(at: path)
    let kept = try ResultsFile(path).parameters(arm: "asynchronous", replication: 0, agent: "a")
    #expect(kept == parameters(0))
  }
}

@Test func aRunWhoseParametersCannotAllBeWrittenLeavesNothing() throws {
  try withFolder { folder in
    let path = folder + "/results.sqlite"
    let store = try store(path)
    try store.write(run(0, keeping: [parameters(0)]))
    let other = try DatabaseQueue(path: path)
    try other.write { database in
      try database.execute(
        sql: """
          CREATE TRIGGER full BEFORE INSERT ON parameters WHEN NEW.position = 2
          BEGIN SELECT RAISE(ABORT, 'full'); END
          """)
    }
    let three = run(1, keeping: ["a", "b", "c"].map { parameters(1, agent: $0) })
    #expect(throws: ResultsError.self) { try store.write(three) }
    #expect(try ResultsFile(path).keptParameters().map(\.run.replication) == [0])
    try other.write { try $0.execute(sql: "DROP TRIGGER full") }
    try store.write(three)
    #expect(try ResultsFile(path).keptParameters().map(\.run.replication) == [0, 1, 1, 1])
  }
}
