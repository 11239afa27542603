// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Schema
import Simulation

/// What events of the timeline put in the place of what the conditions say of links.
extension Consistency {
  /// - Parameter written: what stands at the action.
  func checkReplacement(
    _ replacement: LinkReplacement, _ agents: AgentNames, _ written: Tree
  ) throws(ScenarioError) {
    guard replacement != LinkReplacement() else {
      throw written.error(
        "change-links says which links, but not what about them changes",
        hint: "give loss, latency, bandwidth or duplication")
    }
    let strategy = draft.strategy.resolved
    if let regions = replacement.latency?.regions {
      try checkRegions(regions, agents, in: written.piece(at: "latency.regions").value)
    }
    if strategy.timing == .asynchronous && strategy.exchange == .pull || strategy.averagesInPairs {
      try checkInstant(replacement, strategy, written)
    }
    if strategy.timing == .slotted { try checkSlots(replacement, strategy, written) }
    if replacement.duplication?.deliver == .twice, !strategy.actsOnArrival {
      throw ScenarioError(
        "deliver: twice does nothing where mailboxes keep the newest", at: written.place(of: "duplication"),
        hint: "use once; gossip over messages and push-sum without running sums act on what arrives")
    }
  }

  private func checkInstant(
    _ replacement: LinkReplacement, _ strategy: StrategySettings, _ written: Tree
  ) throws(ScenarioError) {
    let exchange = strategy.averagesInPairs ? "pairwise" : "pull"
    let isSlow = replacement.latency.map { !$0.isZero } ?? false
    guard isSlow || ![nil, .unlimited].contains(replacement.bandwidth) else { return }
    throw ScenarioError(
      "exchange \(exchange) happens at one instant, so links can have neither latency nor bandwidth",
      at: written.place(of: isSlow ? "latency" : "bandwidth"), hint: "use push, or change the loss only")
  }

  private func checkSlots(
    _ replacement: LinkReplacement, _ strategy: StrategySettings, _ written: Tree
  ) throws(ScenarioError) {
    if ![nil, .unlimited].contains(replacement.bandwidth) {
      throw ScenarioError(
        "bandwidth does not go with slotted timing, where a message arrives in its slot or not at all",
        at: written.place(of: "bandwidth"))
    }
    let half = strategy.slots.duration.seconds / 2
    guard let latency = replacement.latency?.greatest, latency > half else { return }
    let seen = latency.isFinite ? "can be \(QuantityKind.duration.text(latency))" : "has no bound"
    throw ScenarioError(
      "in slotted timing a message must arrive within half a slot, but the latency \(seen)",
      at: written.place(of: "latency"), hint: "it must be at most \(QuantityKind.duration.text(half))")
  }
}
