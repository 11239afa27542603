// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Simulation

/// How often things happen in a world, from the laws alone: what an agent does that never waits or crashes.
///
/// Synchronous agents wait for others, so for them these are upper bounds; where they give nobody up, no round is
/// shorter than the mean step of the slowest agent.
package struct ExpectedRates: Sendable, Codable, Equatable {
  /// Steps per second of an agent: on average, of the slowest, and of the fastest.
  package let stepsPerSecond: Double
  package let slowestStepsPerSecond: Double
  package let fastestStepsPerSecond: Double
  /// Whether rounds go no faster than the slowest agent, because nobody is given up.
  package let isBoundBySlowest: Bool
  /// Messages per second over a directed link, on average; zero where nothing is sent.
  package let messagesPerSecond: Double
  /// The size of one message.
  package let messageBytes: UInt64
  /// Bytes offered to the busiest link over what it carries; nothing without a bandwidth limit.
  package let utilisation: Double?

  /// The rates of an arm in its world.
  package init(_ settings: SimulationSettings, in world: World) {
    let factor = settings.conditions.compute.withinAgent.mean
    let rates = world.typicalStepDurations.map { 1 / ($0 * factor) }
    stepsPerSecond = rates.reduce(0, +) / Double(max(1, rates.count))
    slowestStepsPerSecond = rates.min() ?? 0
    fastestStepsPerSecond = rates.max() ?? 0
    let strategy = settings.strategy
    isBoundBySlowest =
      strategy.kind != .nonCooperative && strategy.timing != .asynchronous && strategy.peerTimeout == nil
    let links = settings.conditions.links
    messageBytes = links.messageSize(numbers: world.task.dimension, of: Double.self)
    guard settings.strategy.kind != .nonCooperative, world.network.linkCount > 0 else {
      messagesPerSecond = 0
      utilisation = links.bandwidth.map { _ in 0 }
      return
    }
    let common = isBoundBySlowest ? slowestStepsPerSecond : nil
    let senders = world.network.senders.map { common ?? rates[$0.index] }
    messagesPerSecond = senders.reduce(0, +) / Double(senders.count)
    let busiest = Double(messageBytes) * (senders.max() ?? 0)
    utilisation = links.bandwidth.map { busiest / $0 }
  }
}
