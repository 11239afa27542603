// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema
import Simulation

/// What links do to messages in the long run, where this is more than one law for all.
package struct LinkFacts: Sendable, Codable, Equatable {
  /// Share of messages that are lost, over all links, on the best and on the worst one.
  package let meanLoss: Double
  package let leastLoss: Double
  package let greatestLoss: Double
  /// How long losses come in a row, in words; empty where each comes by itself.
  package let bursts: [String]
  /// The share of time that a link is down by itself, in the long run; nothing where none ever is.
  package let downShare: Double?
  /// Seconds that a message travels in the mean, over all links, on the fastest and on the slowest one; where it changes in
  /// time, at its greatest.
  package let meanLatency: Double
  package let leastLatency: Double
  package let greatestLatency: Double

  /// - Returns: nothing for an arm that sends nothing, or whose links are all alike and lose each message by itself.
  package init?(_ settings: SimulationSettings, in world: World) {
    guard settings.strategy.facts.cooperates, let plan = world.links, world.network.linkCount > 0 else { return nil }
    let links = settings.conditions.links
    guard
      !links.loss.isPlain || links.latency.law == nil || links.outages != nil
        || links.bandwidth.map({ $0.same == nil }) ?? false
    else { return nil }
    let count = world.network.linkCount
    let losses = (0..<count).map { plan.losses[0].layers.mean($0) }
    let latencies = (0..<count).map { world.latencies.mean(LinkID($0)) }
    meanLoss = losses.reduce(0, +) / Double(count)
    (leastLoss, greatestLoss) = (losses.min() ?? 0, losses.max() ?? 0)
    downShare = links.outages?.facts(settings.outageQuestion).shareDown
    bursts = links.loss.bursts.map(\.words)
    meanLatency = latencies.reduce(0, +) / Double(count)
    (leastLatency, greatestLatency) = (latencies.min() ?? 0, latencies.max() ?? 0)
  }
}

extension BurstLaw {
  /// How long a bad state lasts in the mean, and how much of all it is.
  fileprivate var words: String {
    let length = isInMessages ? "\(plainNumber(meanLength)) messages" : VirtualDuration(seconds: meanLength).text
    return "\(length) in a row, \(plainNumber((share * 1e4).rounded() / 100)) % of \(isInMessages ? "all" : "the time")"
  }
}
