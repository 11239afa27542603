// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Quantities

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
      throw RowError("it should hold \(counted(expected, "run")) and holds \(runs), or others")
    }
  }
}
