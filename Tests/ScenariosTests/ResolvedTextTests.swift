// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Scenarios
import Testing

@Test(arguments: ValidScenarios.all)
func whatIsShownLoadsAsAnEqualScenario(_ text: String) throws {
  let original = try scenario(text)
  let shown = original.resolvedText()
  let again = try Scenario.parse(text: shown, file: "shown.yaml")
  #expect(again == original)
  #expect(again.resolvedText() == shown)
}

@Test func whatIsShownOfMultipliedArmsLoadsAsAnEqualScenario() throws {
  let grid = try scenario(
    ValidScenarios.stragglers, "conditions.links.loss=0,0.3", "conditions.links.latency={exponential: 3 ms},0")
  #expect(grid.arms.count == 16)
  #expect(try scenario(grid.resolvedText()) == grid)
}

@Test func oddNamesAndNumbersSurviveShowing() throws {
  let odd = ValidScenarios.small.replacing("name: small", with: #"name: "*a: \"b\" #\\ \u00e4\u200b""#)
    .replacing("0.02", with: "0.1000000000000000055511151231257827")
  let original = try scenario(
    odd, "conditions.links.latency={exponential: 0.12345678901234567 s}", "conditions.links.bandwidth=0.3333333333 B/s",
    "measure.until=1.0000000001 min", "conditions.compute.between-agents=2.000000001 day")
  #expect(try scenario(original.resolvedText()) == original)
}

@Test func everyDefaultOfASmallScenarioIsShownWithItsComment() throws {
  let shown = try scenario(ValidScenarios.small).resolvedText()
  let lines = shown.split(separator: "\n")
  for key in [
    "noise-variance: 0.01", "weights: metropolis", "initial: 0", "timing: asynchronous",
    "missing-neighbour: last-heard", "peer-timeout: none", "back-off: 2", "between-agents: 100 ms", "stragglers: []",
    "bandwidth: unlimited", "failures: none", "target: none", "replications: 20", "seed: 1", "ties: fifo",
  ] {
    let index = try #require(lines.firstIndex { $0.drop { $0 == " " }.hasPrefix(key) }, "\(key) is not shown")
    #expect(lines[index].contains("# ") || lines[index - 1].drop { $0 == " " }.hasPrefix("# "))
  }
  #expect(!lines.contains { $0.count > 120 })
}
