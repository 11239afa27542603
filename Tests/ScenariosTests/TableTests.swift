// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Schema
import Testing

/// What is said of a scenario in a folder with a table of this text; nothing where it is good.
private func said(table: String?, data: String = "table.csv") throws -> String? {
  try said(
    \.message,
    of: """
      name: rows
      task: {kind: classification, data: \(data), test-share: 0}
      network: {topology: ring, agents: 3}
      learner: {step-size: 0.1}
      measure: {until: 10 s, every: 1 s}
      """, beside: "table.csv", table)
}

struct TableTests {
  @Test(arguments: [
    "1,0\n2,1\n3,0\n", "height, class\n1, 0\n2, 1\n\n3, 0", "# measured\n\"a\",\"b\"\r\n1e0,0\r\n2,1 # why\r\n-3,1\r\n",
    "1,0\r\n2,1\n3,0\r\n", "\u{FEFF}# marked\nheight,class\n1,0\n2,1\n3,0\n", "1,0\r\n2,1\r\n3,0\r\n",
  ])
  func aTableOfNumbersIsRead(text: String) throws {
    #expect(try said(table: text) == nil)
  }

  @Test func whatIsNoTableIsRefusedWithItsLine() throws {
    #expect(try said(table: nil)?.hasPrefix("task.data: there is no file") == true)
    #expect(try said(table: "a,b\n") == "task.data: table.csv has no numbers")
    #expect(try said(table: "1,0\n2\n") == "task.data: line 2 of table.csv has 1 number, not 2")
    #expect(try said(table: "1,0\nx,1\n") == "task.data: line 2 of table.csv has 'x', not a number")
    #expect(try said(table: "?,0\n2,1\n3,0\n") == "task.data: line 1 of table.csv has '?', not a number")
    #expect(try said(table: "1 2,0\n2,1\n3,0\n") == "task.data: line 1 of table.csv has '1 2', not a number")
    #expect(
      try said(table: "1e200,0\n-1e200,1\n3,0\n")
        == "task.data has numbers in column 1 that are too large to be squared")
    #expect(try said(table: "1,0\n2,0.5\n3,1\n") == "task.data has a class 0.5")
    #expect(try said(table: "1,0\n2,1\n") == "task.data leaves 2 rows to learn from, but there are 3 agents")
  }

  @Test func otherNumbersThanThoseOfTheStudyAreRefused() throws {
    let table = NumberTable(file: "table.csv", names: [], columnCount: 2, values: [1, 0, 2, 1, 3, 0])
    let data = "{file: table.csv, checksum: \"\(table.checksum)\"}"
    #expect(try said(table: "1,0\n2,1\n3,0\n", data: data) == nil)
    #expect(try said(table: "1,0\n2,1\n4,0\n", data: data)?.contains("others than they were") == true)
  }
}
