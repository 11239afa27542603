// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Quantities
import Randomness

/// How many messages and parameter vectors a run holds at a time, at most but for rare chance.
///
/// By Little's law: what comes at a rate and stays for a time is rate × mean time, here E[min(X, T)], as a run begins with
/// empty links. A line that is offered more than it carries grows until the run ends. All messages of a broadcast share one
/// vector, which is held until the last of them has arrived; so its time is that of the longest of d draws.
package struct MessagesAtOnce {
  /// Messages that wait for a link, are in service or travel, acknowledgements included.
  package private(set) var messages = 0.0
  /// Of these the ones that wait in line.
  package private(set) var waiting = 0.0
  /// Vectors that these messages carry.
  package private(set) var vectorsOnTheWay = 0.0
  /// Vectors that mailboxes hold beside these.
  package private(set) var vectorsHeard = 0.0
  /// Vectors that agents keep for themselves: an estimate between two stages, a history.
  package private(set) var vectorsKept = 0.0
  /// Timers and ends of steps.
  package private(set) var appointments = 0.0

  /// All vectors at a time.
  package var vectors: Double { vectorsOnTheWay + vectorsHeard + vectorsKept }

  package init(_ load: ExpectedLoad) {
    let settings = load.settings
    var travel = TravelTimes(load)
    let repetitions = settings.usesAcknowledgements ? Repetitions(load) : nil
    let burst = load.sendsTogether ? 1.0 : 0
    let (depth, sharesVectors) = (settings.mailboxDepth, settings.sharesVectors)
    // Agents that are alike follow each other: what is known of one need not be found out again.
    var known: (group: ExpectedLoad.Group, link: LinkLoad, heard: Double)?
    // What is under way at each agent varies as a whole, that of different agents does not vary together.
    var (variance, ofVectors) = (0.0, 0.0)
    for group in load.groups where group.links > 0 {
      let link: LinkLoad
      let heard: Double
      if let known, known.group.isLike(group) {
        link = known.link
        heard = known.heard
      } else {
        link = LinkLoad(group, load, repetitions, burst: burst, &travel)
        heard = settings.vectorsHeard(links: group.links, depth: Double(depth))
        known = (group: group, link: link, heard: heard)
      }
      let vectors = sharesVectors ? link.shared : group.links * link.messages
      messages += group.count * group.links * link.messages
      waiting += group.count * group.links * link.waiting
      variance += group.count * group.links * (link.messages + group.links * link.variance)
      ofVectors += group.count * (vectors + link.variance * (sharesVectors ? 1 : group.links))
      vectorsOnTheWay += group.count * vectors
      vectorsHeard += group.count * heard
    }
    if settings.strategy.facts.hasCentre {
      // Uploads that the centre holds while the next are under way, and what it has sent.
      (vectorsHeard, vectorsOnTheWay) = (load.agents + 2, load.agents + 2)
      messages = max(2, 2 * messages / max(1, load.links)) * load.agents
      // Without rounds each agent has its own version of the parameters, and more than one message on a link.
      if settings.strategy.timing == .asynchronous { (vectorsHeard, vectorsOnTheWay) = (2 * load.agents, messages + 2) }
    }
    vectorsKept = load.agents * settings.vectorsKept + 1
    if sharesVectors { vectorsHeard = min(vectorsHeard, load.links * Double(depth)) }
    appointments = load.agents * 3 + (settings.strategy.exchange == .link ? load.links : 0)
    if settings.usesAcknowledgements { appointments += 4 * load.links }
    guard settings.varies else { return }
    // A count that chance makes vary is no more than three deviations above its mean.
    messages += 3 * variance.squareRoot()
    vectorsOnTheWay += 3 * ofVectors.squareRoot()
  }
}

extension ExpectedLoad.Group {
  /// Whether links of both hold the same.
  fileprivate func isLike(_ other: Self) -> Bool {
    turnsPerSecond == other.turnsPerSecond && links == other.links && latencyScale == other.latencyScale
      && leastBandwidth == other.leastBandwidth
  }
}

/// What one link of a group holds at a time.
private struct LinkLoad {
  /// Messages offered and not yet arrived.
  private(set) var messages = 0.0
  /// Those of them that wait in line.
  private(set) var waiting = 0.0
  /// Vectors that an agent's links share.
  private(set) var shared = 0.0
  /// The variance of what waits, or is held up by what was sent before it.
  private(set) var variance = 0.0

  init(
    _ group: ExpectedLoad.Group, _ load: ExpectedLoad, _ repetitions: Repetitions?, burst: Double,
    _ travel: inout TravelTimes
  ) {
    let settings = load.settings
    let rate = load.messagesPerSecond(group)
    guard rate > 0, !settings.isInstant else { return }
    let offered = rate * (1 + (repetitions?.count ?? 0))
    var carried = offered
    if settings.conditions.links.bandwidth != nil {
      let service = Double(settings.greatestMessageBytes) / max(group.leastBandwidth, 1e-9)
      let utilisation = offered * service
      carried = min(offered, 1 / service)
      if settings.conditions.links.queue == .fifo {
        (waiting, variance) = load.line(offered, service: service)
      } else {
        waiting = min(1, utilisation)
      }
      waiting += min(1, utilisation)
    }
    let time = travel.times(links: 1, rate: carried, scale: group.latencyScale)
    let onTheWay = carried * time + settings.slotsUnderWay + burst
    let last = travel.times(links: group.links, rate: carried, scale: group.latencyScale)
    let sharedOnTheWay = rate * min(1, carried / offered) * last + settings.slotsUnderWay + burst
    if settings.conditions.links.inOrder { variance += onTheWay * onTheWay }
    // A copy is under way as long as a message.
    let copies = settings.conditions.links.duplication?.probability.value ?? 0
    messages = waiting + onTheWay * (1 + copies)
    shared = waiting / (1 + (repetitions?.count ?? 0)) + sharedOnTheWay
    if load.roundsPerSecond != nil {
      // An agent is at most one round ahead of a neighbour that it waits for.
      let most = 2 * Double(settings.phaseCount)
      messages = min(messages, most * (1 + (repetitions?.count ?? 0)))
      shared = min(shared, most)
    }
    if repetitions != nil {
      // Acknowledgements, and what is kept until they are there.
      messages += min(carried * time, 2 * (1 + (repetitions?.count ?? 0)))
      shared = max(shared, 2)
    }
  }
}

/// How long messages travel, remembered for loads that are alike.
private struct TravelTimes {
  private struct Kind: Hashable {
    var links: Double
    var rate: Double
  }

  private let load: ExpectedLoad
  private let isInOrder: Bool
  private let missing: Double
  private let least: Double
  private var known: [Kind: TruncatedMean] = [:]

  init(_ load: ExpectedLoad) {
    self.load = load
    isInOrder = load.settings.conditions.links.inOrder
    missing = load.settings.conditions.links.loss.mean
    least = load.groups.map(\.latencyScale).filter { $0 > 0 }.min() ?? 1
  }

  /// Seconds within the run until the last of so many messages that leave together has arrived; what is lost ends at once.
  mutating func times(links: Double, rate: Double, scale: Double) -> Double {
    guard scale > 0 else { return 0 }
    // Few kinds, each with the numbers that give more: so an integral serves many agents.
    let kind = Kind(
      links: roundedUp(links, steps: 4), rate: isInOrder ? roundedUp(rate * scale, steps: 1) : 0)
    let integral =
      known[kind]
      ?? TruncatedMean(
        of: load.latency, .above, longestOf: kind.links, missing: missing, blockedAt: isInOrder ? kind.rate : nil,
        upTo: load.seconds / least)
    known[kind] = integral
    return scale * integral(load.seconds / scale)
  }

  /// The next power of two to the power of 1 / steps.
  private func roundedUp(_ value: Double, steps: Double) -> Double {
    guard value > 0, value != 1 else { return value }
    return exp2((log2(value) * steps).rounded(.up) / steps)
  }
}

extension ExpectedLoad {
  /// Messages that wait in a line that is offered so many a second, as the run ends, and their variance.
  ///
  /// Beyond what it carries the line grows. Below it waits for chance alone: in the mean Kingman's bound ("The single
  /// server queue in heavy traffic", 1961) for a service without variation, and never more than a reflected random walk
  /// that has no drift, √(2/π) of its deviation.
  fileprivate func line(_ offered: Double, service: Double) -> (mean: Double, variance: Double) {
    let utilisation = offered * service
    let arrivals = offered * seconds
    let variation = min(settings.variation, 100)
    let walk = variation * arrivals
    let driftless = 0.8 * walk.squareRoot()
    guard utilisation < 1 else {
      return (min(arrivals, arrivals * (1 - 1 / utilisation) + driftless), walk)
    }
    let mean = min(arrivals, driftless, utilisation * utilisation * variation / (2 * (1 - utilisation)))
    return (mean, min(walk, mean * mean + mean))
  }

  /// Whether agents send at the same instants, so that a message is on every link at once, if only for an instant.
  fileprivate var sendsTogether: Bool {
    let strategy = settings.strategy
    if strategy.timing == .slotted || strategy.facts.hasCentre { return true }
    if strategy.timing == .synchronousGlobal, strategy.facts.arrangement != .adaptThenCombine { return true }
    guard !settings.usesClock, settings.conditions.compute.withinAgent.isConstant else {
      return settings.usesClock && settings.strategy.clock.withinAgent.isConstant
        && settings.strategy.clock.betweenAgents.isConstant
    }
    let first = groups.first?.turnsPerSecond
    return groups.allSatisfy { $0.turnsPerSecond == first }
  }
}

extension SimulationSettings {
  /// Whether nothing is ever under way: reads and pairwise averages happen at one instant.
  fileprivate var isInstant: Bool {
    strategy.averagesInPairs || strategy.timing == .asynchronous && strategy.exchange == .pull
  }

  /// Whether the messages of an agent's links carry the same vector.
  fileprivate var sharesVectors: Bool {
    strategy.facts.audience != .oneNeighbour && (strategy.timing != .asynchronous || strategy.exchange == .push)
  }

  /// Slots that every message is under way.
  fileprivate var slotsUnderWay: Double { strategy.timing == .slotted ? Double(strategy.slots.messageDelay) : 0 }

  /// Estimates that a mailbox keeps of a link.
  fileprivate var mailboxDepth: Int {
    if strategy.facts.hasCentre || takesTurnsBesideSteps { return 1 }
    guard strategy.facts.combinesNeighbourhood else { return 0 }
    return strategy.timing.hasRounds ? max(2, phaseCount) : phaseCount
  }

  /// Different vectors of an agent that the mailboxes at the ends of so many links hold, each so many estimates.
  fileprivate func vectorsHeard(links: Double, depth: Double) -> Double {
    guard sharesVectors, depth > 0 else { return links * depth }
    // Each link has heard the newest of those that it did not lose: the oldest of them was sent as many messages ago as
    // the longest of d geometric numbers, E = Σ 1 − (1 − p^k)^d.
    let loss = conditions.links.loss.mean
    var (oldest, power) = (0.0, 1.0)
    repeat {
      oldest += 1 - pow(1 - power, links)
      power *= loss
    } while power > 1e-9 && oldest < links
    return depth * min(links, oldest)
  }

  /// Vectors that an agent keeps for itself.
  fileprivate var vectorsKept: Double {
    let slots = strategy.timing == .slotted ? strategy.slots.gradientDelay : 0
    let history = slots > 0 ? Double(slots + 1) : 0
    let holdsIntermediate = strategy.facts.combinesNeighbourhood || !strategy.facts.cooperates
    return history + (holdsIntermediate ? 1 : 0)
  }

  /// The size of the largest message.
  fileprivate var greatestMessageBytes: UInt64 {
    strategy.facts.hasCentre ? max(messageBytes, uploadBytes(samples: mostSamplesPerStep)) : messageBytes
  }

  /// The squared variation of the time between two messages of a link.
  fileprivate var variation: Double {
    if strategy.timing == .slotted { return 0 }
    if strategy.exchange == .link, strategy.timing == .asynchronous {
      return strategy.linkInterval?.squaredCoefficientOfVariation ?? 0
    }
    // Whose turn it is, or with whom, is drawn.
    if strategy.facts.audience == .oneNeighbour { return 1 }
    let law = usesClock ? strategy.clock.withinAgent : conditions.compute.withinAgent
    return max(law.squaredCoefficientOfVariation, hasOutages ? 1 : 0)
  }

  /// Whether chance decides how many messages are under way.
  fileprivate var varies: Bool {
    let links = conditions.links
    return variation > 0 || links.latency.varies || links.loss.canLose || links.duplication != nil
  }
}
