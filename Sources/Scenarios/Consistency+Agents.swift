// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities

/// The agents that other sections name.
extension Consistency {
  // MARK: - Names in the conditions

  func checkConditions(_ agents: AgentNames, _ faults: inout Faults) {
    for (index, group) in draft.conditions.compute.stragglers.enumerated() {
      let whole = tree.piece(at: "conditions.compute.stragglers").value
      let piece = if case .list(let groups) = whole.content { groups[index] } else { whole }
      let written = piece.piece(at: "agents").value
      _ = faults.gather(needing: ["conditions.compute.stragglers", "conditions.groups", "conditions.links.latency"]) {
        () throws(ScenarioError) in
        switch group.choice {
        case .named(let names): try checkNames(names, agents, at: written)
        case .selected(let selector): try checkChosenOnce(selector, agents, "compute.stragglers", at: written)
        case .share: break
        }
      }
    }
    _ = faults.gather(needing: ["conditions.compute.between-agents"]) { () throws(ScenarioError) in
      try checkDurations(agents)
    }
    if let trace = draft.conditions.compute.trace {
      _ = faults.gather(needing: ["conditions.compute.trace"]) { () throws(ScenarioError) in
        try checkTrace(trace, agents, at: tree.piece(at: "conditions.compute.trace.file").value.place)
      }
    }
    if let spells = draft.conditions.compute.spells {
      _ = faults.gather(needing: ["conditions.compute.spells", "conditions.groups", "conditions.links.latency"]) {
        () throws(ScenarioError) in
        let written = tree.piece(at: "conditions.compute.spells.agents").value
        try checkChosenOnce(spells.agents, agents, "compute.spells", at: written)
      }
    }
    for (index, cause) in draft.conditions.outageCauses.enumerated() {
      _ = faults.gather(needing: ["conditions.failures"]) { () throws(ScenarioError) in
        try checkCause(cause, written: self.cause(index), agents)
      }
    }
    if case .named(let groups) = draft.conditions.groups {
      _ = faults.gather(needing: ["conditions.groups"]) { () throws(ScenarioError) in
        for entry in tree.piece(at: "conditions.groups").value.entries ?? [] {
          try checkNames(groups[entry.key] ?? [], agents, at: entry.value)
        }
      }
    }
    _ = faults.gather(needing: ["conditions.links.loss", "conditions.links.latency", "conditions.links.bandwidth"]) {
      () throws(ScenarioError) in
      let links = draft.conditions.links
      try checkTraces(
        loss: links.loss, latency: links.latency, bandwidth: links.bandwidth, agents,
        in: tree.piece(at: "conditions.links").value)
    }
    if let regions = draft.conditions.links.latency.regions {
      _ = faults.gather(needing: ["conditions.links.latency"]) { () throws(ScenarioError) in
        try checkRegions(regions, agents, in: tree.piece(at: "conditions.links.latency.regions").value)
      }
    }
  }

  /// Refuses a choice of somebody who is not there, or one that is made while runs go on.
  func checkChosenOnce(
    _ selector: AgentSelector, _ agents: AgentNames, _ what: String, at place: Tree
  ) throws(ScenarioError) {
    if case .event = selector {
      throw ScenarioError(
        "\(what) chooses once per study, before any event does", at: place.place(of: "event"),
        hint: "use another choice")
    }
    try checkSelector(selector, agents, what, at: place)
  }

  /// That a list of durations has one for each agent.
  private func checkDurations(_ agents: AgentNames) throws(ScenarioError) {
    guard case .each(let durations) = draft.conditions.compute.durations, durations.count != agents.all.count else {
      return
    }
    let path = "conditions.compute.between-agents"
    throw valueError(
      "\(path) has \(counted(durations.count, "duration")), but the network has \(counted(agents.all.count, "agent"))",
      at: path, hint: "give one for each agent, or one for all")
  }

  func checkNames(_ names: [String], _ agents: AgentNames, at list: Tree) throws(ScenarioError) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() {
      let place = if case .list(let items) = list.content { items[index].place } else { list.place }
      guard agents.contains(name) else { throw unknownAgent(name, agents, at: place) }
      guard seen.insert(name).inserted else { throw ScenarioError("agent '\(name)' is named twice", at: place) }
    }
  }

  func checkRegions(_ regions: RegionSettings, _ agents: AgentNames, in written: Tree) throws(ScenarioError) {
    for entry in written.piece(at: "assignment").value.entries ?? [] where entry.key != "in-turn" {
      guard case .list(let items) = entry.value.content else { continue }
      for item in items {
        if let name = item.text, !agents.contains(name) { throw unknownAgent(name, agents, at: item.place) }
      }
    }
    if regions.inTurn.isEmpty, let homeless = agents.all.first(where: { regions.regionOfAgent[$0] == nil }) {
      throw ScenarioError(
        "agent '\(homeless)' has no region", at: written.keyPlace(of: "assignment"), hint: "add it to one of the lists")
    }
  }

  func refuseTwice(_ names: [String], at path: String) throws(ScenarioError) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      throw ScenarioError("agent '\(name)' is named twice", at: item(index, of: path))
    }
  }

  func item(_ index: Int, of path: String) -> Place {
    let value = tree.piece(at: path).value
    if case .list(let items) = value.content, items.indices.contains(index) { return items[index].place }
    return value.place
  }

  func unknownAgent(_ name: String, _ agents: AgentNames, at place: Place) -> ScenarioError {
    ScenarioError(
      "there is no agent '\(name)'", at: place, hint: agents.nearest(to: name).map { "did you mean '\($0)'?" },
      note: "agents: \(agents.text)")
  }
}
