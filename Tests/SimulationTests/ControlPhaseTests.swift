// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

private let synchronous = [StrategySettings.Timing.synchronousGlobal, .synchronousLocal]

/// Row A1 and A2: rounds of whole steps or of two phases, in which the actor learns from the combined critic.
@Test(arguments: orders, synchronous)
func roundsAreThoseTakenByHand(order: ActorCriticSettings.Order, timing: StrategySettings.Timing) throws {
  let settings = controlSettings(order: order, strategy: StrategySettings(timing: timing), until: 4.25)
  let world = try World(settings, replication: 0)
  var plain = try PlainAgents(settings, world: world)
  for attempt in 0..<4 { plain.round(attempt, in: world) }
  let seen = try Seen(settings)
  #expect(seen.parameters == plain.allParameters)
  #expect(seen.record.agents.map(\.updates) == [4, 4, 4, 4])
  let samples = plain.works.map { $0.reduce(0) { $0 + $1.samples } }
  #expect(seen.record.agents.map(\.samples) == samples)
  #expect(seen.record.agents.map(\.episodes) == [12, 12, 12, 12])
  #expect(seen.record.values(.samples).last == Double(samples.reduce(0, +)))
}

/// Each phase has its own messages, and they carry its block.
@Test(arguments: synchronous + [.asynchronous])
func aPhaseSendsItsBlock(timing: StrategySettings.Timing) throws {
  func messages(_ order: ActorCriticSettings.Order) throws -> MessageFates {
    try Seen(controlSettings(order: order, strategy: StrategySettings(timing: timing), until: 5.25)).record.messages
  }
  let (critic, actor) = (4 * 8 + 8 + 8 + 1, 4 * 8 + 8 + 2 * 8 + 2)
  // The paw has 8 directed links.
  #expect(try messages(.jacobi).sent == 8 * 5)
  #expect(try messages(.jacobi).bytes == UInt64(8 * 5 * 4 * (critic + actor)))
  // A second phase of the sixth step has not begun: its first has sent.
  let both = try Seen(
    controlSettings(order: .gaussSeidel, strategy: StrategySettings(timing: timing), until: 5.75)
  ).record.messages
  #expect(both.sent == UInt64(8 * (2 * 5 + 1)))
  #expect(both.bytes == UInt64(8 * 4 * (5 * (critic + actor) + critic)))
  #expect(both.accounted == both.sent)
}

/// Phases of half a second each: whichever sent last, what was heard is never older than half a second.
@Test(arguments: synchronous + [.asynchronous])
func theAgeIsThatOfTheNewestOfBothPhases(timing: StrategySettings.Timing) throws {
  let settings = controlSettings(
    order: .gaussSeidel, strategy: StrategySettings(timing: timing), until: 4.75, every: 0.25)
  let ages = try Seen(settings).record.values(.age)
  #expect(ages[0].isNaN && ages[1].isNaN)
  for point in 2..<ages.count { #expect(abs(ages[point] - (point % 2 == 0 ? 0 : 0.25)) < 1e-9) }
}

/// Fact f, for agents that act.
@Test(arguments: orders)
func withEqualStepsAsynchronousAgentsAreSynchronousOnes(order: ActorCriticSettings.Order) throws {
  let runs = try (synchronous + [.asynchronous]).map { timing in
    try Seen(controlSettings(ring(5), order: order, strategy: StrategySettings(timing: timing), until: 5.25))
  }
  #expect(runs[0].parameters == runs[1].parameters)
  #expect(runs[0].parameters == runs[2].parameters)
  #expect(runs[0].record.agents.allSatisfy { $0.updates == 5 })
  let start = try Seen(controlSettings(ring(5), order: order, until: 0.1, every: 0.1)).parameters
  #expect(runs[0].parameters != start)
}

/// The phases of a step share its attempt, and so the first episodes of an agent are those of any other order.
@Test func theOrderOfTheNetworksChangesNoEpisodeOfTheFirstStep() throws {
  let alone = StrategySettings(kind: .nonCooperative)
  let runs = try orders.map { try Seen(controlSettings(order: $0, strategy: alone, until: 1.25)).record }
  #expect(runs[0].agents.map(\.samples) == runs[1].agents.map(\.samples))
  var settings = controlSettings(strategy: alone, until: 10.25)
  // With step sizes of zero policies stay what they are, so all later episodes are the same, too.
  settings.learner.actorCritic.actorStepSize = 0
  settings.learner.actorCritic.criticStepSize = 0
  let jacobi = try Seen(settings).record
  settings.learner.actorCritic.order = .gaussSeidel
  #expect(try Seen(settings).record.agents.map(\.samples) == jacobi.agents.map(\.samples))
}

// MARK: - Crashes

private let alone = StrategySettings(kind: .nonCooperative)

/// Agent a alone crashes, and b goes on.
private func crashing(
  _ recovery: FailureSettings.Recovery, up: Double, down: Double, until: Double,
  order: ActorCriticSettings.Order = .jacobi, _ strategy: StrategySettings = alone
) -> SimulationSettings {
  var settings = controlSettings(pair, order: order, strategy: strategy, until: until)
  settings.learner.actorCritic.start = .own
  settings.conditions.failures = FailureSettings(
    up: .constant(up), down: .constant(down), onRecovery: recovery, agents: ["a"])
  return settings
}

/// Rule 4: a completes attempts 0 and 1, loses attempt 2 half way, and goes on with 3 and 4. The lost attempt leaves
/// no moments; kept moments are kept, others start afresh.
@Test(arguments: FailureSettings.Recovery.allCases, orders)
func aCrashedStepLeavesNoMoments(recovery: FailureSettings.Recovery, order: ActorCriticSettings.Order) throws {
  // With two phases the crash is in the second, whose critic has learnt; or in the first, whose has not.
  for up in order == .jacobi ? [2.5] : [2.25, 2.75] {
    let settings = crashing(recovery, up: up, down: 2, until: up + 4.25, order: order)
    let world = try World(settings, replication: 0)
    var plain = try PlainAgents(settings, world: world)
    plain.adapt(0, attempts: [0, 1])
    if up == 2.75 { plain.parameters[0] = plain.adapted(0, attempt: 2) }
    plain.bank.abandon(NodeID(0))
    plain.adapt(1, attempts: Array(0..<Int(up + 2)))
    if recovery != .keep {
      plain.bank.forget(NodeID(0))
      plain.start(0)
    }
    // Where b is between its phases its critic is ahead of its actor.
    if recovery == .neighbour {
      plain.parameters[0] = plain.parameters[1]
      if order == .gaussSeidel, up == 2.75 {
        var ahead = try PlainAgents(settings, world: world)
        ahead.adapt(1, attempts: Array(0..<Int(up + 2)))
        plain.parameters[0] = ahead.adapted(1, attempt: Int(up + 2))
      }
    }
    plain.adapt(0, attempts: [3, 4])
    let seen = try Seen(settings)
    #expect(Array(seen.parameters.prefix(plain.bank.parameterCount)) == plain.parameters[0].map { Double($0) })
    #expect(seen.record.agents[0].updates == 4)
  }
}

/// Agents wait for the messages of the first phase when one of them crashes: its episodes are forgotten.
@Test(arguments: FailureSettings.Recovery.allCases, StrategySettings.Timing.allCases.filter { $0 != .slotted })
func aCrashBetweenThePhasesForgetsTheEpisodes(
  recovery: FailureSettings.Recovery, timing: StrategySettings.Timing
) throws {
  for rule in [StrategySettings.MissingNeighbourRule.lastHeard, .itself, .renormalise] {
    let strategy = StrategySettings(
      timing: timing, missingNeighbour: rule, peerTimeout: timing == .synchronousLocal ? .seconds(1) : nil)
    var settings = crashing(recovery, up: 0.75, down: 0.5, until: 20.25, order: .gaussSeidel, strategy)
    settings.conditions.links.latency = .law(.constant(0.5))
    let seen = try Seen(settings)
    let messages = seen.record.messages
    #expect(messages.accounted == messages.sent)
    #expect(seen.parameters.allSatisfy { $0.isFinite })
    for agent in seen.record.agents {
      // Every step that has ended has had its own episodes: at least as many as steps, and none twice.
      let episodes = try #require(agent.episodes)
      #expect(episodes % 3 == 0 && episodes >= 3 * agent.updates)
    }
    #expect(try Seen(settings).record.fingerprint == seen.record.fingerprint)
  }
}

/// A slow neighbour makes the others jump over rounds, and its blocks never meet those of the other phase. With step
/// sizes of zero every number stays between the least and the greatest that agents started from.
@Test(arguments: [StrategySettings.MissingNeighbourRule.itself, .renormalise, .lastHeard], [1.0, 0.3])
func roundsThatAreJumpedOverMixNoBlocks(rule: StrategySettings.MissingNeighbourRule, peerTimeout: Double) throws {
  var settings = controlSettings(
    order: .gaussSeidel,
    strategy: StrategySettings(timing: .synchronousLocal, missingNeighbour: rule, peerTimeout: .seconds(peerTimeout)),
    until: 60, every: 20)
  settings.learner.actorCritic.start = .own
  settings.learner.actorCritic.criticStepSize = 0
  settings.learner.actorCritic.actorStepSize = 0
  settings.learner.actorCritic.episodesPerStep = 1
  settings.conditions.compute.withinAgent = .exponential(mean: 1)
  settings.conditions.compute.stragglers = [.init(choice: .named(["b"]), slowdown: 7)]
  settings.conditions.links.latency = .law(.exponential(mean: 0.3))
  settings.conditions.links.loss = try .independent(#require(Probability(0.2)))
  settings.conditions.failures = FailureSettings(up: .exponential(mean: 20), down: .exponential(mean: 3))
  let seen = try Seen(settings)
  let plain = try PlainAgents(settings, world: try World(settings, replication: 0))
  let count = plain.bank.parameterCount
  for entry in 0..<count {
    let starts = plain.parameters.map { Double($0[entry]) }
    let (least, greatest) = (starts.min() ?? .nan, starts.max() ?? .nan)
    let slack = 1e-5 * (greatest - least)
    for agent in 0..<4 {
      let value = seen.parameters[agent * count + entry]
      #expect(value >= least - slack && value <= greatest + slack)
    }
  }
  #expect(seen.record.messages.used > 50)
  #expect(seen.record.messages.accounted == seen.record.messages.sent)
}
