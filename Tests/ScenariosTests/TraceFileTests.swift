// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Scenarios
import Schema
import Simulation
import Testing

/// What is said of a scenario in a folder with a trace of this content; nothing where it is good, and reads again as the
/// same when it is written.
private func said(
  _ content: Data?, _ more: String = "", file: String = "phones.csv", prepare: (URL) throws -> Void = { _ in }
) throws -> String? {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appendingPathComponent("phones.csv")
  try content?.write(to: path)
  try prepare(path)
  let scenario = folder.appendingPathComponent("scenario.yaml")
  try """
  name: traced
  task: {kind: linear-regression, dimension: 2}
  network: {topology: ring, agents: 3}
  learner: {step-size: 0.1}
  measure: {until: 10 s, every: 1 s}
  conditions: {failures: {trace: {file: \(file)\(more)}}}
  """.write(to: scenario, atomically: true, encoding: .utf8)
  do {
    let read = try Scenario.load(path: scenario.path)
    try Data(try read.resolvedText().utf8).write(to: scenario)
    #expect(try Scenario.load(path: scenario.path) == read)
    return nil
  } catch let error as ScenarioError {
    return error.message.replacingOccurrences(of: folder.path + "/", with: "")
  }
}

private func said(_ rows: String, _ more: String = "", header: String = "time,agent,available\n") throws -> String? {
  try said(Data((header + rows).utf8), more)
}

private let prefix = "conditions.failures.trace: "

struct TraceFileTests {
  @Test(arguments: [
    ("time,agent,available\n", "0,agent-0,1\n2.5,agent-0,0\n"),
    (
      "\u{FEFF}# measured\n\"time\", \"agent\",available\r\n", "0,\"agent-0\",1\r\n\r\n1,agent-1,0 # why\r\n1,agent-0,0"
    ),
    ("available,time,agent\n", "1,0,agent-0\n0,1e3,agent-0\n"),
  ])
  func aTraceIsRead(header: String, rows: String) throws {
    #expect(try said(rows, header: header) == nil)
    #expect(try said(rows, ", unit: min, recycle: 1 day", header: header) == nil)
  }

  @Test(arguments: [
    ("0,agent-0\n", "line 2 of phones.csv has 2 values, not 3"),
    ("0,,1\n", "line 2 of phones.csv has nothing in column 2 (agent)"),
    ("0,agent-0,1\n\n1,agent-0,\n", "line 4 of phones.csv has nothing in column 3 (available)"),
    ("-3,agent-0,1\n", "line 2 of phones.csv has '-3' in column 1 (time), not at least 0"),
    ("3 s,agent-0,1\n", "line 2 of phones.csv has '3 s' in column 1 (time), not a number: its unit is said by 'unit'"),
    (
      "soon,agent-0,1\n", "line 2 of phones.csv has 'soon' in column 1 (time), not a number: its unit is said by 'unit'"
    ),
    (
      "0.1234567891,agent-0,1\n",
      "line 2 of phones.csv has '0.1234567891' in column 1 (time), not a whole number of nanoseconds"
    ),
    ("1e99,agent-0,1\n", "line 2 of phones.csv has '1e99' in column 1 (time), not at most 292 years"),
    ("0,agent-0,0.5\n", "line 2 of phones.csv has '0.5' in column 3 (available), not 0 or 1"),
    ("0,agent-0,yes\n", "line 2 of phones.csv has 'yes' in column 3 (available), not 0 or 1"),
    ("5,agent-0,1\n1,agent-1,0\n4,agent-0,0\n", "line 4 of phones.csv is earlier than line 2 for the same agent"),
    ("5,agent-0,1\n5,agent-0,0\n", "line 3 of phones.csv has the time of line 2 for the same agent"),
    ("", "phones.csv has no rows"),
  ])
  func whatIsNoTraceIsRefusedWithLineAndColumn(rows: String, message: String) throws {
    #expect(try said(rows) == prefix + message)
  }

  @Test func otherColumnsAreRefused() throws {
    let message = prefix + "line 1 of phones.csv names the columns time,agent,speed, not time,agent,available"
    #expect(try said("0,agent-0,1\n", header: "time,agent,speed\n") == message)
    #expect(
      try said("", header: "0,agent-0,1\n")
        == prefix + "line 1 of phones.csv names the columns 0,agent-0,1, not time,agent,available")
  }

  @Test func anAgentThatIsNotThereIsRefusedUnlessTracesAreDrawn() throws {
    let rows = "0,agent-0,1\n3,phone-7,0\n"
    #expect(
      try said(rows) == "line 3 of phones.csv is about agent 'phone-7', which the network does not have")
    #expect(try said(rows, ", assign: random") == nil)
  }

  @Test func aTraceDoesNotBeginAgainBeforeItHasEnded() throws {
    let rows = "0,agent-0,1\n1420,agent-0,0\n"
    #expect(
      try said(rows, ", unit: min, recycle: 23 h") == prefix + "recycle is shorter than the trace (1420 min)")
    #expect(try said(rows, ", unit: min, recycle: 1420 min") == nil)
  }

  @Test func anUnknownUnitIsRefused() throws {
    #expect(try said("0,agent-0,1\n", ", unit: minutes")?.hasPrefix("conditions.failures.trace.unit must be") == true)
  }

  @Test func anotherContentThanThatOfTheStudyIsRefused() throws {
    let message = try said("0,agent-0,1\n", ", checksum: 0123456789abcdef")
    #expect(message?.hasPrefix(prefix + "what phones.csv says is not what it said: its checksum is") == true)
  }

  @Test func whatIsNoFileIsRefused() throws {
    let irregular = prefix + "phones.csv is no regular file"
    let folder = try said(nil) { try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: true) }
    let pipe = try said(nil) { _ = mkfifo($0.path, 0o600) }
    #expect(folder == irregular && pipe == irregular)
    #expect(try said(nil)?.hasPrefix(prefix + "there is no file phones.csv") == true)
    #expect(try said(Data([0x74, 0xFF])) == prefix + "phones.csv is not UTF-8 text")
    #expect(
      try said(Data("time,agent,available\n0,a\0,1\n".utf8))
        == prefix + "line 2 of phones.csv has a character U+0000, which no text has")
  }

  /// A gigabyte, without room for it on the disk.
  @Test func anEndlessFileIsNotRead() throws {
    let message = try said(nil) { path in
      FileManager.default.createFile(atPath: path.path, contents: nil)
      _ = truncate(path.path, 1_000_000_000)
    }
    #expect(message == prefix + "phones.csv is larger than 64 MB")
  }
}
