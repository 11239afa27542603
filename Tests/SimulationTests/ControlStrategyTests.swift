// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

private let diffusionKinds = [StrategyDefinition.diffusionATC, .diffusionCTA, .consensus]

/// How agents that act learn and cooperate.
private struct ActingAgents: Sendable, CustomTestStringConvertible {
  let order: ActorCriticSettings.Order
  let strategy: StrategySettings

  var testDescription: String { "\(order), \(strategy.testDescription)" }
}

/// Strategies in timings that agents that act can have, with their orders.
private let actingAgents: [ActingAgents] = {
  let rounds: [(StrategyDefinition) -> StrategySettings] = [
    { StrategySettings(kind: $0, timing: .synchronousGlobal) },
    { StrategySettings(kind: $0, timing: .synchronousGlobal, missingNeighbour: .wait) },
    { StrategySettings(kind: $0, timing: .synchronousLocal) },
    { StrategySettings(kind: $0, timing: .synchronousLocal, missingNeighbour: .itself, peerTimeout: .seconds(2)) },
    { StrategySettings(kind: $0, timing: .asynchronous) },
    { StrategySettings(kind: $0, timing: .asynchronous, missingNeighbour: .renormalise, message: .combined) },
  ]
  let whole: [StrategySettings] =
    diffusionKinds.flatMap { kind in
      rounds.map { $0(kind) } + [
        StrategySettings(kind: kind, exchange: .pull),
        StrategySettings(kind: kind, timing: .slotted),
        StrategySettings(
          kind: kind, timing: .slotted,
          slots: SlotSettings(activity: .sleep, activeProbability: .law(.constant(0.7)), gradientDelay: 2)),
      ]
    }
    + GossipSettings.Exchange.allCases.flatMap { exchange in
      GossipSettings.Order.allCases.map {
        StrategySettings(kind: .gossip, gossip: GossipSettings(exchange: exchange, order: $0))
      }
    }
    + [
      StrategySettings(kind: .pushSum), StrategySettings(kind: .pushSum, timing: .slotted),
      StrategySettings(kind: .nonCooperative), StrategySettings(kind: .nonCooperative, timing: .slotted),
    ]
  let phased =
    [StrategyDefinition.diffusionATC, .consensus].flatMap { kind in rounds.map { $0(kind) } }
    + [StrategySettings(kind: .nonCooperative)]
  return whole.map { ActingAgents(order: .jacobi, strategy: $0) }
    + phased.map { ActingAgents(order: .gaussSeidel, strategy: $0) }
}()

/// Everything that a strategy lets go wrong, in units of time that are powers of two.
private func everything(_ agents: ActingAgents, unit: Double = 1, until: Double = 20) throws -> SimulationSettings {
  var settings = controlSettings(
    order: agents.order, strategy: agents.strategy, until: until * unit, every: 5 * unit)
  settings.learner.actorCritic.episodesPerStep = 2
  return try settings.withEverything(unit: unit, bandwidth: 1600, up: 12, down: 3)
}

@Test(arguments: cases(actingAgents, atLeast: 12))
private func agentsThatActKeepTheirAccountsInEveryStrategy(agents: ActingAgents) throws {
  let strategy = agents.strategy
  let isOnArrival = strategy.kind == .gossip || strategy.kind == .pushSum
  for instant in isOnArrival ? [false, true] : [false] {
    var settings = try everything(agents)
    if instant { settings.conditions.compute.betweenAgents = .constant(0) }
    let record = try Seen(settings).record
    #expect(record.messages.accounted == record.messages.sent)
    for agent in record.agents {
      let sum = agent.useful + agent.wasted + agent.unfinished + agent.waiting + agent.down
      #expect(abs(sum - record.endTime) < 1e-9)
      // Two episodes a step, one more step where a first phase has no second.
      let (episodes, samples) = (try #require(agent.episodes), try #require(agent.samples))
      #expect(episodes >= 2 * agent.updates && samples >= episodes && samples <= 15 * episodes)
      if agents.order == .jacobi { #expect(episodes == 2 * agent.updates) }
    }
    #expect(record.agents.reduce(0) { $0 + $1.updates } > 2)
    #expect(record.agents.reduce(0) { $0 + ($1.samples ?? 0) } == UInt64(record.values(.samples).last ?? .nan))
    #expect(try Seen(settings).record.fingerprint == record.fingerprint)
    #expect(record.values(.testReturn).allSatisfy { $0.isFinite })
    // Equal starts have no disagreement; learning from episodes of one's own makes some.
    #expect(record.values(.disagreementAll).first == 0)
    let disagreement = try #require(record.values(.disagreementAll).last)
    #expect(disagreement > 0)
    settings.conditions.compute.work = .init(environmentStep: .seconds(0.02), sample: .seconds(0.02))
    let byWork = try Seen(settings).record
    #expect(byWork.messages.accounted == byWork.messages.sent)
  }
}

/// The disagreement of the record is that of the final parameters.
@Test(arguments: cases(actingAgents, atLeast: 12))
private func theDisagreementIsTheMeanSquareDistanceToTheMean(agents: ActingAgents) throws {
  var settings = try everything(agents)
  settings.learner.actorCritic.start = .own
  settings.conditions.failures = nil
  let seen = try Seen(settings)
  let count = seen.parameters.count / 4
  var sum = 0.0
  for entry in 0..<count {
    let values = (0..<4).map { seen.parameters[$0 * count + entry] }
    let mean = values.reduce(0, +) / 4
    sum += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
  }
  let measured = try #require(seen.record.values(.disagreement).last)
  #expect(abs(measured - sum) < 1e-9 * sum)
  #expect(seen.record.values(.disagreementAll).last == measured)
}

/// Fact h: with step sizes of zero equal starts stay equal under everything; where shares and masses are divided, to
/// single precision.
@Test(arguments: cases(actingAgents, atLeast: 12))
private func equalAgentsThatDoNotLearnStayExactlyEqual(agents: ActingAgents) throws {
  var settings = try everything(agents, until: 40)
  settings.learner.actorCritic.actorStepSize = 0
  settings.learner.actorCritic.criticStepSize = 0
  let seen = try Seen(settings)
  let plain = try PlainAgents(settings, world: try World(settings, replication: 0))
  if agents.strategy.kind == .pushSum {
    #expect(zip(seen.parameters, plain.allParameters).allSatisfy { abs($0 - $1) <= 1e-5 * abs($1) })
  } else {
    #expect(seen.parameters == plain.allParameters)
  }
  #expect(seen.record.agents.reduce(0) { $0 + $1.updates } > 2)
}

/// Fact i: listing order, agents without links, times in other units.
@Test(arguments: cases(actingAgents, atLeast: 12))
private func namesAndUnitsAreAllThatCountsForAgentsThatAct(agents: ActingAgents) throws {
  let strategy = agents.strategy
  let plain = try everything(agents)
  let seen = try Seen(plain)
  var listed = plain
  listed.network.topology = .edgeList(
    agents: ["d", "b", "a", "c"], edges: [.init("c", "d"), .init("c", "a"), .init("b", "a"), .init("c", "b")])
  #expect(try Seen(listed).record.fingerprint == seen.record.fingerprint)

  let scaled = try Seen(try everything(agents, unit: 1024))
  #expect(scaled.parameters == seen.parameters)
  #expect(scaled.record.messages == seen.record.messages)
  #expect(scaled.record.engine.events == seen.record.engine.events)

  guard strategy.timing != .synchronousGlobal else { return }
  guard strategy.kind != .gossip || strategy.gossip.wake == .independent else { return }
  var joined = plain
  joined.network.requiresConnection = false
  joined.network.topology = .edgeList(
    agents: ["a", "aa", "b", "c", "d"], edges: [.init("a", "b"), .init("b", "c"), .init("a", "c"), .init("c", "d")])
  let five = try Seen(joined)
  let count = seen.parameters.count / 4
  var parameters = five.parameters
  parameters.removeSubrange(count..<2 * count)
  #expect(parameters == seen.parameters)
  #expect(five.record.messages == seen.record.messages)
}
