// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Scenarios
import Schema
import Simulation
import Testing

private func text(_ network: String) -> String {
  """
  name: small
  task: {kind: linear-regression, dimension: 2}
  network: \(network)
  learner: {step-size: 0.02}
  measure: {until: 10 s, every: 1 s}

  """
}

/// What is wrong with a network, as it is shown below the place.
private func mistake(_ network: String, _ overrides: String...) -> String? {
  do {
    _ = try Scenario.parse(
      text: text(network), file: "bad.yaml", overrides: overrides.map { try Override($0) })
    return nil
  } catch let error as ScenarioError {
    return [error.message, error.hint].compactMap { $0 }.joined(separator: " | ")
  } catch { return "\(error)" }
}

@Test func whatIsShownOfEveryTopologyAndRuleLoadsAsAnEqualScenario() throws {
  for definition in TopologyDefinition.all {
    for example in definition.examples {
      for rule in CombinationRule.all where rule.parameters.allSatisfy({ $0.presence != .required }) {
        var original = try scenario(text("{topology: ring, agents: 4}"))
        original.arms[0].settings.network = NetworkSettings(
          topology: .init(definition, example), weights: .init(rule))
        guard !original.arms[0].settings.network.isDirected || !rule.needsUndirected else { continue }
        let shown = original.resolvedText()
        #expect(try scenario(shown) == original, "\(definition.name), \(rule.name):\n\(shown)")
      }
    }
  }
}

@Test func aMatrixIsShownAndLoaded() throws {
  let original = try scenario(
    text("{topology: ring, agents: 2, weights: matrix, matrix: [[0.75, 0.5], [0.25, 0.5]]}"))
  #expect(original.arms[0].settings.network.weights == .matrix([[0.75, 0.5], [0.25, 0.5]]))
  #expect(try scenario(original.resolvedText()) == original)
  let listed = try scenario(text("{topology: path, agents: 3, weights: hastings, theta2: [1, 2, 0.5]}"))
  #expect(listed.arms[0].settings.network.weights.arguments["theta2"] == .numbers([1, 2, 0.5]))
  #expect(try scenario(listed.resolvedText()) == listed)
}

@Test func keysOfOtherTopologiesAndRulesAreRefused() {
  #expect(
    mistake("{topology: ring, agents: 4, rows: 2}") == "rows goes with topology grid or torus only, here it is ring")
  #expect(
    mistake("{topology: ring, agents: 4, beta: 0.1}") == "beta goes with weights laplacian only, here it is metropolis")
  #expect(mistake("{topology: grid, rows: 2}") == "topology grid needs 'columns' | such as columns: 5")
  #expect(mistake("{topology: erdos-renyi, agents: 4}") == "topology erdos-renyi needs 'probability' or 'mean-degree'")
  #expect(
    mistake("{topology: erdos-renyi, agents: 4, probability: 10 %, mean-degree: 2}")
      == "network has both 'probability' and 'mean-degree' | give one of the two")
  #expect(
    mistake("{topology: ring, agents: 4, edges-file: x}")
      == "edges-file goes with topology edge-list only, here it is ring")
  #expect(
    mistake("{topology: rign, agents: 4}")
      == "network.topology is 'rign', not one of the topologies there are | did you mean 'ring'?")
  #expect(
    mistake("{topology: ring, agents: 4, weights: matrix}")?.hasPrefix("weights matrix needs 'matrix' | such as")
      == true)
}

@Test func valuesThatDoNotFitAreRefused() {
  #expect(
    mistake("{topology: random-regular, agents: 5, degree: 3}")?.hasPrefix(
      "network.degree is 3, but 5 agents cannot all") == true)
  #expect(
    mistake("{topology: random-regular, agents: 5, degree: 5}") == "network.degree is 5, but an agent has only 4 others"
  )
  #expect(mistake("{topology: circulant, agents: 7, offsets: [1, 4]}")?.hasPrefix("network.offsets has 4, but") == true)
  #expect(mistake("{topology: barabasi-albert, agents: 3, edges-per-agent: 3}")?.contains("only 2 others") == true)
  #expect(
    mistake("{topology: grid, rows: 1000000, columns: 1000000}")
      == "a network has 1 to 1000000 agents, here it has 1000000000000")
  let large = text("{topology: complete, agents: 1000000}")
  let error = #expect(throws: ScenarioError.self) { try Scenario.parse(text: large, file: "bad.yaml") }
  #expect(error?.faults.contains { $0.message.contains("GiB") } == true)
  #expect(
    mistake("{topology: ring, agents: 4, weights: hastings, theta2: [1, 2]}")?
      .hasPrefix("network.theta2 has 2 numbers, but the network has 4 agents") == true)
  #expect(
    mistake("{topology: ring, agents: 2, weights: matrix, matrix: [[1, 0], [0]]}")
      == "network.matrix has a row of 1 number, but the network has 2 agents")
}

@Test func aMatrixThatSeemsTransposedIsRefusedAtItsPlace() {
  let rows = "[[0.5, 0.5, 0], [0.25, 0.5, 0.25], [0, 0.5, 0.5]]"
  #expect(
    mistake("{topology: path, agents: 3, weights: matrix, matrix: \(rows)}")
      == "The weights that ‘agent-0’ gives, a column of the matrix, sum to 0.75 instead of 1; as its rows do sum to one, "
      + "it seems transposed.")
  #expect(
    mistake("{topology: path, agents: 2, weights: matrix, matrix: [[1.5, 0], [-0.5, 1]]}")?.contains("-0.5") == true)
}

@Test(arguments: ["one-peer", "random-neighbour"])
func whoSendsToOneNeighbourNeedsNoWordOnWeightsOnAnyGraph(sendTo: String) throws {
  for directed in ["", ", directed: false"] {
    let network = "{topology: exponential, agents: 4, send-to: \(sendTo)\(directed)"
    #expect(mistake(network + "}") == nil)
    let read = try scenario(text(network + "}"))
    #expect(try scenario(read.resolvedText()) == read)
    let unusual = directed.isEmpty ? "relative-degree" : "averaging"
    #expect(
      mistake(network + ", weights: \(unusual)}")?.hasPrefix("weights says nothing with send-to \(sendTo)") == true)
  }
}

@Test func directedGraphsAreRefusedWhereLinksBackAreNeeded() {
  #expect(
    mistake("{topology: exponential, agents: 4, weights: metropolis}")?.hasPrefix(
      "weights metropolis do not go with a directed graph")
      == true)
  let directed = "{topology: exponential, agents: 4, weights: averaging}"
  #expect(mistake(directed) == nil)
  #expect(mistake(directed, "conditions.links.loss=0.1") == nil)
  #expect(mistake(directed, "strategy.timing=synchronous-global") == nil)
  #expect(
    mistake(directed, "strategy.timing=synchronous-global", "conditions.links.loss=0.1")?
      .hasPrefix("acknowledgements (synchronous timing in which messages can get lost) do not go with a directed graph")
      == true
  )
  #expect(
    mistake(directed, "strategy.timing=synchronous-local")?
      .hasPrefix("synchronous-local timing does not go with a directed graph") == true)
}

@Test(arguments: ["asynchronous", "synchronous-global"])
func learningOnADirectedGraphReachesTheMinimiser(timing: String) throws {
  let scenario = try scenario(
    text("{topology: exponential, agents: 6, weights: averaging}"), "task.noise-variance=0",
    "strategy.timing=\(timing)", "measure.until=100 s")
  let settings = scenario.arms[0].settings
  let record = try simulate(settings, in: World(settings, replication: 0))
  #expect(try #require(record.finals["msd"]) < 1e-6)
}

@Test func aWorldKnowsTheNoiseVariancesForItsRule() throws {
  let scenario = try scenario(
    text("{topology: path, agents: 4, weights: hastings}"), "task.noise-variance=[1, 2, 3, 4]")
  let network = try World(scenario.arms[0].settings, replication: 0).network
  let perron = try #require(network.spectrum().perronVector)
  for (share, variance) in zip(perron, [1.0, 2, 3, 4]) { #expect(abs(share - 0.48 / variance) <= 1e-12) }
}
