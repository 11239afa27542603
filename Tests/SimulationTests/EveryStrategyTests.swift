// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation
import Testing

/// The strategies that average when something arrives or slot by slot, in every variant.
private let onArrivalOrInSlots: [StrategySettings] = {
  let clock = ClockSettings(
    betweenAgents: .lognormal(median: 1, sigma: 0.3), withinAgent: .exponential(mean: 1),
    startPhase: .exponential(mean: 1))
  let gossips = GossipSettings.Exchange.allCases.flatMap { exchange in
    GossipSettings.Order.allCases.flatMap { order in
      GossipSettings.Wake.allCases.map { GossipSettings(exchange: exchange, order: order, wake: $0) }
    }
  }
  let slots = SlotSettings.Activity.allCases.flatMap { activity in
    [(0, 0), (2, 3)].map { delays in
      SlotSettings(
        activity: activity, activeProbability: .law(.uniform(lower: 0.4, upper: 1)), messageDelay: delays.0,
        gradientDelay: delays.1)
    }
  }
  let pushSums = [false, true].flatMap { running in
    [StrategySettings.Timing.asynchronous, .slotted].map {
      StrategySettings(kind: .pushSum, timing: $0, clock: clock, pushSum: PushSumSettings(runningSums: running))
    }
  }
  return gossips.map { StrategySettings(kind: .gossip, clock: clock, gossip: $0) } + pushSums
    + (diffusions + [.nonCooperative]).flatMap { kind in
      slots.map { StrategySettings(kind: kind, timing: .slotted, mailboxStart: .initial, slots: $0) }
    }
    + diffusions.flatMap { kind in
      [StrategySettings.Exchange.pull, .link].map {
        StrategySettings(kind: kind, exchange: $0, linkInterval: .exponential(mean: 1), mailboxStart: .initial)
      }
    }
}()

/// Settings drawn at random from what an arm with such a strategy can say.
func drawnSettings(_ trial: Int) throws -> SimulationSettings {
  var draws = Draws(StreamKey(seed: 5, replication: 0, purpose: .data, entity: "every"), at: UInt64(trial))
  func pick<Choice>(_ choices: [Choice]) -> Choice { choices[Int(draws.integer(below: UInt32(choices.count)))] }
  let strategy = onArrivalOrInSlots[trial % onArrivalOrInSlots.count]
  let steps: [Distribution] = [.constant(0), .constant(0.9), .exponential(mean: 1)]
  var settings = settings(
    pick([ring(1), ring(2), ring(7), paw]), spread: pick([0, 0.5]),
    algorithm: pick([.leastMeanSquares, .steepestDescent]), strategy: strategy, until: 60, every: 4,
    seed: UInt64(trial))
  let canStepAtOnce = strategy.kind == .gossip || strategy.kind == .pushSum
  settings.conditions.compute.betweenAgents = canStepAtOnce ? pick(steps) : .constant(1)
  settings.conditions.links.loss = try .independent(#require(Probability(pick([0, 0.2, 1]))))
  if strategy.timing == .slotted {
    settings.conditions.links.latency = .law(pick([.constant(0), .uniform(lower: 0, upper: 0.5)]))
  } else if strategy.gossip.exchange == .push {
    settings.conditions.links.latency = .law(pick([.constant(0), .exponential(mean: 2)]))
    settings.conditions.links.bandwidth = pick([nil, .bytesPerSecond(20), .bytesPerSecond(200)])
    settings.conditions.links.queue = pick(LinkSettings.Queue.allCases)
    settings.conditions.links.inOrder = pick([true, false])
  }
  if pick([true, false]) {
    settings.conditions.failures = FailureSettings(
      up: pick([.constant(4), .exponential(mean: 8)]), down: pick([.constant(1), .exponential(mean: 3)]),
      onRecovery: strategy.kind == .pushSum ? .keep : pick(FailureSettings.Recovery.allCases))
  }
  settings.measurement.budget = pick([nil, nil, .updates(20), .samples(60), .bytes(3000)])
  if var task = settings.task.linearRegression {
    task.samples = settings.learner.algorithm == .leastMeanSquares ? pick([nil, 1, 5]) : nil
    settings.task = .linearRegression(task)
  }
  if pick([true, false, false]) {
    settings.task = .averaging(AveragingSettings(dimension: 3))
    settings.learner = LearnerSettings(
      algorithm: .none, stepSize: .law(.constant(0)), initial: .normal(standardDeviation: 1))
  }
  return settings
}

/// Fates sum to what was sent, times to the length of the run, estimates are let go, and a run that nobody watches is
/// the same run.
@Test(arguments: cases(0..<400, atLeast: 40))
func everyStrategyKeepsItsAccounts(trial: Int) throws {
  let settings = try drawnSettings(trial)
  let world = try World(settings, replication: 0)
  let seen = try Seen(settings)
  let record = seen.record
  let messages = record.messages
  #expect(messages.accounted == messages.sent)
  for agent in record.agents {
    let sum = agent.useful + agent.wasted + agent.unfinished + agent.waiting + agent.down
    #expect(abs(sum - record.endTime) < 1e-9 && agent.down >= 0)
  }
  #expect(try simulate(settings, in: world).fingerprint == record.fingerprint)
  // What is in flight or in line for its link holds its estimate.
  var bound = Int(messages.inFlightAtEnd + messages.neverStarted)
  if settings.strategy.kind != .gossip, settings.strategy.kind != .pushSum {
    let delay = settings.strategy.slots.gradientDelay
    bound += world.network.linkCount + record.agents.count * (1 + (delay == 0 ? 0 : delay + 1))
  }
  if settings.strategy.pushSum.runningSums, settings.strategy.kind == .pushSum {
    // Shares of which somebody has still to hear.
    bound += 2 * (bound + world.network.linkCount) + 9 * record.agents.count
  }
  #expect(seen.trace.snapshotsInUse <= bound)
}

/// Fact i for the strategies above: listing order, times in other units, agents without links.
@Test(arguments: onArrivalOrInSlots)
func namesAndUnitsAreAllThatCounts(strategy: StrategySettings) throws {
  let plain = try everything(strategy)
  let seen = try Seen(plain)
  #expect(seen.parameters.contains { $0 != 0 })
  var listed = plain
  listed.network.topology = .edgeList(
    agents: ["d", "b", "a", "c"], edges: [.init("c", "d"), .init("c", "a"), .init("b", "a"), .init("c", "b")])
  #expect(try Seen(listed).record.fingerprint == seen.record.fingerprint)

  let scaled = try Seen(try everything(strategy, unit: 1024))
  #expect(scaled.parameters == seen.parameters)
  #expect(scaled.record.messages == seen.record.messages)
  #expect(scaled.record.engine.events == seen.record.engine.events)

  // One clock for all gives a fifth agent turns, too.
  guard strategy.kind != .gossip || strategy.gossip.wake == .independent else { return }
  var joined = plain
  joined.network.requiresConnection = false
  joined.network.topology = .edgeList(
    agents: ["a", "aa", "b", "c", "d"], edges: [.init("a", "b"), .init("b", "c"), .init("a", "c"), .init("c", "d")])
  let five = try Seen(joined)
  var parameters = five.parameters
  parameters.removeSubrange(3..<6)
  #expect(parameters == seen.parameters)
  #expect(five.record.messages == seen.record.messages)
}

/// In slots all agents act at the same instants, and here all messages arrive at one; in which order changes nothing.
@Test(arguments: onArrivalOrInSlots.filter { $0.timing == .slotted })
func theOrderOfTiesChangesNoSlot(strategy: StrategySettings) throws {
  var settings = try everything(strategy)
  settings.network = ring(8)
  settings.conditions.links.latency = .law(.constant(0.25))
  let inOrder = try Seen(settings)
  for seed in 0..<5 {
    settings.ties = .random(seed: UInt64(seed))
    let shuffled = try Seen(settings)
    #expect(shuffled.parameters == inOrder.parameters)
    #expect(shuffled.record.messages == inOrder.record.messages)
  }
}

/// Step size 10 makes parameters grow beyond all numbers; the run ends all the same, twice alike.
@Test(arguments: cases(onArrivalOrInSlots))
func divergenceEndsAndRepeatsItself(strategy: StrategySettings) throws {
  var settings = try everything(strategy)
  settings.learner.stepSize = .law(.constant(10))
  settings.measurement = MeasurementSettings(until: .seconds(1500), every: .seconds(100))
  let seen = try Seen(settings)
  #expect(seen.parameters.contains { !$0.isFinite })
  #expect(seen.record.messages.accounted == seen.record.messages.sent)
  #expect(try Seen(settings).record.fingerprint == seen.record.fingerprint)
}
