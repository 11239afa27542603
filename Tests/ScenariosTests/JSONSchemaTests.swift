// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Scenarios
import Schema
import Testing

/// The root of the package.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Every shipped scenario by its path from the root.
private let scenarios: [String] = {
  let folder = root.appendingPathComponent("scenarios")
  let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
  return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }
    .map { String($0.path.dropFirst(root.path.count + 1)) }.sorted()
}()

private func document(_ text: String) throws -> JSON { try #require(try yamlDocument(text)) }

private func faults(_ text: String) throws -> [String] {
  SchemaValidator(root: ScenarioSchema.current.jsonSchema).faults(in: try document(text))
}

@Test(arguments: scenarios) func everyShippedScenarioKeepsToTheSchema(_ path: String) throws {
  let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  #expect(try faults(text) == [])
}

@Test(arguments: scenarios) func whatShowPrintsKeepsToTheSchema(_ path: String) throws {
  let scenario = try Scenario.load(path: root.appendingPathComponent(path).path)
  #expect(try faults(scenario.resolvedText()) == [])
}

/// Changes of one line of a good scenario that a scenario's reader refuses, each with the place where the schema does.
private let mistakes: [(change: (old: String, new: String), place: String)] = [
  (("  kind: linear-regression", "  kind: linear-regressions"), "task.kind"),
  (("  dimension: 5", "  dimension: 0"), "task.dimension"),
  (("  dimension: 5", "  dimensions: 5"), "task.dimensions"),
  (("  agents: 20", "  agents: many"), "network.agents"),
  (("  mean-degree: 5", "  mean-degree: 5\n  radius: 0.3"), "network"),
  (("  mean-degree: 5", "  offsets: [1]"), "network.offsets"),
  (("  until: 1 min", "  until: 1"), "measure.until"),
  (("  until: 1 min", "  until: 1 minute"), "measure.until"),
  (("  target: {msd: -30 dB}", "  target: {mds: -30 dB}"), "measure.target.mds"),
  (("  target: {msd: -30 dB}", "  target: {msd: -30 ms}"), "measure.target.msd"),
  (("latency: {exponential: {mean: 10 ms}}", "latency: {exponental: {mean: 10 ms}}"), "conditions.links.latency"),
  (("latency: {exponential: {mean: 10 ms}}", "latency: {exponential: {mean: 10}}"), "conditions.links.latency"),
  (("loss: 5 %", "loss: 1.5"), "conditions.links.loss"),
  (("  every: 1 s\n", ""), "measure"),
]

private let good = """
  name: example
  task:
    kind: linear-regression
    dimension: 5
  network:
    topology: random-geometric
    agents: 20
    mean-degree: 5
  learner:
    step-size: 0.05
  conditions:
    links:
      latency: {exponential: {mean: 10 ms}}
      loss: 5 %
  measure:
    until: 1 min
    every: 1 s
    target: {msd: -30 dB}
  """

@Test func theExampleOfTheseTestsIsGood() throws {
  #expect(try faults(good) == [])
  #expect(throws: Never.self) { try scenario(good) }
}

@Test(arguments: mistakes.indices) func aMistakeIsRefusedByTheSchemaAsByTheReader(_ index: Int) throws {
  let (change, place) = mistakes[index]
  let bad = good.replacingOccurrences(of: change.old, with: change.new)
  #expect(bad != good)
  #expect(throws: ScenarioError.self) { try scenario(bad) }
  #expect(try faults(bad).contains { $0.hasPrefix("\(place):") }, "\(try faults(bad))")
}

@Test func theSchemaSaysWhatEachKeyMeans() throws {
  let schema = ScenarioSchema.current.jsonSchema
  func describedShare(_ json: JSON) -> (described: Int, all: Int) {
    guard case .object(let members) = json else { return (0, 0) }
    var counts = (0, 0)
    for member in members where member.key == "properties" {
      guard case .object(let properties) = member.value else { continue }
      for property in properties {
        guard case .object(let inner) = property.value else { continue }
        let deeper = describedShare(property.value)
        counts.0 += (inner.contains { $0.key == "description" } ? 1 : 0) + deeper.described
        counts.1 += 1 + deeper.all
      }
    }
    return counts
  }
  let counts = describedShare(schema)
  #expect(counts.all > 100 && counts.described == counts.all)
}
