// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Scenarios
import Schema
import Simulation
import Testing

/// A scenario beside a matrix of this text.
private func reading(
  _ matrix: String, said: String = "unit: ms", key: String = "latency", _ check: (String) throws -> Void
) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try matrix.write(to: folder.appendingPathComponent("m.csv"), atomically: true, encoding: .utf8)
  let scenario = folder.appendingPathComponent("scenario.yaml")
  try """
  name: rows
  task: {kind: linear-regression, dimension: 2}
  network: {topology: path, agents: 3}
  learner: {step-size: 0.1}
  measure: {until: 10 s, every: 1 s}
  conditions: {links: {\(key): {matrix: {file: m.csv, \(said)}}}}
  """.write(to: scenario, atomically: true, encoding: .utf8)
  try check(scenario.path)
}

/// Milliseconds from agent-0 to 1, 1 to 0, 1 to 2 and 2 to 1.
private func latencies(_ matrix: String, said: String = "unit: ms") throws -> [Double] {
  var seen: [Double] = []
  try reading(matrix, said: said) { path in
    let scenario = try Scenario.load(path: path)
    let world = try World(scenario.arms[0].settings, replication: 0)
    // In the order of receivers, then senders.
    let scales: [Double] = world.latencies.scales.map { ($0 * 1000).rounded() }
    seen = [scales[1], scales[0], scales[3], scales[2]]
    let again = try scenario.resolvedText()
    try Data(again.utf8).write(to: URL(fileURLWithPath: path))
    #expect(try Scenario.load(path: path) == scenario)
  }
  return seen
}

/// What is said of a matrix that cannot be read.
private func refusal(_ matrix: String, said: String = "unit: ms") throws -> String? {
  var message: String?
  try reading(matrix, said: said) { path in
    do { _ = try Scenario.load(path: path) } catch let error as ScenarioError { message = error.message }
  }
  return message?.replacingOccurrences(of: "conditions.links.latency.matrix: ", with: "")
}

private let names = "agent-0,agent-1,agent-2\n"

struct MatrixTests {
  @Test func aMatrixHasARowForEachSender() throws {
    #expect(try latencies(names + "0,1,-\n2,0,3\n,4,0\n") == [1, 2, 3, 4])
    // In another order, with blanks, comments and quotes.
    #expect(try latencies("# measured\n\"agent-2\" agent-1 agent-0\n- 4 -\n3 - 2 # fast\n\n- 1 -\n") == [1, 2, 3, 4])
    #expect(try latencies(names + "0,1,9\n,0,3\n,,0\n") == [1, 1, 3, 3], "an upper triangle is mirrored")
    #expect(try latencies(names + "0,2,-\n4,0,6\n,8,0\n", said: "unit: ms, is: round-trip") == [1, 2, 3, 4])
  }

  @Test func aMatrixMayBeAListOfPairs() throws {
    let pairs = "agent-0,agent-1,1\nagent-1,agent-0,2\nagent-1,agent-2,3\nagent-2,agent-1,4\n"
    #expect(try latencies(pairs) == [1, 2, 3, 4])
    #expect(try latencies("from,to,ms\n" + pairs) == [1, 2, 3, 4])
  }

  /// Every agent has a row of its own: where all rows differ, so do agents.
  @Test func withoutNamesAgentsHaveDrawnRows() throws {
    let rows = (0..<8).map { row in (0..<8).map { "\(10 * row + $0)" }.joined(separator: " ") }
    let seen = try latencies(rows.joined(separator: "\n"))
    let hosts = [Int(seen[0]) / 10, Int(seen[1]) / 10, Int(seen[3]) / 10]
    #expect(Set(hosts).count == 3)
    let links: [(from: Int, to: Int)] = [(0, 1), (1, 0), (1, 2), (2, 1)]
    let expected: [Double] = links.map { Double(10 * hosts[$0.from] + hosts[$0.to]) }
    #expect(seen == expected)
    let named = (0..<8).map { "host-\($0)" }.joined(separator: " ") + "\n" + rows.joined(separator: "\n")
    #expect(try latencies(named, said: "unit: ms, hosts: random") == seen)
  }

  @Test func whatIsNoMatrixIsRefusedWithItsPlace() throws {
    #expect(try refusal("") == "m.csv has no numbers")
    #expect(try refusal(names + "0,1,2\n1,0,3\n") == "m.csv has 2 rows, but 3 names")
    #expect(try refusal("0 1 2\n1 0 3\n") == "m.csv has 2 rows, but 3 columns")
    #expect(try refusal(names + "0,1\n") == "line 2 of m.csv has 2 values, not 3")
    #expect(try refusal(names + "0,1,2\n0,1,2\n0,1,2\n0,1,2\n") == "m.csv has more than 3 rows, but 3 names")
    #expect(try refusal("a,b,a\n") == "line 1 of m.csv names 'a' twice")
    #expect(
      try refusal(names + "0,1 ms,2\n")
        == "line 2 of m.csv has '1 ms' in column 2, not a number: its unit is said by 'unit'")
    #expect(try refusal(names + "0,1,-2\n") == "line 2 of m.csv has '-2' in column 3, not at least 0")
    #expect(try refusal("a,a,1\n") == "line 1 of m.csv links 'a' with itself")
    #expect(try refusal("a,b,1\na,b,2\n") == "line 2 of m.csv gives the value from 'a' to 'b' again")
    #expect(try refusal(names, said: "unit: parsec")?.contains("unit must be") == true)
    #expect(try refusal(names, said: "is: round-trip") == "missing key 'unit' in conditions.links.latency.matrix")
  }

  @Test func agentsWithoutAValueAreNamed() throws {
    func world(_ matrix: String) throws -> String? {
      var message: String?
      try reading(matrix) { path in
        let settings = try Scenario.load(path: path).arms[0].settings
        do { _ = try World(settings, replication: 0) } catch { message = "\(error)" }
      }
      return message
    }
    #expect(
      try world(names + "0,1,-\n2,0,-\n,4,0\n") == "m.csv has no value from 'agent-1' to 'agent-2', which are linked.")
    #expect(try world("agent-0,agent-1,x\n0,1,2\n1,0,3\n2,3,0\n") == "m.csv has no row for the agent 'agent-2'.")
    #expect(try world("0 1\n1 0\n") == "m.csv has 2 rows for 3 agents.")
  }

  @Test func otherNumbersThanThoseOfTheStudyAreRefused() throws {
    try reading(names + "0,1,9\n,0,3\n,,0\n") { path in
      let text = try Scenario.load(path: path).resolvedText()
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let file = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("m.csv")
      try (names + "0,1,9\n,0,4\n,,0\n").write(to: file, atomically: true, encoding: .utf8)
      #expect { try Scenario.load(path: path) } throws: { "\($0)".contains("are others than they were") }
    }
  }

  @Test func theOtherKeysHaveMatricesToo() throws {
    try reading(names + "0,1,9\n,0,3\n,,0\n", said: "unit: \"%\"", key: "loss") { path in
      let links = try World(Scenario.load(path: path).arms[0].settings, replication: 0).links
      let mean = try #require(links?.losses[0].layers.mean(1))
      #expect(abs(mean - 0.01) < 1e-12)
    }
    try reading(names + "0,1,9\n,0,3\n,,0\n", said: "unit: Mbit/s", key: "bandwidth") { path in
      let links = try World(Scenario.load(path: path).arms[0].settings, replication: 0).links
      #expect(links?.bandwidths[0]?.rates[3] == 375_000)
    }
  }
}
