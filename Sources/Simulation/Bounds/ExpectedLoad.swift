// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Quantities
import Randomness

/// How often things happen in a run, from its laws alone: what an agent does that never waits or crashes.
///
/// A turn is a step, a round, a slot or a ring of a clock, whatever the strategy does again and again. Rates are those of
/// renewal processes within the time of the run, T / E[min(X, T)], which holds for laws without a mean too and is never
/// less than half of what is to be expected (Erickson, "Strong renewal theorems with infinite mean", 1970). For the long
/// runs of short intervals it is T / E[X].
package struct ExpectedLoad {
  /// Agents of which the same is known.
  package struct Group {
    /// How many agents they are.
    package var count: Double
    /// The rank of the agent, where it is one.
    package var rank: Int?
    package var turnsPerSecond: Double
    /// Links out of each agent.
    package var links: Double
    /// The factor of the latencies of these links, the greatest of them.
    package var latencyScale: Double
    /// What these links carry, the least of them in the mean over time: bytes a second. Nobody asks where there is no limit.
    package var leastBandwidth = Double.infinity
  }

  package let settings: SimulationSettings
  package let groups: [Group]
  /// Seconds of virtual time that the run takes: as it says, or until its budget is spent.
  package let seconds: Double
  /// How often a round takes place at most, where rounds wait for the slowest agent and for messages to arrive.
  package let roundsPerSecond: Double?
  /// The law of latencies, of which the scale is that of the group.
  let latency: Distribution
  private let messageRates: MessageRates

  /// Agents that learn.
  package var agents: Double { groups.reduce(0) { $0 + $1.count } }
  /// Directed links between them.
  package var links: Double { groups.reduce(0) { $0 + $1.count * $1.links } }

  /// The load before anything is drawn: every agent takes the mean of what agents draw.
  package init(_ settings: SimulationSettings) {
    let count = Double(settings.network.agentCount)
    let (law, scale) = settings.latencyWithoutWorld
    let compute = settings.conditions.compute
    let group = Group(
      count: count, turnsPerSecond: 0, links: count > 0 ? settings.network.expectedLinks / count : 0,
      latencyScale: scale, leastBandwidth: settings.conditions.links.bandwidth?.facts.least ?? .infinity)
    self.init(
      settings, [group],
      steps: [
        compute.meanTypicalStep(agents: settings.network.agentCount)
          / settings.meanSpeedWithinRun(agents: settings.network.agentCount)
      ],
      clocks: [settings.strategy.clock.betweenAgents.mean], active: [1], latency: law,
      leastLatency: settings.conditions.links.latency.law == nil ? 0 : law.support.lower)
  }

  /// The load in a world, in which networks and speeds are drawn.
  ///
  /// - Parameter replication: that of the world, where replications have worlds of their own.
  package init(_ settings: SimulationSettings, in world: World, replication: UInt32 = 0) {
    let network = world.network
    let scales = world.latencies.scales
    let isLimited = settings.conditions.links.bandwidth != nil
    let groups = (0..<world.agentCount).map { rank in
      let node = NodeID(rank)
      let scale = scales.isEmpty ? 1 : network.outgoing(node).lazy.map { scales[$0.index] }.max() ?? 0
      let bandwidth = isLimited ? network.outgoing(node).lazy.map { world.bandwidth($0, settings) }.min() : nil
      return Group(
        count: 1, rank: rank, turnsPerSecond: 0, links: Double(network.listenerCount(node)), latencyScale: scale,
        leastBandwidth: bandwidth ?? .infinity)
    }
    let keys = Array(network.keys.prefix(world.agentCount))
    let number = settings.resample.contains(.speeds) ? replication : StreamFamily.study
    let clocks =
      settings.usesClock
      ? settings.strategy.clock.intervals(
        of: settings.usesOneClock ? [EntityKey("network")] : keys, seed: settings.seed, replication: number) : []
    let isConnected = groups.allSatisfy { $0.links > 0 }
    self.init(
      settings, groups,
      steps: zip(world.typicalStepDurations, settings.meanSpeedsWithinRun(of: world.agents)).map { duration, speed in
        // Who stands still for all of the run hardly takes a step.
        duration / max(speed, 1e-9)
      },
      clocks: clocks,
      active: settings.strategy.slots.activeProbability.drawn(for: keys, seed: settings.seed),
      latency: world.latencies.law,
      leastLatency: isConnected ? world.latencies.law.support.lower * (scales.min() ?? 1) : 0)
  }

  /// - Parameters:
  ///   - steps: the typical duration of each group's steps, or the factor of its times; over its mean speed.
  ///   - clocks: the typical interval of each group's clocks, or of the one clock of all.
  ///   - active: the probability of each group to be active in a slot.
  ///   - leastLatency: seconds that a message of a round takes at least.
  private init(
    _ settings: SimulationSettings, _ groups: [Group], steps: [Double], clocks: [Double], active: [Double],
    latency: Distribution, leastLatency: Double
  ) {
    var groups = groups
    let until = settings.measurement.until.seconds
    let typical = settings.usesClock ? clocks : steps
    let turns = Turns(settings, until: until, shortest: typical.filter { $0 > 0 }.min() ?? 1)
    let count = groups.reduce(0) { $0 + $1.count }
    for index in groups.indices {
      groups[index].turnsPerSecond = turns.perSecond(
        step: steps[index], clock: clocks.count == groups.count ? clocks[index] : clocks.first ?? 0,
        active: active[min(index, active.count - 1)], agents: count)
    }
    self.settings = settings
    self.groups = groups
    self.latency = latency
    messageRates = MessageRates(settings)
    let slowest = groups.map(\.turnsPerSecond).min() ?? 0
    if settings.strategy.facts.takesTurns {
      // A sweep: the steps of all one after the other, or those of all side by side with a token that goes round.
      let steps =
        settings.takesTurnsBesideSteps ? 1 / slowest : groups.reduce(0) { $0 + $1.count / $1.turnsPerSecond }
      let hasToken = settings.strategy.incremental.order == .token
      roundsPerSecond = 1 / (steps + (hasToken ? count * leastLatency : 0))
    } else if settings.waitsInRounds {
      let centre = settings.strategy.facts.hasCentre ? settings.meanCentreSeconds(agents: Int(count)) : 0
      let crossings = settings.strategy.facts.hasCentre ? 2.0 : Double(settings.phaseCount)
      roundsPerSecond = 1 / (1 / slowest + centre + crossings * leastLatency)
    } else {
      roundsPerSecond = nil
    }
    seconds = min(until, settings.secondsToSpend(groups, rounds: roundsPerSecond))
  }

  /// Turns of a group as they take place: the slowest one's, where agents wait for each other.
  package func turnsPerSecond(_ group: Group) -> Double {
    roundsPerSecond.map { min($0, group.turnsPerSecond) } ?? group.turnsPerSecond
  }

  /// Messages that a link out of a group carries a second, if it can.
  package func messagesPerSecond(_ group: Group) -> Double {
    messageRates.perSecond(turns: turnsPerSecond(group), links: group.links)
  }
}

/// How often agents take turns, by what their strategy goes by.
private struct Turns {
  private let settings: SimulationSettings
  private let until: Double
  private let within: TruncatedMean
  /// The greatest factor of an interval.
  private let greatest: Double

  /// - Parameter shortest: the shortest typical interval that will be asked for.
  init(_ settings: SimulationSettings, until: Double, shortest: Double) {
    self.settings = settings
    self.until = until
    let law = settings.usesClock ? settings.strategy.clock.withinAgent : settings.conditions.compute.withinAgent
    within = TruncatedMean(of: law, .below, upTo: until / max(shortest, 1e-12))
    greatest = law.support.upper
  }

  func perSecond(step: Double, clock: Double, active: Double, agents: Double) -> Double {
    if settings.strategy.timing == .slotted {
      // Who is active is asked of those that combine a neighbourhood, or are alone.
      return (settings.strategy.facts.bringsWeights ? 1 : active) / settings.strategy.slots.duration.seconds
    }
    if settings.usesClock { return 1 / (interval(clock) * (settings.usesOneClock ? agents : 1)) }
    if settings.conditions.compute.work != nil { return 1 / settings.stepSeconds(factor: step) }
    return 1 / interval(step)
  }

  /// What an interval with a typical length lasts in the mean. What is always below half a nanosecond takes no time.
  private func interval(_ typical: Double) -> Double {
    // A clock rings once a nanosecond at most.
    let least = settings.usesClock ? 1e-9 : 0
    guard typical * greatest >= 0.5e-9 else { return least }
    return max(least, typical * within(until / typical))
  }
}

extension SimulationSettings {
  /// Whether clocks say when agents take turns.
  package var usesClock: Bool { strategy.facts.timingsByClock.contains(strategy.timing) }

  /// Whether one clock rings for an agent drawn among all.
  package var usesOneClock: Bool { strategy.facts.audience == .oneNeighbour && strategy.gossip.wake == .oneAtATime }

  /// Whether rounds take place no more often than the slowest agent steps, because nobody is given up.
  package var waitsInRounds: Bool {
    strategy.facts.cooperates && strategy.peerTimeout == nil && strategy.timing.hasRounds
  }

  /// Whether agents take turns beside their steps; else a step is the turn, where they take turns at all.
  package var takesTurnsBesideSteps: Bool { strategy.facts.takesTurns && learner.algorithm.takesTurns }

  /// The law of latencies and the greatest factor of it that a scenario can have.
  fileprivate var latencyWithoutWorld: (law: Distribution, scale: Double) {
    let facts = conditions.links.latency.facts
    return (facts.law, facts.greatestScale)
  }

  /// Seconds after which the budget is spent, as far as it can be told: of agents that take steps one after another.
  fileprivate func secondsToSpend(_ groups: [ExpectedLoad.Group], rounds: Double?) -> Double {
    guard let budget = measurement.budget, !hasOutages, !usesClock, strategy.timing != .slotted else {
      return .infinity
    }
    let steps = groups.reduce(0) { $0 + $1.count * min(rounds ?? .infinity, $1.turnsPerSecond) }
    let agents = groups.reduce(0) { $0 + $1.count }
    // Rounds wait for more than the slowest agent.
    let margin = rounds == nil ? 1.0 : 4
    let least = learning.leastPerStep
    switch budget {
    case .updates(let most): return margin * most * agents / steps
    case .samples(let most): return margin * most / (steps * least.samples)
    case .episodes(let most): return margin * most * agents / (steps * least.episodes)
    case .bytes: return .infinity
    }
  }
}

extension World {
  /// What a link carries, bytes a second: where that changes in time, in the mean. One that never carries anything counts
  /// as one that hardly does, so that what is divided by it stays a number.
  package func bandwidth(_ link: LinkID, _ settings: SimulationSettings) -> Double {
    guard let bandwidth = settings.conditions.links.bandwidth else { return .infinity }
    return max(1e-9, links?.bandwidths[0]?.rates[link.index] ?? bandwidth.facts.least)
  }
}
