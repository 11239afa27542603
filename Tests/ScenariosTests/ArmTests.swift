// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Quantities
import Randomness
import Scenarios
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
  #expect(arms.map(\.settings.strategy.peerTimeout) == [nil, nil, 0.3, nil])
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
  #expect(grid.arms.map(\.settings.conditions.links.loss.value) == [0, 0.1, 0, 0.1])
  #expect(grid.replications == 7)
}

@Test func overridesMultiplyTheArmsOfTheFile() throws {
  let grid = try scenario(ValidScenarios.stragglers, "conditions.links.loss=0, 5 %")
  #expect(grid.arms.count == 8)
  #expect(grid.arms[1].name == "global barrier, conditions.links.loss=5 %")
}

@Test func anOverrideStandsAgainstTheArms() throws {
  let same = try scenario(ValidScenarios.stragglers, "strategy.peer-timeout=1 s", "strategy.timing=synchronous-local")
  #expect(same.arms.map(\.settings.strategy.peerTimeout) == [1, 1, 1, 1])
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
  #expect(failures.up == .constant(60))
  #expect(failures.down == .exponential(mean: 2))
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
