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

/// A change of a good scenario that its reader refuses, with the place where the schema refuses it.
private struct Mistake: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  let place: String

  init(_ old: String, _ new: String, at place: String) { (self.old, self.new, self.place) = (old, new, place) }

  var testDescription: String { new.isEmpty ? "without \(old)" : new }
}

private let mistakes: [Mistake] = [
  Mistake("  kind: linear-regression", "  kind: linear-regressions", at: "task.kind"),
  Mistake("  dimension: 5", "  dimension: 0", at: "task.dimension"),
  Mistake("  dimension: 5", "  dimensions: 5", at: "task.dimensions"),
  Mistake("  agents: 20", "  agents: many", at: "network.agents"),
  Mistake("  mean-degree: 5", "  mean-degree: 5\n  radius: 0.3", at: "network"),
  Mistake("  mean-degree: 5", "  offsets: [1]", at: "network.offsets"),
  Mistake("  until: 1 min", "  until: 1", at: "measure.until"),
  Mistake("  until: 1 min", "  until: 1 minute", at: "measure.until"),
  Mistake("  target: {msd: -30 dB}", "  target: {mds: -30 dB}", at: "measure.target"),
  Mistake("  target: {msd: -30 dB}", "  target: {msd: -30 ms}", at: "measure.target"),
  Mistake(
    "latency: {exponential: {mean: 10 ms}}", "latency: {exponental: {mean: 10 ms}}", at: "conditions.links.latency"),
  Mistake(
    "latency: {exponential: {mean: 10 ms}}", "latency: {exponential: {mean: 10}}", at: "conditions.links.latency"),
  Mistake("loss: 5 %", "loss: 1.5", at: "conditions.links.loss"),
  Mistake("  every: 1 s\n", "", at: "measure"),
  Mistake("  topology: random-geometric\n", "", at: "network"),
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

/// A preset may say the topology in place of the scenario; none does not.
@Test func theTopologyMayBeThatOfAPreset() throws {
  let open = good.replacingOccurrences(of: "  topology: random-geometric\n", with: "")
    .replacingOccurrences(of: "  mean-degree: 5\n", with: "")
  let text = open + "\npresets: {network: G1, loss: P1}\n"
  #expect(throws: Never.self) { try scenario(text) }
  #expect(try faults(text) == [])
  for presets in ["{network: none}", "{loss: P1}"] {
    let text = open + "\npresets: \(presets)\n"
    #expect(throws: ScenarioError.self) { try scenario(text) }
    #expect(try faults(text) == ["network: required"])
  }
}

/// The keys of a choice stand below its own key or beside the others, for a scenario as for its schema.
@Test(arguments: [
  "crash: {share: 30 %, on-recovery: reset}", "crash: {agents: {share: 30 %}, on-recovery: reset}",
  "join: {count: 2, start: neighbour}", "slow: {highest-degree: 1, factor: 3}",
  "cut: {share: 20 %, known: true}", "cut: {links: {of: all}, in-flight: arrive}",
  "change-links: {of: [agent-1], loss: 10 %}",
]) func keysOfAChoiceMayStandBesideTheOthers(_ action: String) throws {
  let text = good + "\ntimeline: [{at: 10 s, \(action)}]\n"
  #expect(throws: Never.self) { try scenario(text) }
  #expect(try faults(text) == [])
}

@Test(arguments: mistakes) private func aMistakeIsRefusedByTheSchemaAsByTheReader(_ mistake: Mistake) throws {
  let bad = good.replacingOccurrences(of: mistake.old, with: mistake.new)
  #expect(bad != good)
  #expect(throws: ScenarioError.self) { try scenario(bad) }
  let found = try faults(bad)
  #expect(found.contains { $0.hasPrefix("\(mistake.place):") }, "\(found)")
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
