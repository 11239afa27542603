// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Environments
import Learners
import Networks
import Quantities
import Randomness
import Schema
import Simulation
import Testing

typealias Rule = StrategySettings.MissingNeighbourRule

/// Agents with exact gradients of costs with minimisers of their own, around a centre that waits for nobody in particular.
private func centre(
  _ agents: Int, _ missing: Rule = .wait, spread: Double = 1, stepSize: Double = 0.05,
  compute: ComputeSettings = ComputeSettings(betweenAgents: .constant(1)), links: LinkSettings = LinkSettings(),
  failures: FailureSettings? = nil, centre: CentreSettings = CentreSettings(stepTime: .constant(0)),
  until: Double = 100
) -> SimulationSettings {
  settings(
    ring(agents), dimension: 2, spread: spread, stepSize: stepSize, algorithm: .steepestDescent,
    strategy: StrategySettings(kind: .centralised, timing: .asynchronous, missingNeighbour: missing, centre: centre),
    compute: compute, links: links, failures: failures, until: until, every: until / 4)
}

/// The minimiser of each agent's cost; all costs are equally curved.
private func minimisers(_ settings: SimulationSettings) throws -> [[Double]] {
  let task = try #require(World(settings, replication: 0).task as? LinearRegressionTask)
  return (0..<settings.network.agentCount).map { agent in
    (0..<task.dimension).map { task.truths[agent * task.dimension + $0] }
  }
}

private func average(_ points: [[Double]], _ weights: [Double]) -> [Double] {
  let sum = weights.reduce(0, +)
  return points[0].indices.map { entry in zip(points, weights).reduce(0) { $0 + $1.0[entry] * $1.1 } / sum }
}

private func distance(_ one: [Double], _ other: [Double]) -> Double {
  zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

// MARK: - Staleness

private let laws: [(name: String, law: Distribution)] = [
  ("constant", .constant(1)), ("exponential", .exponential(mean: 1)), ("pareto", .pareto(minimum: 1.0 / 3, shape: 1.5)),
]

/// With all agents busy and nothing dropped, what has been applied and what is under way sum to (n − 1) times the steps, in
/// whole numbers, after every event.
@Test(arguments: laws.map(\.name), [0.0, 0.125])
func stalenessIsConserved(name: String, latency: Double) throws {
  let law = try #require(laws.first { $0.name == name }).law
  for stepTime in [0.0, 0.03] {
    let settings = centre(
      6, compute: ComputeSettings(betweenAgents: .uniform(lower: 1, upper: 3), withinAgent: law),
      links: LinkSettings(latency: .law(.constant(latency))), centre: CentreSettings(stepTime: .constant(stepTime)),
      until: 200)
    let seen = try Seen(settings)
    let sums = seen.trace.conservedSums
    #expect(sums.count > 1000)
    #expect(sums.allSatisfy { $0 == [0] })
    let staleness = seen.record.staleness
    #expect(staleness.gradients > 150)
    // At most (n − 1) gradients are under way, none of which can be older than there are steps.
    let mean = staleness.meanGradientUpdates
    #expect(mean > 3 && mean <= 5)
  }
}

/// Two agents that are always as fast come in turn: from the second step on each gradient is one version old.
@Test func stalenessIsKnownStepByStepOfTwoEqualAgents() throws {
  let exponent = 0.75
  let settings = centre(
    2, stepSize: 0.1, centre: CentreSettings(stepTime: .constant(0), stalenessExponent: exponent), until: 10.5)
  let seen = try Seen(settings)
  #expect(seen.record.staleness.gradients == 20)
  #expect(seen.record.staleness.maximumGradientUpdates == 1)
  let truths = try minimisers(settings)
  var held = [[0.0, 0.0], [0.0, 0.0]]
  var parameters = [0.0, 0.0]
  for step in 0..<20 {
    let agent = step % 2
    let share = step == 0 ? 1 : 0.5.squareRoot() * 0.5.squareRoot().squareRoot()
    for entry in 0..<2 { parameters[entry] += share * 0.1 * (truths[agent][entry] - held[agent][entry]) }
    held[agent] = parameters
  }
  let found = Array(seen.parameters.suffix(2))
  #expect(distance(found, parameters) < 1e-12)
  #expect(distance(found, truths[0]) > 0.01)
}

@Test func whatIsTooOldIsDroppedAndAnswered() throws {
  let compute = ComputeSettings(
    betweenAgents: .constant(1), stragglers: [.init(choice: .named(["agent-3"]), slowdown: 20)])
  func run(_ oldest: Int?) throws -> Seen {
    try Seen(centre(4, compute: compute, centre: CentreSettings(stepTime: .constant(0), oldestGradient: oldest)))
  }
  let (all, some) = (try run(nil), try run(10))
  #expect(all.record.staleness.maximumGradientUpdates > 50)
  #expect(all.record.messages.late == 0)
  #expect(some.record.staleness.maximumGradientUpdates <= 10)
  // It goes on all the same: it is told the present version.
  #expect(some.record.messages.late == 5)
  #expect(some.record.agents.map(\.updates) == all.record.agents.map(\.updates))
  #expect(some.record.messages.accounted == some.record.messages.sent)
}

// MARK: - Where it ends

/// Steps follow who is fast, so they end at the minimiser of costs weighted by frequency; compensated ones at the true one.
@Test(arguments: [false, true])
func constantTimesEndAtTheOptimumWeightedByFrequency(compensates: Bool) throws {
  let slow = ComputeSettings.Stragglers(choice: .named(["agent-2", "agent-3"]), slowdown: 4)
  let settings = centre(
    4, stepSize: 0.002, compute: ComputeSettings(betweenAgents: .constant(1), stragglers: [slow]),
    centre: CentreSettings(stepTime: .constant(0), compensatesFrequency: compensates), until: 4000)
  let truths = try minimisers(settings)
  let (byFrequency, byRight) = (average(truths, [4, 4, 1, 1]), average(truths, [1, 1, 1, 1]))
  let apart = distance(byFrequency, byRight)
  #expect(apart > 0.1)
  let found = Array(try Seen(settings).parameters.suffix(2))
  #expect(distance(found, compensates ? byRight : byFrequency) < 0.01 * apart)
}

/// A buffer for everybody's gradient makes rounds of it.
@Test(arguments: [1, 3, 5])
func aBufferForAllMakesRounds(agents: Int) throws {
  let law = Distribution.exponential(mean: 1)
  let latency = LinkSettings(latency: .law(.constant(0.25)))
  let buffered = centre(
    agents, compute: ComputeSettings(betweenAgents: .constant(1), withinAgent: law), links: latency,
    centre: CentreSettings(stepTime: .constant(0.1), buffer: agents))
  var rounds = buffered
  rounds.strategy = StrategySettings(
    kind: .centralised, timing: .synchronousGlobal, centre: CentreSettings(stepTime: .constant(0.1)))
  let (one, other) = (try Seen(buffered), try Seen(rounds))
  #expect(one.record.agents.map(\.updates) == other.record.agents.map(\.updates))
  #expect(one.record.agents[0].updates > 20)
  #expect(distance(one.parameters, other.parameters) < 1e-12)
  #expect(one.record.staleness.maximumGradientUpdates == 0)
}

/// Three of four make a step as long as there are three.
@Test func aBufferDoesNotWaitForThoseWhoAreDown() throws {
  var settings = centre(
    4, compute: ComputeSettings(betweenAgents: .constant(1)), centre: CentreSettings(stepTime: .constant(0), buffer: 3),
    until: 20)
  settings.timeline = [
    TimelineEntry(at: [.after(.seconds(5.5))], action: "crash", Arguments(["agents": .names(["agent-1", "agent-2"])]))
  ]
  let seen = try Seen(settings)
  #expect(seen.record.ending == .until)
  #expect(seen.record.agents[0].updates > 15)
  // Until then the fourth gradient of each round waits for two of the next.
  #expect(seen.record.agents[1].updates == 4)
}

// MARK: - One agent

/// A3C of one worker without delay is A2C, bit for bit; other learners have the like in their tests of runs.
@Test func aSingleActorWithAnAsynchronousCentreIsAnActorAlone() throws {
  try expectACentreOfOneIsNobody { network, strategy, until in
    SimulationSettings(
      network: network, task: .control(ControlSettings(environment: .cartPoleBalance, timeLimit: 20)),
      learner: .actorCritic(ActorCriticSettings(hiddenUnits: [8], episodesPerStep: 2)), strategy: strategy,
      conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
      measurement: MeasurementSettings(until: .seconds(until), every: .seconds(2.5), testEpisodes: 1), seed: 7)
  }
}

// MARK: - What goes wrong

@Test(arguments: FailureSettings.Recovery.allCases.filter { $0 != .checkpoint }, [Rule.wait, Rule.lastHeard])
func crashesAndLossesHoldNobodyUp(
  recovery: FailureSettings.Recovery, missing: Rule
) throws {
  for loss in [0.0, 0.2] {
    let settings = centre(
      5, missing, links: LinkSettings(latency: .law(.exponential(mean: 0.2)), loss: try #require(Probability(loss))),
      failures: FailureSettings(up: .exponential(mean: 15), down: .exponential(mean: 8), onRecovery: recovery),
      centre: CentreSettings(stepTime: .constant(0.05), buffer: 2), until: 300)
    let seen = try Seen(settings)
    #expect(seen.record.ending == .until)
    #expect(seen.record.agents.allSatisfy { $0.updates > 30 && $0.down > 0 })
    #expect(seen.record.messages.accounted == seen.record.messages.sent)
    for agent in 0..<5 { #expect(!seen.begins(of: agent).filter { $0 > 250 }.isEmpty) }
  }
}

private func crash(at begin: Double, for length: Double) -> TimelineEntry {
  TimelineEntry(
    at: [.after(.seconds(begin))], for: .seconds(length), action: "crash", Arguments(["agents": .text("centre")]))
}

/// While the centre is down those who go on do so with what they have heard last, and those who wait stand still.
@Test(arguments: [Rule.wait, Rule.lastHeard])
func aCentreThatIsDownTellsNobodyAnything(missing: Rule) throws {
  var settings = centre(
    3, missing, links: LinkSettings(latency: .law(.constant(0.125))),
    centre: CentreSettings(stepTime: .constant(0.125)), until: 40)
  settings.timeline = [crash(at: 10.3, for: 20)]
  settings.measurement.every = .seconds(0.5)
  settings.measurement.records.links = true
  let seen = try Seen(settings)
  let errors = seen.record.values(.msd)
  // From 11 s to 30 s nobody hears anything.
  #expect(Set(errors[24...60].map(\.bitPattern)).count == 1)
  #expect(errors[22] != errors[18] && errors[62...].last != errors[60])
  let meanwhile = seen.begins(of: 0).filter { $0 > 12 && $0 < 30 }.count
  if missing == .wait { #expect(meanwhile == 0) } else { #expect(meanwhile == 17) }
  #expect(seen.record.messages.accounted == seen.record.messages.sent)
  #expect(seen.record.messages.toDeadAgent > 0)
  // Messages of those who wait are sent again at ever longer intervals, the last of them at 34 s.
  #expect(seen.record.agents.allSatisfy { $0.updates > 9 })
}

@Test func roundsStandStillWhileTheCentreIsDown() throws {
  var settings = centre(3, links: LinkSettings(latency: .law(.constant(0.125))), until: 40)
  settings.strategy = StrategySettings(
    kind: .centralised, timing: .synchronousGlobal, centre: CentreSettings(stepTime: .constant(0.25)))
  // It goes down in the middle of a step, which it begins anew at 30 s.
  settings.timeline = [crash(at: 1.25, for: 28.75)]
  let seen = try Seen(settings)
  #expect(seen.begins(of: 0).prefix(3) == [0, 30.375, 31.875])
  #expect(seen.record.ending == .until)
  #expect(seen.record.messages.accounted == seen.record.messages.sent)
}

/// A way to the centre that goes while the way back stays, and comes again: whoever had an answer on its way goes on.
@Test(arguments: [StrategySettings.Timing.asynchronous, .synchronousGlobal])
func aKnownCutOfOneWayHoldsNobodyUp(timing: StrategySettings.Timing) throws {
  for begin in [4.64, 5.0, 5.05, 5.11] {
    var settings = centre(
      1, compute: ComputeSettings(betweenAgents: .constant(0.1)),
      links: LinkSettings(latency: .law(.constant(0.02))), centre: CentreSettings(stepTime: .constant(0.01)), until: 60)
    if timing == .synchronousGlobal {
      settings.strategy = StrategySettings(
        kind: .centralised, timing: timing, centre: CentreSettings(stepTime: .constant(0.01)))
    }
    settings.timeline = [knownCut(.all, at: begin, for: 0.2, .forward)]
    let seen = try Seen(settings)
    #expect(seen.record.ending == .until)
    #expect(seen.record.agents[0].updates > 350)
  }
}
