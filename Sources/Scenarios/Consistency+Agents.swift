// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities

/// The agents that other sections name.
extension Consistency {
  // MARK: - Names in the conditions

  func checkConditions(_ agents: AgentNames, _ faults: inout Faults) {
    for (index, group) in draft.conditions.compute.stragglers.enumerated() {
      guard case .named(let names) = group.choice else { continue }
      let whole = tree.piece(at: "conditions.compute.stragglers").value
      let piece = if case .list(let groups) = whole.content { groups[index] } else { whole }
      _ = faults.gather(needing: ["conditions.compute.stragglers"]) { () throws(ScenarioError) in
        try checkNames(names, agents, at: piece.piece(at: "agents").value)
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
    if case .regions(let regions) = draft.conditions.links.latency {
      _ = faults.gather(needing: ["conditions.links.latency"]) { () throws(ScenarioError) in
        try checkRegions(regions, agents)
      }
    }
  }

  func checkNames(_ names: [String], _ agents: AgentNames, at list: Tree) throws(ScenarioError) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() {
      let place = if case .list(let items) = list.content { items[index].place } else { list.place }
      guard agents.contains(name) else { throw unknownAgent(name, agents, at: place) }
      guard seen.insert(name).inserted else { throw ScenarioError("agent '\(name)' is named twice", at: place) }
    }
  }

  private func checkRegions(_ regions: RegionSettings, _ agents: AgentNames) throws(ScenarioError) {
    let path = "conditions.links.latency.regions.assignment"
    for entry in tree.piece(at: path).value.entries ?? [] {
      guard case .list(let items) = entry.value.content else { continue }
      for item in items {
        if let name = item.text, !agents.contains(name) { throw unknownAgent(name, agents, at: item.place) }
      }
    }
    if let homeless = agents.all.first(where: { regions.regionOfAgent[$0] == nil }) {
      throw error("agent '\(homeless)' has no region", at: path, hint: "add it to one of the lists")
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
