// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// Gossip of agents that learn, everything random, no two events at one instant.
private func gossip(
  _ gossip: GossipSettings, compute: Double = 0, links: LinkSettings = LinkSettings(),
  failures: FailureSettings? = nil, on network: NetworkSettings = ring(6), until: Double = 80
) -> SimulationSettings {
  var strategy = StrategySettings(kind: .gossip)
  strategy.gossip = gossip
  strategy.clock = ClockSettings(
    betweenAgents: .lognormal(median: 1, sigma: 0.3), withinAgent: .exponential(mean: 1),
    startPhase: .exponential(mean: 1))
  return settings(
    network, spread: 0.5, strategy: strategy,
    compute: ComputeSettings(betweenAgents: .constant(compute), withinAgent: .exponential(mean: 1)), links: links,
    failures: failures, until: until)
}

private let lossy = LinkSettings(
  latency: .law(.exponential(mean: 0.7)), loss: Probability(0.2) ?? .never)

/// Against a plain loop on the same draws, bit for bit: averaging on arrival, steps that take time and are owed,
/// increments added to what the estimate has become, loss, messages that overtake each other.
@Test(arguments: GossipSettings.Order.allCases, [0, 0.8])
func pushGossipIsThePlainLoopOnTheSameDraws(order: GossipSettings.Order, compute: Double) throws {
  let settings = gossip(GossipSettings(order: order), compute: compute, links: lossy)
  var plain = try PlainGossip(settings)
  plain.run()
  let seen = try Seen(settings)
  #expect(seen.parameters == plain.parameters)
  #expect(seen.record.messages.sent == UInt64(plain.sentCount))
  #expect(seen.record.messages.lost == UInt64(plain.lost))
  #expect(seen.record.staleness.gradients == UInt64(plain.steps))
  #expect(seen.record.staleness.meanGradientUpdates == Double(plain.changes) / Double(plain.steps))
  #expect(plain.steps > 200 && plain.lost > 50)
  #expect((plain.changes > 50) == (compute > 0))
  #expect((seen.record.staleness.maximumGradientUpdates > 1) == (compute > 0))
  // All agents begin together; nothing else does.
  #expect(seen.record.engine.ties == 5)
  #expect(seen.trace.snapshotsInUse == Int(seen.record.messages.inFlightAtEnd))
}

/// A step that takes no time makes no event; one that takes the smallest time makes two waves of them, and the same
/// numbers.
@Test func aStepWithoutDurationNeedsNoEvent() throws {
  let direct = try Seen(gossip(GossipSettings(), links: lossy))
  #expect(direct.record.engine.events["computeEnd"] == 0)
  let brief = try Seen(gossip(GossipSettings(), compute: 1e-6, links: lossy))
  #expect(brief.record.engine.events["computeEnd"] == brief.record.agents.map(\.updates).reduce(0, +))
  #expect(zip(direct.parameters, brief.parameters).allSatisfy { abs($0 - $1) < 1e-12 })
  #expect(direct.parameters.contains { abs($0) > 0.1 })
}

/// Fact h for gossip: a constant survives everything, exactly; so does the sum where whole exchanges are lost.
@Test(arguments: GossipSettings.Exchange.allCases, GossipSettings.Wake.allCases)
func gossipKeepsAConstantExactly(exchange: GossipSettings.Exchange, wake: GossipSettings.Wake) throws {
  for loss in GossipSettings.Loss.allCases {
    for recovery in FailureSettings.Recovery.allCases {
      for constant in [0.1, -1 / 3.0, 1e300] {
        var settings = gossip(
          GossipSettings(exchange: exchange, loss: loss, wake: wake),
          links: exchange == .push
            ? lossy
            : LinkSettings(
              loss: try #require(Probability(0.2))),
          failures: FailureSettings(up: .exponential(mean: 20), down: .exponential(mean: 4), onRecovery: recovery))
        settings.learner.stepSize = .law(.constant(0))
        settings.learner.initial = .constant(constant)
        let seen = try Seen(settings)
        #expect(seen.parameters.allSatisfy { $0 == constant })
        #expect(seen.record.messages.accounted == seen.record.messages.sent)
        #expect(seen.record.messages.used > 20)
        #expect(seen.record.messages.toDeadAgent > 0)
      }
    }
  }
}

/// A pair of agents, one of which is down half of the time: what is sent to it then reaches nobody, and in a pairwise
/// exchange it does not answer.
@Test(arguments: GossipSettings.Exchange.allCases)
func whatIsSentToADeadAgentReachesNobody(exchange: GossipSettings.Exchange) throws {
  var settings = gossip(
    GossipSettings(exchange: exchange),
    failures: FailureSettings(up: .constant(10), down: .constant(10), agents: ["a"]), on: pair, until: 1000)
  settings.strategy.clock = ClockSettings(startPhase: .constant(0.5))
  let seen = try Seen(settings)
  // Live agent b takes 1000 turns, half of them in vain; agent a 500, with its clock going on while it is down.
  let messages = seen.record.messages
  #expect(messages.toDeadAgent == 500)
  #expect(messages.sent == (exchange == .push ? 1500 : 2 * 1000 + 500))
  #expect(messages.used == messages.sent - 500)
  #expect(messages.bytes == messages.sent * 24)
}

/// Outages are holes in a clock's rings and move none of them: the turns of the others, and those of the agent before
/// and after, are at the same times.
@Test(arguments: GossipSettings.Wake.allCases)
func clocksGoOnWhileAnAgentIsDown(wake: GossipSettings.Wake) throws {
  func rings(_ failures: FailureSettings?) throws -> [TracedEvent] {
    try Seen(gossip(GossipSettings(wake: wake), failures: failures, on: pair)).events.filter { $0.kind == .timer }
  }
  let all = try rings(nil)
  let some = try rings(FailureSettings(up: .constant(20), down: .constant(15), agents: ["a"]))
  func isDown(_ event: TracedEvent) -> Bool {
    event.subject == 0 && event.time.seconds.truncatingRemainder(dividingBy: 35) >= 20
  }
  // The clock of all rings for a dead agent too, without a turn; a timer of its own comes up once more in vain.
  let isSame = some.filter { !isDown($0) } == all.filter { !isDown($0) }
  #expect(isSame)
  #expect(all.count(where: isDown) > 5)
  #expect(wake == .oneAtATime ? some == all : some.count(where: isDown) == 2)
}

/// Of one clock for all, every agent gets its share of the turns: 12 000 turns of six agents, 2000 each, within 5
/// standard deviations of 40.8 (6e-7 for each agent).
@Test func turnsOfOneClockForAllAreUniform() throws {
  let seen = try Seen(gossip(GossipSettings(wake: .oneAtATime), until: 12_000))
  let timers = seen.events.filter { $0.kind == .timer }
  for agent in 0..<UInt32(6) {
    let expected = Double(timers.count) / 6
    #expect(abs(Double(timers.count { $0.subject == agent }) - expected) < 5 * (expected * 5 / 6).squareRoot())
  }
}

/// Direction losses hit one end and not the other; the draws are those of the links, so half of the exchanges that
/// lose anything lose one direction only.
@Test func pairsThatLoseOneDirectionMoveOneAgent() throws {
  var settings = gossip(GossipSettings(exchange: .pairwise, loss: .direction), on: pair, until: 400)
  settings.conditions.links.loss = try .independent(#require(Probability(0.3)))
  let seen = try Seen(settings).record
  // Each message that is used makes one agent move and take one step.
  #expect(seen.agents.map(\.updates).reduce(0, +) == seen.messages.used)
  #expect(seen.agents[0].updates != seen.agents[1].updates)
  settings.strategy.gossip.loss = .exchange
  let whole = try Seen(settings).record
  #expect(whole.messages.sent == seen.messages.sent)
  #expect(whole.messages.lost % 2 == 0 && whole.agents[0].updates == whole.agents[1].updates)
}

/// A clock that would ring for ever at one instant is refused, and steps without duration are no livelock.
@Test func aClockWithoutIntervalIsRefused() throws {
  var settings = gossip(GossipSettings(), links: LinkSettings())
  settings.strategy.clock.betweenAgents = .constant(0)
  #expect(throws: SimulationError.self) { try simulate(settings, in: World(settings, replication: 0)) }
}
