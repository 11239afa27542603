// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Results
import Synchronization
import Testing

/// A database in a temporary file with a table whose column takes anything.
private func database(_ path: String = "") throws -> DatabaseQueue {
  let database = try DatabaseQueue(path: path)
  try database.write { try $0.execute(sql: "CREATE TABLE thing (value)") }
  return database
}

private func count(_ database: DatabaseQueue) throws -> Int? {
  try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM thing") }
}

private func add(_ value: Int, to database: DatabaseQueue) throws {
  try database.write { try $0.execute(sql: "INSERT INTO thing VALUES (?)", arguments: [value]) }
}

/// The code of the error of SQLite that something ends with.
private func code(_ body: () throws -> Void) -> DatabaseError.Code? {
  #expect(throws: DatabaseError.self, performing: body)?.code
}

private struct Stop: Error, Equatable {}

// MARK: - Values

/// A value, and how it is read back.
private struct Example: Sendable, CustomTestStringConvertible {
  let given: (any DatabaseValueConvertible & Sendable)?
  let kept: DatabaseValue
  let testDescription: String

  init(_ given: (any DatabaseValueConvertible & Sendable)?, _ kept: DatabaseValue) {
    (self.given, self.kept, testDescription) = (given, kept, "\(kept)")
  }
}

private let examples: [Example] = [
  Example(nil, .null), Example(Double.nan, .null),
  Example(Int64.min, .integer(.min)), Example(Int.max, .integer(.max)), Example(true, .integer(1)),
  Example(0.1 + 0.2, .real(0.1 + 0.2)), Example(1.5e308, .real(1.5e308)),
  Example(Double.leastNonzeroMagnitude, .real(.leastNonzeroMagnitude)),
  Example(Double.infinity, .real(.infinity)), Example(-Double.infinity, .real(-.infinity)),
  Example("", .text("")), Example("12", .text("12")), Example("a\u{0}b\u{0}", .text("a\u{0}b\u{0}")),
  Example("ü 🐦 \" ' ?", .text("ü 🐦 \" ' ?")),
  Example(Data(), .blob(Data())), Example(Data(0...255), .blob(Data(0...255))),
  Example(Data("text".utf8), .blob(Data("text".utf8))), Example(Data(0...255)[7..<99], .blob(Data(7..<99))),
]

@Test(arguments: examples) private func aValueSurvives(example: Example) throws {
  let database = try database()
  try database.write { database in
    try database.execute(sql: "INSERT INTO thing VALUES (?)", arguments: [example.given])
    #expect(try Row.fetchOne(database, sql: "SELECT value FROM thing")?[0] == example.kept)
    // As an argument of a question, too.
    let row = try #require(try Row.fetchOne(database, sql: "SELECT ? AS value", arguments: [example.given]))
    #expect(row["value"] == example.kept)
  }
}

@Test func rowsHaveTheirColumnsByNameAndPlace() throws {
  try database().read { database in
    let query = "SELECT 1 AS one, 'x' AS two, NULL AS three, 2 AS one UNION ALL SELECT 3, 'y', 0.5, 4"
    let rows = try Row.fetchAll(database, sql: query)
    #expect(rows.map { $0["one"] } == [.integer(1), .integer(3)])
    #expect(rows.map { $0[3] } == [.integer(2), .integer(4)])
    #expect(rows.map { $0["three"] } == [.null, .real(0.5)])
    #expect(rows[0]["four"] == nil)
    #expect(try Row.fetchOne(database, sql: "SELECT 1 WHERE 0") == nil)
  }
}

@Test func aValueOfAnotherTypeIsAnError() throws {
  try database().read { (database) throws in
    #expect(code { _ = try String.fetchOne(database, sql: "SELECT 1") } == .mismatch)
    #expect(code { _ = try Int.fetchOne(database, sql: "SELECT '1'") } == .mismatch)
    #expect(code { _ = try Int.fetchOne(database, sql: "SELECT 1.5") } == .mismatch)
    #expect(code { _ = try Int.fetchOne(database, sql: "SELECT 1e300") } == .mismatch)
    #expect(code { _ = try Data.fetchOne(database, sql: "SELECT 'text'") } == .mismatch)
    #expect(code { _ = try String.fetchAll(database, sql: "SELECT 'a' UNION ALL SELECT NULL") } == .mismatch)
    #expect(try Int.fetchOne(database, sql: "SELECT NULL") == nil)
    #expect(try Int.fetchOne(database, sql: "SELECT 2.0") == 2)
    #expect(try Double.fetchOne(database, sql: "SELECT 2") == 2)
    #expect(try Bool.fetchOne(database, sql: "SELECT 2") == true)
  }
}

@Test func aLargeBlobSurvivesAmongOthers() throws {
  try withFolder { folder in
    let database = try database(folder + "/large.sqlite")
    let large = (0..<UInt32(4 << 20)).map { $0 &* 0x9E37_79B9 }.withUnsafeBytes { Data($0) }
    try database.write { database in
      try database.execute(
        sql: "CREATE TABLE three (first BLOB, name TEXT, second BLOB, number INTEGER, third BLOB)")
      try database.cachedStatement(sql: "INSERT INTO three VALUES (?, ?, ?, ?, ?)")
        .execute(arguments: [Data([1]), "name", large, 7, Data([2, 3])])
    }
    let row = try #require(try database.read { try Row.fetchOne($0, sql: "SELECT * FROM three") })
    #expect(row["second"] == .blob(large))
    #expect([row[0], row[1], row[3], row[4]] == [.blob(Data([1])), .text("name"), .integer(7), .blob(Data([2, 3]))])
  }
}

// MARK: - Statements

@Test func aScriptIsCarriedOutUpToWhatFails() throws {
  try database().writeWithoutTransaction { database in
    try database.execute(
      sql: " INSERT INTO thing VALUES (?); -- first\n;INSERT INTO thing VALUES (?), (?);\n", arguments: [1, 2, 3])
    #expect(try Int.fetchAll(database, sql: "SELECT value FROM thing ORDER BY 1") == [1, 2, 3])
    let error = #expect(throws: DatabaseError.self) {
      try database.execute(sql: "DELETE FROM thing; UPDATE nowhere SET value = 1; INSERT INTO thing VALUES (9)")
    }
    #expect(error?.code == .error && error?.message == "no such table: nowhere")
    #expect(try Int.fetchAll(database, sql: "SELECT value FROM thing").isEmpty)
    for arguments in [[], [1, 2]] as [StatementArguments] {
      #expect(code { try database.execute(sql: "INSERT INTO thing VALUES (?)", arguments: arguments) } == .misuse)
      #expect(code { _ = try Row.fetchOne(database, sql: "SELECT ?", arguments: arguments) } == .misuse)
    }
    #expect(code { _ = try Row.fetchOne(database, sql: " -- nothing") } == .misuse)
  }
}

@Test func aConstraintIsToldWithItsKind() throws {
  try database().writeWithoutTransaction { database in
    try database.execute(sql: "CREATE TABLE one (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
    let insertion = try database.cachedStatement(sql: "INSERT INTO one (name) VALUES (?)")
    try insertion.execute(arguments: ["a"])
    let error = #expect(throws: DatabaseError.self) { try insertion.execute(arguments: ["a"]) }
    #expect(error?.code == .constraint && error?.extendedCode == .uniqueConstraint)
    #expect(error?.message == "UNIQUE constraint failed: one.name")
    // The statement can be used again.
    try insertion.execute(arguments: ["b"])
    #expect(database.lastInsertedRowID == 2)
    #expect(try String.fetchAll(database, sql: "SELECT name FROM one ORDER BY 1") == ["a", "b"])
  }
}

@Test func foreignKeysAreCheckedUnlessOneAsksForNone() throws {
  let tables = "CREATE TABLE one (id INTEGER PRIMARY KEY); CREATE TABLE two (one REFERENCES one (id));"
  var configuration = Database.Configuration()
  for checks in [true, false] {
    configuration.checksForeignKeys = checks
    try DatabaseQueue(path: "", configuration: configuration).write { database in
      try database.execute(sql: tables)
      let insert = { try database.execute(sql: "INSERT INTO two VALUES (1)") }
      if checks { #expect(code(insert) == .constraint) } else { #expect(throws: Never.self, performing: insert) }
    }
  }
}

@Test func aCachedStatementCanBeReadWithinItself() throws {
  try database().write { database in
    try database.execute(sql: "INSERT INTO thing VALUES (1), (2), (3)")
    var pairs: [[DatabaseValue]] = []
    let query = "SELECT value FROM thing WHERE value > ? ORDER BY value"
    let outer = try Row.fetchCursor(database.cachedStatement(sql: query), arguments: [0])
    while let first = try outer.next() {
      let inner = try Row.fetchCursor(database.cachedStatement(sql: query), arguments: [1])
      while let second = try inner.next() { pairs.append([first[0], second[0]]) }
      #expect(try inner.next() == nil)
    }
    #expect(pairs == (1...3).flatMap { first in (2...3).map { [.integer(first), .integer($0)] } })
  }
}

// MARK: - Transactions

@Test func aThrowUndoesEverything() throws {
  let database = try database()
  try add(1, to: database)
  #expect(throws: Stop.self) {
    try database.write { database in
      try database.execute(sql: "DELETE FROM thing; CREATE TABLE other (value)")
      throw Stop()
    }
  }
  #expect(try count(database) == 1)
  // In the middle of rows, too.
  #expect(throws: Stop.self) {
    try database.write { database in
      try database.execute(sql: "INSERT INTO thing VALUES (2), (3)")
      let rows = try Row.fetchCursor(database, sql: "SELECT value FROM thing")
      while try rows.next() != nil { throw Stop() }
    }
  }
  #expect(try count(database) == 1)
  // A transaction within one is refused, and with it the whole.
  #expect(code { try database.write { _ in try add(2, to: database) } } == .error)
  try add(3, to: database)
  #expect(try count(database) == 2)
}

@Test func aFullDatabaseIsToldAndStaysAsItWas() throws {
  try withFolder { folder in
    let database = try database(folder + "/full.sqlite")
    try add(1, to: database)
    try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 8") }
    #expect(
      code {
        try database.write { database in
          try database.execute(sql: "DELETE FROM thing")
          try database.execute(sql: "INSERT INTO thing VALUES (?)", arguments: [Data(count: 100_000)])
        }
      } == .full)
    try add(2, to: database)
    #expect(try count(database) == 2)
  }
}

@Test func whoMeetsALockIsToldOrWaits() throws {
  try withFolder { folder in
    let path = folder + "/busy.sqlite"
    let (first, second) = (try database(path), try DatabaseQueue(path: path))
    try first.write { database in
      try database.execute(sql: "INSERT INTO thing VALUES (1)")
      #expect(code { try add(2, to: second) } == .busy)
      #expect(try count(second) == 0)
    }
    // A reader sees one state as long as it reads, so that a writer cannot finish.
    try second.read { (database) throws in
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM thing") == 1)
      #expect(code { try add(2, to: first) } == .busy)
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM thing") == 1)
    }
    #expect(try count(first) == 1)
    var configuration = Database.Configuration()
    configuration.busyTimeout = 120
    let patient = try DatabaseQueue(path: path, configuration: configuration)
    let (started, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let outcome = Mutex<Result<Void, any Error>?>(nil)
    let thread = Thread {
      started.signal()
      let result = Result { try add(3, to: patient) }
      outcome.withLock { $0 = result }
      done.signal()
    }
    try first.write { database in
      thread.start()
      started.wait()
      try database.execute(sql: "INSERT INTO thing VALUES (2)")
    }
    done.wait()
    #expect(throws: Never.self) { try outcome.withLock(\.self)?.get() }
    #expect(try count(first) == 3)
  }
}

@Test func threadsTakeTurns() throws {
  let database = try database()
  DispatchQueue.concurrentPerform(iterations: 64) { number in
    #expect(throws: Never.self) {
      try add(number, to: database)
      // What is between the two of one transaction is nobody else's.
      try database.write { database in
        let before = try Int.fetchOne(database, sql: "SELECT count(*) FROM thing") ?? 0
        try database.execute(sql: "INSERT INTO thing VALUES (?)", arguments: [number])
        #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM thing") == before + 1)
      }
    }
  }
  #expect(try count(database) == 128)
  #expect(try database.read { try Int.fetchOne($0, sql: "SELECT sum(value) FROM thing") } == 64 * 63)
}

// MARK: - Files

@Test func whatIsOnlyReadStaysAsItIs() throws {
  try withFolder { folder in
    let path = folder + "/read.sqlite"
    try add(1, to: try database(path))
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    var configuration = Database.Configuration()
    configuration.isReadOnly = true
    let reader = try DatabaseQueue(path: path, configuration: configuration)
    #expect(try count(reader) == 1)
    #expect(code { try reader.write { try $0.execute(sql: "DELETE FROM thing") } } == .readOnly)
    #expect(try count(reader) == 1)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(code { _ = try DatabaseQueue(path: folder + "/none", configuration: configuration) } == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: folder + "/none"))
  }
}

@Test func whatIsNoDatabaseIsNotOpened() throws {
  try withFolder { folder in
    let path = folder + "/text"
    let text = Data(String(repeating: "This is no database. ", count: 100).utf8)
    try text.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DatabaseError.self) { _ = try DatabaseQueue(path: path) }
    #expect(error?.code == .notADatabase && error?.message == "file is not a database")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    #expect(code { _ = try DatabaseQueue(path: folder) } == .cannotOpen)
    #expect(code { _ = try DatabaseQueue(path: folder + "/none/none") } == .cannotOpen)
  }
}

@Test func aClosedDatabaseDoesNothing() throws {
  let database = try database()
  try add(1, to: database)
  try database.close()
  #expect(code { try add(1, to: database) } == .misuse)
  #expect(code { try database.backup(to: try DatabaseQueue(path: "")) } == .misuse)
  #expect(throws: Never.self) { try database.close() }
}

@Test func whoStillReadsRowsKeepsADatabaseOpen() throws {
  let database = try database()
  try add(1, to: database)
  try database.writeWithoutTransaction { connection in
    let rows = try Row.fetchCursor(connection, sql: "SELECT value FROM thing")
    #expect(try rows.next()?[0] == .integer(1))
    #expect(code { try database.close() } == .busy)
    #expect(try rows.next() == nil)
  }
  #expect(throws: Never.self) { try database.close() }
}

@Test func aBackupIsTheWhole() throws {
  let (source, target) = (try database(), try DatabaseQueue(path: ""))
  try target.write { try $0.execute(sql: "CREATE TABLE other (value); INSERT INTO other VALUES (1)") }
  for number in 0..<5 { try add(number, to: source) }
  try source.backup(to: target)
  #expect(try target.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") } == ["thing"])
  try add(5, to: target)
  #expect(try count(target) == 6 && count(source) == 5)
}
