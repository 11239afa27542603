// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Scenarios
import Testing

private func values(_ text: String) throws -> [String] { try Override("learner.step-size=\(text)").values }

@Test(arguments: [
  ("0:0.3:0.1", ["0", "0.1", "0.2", "0.3"]), ("0.3:0:-0.1", ["0.3", "0.2", "0.1", "0"]),
  ("1:1.8:0.4", ["1", "1.4", "1.8"]),
  ("5:5:1", ["5"]), ("10 ms:50 ms:20 ms", ["10 ms", "30 ms", "50 ms"]), ("0:20 ms:10 ms", ["0 ms", "10 ms", "20 ms"]),
  ("500 ms:2 s:500 ms", ["500 ms", "1000 ms", "1500 ms", "2000 ms"]), ("0 %:10 %:5 %", ["0 %", "5 %", "10 %"]),
  ("-40 dB:-30 dB:5 dB", ["-40 dB", "-35 dB", "-30 dB"]),
  ("log(0.001:0.1:5)", ["0.001", "0.00316", "0.01", "0.0316", "0.1"]),
  ("log(1 ms:100 ms:3)", ["1 ms", "10 ms", "100 ms"]), ("0,0.1:0.3:0.1,1", ["0", "0.1", "0.2", "0.3", "1"]),
])
func aRangeHasBothEndsAndNoRoundingDrift(text: String, expected: [String]) throws {
  #expect(try values(text) == expected)
}

@Test func aThousandStepsEndExactly() throws {
  let steps = try values("0:1:0.001")
  #expect(steps.count == 1001)
  #expect(steps[300] == "0.3" && steps[700] == "0.7" && steps[1000] == "1")
}

@Test func neighbouringPointsOfADenseLogarithmicRangeDiffer() throws {
  let points = try values("log(0.1:0.11:1000)").compactMap(Double.init)
  #expect(points.count == 1000)
  #expect(zip(points, points.dropFirst()).allSatisfy { $0 < $1 })
}

@Test func whatIsNoRangeIsLeftAlone() throws {
  for text in ["random:3", "{uniform: [0.1, 0.2]}", "\"1:2:3\"", "a:b:c", "1:2", "[1:2:3]"] {
    #expect(try values(text) == [text])
  }
  #expect(try Override("question=12:30:15").values == ["12:30:15"])
}

private let block = """
  sweep:
    learner.step-size: {from: 0.01, to: 0.03, step: 0.01}
    conditions.links.latency: {from: 1 ms, to: 100 ms, points: 3, spacing: log}
    strategy.timing: [asynchronous, synchronous-global]

  """

private func swept(_ text: String, _ overrides: String...) throws -> Scenario {
  try Scenario.parse(
    text: text, file: "good.yaml", overrides: overrides.map { try Override($0) }, arms: .swept)
}

@Test func aSweepHasEveryCombinationOfItsBlockAndOfTheArms() throws {
  let grid = try swept(ValidScenarios.small + block)
  #expect(grid.arms.count == 18)
  #expect(
    grid.arms[1].name
      == "learner.step-size=0.01, conditions.links.latency=1 ms, strategy.timing=synchronous-global")
  #expect(grid.cells[7].values == ["0.02", "1 ms", "synchronous-global"])
  #expect(grid.arms.allSatisfy { arm in grid.arms.count { $0.settings == arm.settings } == 1 })
  let arms = try swept(ValidScenarios.stragglers, "conditions.links.loss=0:0.2:0.1")
  #expect(arms.cells.map(\.arm).prefix(4) == ["global barrier", "global barrier", "global barrier", "local barrier"])
}

@Test func overridesWithSeveralValuesStandAgainstTheBlockAndOneValueFixesItsKey() throws {
  #expect(try swept(ValidScenarios.small + block, "conditions.links.loss=0,0.1").arms.count == 2)
  let fixed = try swept(ValidScenarios.small + block, "learner.step-size=0.05")
  #expect(fixed.arms.count == 6)
  #expect(fixed.sweep.map(\.path) == ["conditions.links.latency", "strategy.timing"])
}

@Test func othersReadTheBlockAndRunTheScenarioWithoutIt() throws {
  let plain = try scenario(ValidScenarios.small + block)
  #expect(plain.arms == (try scenario(ValidScenarios.small)).arms)
  #expect(plain.sweep.count == 3)
}

@Test func whatIsShownOfASweepSweepsTheSameCells() throws {
  for grid in [
    try swept(ValidScenarios.small + block),
    try swept(ValidScenarios.small, "strategy.timing=asynchronous,synchronous-local"),
    try swept(ValidScenarios.stragglers, "conditions.links.loss=0, 5 %"),
    try swept(
      ValidScenarios.small, "conditions.links.latency={exponential: 3 ms},0"),
  ] {
    let shown = grid.resolvedText()
    #expect(try swept(shown) == grid)
    #expect(!shown.contains(", learner.step-size="))
  }
  let plain = try scenario(ValidScenarios.small + block)
  #expect(try scenario(plain.resolvedText()) == plain)
}

@Test func aHundredThousandCellsAreTheMost() throws {
  #expect(throws: ScenarioError.self) {
    try swept(ValidScenarios.small, "learner.step-size=0.001:0.5:0.001", "conditions.links.loss=0:0.5:0.001")
  }
}
