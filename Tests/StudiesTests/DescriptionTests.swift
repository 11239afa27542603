// SPDX-License-Identifier: GPL-3.0-or-later
import Scenarios
import Studies
import Testing

private func scenario(spread: Double, _ settings: [String]) throws -> Scenario {
  let text = """
    name: small
    task: {kind: linear-regression, dimension: 3, noise-variance: 0.01, truth: {spread: \(spread)}}
    network: {topology: ring, agents: 4}
    learner: {algorithm: lms, step-size: 0.05}
    measure: {until: 20 s, every: 1 s}
    """
  return try Scenario.parse(text: text, file: "small.yaml", overrides: settings.map { try Override($0) })
}

private func study(_ settings: String...) throws -> Study { try Study(scenario(spread: 1, settings)) }

private func destination(spread: Double = 1, _ settings: String...) throws -> Destination {
  try Destination(#require(scenario(spread: spread, settings).arms.first).settings)
}

@Test func onlyKeptEstimatesReachTheSynchronousFixedPointAsynchronously() throws {
  #expect(try destination() == .synchronousFixedPoint)
  #expect(try destination("strategy.missing-neighbour=self") == .ownFixedPoint)
  #expect(try destination("strategy.missing-neighbour=renormalise") == .ownFixedPoint)
  #expect(try destination("strategy.message=w") == .ownFixedPoint)
  #expect(try destination("strategy.kind=non-cooperative") == .ownMinimisers)
}

@Test func whatTheTimelineLeavesCutOrDownMovesTheFixedPoint() throws {
  func destination(_ timeline: String) throws -> Destination {
    let study = try study("timeline=[\(timeline)]")
    return try Destination(study.scenario.arms[0].settings, in: study.world(of: 0))
  }
  #expect(try destination("{at: 10 s, cut: all}") == .inPieces)
  #expect(try destination("{at: 10 s, crash: {count: 1}}") == .inPieces)
  #expect(try destination("{at: 10 s, for: 5 s, cut: all}") == .synchronousFixedPoint)
  #expect(try destination("{at: 10 s, cut: all}, {at: 12 s, restore: all}") == .synchronousFixedPoint)
}

@Test func oneResetIsForgottenAndEverComingOnesAreNot() throws {
  let reset = "for: 1 s, crash: {count: 1, on-recovery: reset}}]"
  #expect(try destination("timeline=[{at: 10 s, \(reset)") == .synchronousFixedPoint)
  #expect(try destination("timeline=[{at: 10 s, every: 4 s, times: 2, \(reset)") == .synchronousFixedPoint)
  #expect(try destination("timeline=[{at: 10 s, every: 4 s, \(reset)") == .perturbed)
}

/// What the task says of where agents end is not said of a learner with a bias.
@Test(arguments: [0.0, 1], ["fresh", "30"]) func aLearnerWithABiasReachesNoMinimiser(
  spread: Double, samples: String
) throws {
  let settings = ["learner.algorithm=leaky-lms", "task.samples=\(samples)"]
  #expect(try Destination(#require(scenario(spread: spread, settings).arms.first).settings) == .unsaid)
}

@Test func oneMinimiserForAllIsReachedByEveryRule() throws {
  #expect(try destination(spread: 0, "strategy.missing-neighbour=self") == .sharedMinimiser)
  #expect(try destination(spread: 0, "strategy.timing=synchronous-local") == .sharedMinimiser)
}

@Test func ratesFollowTheSlowestAgentOnlyWhereAgentsWait() throws {
  let slow = "conditions.compute.between-agents={uniform: [100 ms, 400 ms]}"
  let free = try study(slow)
  let rates = try ExpectedRates(free.scenario.arms[0].settings, in: free.world(of: 0))
  #expect(rates.slowestStepsPerSecond < rates.stepsPerSecond)
  #expect(rates.stepsPerSecond < rates.fastestStepsPerSecond)
  #expect(abs(rates.messagesPerSecond - rates.stepsPerSecond) < 1e-9)
  let barrier = try study(slow, "strategy.timing=synchronous-global")
  let bound = try ExpectedRates(barrier.scenario.arms[0].settings, in: barrier.world(of: 0))
  #expect(bound.messagesPerSecond == bound.slowestStepsPerSecond)
}

@Test(arguments: ["one-peer", "random-neighbour"])
func linksShareTheMessagesOfWhoSendsToOneNeighbourAtATime(_ sendTo: String) throws {
  // Of eight agents each has links to the next, the second next and the fourth next.
  let settings = ["network.topology=exponential", "network.agents=8", "conditions.compute.between-agents=100 ms"]
  func rates(_ sendTo: String) throws -> ExpectedRates {
    let study = try Study(scenario(spread: 1, settings + ["network.send-to=\(sendTo)"]))
    return try ExpectedRates(study.scenario.arms[0].settings, in: study.world(of: 0))
  }
  #expect(try abs(rates("all").messagesPerSecond - 10) < 1e-12)
  #expect(try abs(rates(sendTo).messagesPerSecond - 10.0 / 3) < 1e-12)
}

/// The graph that facts are about is that of agents that move at the start, else that of all with all edges.
@Test(arguments: [
  (["timeline=[{at: 5 s, join: {share: 50 %}}]"], "2 agents of replication 0 join later", "all agents with all edges"),
  (["network.edges-come-and-go={present: 3 s, absent: 1 s}"], "an edge is there 75 % of the time", "with all edges"),
  (
    [
      "network.topology=mobile", "network.radius=0.5", "network.crossing=10 s", "network.turn=never",
      "network.every=1 s",
    ], "agents move", "those of the start"
  ),
])
func whatChangesSaysWhichGraphFactsAreAbout(_ settings: [String], _ change: String, _ graph: String) throws {
  let study = try Study(scenario(spread: 1, settings + ["network.require-connected=false"]))
  let changes = try NetworkChanges(study.scenario.arms[0].settings, in: study.world(of: 0))
  let sentence = try #require(changes).sentence { "\($0) s" }
  #expect(sentence.contains(change) && sentence.contains("Its graph and sigma2 are those of"))
  #expect(sentence.contains(graph))
}

/// A clock rings once a nanosecond at most, however short the interval that is drawn; one clock for all of four agents
/// has each of them ring every fourth time.
@Test(arguments: [("one-at-a-time", 2.5e8), ("independent", 1e9)])
func clocksRingOnceANanosecondAtMost(_ wake: String, _ rate: Double) throws {
  let study = try study(
    "strategy.kind=gossip", "strategy.gossip.wake=\(wake)", "strategy.clock.between-agents=1 ns",
    "strategy.clock.within-agent=0.1", "conditions.compute.between-agents=0 s", "measure.until=1 s", "measure.every=1 s"
  )
  let rates = try ExpectedRates(study.scenario.arms[0].settings, in: study.world(of: 0))
  #expect(abs(rates.stepsPerSecond / rate - 1) < 1e-12)
  #expect(rates.slowestStepsPerSecond == rates.stepsPerSecond && rates.fastestStepsPerSecond == rates.stepsPerSecond)
}

@Test func utilisationIsBytesOfferedOverBytesCarried() throws {
  // Three numbers are 24 bytes; ten steps a second offer 240 bytes a second.
  let study = try study("conditions.compute.between-agents=100 ms", "conditions.links.bandwidth=480 B/s")
  let rates = try ExpectedRates(study.scenario.arms[0].settings, in: study.world(of: 0))
  #expect(rates.messageBytes == 24)
  #expect(abs((rates.utilisation ?? 0) - 0.5) < 1e-12)
}

@Test func everyPhaseOfAStepHasItsMessages() throws {
  func rates(_ order: String, compute: String = "between-agents: 100 ms") throws -> ExpectedRates {
    let text = """
      name: phases
      task: {kind: control, environment: cart-pole-balance, time-limit: 20}
      network: {topology: ring, agents: 4}
      learner: {algorithm: actor-critic, hidden-units: [4], order: \(order)}
      conditions: {compute: {\(compute)}, links: {bandwidth: 10 kB/s}}
      measure: {until: 20 s, every: 1 s}
      """
    let study = try Study(Scenario.parse(text: text, file: "phases.yaml", overrides: []))
    return try ExpectedRates(study.scenario.arms[0].settings, in: study.world(of: 0))
  }
  let (one, two) = try (rates("jacobi"), rates("gauss-seidel"))
  #expect(two.messagesPerSecond == 2 * one.messagesPerSecond)
  #expect(two.messageBytes * 2 == one.messageBytes)
  #expect(abs((two.utilisation ?? 0) - (one.utilisation ?? 0)) < 1e-12)
  // Five episodes of up to twenty steps.
  let byWork = try rates("jacobi", compute: "work: {environment-step: 1 ms, sample: 0 s}")
  #expect(byWork.assumesWholeEpisodes && !one.assumesWholeEpisodes)
  #expect(abs(byWork.stepsPerSecond - 10) < 1e-9)
}

@Test func factsOfARingAreItsOwn() throws {
  let facts = try #require(try study().networkFacts().first)
  #expect(facts.agents == 4 && facts.edges == 4 && facts.topology == "ring")
  #expect(facts.leastDegree == 2 && facts.greatestDegree == 2 && facts.meanDegree == 2)
  #expect(abs((facts.secondSingularValue ?? 0) - 1.0 / 3) < 1e-12)
}
