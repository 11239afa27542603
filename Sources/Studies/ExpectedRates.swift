// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Simulation

/// How often things happen in a world, from the laws alone: what an agent does that never waits or crashes.
///
/// In gossip and push-sum a step stands for a turn of the agent's clock (in slots, for a slot). Synchronous agents wait
/// for others, so for them these are upper bounds; where they give nobody up, no round is shorter than the mean step of
/// the slowest agent.
package struct ExpectedRates: Sendable, Codable, Equatable {
  /// Steps per second of an agent: on average, of the slowest, and of the fastest.
  package let stepsPerSecond: Double
  package let slowestStepsPerSecond: Double
  package let fastestStepsPerSecond: Double
  /// Whether rounds go no faster than the slowest agent, because nobody is given up.
  package let isBoundBySlowest: Bool
  /// Whether agents wait for others up to a timeout, so that they take so many steps at most.
  package let isUpperBound: Bool
  /// How many rounds there are per second at most, a fusion centre's step included; nothing where somebody is given up.
  package let roundsPerSecond: Double?
  /// Messages per second over a directed link, on average; zero where nothing is sent.
  package let messagesPerSecond: Double
  /// The size of one message, on average over the phases of a step; with a fusion centre, of one that it sends.
  package let messageBytes: UInt64
  /// The size of what an agent sends to the fusion centre, at most; nothing without a centre.
  package let uploadBytes: UInt64?
  /// Bytes offered to the busiest link over what it carries; nothing without a bandwidth limit.
  package let utilisation: Double?
  /// Whether steps take as long as what they compute: then all this is as if no episode ended before its time, and where
  /// some do there is more of everything.
  package let assumesWholeEpisodes: Bool

  /// The rates of an arm in its world.
  package init(_ settings: SimulationSettings, in world: World) {
    let strategy = settings.strategy
    let rates = settings.turnsPerSecond(in: world)
    assumesWholeEpisodes =
      settings.conditions.compute.work != nil && !settings.usesClock && strategy.timing != .slotted
    stepsPerSecond = rates.reduce(0, +) / Double(max(1, rates.count))
    slowestStepsPerSecond = rates.min() ?? 0
    fastestStepsPerSecond = rates.max() ?? 0
    isBoundBySlowest = settings.waitsInRounds
    isUpperBound = strategy.facts.cooperates && strategy.timing.hasRounds && !isBoundBySlowest
    let centre = strategy.facts.hasCentre ? settings.meanCentreSeconds(agents: world.agentCount) : 0
    let rounds = centre > 0 ? 1 / (1 / slowestStepsPerSecond + centre) : slowestStepsPerSecond
    roundsPerSecond = isBoundBySlowest ? rounds : nil
    let links = settings.conditions.links
    messageBytes = settings.messageBytes
    uploadBytes =
      strategy.facts.hasCentre ? settings.uploadBytes(samples: settings.mostSamplesPerStep) : nil
    guard settings.strategy.facts.cooperates, world.network.linkCount > 0 else {
      messagesPerSecond = 0
      utilisation = links.bandwidth.map { _ in 0 }
      return
    }
    let ofLinks = settings.messagesPerSecond(
      in: world, turns: isBoundBySlowest ? rates.map { _ in rounds } : rates)
    messagesPerSecond = ofLinks.reduce(0, +) / Double(ofLinks.count)
    let bytes = Double(max(messageBytes, uploadBytes ?? 0))
    utilisation = links.bandwidth.map { _ in
      ofLinks.enumerated().map { bytes * $1 / world.bandwidth(LinkID($0), settings) }.max() ?? 0
    }
  }
}

extension SimulationSettings {
  /// How often each agent does what its strategy does again and again.
  fileprivate func turnsPerSecond(in world: World) -> [Double] {
    let agents = Double(world.network.nodeCount)
    // A clock rings once a nanosecond at most.
    let mean = strategy.clock.betweenAgents.mean * strategy.clock.withinAgent.mean
    let clock = max(mean, VirtualDuration.nanosecond.seconds)
    if strategy.timing == .slotted {
      // Of strategies that bring their weights all agents are active in every slot.
      guard !strategy.facts.bringsWeights else {
        return Array(repeating: 1 / strategy.slots.duration.seconds, count: world.network.nodeCount)
      }
      return strategy.slots.activeProbability.drawn(for: world.network.keys, seed: seed).map {
        $0 / strategy.slots.duration.seconds
      }
    }
    if usesClock {
      return Array(repeating: 1 / (usesOneClock ? clock * agents : clock), count: world.network.nodeCount)
    }
    let speeds = meanSpeeds(of: world.agents)
    return zip(world.typicalStepDurations, speeds).map { $1 / stepSeconds(factor: $0) }
  }

  /// How often each link carries a message, where each agent takes so many turns.
  fileprivate func messagesPerSecond(in world: World, turns: [Double]) -> [Double] {
    let network = world.network
    let isPull = strategy.timing == .asynchronous && strategy.exchange == .pull
    let rates = MessageRates(self)
    let (hasCentre, goesToOne) = (strategy.facts.hasCentre, sendsToOneAtATime)
    let slowest = turns.min() ?? 0
    return (0..<network.linkCount).map { link in
      let (sender, receiver) = (network.senders[link], network.receivers[link])
      let own = hasCentre ? slowest : turns[isPull ? receiver.index : sender.index]
      let links = Double(network.listenerCount(sender))
      return rates.perSecond(turns: own, links: links) / (goesToOne ? links : 1)
    }
  }
}
