// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios
import Simulation
import Testing

/// What a small scenario with these keys is refused for, or nothing.
private func mistake(_ overrides: String...) -> String? {
  let text = """
    name: base
    task: {kind: linear-regression, dimension: 2}
    network: {topology: ring, agents: 4}
    learner: {step-size: 0.02}
    measure: {until: 10 s, every: 1 s}
    """
  do {
    _ = try Scenario.parse(text: text, file: "s.yaml", overrides: overrides.map { try Override($0) })
    return nil
  } catch let error as ScenarioError {
    return error.message
  } catch {
    return "\(error)"
  }
}

@Test func aLatencyThatMissesItsSlotIsRefused() {
  #expect(mistake("strategy.timing=slotted", "conditions.links.latency=500 ms") == nil)
  #expect(
    mistake("strategy.timing=slotted", "conditions.links.latency=501 ms")?.hasSuffix("but the latency can be 501 ms")
      == true)
  #expect(
    mistake("strategy.timing=slotted", "conditions.links.latency={exponential: {mean: 1 ms}}")?
      .hasSuffix("but the latency has no bound") == true)
  #expect(
    mistake("strategy.timing=slotted", "strategy.slots.duration=1 h", "conditions.links.latency=30 min") == nil)
}

@Test(arguments: ["synchronous-global", "synchronous-local", "slotted"])
func gossipHasNoRounds(timing: String) {
  #expect(
    mistake("strategy.kind=gossip", "strategy.timing=\(timing)") == "timing \(timing) does not go with strategy gossip")
}

@Test func readsAndClocksOfLinksCarryTheEstimateOfThatInstant() {
  #expect(mistake("strategy.exchange=pull") == nil)
  #expect(mistake("strategy.exchange=pull", "strategy.message=psi") == "with exchange pull messages carry w")
  for condition in ["latency=1 ms", "bandwidth=1 kB/s"] {
    #expect(
      mistake("strategy.exchange=pull", "conditions.links.\(condition)")
        == "exchange pull happens at one instant, so links can have neither latency nor bandwidth")
  }
  #expect(mistake("strategy.exchange=link") == "exchange link needs the time between the messages of a link")
  #expect(mistake("strategy.exchange=link", "strategy.link-interval={exponential: {mean: 1 s}}") == nil)
  #expect(
    mistake("strategy.exchange=pull", "strategy.timing=slotted")
      == "exchange pull goes with diffusion and consensus in asynchronous timing only")
}

@Test func averagingAndLearningExcludeEachOther() {
  #expect(
    mistake("learner.algorithm=none") == "learner none goes with task averaging only, here it is linear-regression")
  #expect(
    mistake("task.kind=averaging", "learner.algorithm=lms")
      == "learner lms goes with task linear-regression only, here it is averaging")
  #expect(mistake("task.kind=averaging") == nil)
  #expect(mistake("task.kind=averaging", "learner.algorithm=none") == nil)
  #expect(mistake("task.kind=averaging", "learner.algorithm=none", "learner.initial=[1, 2, 3, 4]") == nil)
  #expect(
    mistake("task.kind=averaging", "learner.algorithm=none", "learner.initial=[1, 2]")
      == "learner.initial has 2 numbers, but the network has 4 agents")
}

@Test func pairwiseGossipHappensAtOneInstant() {
  #expect(mistake("strategy.kind=gossip", "strategy.gossip.exchange=pairwise") == nil)
  #expect(
    mistake("strategy.kind=gossip", "strategy.gossip.exchange=pairwise", "conditions.links.latency=1 ms")
      == "exchange pairwise happens at one instant, so links can have neither latency nor bandwidth")
}

@Test func aDoubledListOfProbabilitiesIsRefused() {
  #expect(
    mistake("strategy.timing=slotted", "strategy.slots.active-probability=[0.5, 0.5]")
      == "strategy.slots.active-probability has 2 numbers, but the network has 4 agents")
}

@Test func virtualTimeThatAllButStandsStillIsRefused() {
  for pace in [
    ["strategy.timing=slotted", "strategy.slots.duration=1 ns"],
    ["strategy.exchange=link", "strategy.link-interval={exponential: {mean: 1e-300 s}}"],
    ["strategy.kind=gossip", "strategy.clock.between-agents=1 ns"],
    ["conditions.compute.between-agents=1 s", "conditions.compute.within-agent={half-normal: {mean: 1e-320}}"],
  ] {
    let said = mistake(pace[0], pace[1], "measure.until=1 h")
    #expect(said?.contains(" makes more than ten billion events of a run of 1 h") == true, "\(pace)")
  }
}

/// Agents whose steps take no time may wait for a fusion centre that computes their gradients.
@Test func theStepsOfAFusionCentreTakeTimeToo() throws {
  func mistake(_ work: String, _ strategy: String) throws -> String? {
    let text = """
      name: base
      task: {kind: control, environment: cart-pole-balance}
      network: {topology: ring, agents: 4}
      learner: {algorithm: actor-critic, hidden-units: [4]}
      strategy: {kind: centralised, timing: synchronous-global, \(strategy)}
      conditions: {compute: {work: {\(work)}}}
      measure: {until: 10 s, every: 1 s}
      """
    do {
      _ = try Scenario.parse(text: text, file: "s.yaml", overrides: [])
      return nil
    } catch let error as ScenarioError {
      return error.message
    }
  }
  let standsStill = "conditions.compute makes more than ten billion events of a run of 10 s"
  #expect(try mistake("environment-step: 0 s, sample: 1 ms", "upload: episodes") == nil)
  #expect(try mistake("environment-step: 0 s, sample: 1 ms", "centre: {factor: 0}") == standsStill)
}

@Test(arguments: Set(StrategyDefinition.all.flatMap(\.facts.keys)).sorted())
func theKeysOfStrategiesAreThoseOfScenarios(key: String) throws {
  let keys = try #require(ReferencePages.all.first { $0.file == "keys.md" }).text
  #expect(["`strategy.\(key)`", "`strategy.\(key)."].contains { keys.contains($0) })
}
