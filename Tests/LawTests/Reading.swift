// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Learners
import Randomness
import Scenarios
import Simulation
import Testing

private func settings(_ override: String, _ file: String = "good.yaml") throws -> (Scenario, SimulationSettings) {
  let scenario = try Scenario.parse(text: ValidScenarios.small, file: file, overrides: [Override(override)])
  return (scenario, scenario.arms[0].settings)
}

/// The law that a text is where a duration above zero is asked for; it must survive being shown.
func duration(_ text: String, file: String = "good.yaml") throws -> Distribution {
  let (scenario, settings) = try settings("conditions.compute.between-agents=\(text)", file)
  let shown = scenario.resolvedText()
  #expect(try Scenario.parse(text: shown, file: file) == scenario, "\(shown)")
  return settings.conditions.compute.betweenAgents
}

/// The law that a text is where a factor is asked for; it must survive being shown.
func factor(_ text: String, file: String = "good.yaml") throws -> Distribution {
  let (scenario, settings) = try settings("conditions.compute.within-agent=\(text)", file)
  #expect(try Scenario.parse(text: scenario.resolvedText(), file: file) == scenario)
  return settings.conditions.compute.withinAgent
}

/// The law that a text is where a number between -1 and 1 is asked for.
func correlation(_ text: String) throws -> Distribution {
  let (scenario, settings) = try settings("task.regressor-correlation=\(text)")
  #expect(try Scenario.parse(text: scenario.resolvedText(), file: "good.yaml") == scenario)
  guard let task = settings.task.linearRegression, case .law(let law) = task.regressorCorrelation else {
    throw Unexpected()
  }
  return law
}

struct Unexpected: Error {}

/// What is said of a wrong law: the message and its hint, with `LAW` for the path of the law.
func complaint(about text: String, at key: String = "conditions.compute.between-agents") throws -> String {
  do {
    _ = try settings("\(key)=\(text)")
    return "no complaint"
  } catch let error as ScenarioError {
    return [error.message, error.hint].compactMap { $0 }.joined(separator: "; ").replacing(key, with: "LAW")
  }
}

/// The law of a text for a duration must be this one up to rounding in every parameter that can be seen.
func expectEqual(_ one: Distribution, _ other: Distribution, within tolerance: Double = 1e-12) {
  #expect(one.definition === other.definition)
  #expect(abs(one.mean / other.mean - 1) < tolerance)
  for part in 1...20 {
    let value = other.mean * Double(part) / 8
    #expect(abs(one.cumulativeProbability(value) - other.cumulativeProbability(value)) < tolerance)
  }
}
