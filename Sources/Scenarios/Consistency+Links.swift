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
    var bandwidth: BandwidthSettings?
    if case .limited(let limit) = replacement.bandwidth { bandwidth = limit }
    try checkTraces(loss: replacement.loss, latency: replacement.latency, bandwidth: bandwidth, agents, in: written)
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

  /// Refuses traces of links between agents that the network does not have.
  ///
  /// - Parameter written: what has the keys `loss`, `latency` and `bandwidth`.
  func checkTraces(
    loss: LossSettings?, latency: LatencySettings?, bandwidth: BandwidthSettings?, _ agents: AgentNames,
    in written: Tree
  ) throws(ScenarioError) {
    for (position, part) in (loss?.parts ?? []).enumerated() {
      var tree = written.piece(at: "loss").value
      if case .list(let items) = tree.content, items.indices.contains(position) { tree = items[position] }
      try checkTrace(of: part.arguments, agents, in: tree)
    }
    if let latency { try checkTrace(of: latency.setting.arguments, agents, in: written.piece(at: "latency").value) }
    if let bandwidth {
      try checkTrace(of: bandwidth.setting.arguments, agents, in: written.piece(at: "bandwidth").value)
    }
  }

  private func checkTrace(of form: Arguments, _ agents: AgentNames, in written: Tree) throws(ScenarioError) {
    guard let trace: TraceTable = form.special("trace") else { return }
    try checkTrace(trace, agents, at: written.piece(at: "trace.file").value.place)
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
