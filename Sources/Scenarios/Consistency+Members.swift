// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Simulation

/// Networks that change: who is there when something happens to it, and what goes with whom.
extension Consistency {
  /// Refuses what happens to agents that are not there.
  func checkMembers(_ agents: AgentNames, _ faults: inout Faults) {
    guard case .list(let items) = tree.entry("timeline")?.value.content else { return }
    let presence = Presence(draft.timeline, until: draft.measure.until)
    for (index, (entry, item)) in zip(draft.timeline, items).enumerated() {
      let key = "timeline[\(index)]"
      _ = faults.gather(needing: [key, "measure.until"]) { () throws(ScenarioError) in
        try checkPresence(of: entry, presence, item)
      }
      _ = faults.gather(needing: [key, "strategy.kind"]) { () throws(ScenarioError) in try checkJoining(entry, item) }
    }
    _ = faults.gather(needing: ["timeline", "network"]) { () throws(ScenarioError) in
      let isEverybody = draft.timeline.contains { entry in
        guard case .members(let selector, .join) = entry.change else { return false }
        if case .random(.count(let count)) = selector, count >= agents.count { return true }
        return selector == .all || selector == .random(.share(1))
      }
      guard isEverybody || agents.count > 0 && agents.all.allSatisfy({ presence.joins[$0] != nil }) else { return }
      throw valueError("all agents join later, so nobody starts", at: "timeline")
    }
  }

  private func checkPresence(of entry: TimelineEntry, _ presence: Presence, _ item: Tree) throws(ScenarioError) {
    guard let change = entry.change, case .named(let names) = change.agentSelector,
      let first = entry.moments.map({ $0.duration(in: draft.measure.until) }).min()
    else { return }
    let isJoin = if case .members(_, .join) = change { true } else { false }
    let isLeave = if case .members(_, .leave) = change { true } else { false }
    let place = item.piece(at: entry.action).value.place
    for name in names {
      if isJoin, presence.joinCounts[name, default: 0] > 1 || entry.comesAgain {
        throw ScenarioError("\(name) joins twice", at: place)
      }
      if !isJoin, let joining = presence.joins[name], first < joining {
        throw ScenarioError(
          "\(name) \(entry.definition?.verb ?? "changes") at \(first.text), but joins at \(joining.text)", at: place)
      }
      guard let leaving = presence.leaves[name] else { continue }
      let last = entry.lastBegin(in: draft.measure.until)
      if isLeave ? last > leaving : last >= leaving {
        throw ScenarioError("\(name) has left for good at \(leaving.text)", at: place)
      }
    }
  }

  private func checkJoining(_ entry: TimelineEntry, _ item: Tree) throws(ScenarioError) {
    let passesShares = draft.strategy.resolved.facts.passesShares
    switch entry.change {
    case .members(.event, .join):
      throw ScenarioError(
        "who joins is settled before the run begins, so no event can have chosen it",
        at: item.place(of: "\(entry.action).event"), hint: "name the agents, or give a share or a count")
    case .members(_, .leave) where passesShares:
      throw ScenarioError(
        "in push-sum an agent that leaves takes mass with it", at: item.keyPlace(of: entry.action), hint: "use crash")
    case .members(_, .join(startsFromNeighbour: true)) where passesShares:
      throw ScenarioError(
        "start: neighbour doubles the mass of push-sum", at: item.place(of: "\(entry.action).start"),
        hint: "use initial")
    case .links(_, _, .cut(.arrive, known: true)):
      throw ScenarioError(
        "in-flight: arrive does not go with known: an edge that goes takes with it what is on it",
        at: item.place(of: "\(entry.action).in-flight"))
    case .partition(let partition) where partition.isKnown && partition.inFlight == .arrive:
      throw ScenarioError(
        "in-flight: arrive does not go with known: an edge that goes takes with it what is on it",
        at: item.place(of: "\(entry.action).in-flight"))
    default:
      break
    }
  }

  // MARK: - One neighbour at a time

  /// Refuses that agents send to one neighbour where that means nothing.
  func checkSendTo(_ network: NetworkSettings, _ faults: inout Faults) {
    _ = faults.gather(needing: ["network", "strategy"]) { () throws(ScenarioError) in
      let given = [CombinationRule.matrix.name, CombinationRule.edgeWeights.name]
      if MovementSettings(network.topology) != nil, given.contains(network.weights.rule.name) {
        throw valueError(
          "weights \(network.weights.rule.name) does not go with topology mobile", at: "network.weights",
          hint: "use a rule that asks who is there, such as metropolis")
      }
      try checkAudience(network, draft.strategy.resolved)
      try checkTurnNetwork(network, draft.strategy.resolved)
    }
  }

  private func checkAudience(_ network: NetworkSettings, _ strategy: StrategySettings) throws(ScenarioError) {
    let (sendTo, path) = (network.sendTo.rawValue, "network.send-to")
    switch network.sendTo {
    case .all: return
    case .onePeer:
      guard network.topology.definition.name == TopologyDefinition.exponential.name else {
        throw valueError("send-to one-peer goes with topology exponential only", at: path)
      }
    case .randomNeighbour:
      if strategy.timing == .synchronousLocal {
        throw valueError(
          "send-to random-neighbour does not go with local rounds: nobody could know whom to wait for", at: path)
      }
      let changes =
        network.changesByItself || draft.timeline.contains { $0.change?.changesNetwork == true }
      if strategy.timing.hasRounds, changes {
        throw valueError(
          "send-to random-neighbour does not go with rounds on a network that changes", at: path)
      }
    }
    guard strategy.facts.cooperates else { return }
    guard strategy.facts.combinesNeighbourhood, strategy.facts.audience == .neighbourhood else {
      throw valueError(
        "send-to \(sendTo) goes with diffusion and consensus only, here the strategy is \(strategy.kind.name)", at: path
      )
    }
    if strategy.exchange != .push {
      throw valueError(
        "send-to \(sendTo) goes with exchange push only, here it is \(strategy.exchange.rawValue)", at: path)
    }
    // The usual values do no harm, and `show` writes them.
    let usualRule = strategy.timing.usualMissingNeighbourRule
    for (key, section, isUsual) in [
      ("weights", "network", network.weights == network.usualWeights),
      ("missing-neighbour", "strategy", strategy.missingNeighbour == usualRule),
    ] where !isUsual {
      throw valueError(
        "\(key) says nothing with send-to \(sendTo): who hears weighs all that is fresh alike, its own included",
        at: "\(section).\(key)", hint: "leave it out")
    }
  }
}

/// When agents that are named join and leave.
private struct Presence {
  private(set) var joins: [String: VirtualDuration] = [:]
  private(set) var joinCounts: [String: Int] = [:]
  private(set) var leaves: [String: VirtualDuration] = [:]

  init(_ timeline: [TimelineEntry], until: VirtualDuration) {
    for entry in timeline {
      guard case .members(.named(let names), let change) = entry.change,
        let time = entry.moments.map({ $0.duration(in: until) }).min()
      else { continue }
      for name in names {
        if case .join = change {
          joinCounts[name, default: 0] += 1
          joins[name] = min(joins[name] ?? time, time)
        } else {
          leaves[name] = min(leaves[name] ?? time, time)
        }
      }
    }
  }
}

extension TimelineEntry {
  /// Whether it comes more than once.
  fileprivate var comesAgain: Bool { every != nil && times != 1 || moments.count > 1 }
}
