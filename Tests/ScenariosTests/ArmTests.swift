// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import DamagedScenarios
import Quantities
import Randomness
import Scenarios
import Schema
import Testing

@Test func aScenarioWithoutArmsHasOneCalledAfterItsTiming() throws {
  #expect(try scenario(ValidScenarios.small).arms.map(\.name) == ["asynchronous"])
  #expect(
    try scenario(ValidScenarios.small, "strategy.timing=synchronous-local").arms.map(\.name) == ["synchronous-local"])
  #expect(try scenario(ValidScenarios.small, "strategy.kind=non-cooperative").arms.map(\.name) == ["non-cooperative"])
}

@Test func armsKeepTheOrderOfTheFileAndSetOnlyTheirs() throws {
  let arms = try scenario(ValidScenarios.stragglers).arms
  #expect(arms.map(\.name) == ["global barrier", "local barrier", "with timeout", "asynchronous"])
  #expect(
    arms.map(\.settings.strategy.timing) == [.synchronousGlobal, .synchronousLocal, .synchronousLocal, .asynchronous])
  #expect(arms.map(\.settings.strategy.peerTimeout) == [nil, nil, .seconds(0.3), nil])
  #expect(arms.allSatisfy { $0.settings.conditions == arms[0].settings.conditions })
}

@Test func overridesWithSeveralValuesMultiplyTheArms() throws {
  let grid = try scenario(
    ValidScenarios.small, "strategy.timing=synchronous-global,asynchronous", "conditions.links.loss=0,0.1",
    "replications=7")
  #expect(
    grid.arms.map(\.name) == [
      "strategy.timing=synchronous-global, conditions.links.loss=0",
      "strategy.timing=synchronous-global, conditions.links.loss=0.1",
      "strategy.timing=asynchronous, conditions.links.loss=0",
      "strategy.timing=asynchronous, conditions.links.loss=0.1",
    ])
  #expect(grid.arms.map(\.settings.conditions.links.loss.independent) == [0, 0.1, 0, 0.1])
  #expect(grid.replications == 7)
}

@Test func overridesMultiplyTheArmsOfTheFile() throws {
  let grid = try scenario(ValidScenarios.stragglers, "conditions.links.loss=0, 5 %")
  #expect(grid.arms.count == 8)
  #expect(grid.arms[1].name == "global barrier, conditions.links.loss=5 %")
}

@Test func anOverrideStandsAgainstTheArms() throws {
  let same = try scenario(ValidScenarios.stragglers, "strategy.peer-timeout=1 s", "strategy.timing=synchronous-local")
  #expect(same.arms.map(\.settings.strategy.peerTimeout) == Array(repeating: .seconds(1), count: 4))
}

@Test func commasInBracketsAndQuotesDoNotSeparateValues() throws {
  let override = try Override("learner.step-size=[1, 2],{uniform: [0.1, 0.2]},\"a,b\",0.1")
  #expect(override.values == ["[1, 2]", "{uniform: [0.1, 0.2]}", "\"a,b\"", "0.1"])
  #expect(override.text == "learner.step-size=[1, 2],{uniform: [0.1, 0.2]},\"a,b\",0.1")
}

@Test func anOverrideMakesTheMapsOnItsWay() throws {
  let failing = try scenario(
    ValidScenarios.small, "conditions.failures.up=1 min", "conditions.failures.down.exponential.mean=2 s")
  let failures = try #require(failing.arms[0].settings.conditions.failures)
  #expect(failures == FailureSettings(up: .constant(60), down: .exponential(mean: 2)))
}

@Test func anOverrideWithoutAnEqualsSignIsRefused() {
  #expect(throws: ScenarioError.self) { try Override("conditions.links.loss") }
  #expect(throws: ScenarioError.self) { try Override("=3") }
  #expect(throws: ScenarioError.self) { try Override("conditions.links.loss=0,,1") }
}

@Test func moreThanAThousandArmsAreRefused() throws {
  let values = (0..<40).map { "\($0)" }.joined(separator: ",")
  #expect(throws: ScenarioError.self) {
    try scenario(ValidScenarios.small, "learner.step-size=\(values)", "learner.initial=\(values)")
  }
}

/// An arm on another topology or with another rule has no use for the parameters of the one in the file; what it sets
/// itself must go with the new one.
@Test func anArmWithAnotherTopologyForgetsTheParametersOfTheFile() throws {
  let text = """
    name: a
    task: {kind: linear-regression, dimension: 2}
    network: {topology: random-geometric, agents: 12, mean-degree: 4}
    learner: {algorithm: lms, step-size: 0.05}
    measure: {until: 10 s, every: 1 s}
    arms:
      geometric: {}
      ring: {network.topology: ring, network.degree: 4}
      grid: {network.topology: grid, network.rows: 3, network.columns: 4}
    """
  let arms = try scenario(text).arms
  #expect(arms.map(\.settings.network.topology.definition.name) == ["random-geometric", "ring", "grid"])
  #expect(
    arms[1].settings.network.topology.arguments
      == .init(["agents": .count(12), "directed": .flag(false), "degree": .count(4)]))
  // The study that is written out and read again is the same one.
  #expect(try scenario(scenario(text).resolvedText()).arms.map(\.settings) == arms.map(\.settings))
  // An override counts as the arms do, and stands by what it sets itself.
  let single = text.split(separator: "\n").prefix(5).joined(separator: "\n")
  #expect(
    try scenario(single, "network.topology=ring").arms[0].settings.network.topology.arguments["mean-degree"] == nil)
  #expect(throws: ScenarioError.self) { try scenario(single, "network.topology=ring", "network.mean-degree=4") }
}
