// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Scenarios
import Simulation
import Testing

private func text(
  _ network: String, task: String = "{kind: linear-regression, dimension: 1}", _ rest: String = ""
) -> String {
  """
  name: defaults
  task: \(task)
  network: \(network)
  \(rest.contains("learner:") ? "" : "learner: {step-size: 0.02}\n")\(rest)
  measure: {until: 10 s, every: 1 s}

  """
}

/// What is wrong with a text, in one line each.
private func faults(_ text: String) -> [String] {
  do {
    let scenario = try Scenario.parse(text: text, file: "defaults.yaml")
    let shown = try Scenario.parse(text: scenario.resolvedText(), file: "shown.yaml")
    return shown == scenario ? [] : ["is shown as another scenario"]
  } catch { return error.faults.map { [$0.message, $0.hint].compactMap { $0 }.joined(separator: " | ") } }
}

@Test(arguments: [
  "{topology: exponential, agents: 8}", "{topology: ring, agents: 4, directed: true}",
  "{topology: edge-list, directed: true, edges: [[a, b], [b, a]]}",
])
func aDirectedNetworkHasARuleOfItsOwn(_ network: String) throws {
  #expect(faults(text(network)) == [])
  let scenario = try Scenario.parse(text: text(network), file: "defaults.yaml")
  #expect(scenario.arms[0].settings.network.weights == NetworkSettings.Weights(.averaging))
}

@Test func aRuleThatDoesNotGoWithADirectedGraphNamesBothWaysOut() {
  let said = faults(text("{topology: exponential, agents: 8, weights: metropolis}"))
  #expect(said.count == 1 && said[0].hasSuffix("edge-weights, or network.directed: false"), "\(said)")
}

/// A choice alone makes a scenario: what it does not say goes together.
@Test func everyStrategyAndTimingGoesWithItsOwnDefaults() {
  for network in ["{topology: ring, agents: 4}", "{topology: exponential, agents: 8}"] {
    // A centre needs no network, and turns are taken in rounds, which directed graphs have none of.
    let left = network.contains("exp") ? [StrategyDefinition.centralised, .incremental] : [.centralised]
    for kind in StrategyDefinition.all where !left.contains(kind) {
      #expect(faults(text(network, "strategy: {kind: \(kind.name)}")) == [], "\(kind)")
    }
    for timing in StrategySettings.Timing.allCases where timing != .synchronousLocal || !network.contains("exp") {
      #expect(faults(text(network, "strategy: {timing: \(timing.rawValue)}")) == [], "\(timing)")
    }
  }
}

@Test func everyTaskGoesWithItsOwnLearner() throws {
  let ring = "{topology: ring, agents: 4}"
  let tasks = [
    ("{kind: averaging, dimension: 2}", "learner: {}", LearnerDefinition.none),
    ("{kind: control, environment: cart-pole-balance}", "learner: {}", .actorCritic),
    ("{kind: control, environment: cart-pole-balance}", "learner: {}\nstrategy: {kind: centralised}", .actorCritic),
    ("{kind: five-state}", "learner: {step-size: 0.1}", .policyGradient),
    ("{kind: linear-regression, dimension: 2}", "learner: {step-size: 0.1}", .leastMeanSquares),
  ]
  for (task, rest, algorithm) in tasks {
    #expect(faults(text(ring, task: task, rest)) == [], "\(task)")
    let scenario = try Scenario.parse(text: text(ring, task: task, rest), file: "defaults.yaml")
    #expect(scenario.arms[0].settings.learner.algorithm == algorithm)
  }
}

/// What is said stands, and is refused where it does not go with the rest.
@Test func whatIsSaidIsNotReplaced() {
  let task = "{kind: control, environment: cart-pole-balance}"
  let ring = "{topology: ring, agents: 4}"
  #expect(
    faults(text(ring, task: task, "learner: {}\nstrategy: {kind: centralised, timing: slotted}"))
      == ["timing slotted does not go with strategy centralised | use asynchronous or synchronous-global"])
  #expect(
    faults(text(ring, task: "{kind: averaging, dimension: 2}", "learner: {algorithm: lms}")).first?.contains(
      "learner lms goes with task linear-regression only, here it is averaging") == true)
}
