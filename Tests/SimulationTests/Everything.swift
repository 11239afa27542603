// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Randomness
import Simulation
import Testing

/// A small study of linear regression, on names that can be listed in any order, in which everything goes wrong at once.
func everything(_ strategy: StrategySettings, unit: Double = 1) throws -> SimulationSettings {
  try settings(paw, spread: 0.5, strategy: strategy, until: 60 * unit, every: unit)
    .withEverything(unit: unit, bandwidth: 40, up: 20, down: 5)
}

extension SimulationSettings {
  /// The same study with everything random at once that its strategy lets go wrong.
  ///
  /// - Parameters:
  ///   - unit: of time, seconds. Powers of two change no digit of a draw.
  ///   - bandwidth: bytes that a link carries in a unit.
  ///   - up: units for which an agent is up, in the mean; and down.
  func withEverything(unit: Double, bandwidth: UInt64, up: Double, down: Double) throws -> SimulationSettings {
    var settings = self
    let isInstant = strategy.exchange == .pull || strategy.kind == .gossip && strategy.gossip.exchange == .pairwise
    let isSlotted = strategy.timing == .slotted
    let latency: Distribution = isSlotted ? .uniform(lower: 0, upper: 0.5 * unit) : .exponential(mean: 0.5 * unit)
    settings.conditions.compute = ComputeSettings(
      betweenAgents: .lognormal(median: unit, sigma: 0.5), withinAgent: .gamma(mean: 1, shape: 2))
    settings.conditions.links = LinkSettings(
      latency: .law(isInstant ? .constant(0) : latency), loss: try #require(Probability(0.2)),
      bandwidth: isInstant || isSlotted ? nil : .rate(Bandwidth(bytes: bandwidth, per: .seconds(unit))))
    settings.conditions.failures = FailureSettings(
      up: .exponential(mean: up * unit), down: .exponential(mean: down * unit))
    settings.strategy.slots.duration = .seconds(unit)
    settings.strategy.peerTimeout = strategy.peerTimeout.map { $0.scaled(by: unit) }
    settings.strategy.clock = ClockSettings(
      betweenAgents: .lognormal(median: unit, sigma: 0.3), withinAgent: .exponential(mean: 1),
      startPhase: .exponential(mean: unit))
    if strategy.linkInterval != nil { settings.strategy.linkInterval = .exponential(mean: unit) }
    return settings
  }
}

extension StrategySettings: CustomTestStringConvertible {
  /// What tells the strategies of a list of tests apart.
  package var testDescription: String {
    switch kind {
    case .gossip: "gossip, \(gossip.exchange), \(gossip.order), \(gossip.wake)"
    case .pushSum: "push-sum, \(timing)\(pushSum.runningSums ? ", running sums" : "")"
    default:
      if timing == .slotted {
        "\(kind) in slots, \(slots.activity), delays \(slots.messageDelay) and \(slots.gradientDelay)"
      } else {
        "\(kind), \(timing), \(exchange), \(missingNeighbour), \(message)"
      }
    }
  }
}
