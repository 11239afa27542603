// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities

/// The network, and the agents that other sections name.
extension Consistency {
  // MARK: - Network

  func networkSettings() throws(ScenarioError) -> NetworkSettings {
    let network = draft.network
    try refuseKeysOfOtherTopologies()
    let topology: NetworkSettings.Topology =
      switch network.topology {
      case .ring: .ring(agents: try agentCount())
      case .randomGeometric: .randomGeometric(agents: try agentCount(), reach: try reach())
      case .edgeList: try edgeList()
      }
    return NetworkSettings(
      topology: topology, weights: network.weights, requiresConnection: network.requiresConnection,
      redraws: network.redraws)
  }

  private func refuseKeysOfOtherTopologies() throws(ScenarioError) {
    let network = draft.network
    let given: [(key: String, isGiven: Bool, home: NetworkDraft.Topology)] = [
      ("radius", network.radius != nil, .randomGeometric),
      ("mean-degree", network.meanDegree != nil, .randomGeometric),
      ("edges", network.edges != nil, .edgeList),
    ]
    for item in given where item.isGiven && item.home != network.topology {
      throw error(
        "\(item.key) goes with topology \(item.home.rawValue) only, here it is \(network.topology.rawValue)",
        at: "network.\(item.key)")
    }
  }

  private func agentCount() throws(ScenarioError) -> Int {
    switch draft.network.agents {
    case .count(let count): return count
    case nil: throw error("missing key 'agents' in network", at: "network", note: "agents: how many there are")
    case .names:
      throw valueError(
        "network.agents must be a number with topology \(draft.network.topology.rawValue), not a list",
        at: "network.agents", hint: "names go with topology edge-list")
    }
  }

  private func reach() throws(ScenarioError) -> NetworkSettings.Reach {
    switch (draft.network.radius, draft.network.meanDegree) {
    case (let radius?, nil):
      return .radius(radius)
    case (nil, let degree?):
      let others = try agentCount() - 1
      guard degree <= Double(others) else {
        throw valueError(
          "network.mean-degree is \(plainNumber(degree)), but an agent has only \(others) others",
          at: "network.mean-degree")
      }
      return .meanDegree(degree)
    case (nil, nil):
      throw error("topology random-geometric needs 'radius' or 'mean-degree'", at: "network.topology")
    case (_?, _?):
      throw error(
        "network has both 'radius' and 'mean-degree'", at: "network.mean-degree", hint: "give one of the two")
    }
  }

  private func edgeList() throws(ScenarioError) -> NetworkSettings.Topology {
    guard let edges = draft.network.edges else {
      throw error("topology edge-list needs 'edges'", at: "network.topology", hint: "such as edges: [[a, b], [b, c]]")
    }
    var names: [String]
    switch draft.network.agents {
    case .names(let listed): names = listed
    case nil: names = Set(edges.flatMap { [$0.first, $0.second] }).sorted(by: naturallyPrecedes)
    case .count:
      throw valueError(
        "network.agents must be the list of names with topology edge-list", at: "network.agents",
        hint: "leave it out to take the names of the edges")
    }
    guard !names.isEmpty, names.count <= NetworkDraft.mostAgents else {
      throw error(
        "a network has 1 to \(NetworkDraft.mostAgents) agents, here it has \(names.count)", at: "network.edges")
    }
    try refuseTwice(names, at: "network.agents")
    let topology = NetworkSettings.Topology.edgeList(agents: names, edges: edges)
    try checkEdges(edges, AgentNames(NetworkSettings(topology: topology)))
    return topology
  }

  private func checkEdges(_ edges: [NetworkSettings.Edge], _ agents: AgentNames) throws(ScenarioError) {
    var seen: Set<[String]> = []
    for (index, edge) in edges.enumerated() {
      for name in [edge.first, edge.second] where !agents.contains(name) {
        throw unknownAgent(name, agents, at: item(index, of: "network.edges"))
      }
      guard seen.insert([edge.first, edge.second].sorted()).inserted else {
        throw ScenarioError(
          "the edge between '\(edge.first)' and '\(edge.second)' is given twice", at: item(index, of: "network.edges"),
          hint: "edges have no direction")
      }
    }
  }

  // MARK: - Names in the conditions

  func checkConditions(_ agents: AgentNames) throws(ScenarioError) {
    for (index, group) in draft.conditions.compute.stragglers.enumerated() {
      guard case .named(let names) = group.choice else { continue }
      let whole = tree.piece(at: "conditions.compute.stragglers").value
      let piece = if case .list(let groups) = whole.content { groups[index] } else { whole }
      try checkNames(names, agents, at: piece.piece(at: "agents").value)
    }
    if let names = draft.conditions.failures?.agents {
      try checkNames(names, agents, at: tree.piece(at: "conditions.failures.agents").value)
    }
    if case .regions(let regions) = draft.conditions.links.latency {
      try checkRegions(regions, agents)
    }
  }

  private func checkNames(_ names: [String], _ agents: AgentNames, at list: Tree) throws(ScenarioError) {
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

  private func refuseTwice(_ names: [String], at path: String) throws(ScenarioError) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      throw ScenarioError("agent '\(name)' is named twice", at: item(index, of: path))
    }
  }

  private func item(_ index: Int, of path: String) -> Place {
    let value = tree.piece(at: path).value
    if case .list(let items) = value.content, items.indices.contains(index) { return items[index].place }
    return value.place
  }

  private func unknownAgent(_ name: String, _ agents: AgentNames, at place: Place) -> ScenarioError {
    ScenarioError(
      "there is no agent '\(name)'", at: place, hint: agents.nearest(to: name).map { "did you mean '\($0)'?" },
      note: "agents: \(agents.text)")
  }
}
