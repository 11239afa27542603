// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Schema

/// The network: which keys go together, and what they say.
extension Consistency {
  func networkSettings() throws(ScenarioError) -> NetworkSettings {
    let network = draft.network
    try refuseKeysOfOthers()
    var arguments = try self.arguments(
      of: network.topology.parameters, owner: "topology \(network.topology.name)", at: "network.topology")
    try settleNames(&arguments)
    let topology = NetworkSettings.Topology(network.topology, arguments)
    var settings = NetworkSettings(
      topology: topology, sendTo: network.sendTo, edgesComeAndGo: network.edgesComeAndGo,
      requiresConnection: network.requiresConnection, redraws: network.redraws,
      requiresDoublyStochastic: network.requiresDoublyStochastic)
    try refuseUnusedWeights(arguments)
    settings.weights =
      isRuleGiven || !settings.isDirected ? try weights(edges: arguments["edges"]) : settings.usualWeights
    try checkSize(settings)
    if let fault = network.topology.fault(topology.arguments) {
      throw error(
        fault, of: network.topology.parameters, owner: "topology \(network.topology.name)", chosenBy: "network.topology"
      )
    }
    try checkWeights(settings)
    return settings
  }

  // MARK: - Which keys go together

  private func refuseKeysOfOthers() throws(ScenarioError) {
    let (topology, rule) = (draft.network.topology, draft.network.rule)
    var faults = Faults()
    refuseParameters(
      of: TopologyDefinition.all, besides: topology.parameters, at: "network.topology", here: topology.name,
      given: draft.network.arguments, &faults)
    if draft.network.edgesFile != nil, topology.name != TopologyDefinition.edgeList.name {
      faults.add(
        goesWith(
          [TopologyDefinition.edgeList.name], "network.topology", here: topology.name, key: NetworkDraft.edgesFileKey))
    }
    // The edges of a topology are no fault of a rule that does not weigh them.
    refuseParameters(
      of: CombinationRule.all, besides: rule.parameters + topology.parameters, at: "network.weights", here: rule.name,
      given: draft.network.arguments, &faults)
    try faults.finish()
  }

  /// What is given of some parameters.
  ///
  /// - Throws: when a required one is missing, and when of alternatives not exactly one is given.
  private func arguments(
    of parameters: [Parameter], owner: String, at path: String
  ) throws(ScenarioError) -> Arguments {
    var arguments = Arguments()
    for parameter in parameters {
      arguments[parameter.name] = try argument(parameter, owner: owner)
    }
    if let fault = arguments.fault(of: parameters) {
      if fault == .missing("agents") {
        throw error("missing key 'agents' in network", at: "network", note: "agents: how many there are")
      }
      throw error(fault, of: parameters, owner: owner, chosenBy: path)
    }
    return arguments
  }

  /// The value of a parameter, edges from their file.
  private func argument(_ parameter: Parameter, owner: String) throws(ScenarioError) -> Argument? {
    if parameter.kind == .edges, let name = draft.network.edgesFile {
      guard draft.network.arguments[parameter.name] == nil else {
        throw error(
          "network has both '\(parameter.name)' and '\(NetworkDraft.edgesFileKey)'",
          at: "network.\(NetworkDraft.edgesFileKey)", hint: "give one of the two")
      }
      let file = EdgeFile(name: name, place: tree.place(of: "network.\(NetworkDraft.edgesFileKey)"))
      return .edges(try file.edges(isDirected: isDirected))
    }
    guard let value = draft.network.arguments[parameter.name] else { return nil }
    switch (parameter.kind, value) {
    case (.count, .list):
      throw valueError(
        "network.\(parameter.name) must be a number with \(owner), not a list", at: "network.\(parameter.name)",
        hint: "names go with topology edge-list")
    case (.list, .count):
      throw valueError(
        "network.\(parameter.name) must be the list of names with \(owner)", at: "network.\(parameter.name)",
        hint: "leave it out to take the names of the edges")
    default:
      return value
    }
  }

  private var isDirected: Bool { draft.network.arguments["directed"] == .flag(true) }

  // MARK: - Agents and edges by name

  /// Fills in the names of the agents from the edges, and checks that the edges fit the names.
  private func settleNames(_ arguments: inout Arguments) throws(ScenarioError) {
    guard let edges = arguments["edges"]?.edges else { return }
    let names: [String]
    if let listed = arguments["agents"]?.names {
      names = listed
    } else {
      names = Set(edges.flatMap { [$0.first, $0.second] }).sorted(by: naturallyPrecedes)
    }
    let path = edgesPath
    guard !names.isEmpty, names.count <= NetworkDraft.mostAgents else {
      throw error("a network has 1 to \(NetworkDraft.mostAgents) agents, here it has \(names.count)", at: path)
    }
    try refuseTwice(names, at: "network.agents")
    arguments["agents"] = .names(names)
    try checkEdges(edges, AgentNames(names), at: path)
  }

  private func checkEdges(
    _ edges: [NetworkSettings.Edge], _ agents: AgentNames, at path: String
  ) throws(ScenarioError) {
    var seen: Set<NetworkSettings.Edge> = []
    for (index, edge) in edges.enumerated() {
      for name in [edge.first, edge.second] where !agents.contains(name) {
        throw unknownAgent(name, agents, at: item(index, of: path))
      }
      guard seen.insert(edge.ends(isDirected: isDirected)).inserted else {
        throw ScenarioError(
          isDirected
            ? "the link from '\(edge.first)' to '\(edge.second)' is given twice"
            : "the edge between '\(edge.first)' and '\(edge.second)' is given twice", at: item(index, of: path),
          hint: isDirected ? nil : "edges have no direction")
      }
    }
  }

  private func checkSize(_ settings: NetworkSettings) throws(ScenarioError) {
    let count = settings.agentCount
    guard count < 1 || count > NetworkDraft.mostAgents else { return }
    throw error("a network has 1 to \(NetworkDraft.mostAgents) agents, here it has \(count)", at: "network.topology")
  }

  // MARK: - Weights

  /// Whether the scenario names its combination rule.
  private var isRuleGiven: Bool { tree.piece(at: "network").value.entry("weights") != nil }

  /// - Parameter edges: those of the topology, where it has any.
  private func weights(edges: Argument?) throws(ScenarioError) -> NetworkSettings.Weights {
    let rule = draft.network.rule
    let own = rule.parameters.filter { $0.kind != .edges || edges == nil }
    var arguments = try arguments(of: own, owner: "weights \(rule.name)", at: "network.weights")
    for parameter in rule.parameters where parameter.kind == .edges { arguments[parameter.name] = edges }
    return NetworkSettings.Weights(rule, arguments)
  }

  /// Refuses weights of edges that no rule takes, rather than to pass them over.
  private func refuseUnusedWeights(_ arguments: Arguments) throws(ScenarioError) {
    let rule = draft.network.rule
    guard let edges = arguments["edges"]?.edges, edges.contains(where: { $0.weight != nil }),
      !rule.parameters.contains(where: { $0.kind == .edges })
    else { return }
    throw error(
      "the edges have weights, which weights \(rule.name) does not take", at: edgesPath,
      hint: "use network.weights: \(CombinationRule.edgeWeights.name), or leave the weights of the edges out")
  }

  /// Where the edges are given.
  private var edgesPath: String {
    draft.network.edgesFile == nil ? "network.edges" : "network.\(NetworkDraft.edgesFileKey)"
  }

  private func checkWeights(_ settings: NetworkSettings) throws(ScenarioError) {
    let rule = settings.weights.rule
    if settings.isDirected, rule.needsUndirected {
      throw valueError(
        "weights \(rule.name) do not go with a directed graph: they take it that linked agents hear each other",
        at: "network.weights",
        hint: "use \(alternatives(CombinationRule.ofDirectedGraphs)), or network.directed: false")
    }
    if rule.parameters.contains(where: { $0.kind == .edges }) { try checkMatrix(settings, at: edgesPath) }
    for parameter in rule.parameters {
      let path = "network.\(parameter.name)"
      let value = settings.weights.arguments[parameter.name]
      if parameter.kind == .perAgent, let numbers = value?.numbers {
        try checkLength(.values(numbers), settings.agentCount, path)
      }
      if parameter.kind == .matrix, let rows = value?.matrix {
        guard let wrong = ([rows.count] + rows.map(\.count)).first(where: { $0 != settings.agentCount }) else {
          try checkMatrix(settings, at: path)
          continue
        }
        let what = rows.count == settings.agentCount ? "a row of \(counted(wrong, "number"))" : counted(wrong, "row")
        throw valueError("\(path) has \(what), but the network has \(counted(settings.agentCount, "agent"))", at: path)
      }
    }
  }

  /// Checks a matrix on its graph, unless this is still to be drawn. A matrix that was written out is no larger than a
  /// scenario file, and so is its graph.
  private func checkMatrix(_ settings: NetworkSettings, at path: String) throws(ScenarioError) {
    guard !settings.topology.definition.isRandom else { return }
    var settings = settings
    settings.requiresConnection = false
    settings.requiresDoublyStochastic = .no
    do {
      _ = try Network(settings, seed: 0, replication: 0)
    } catch {
      throw valueError("\(error)", at: path)
    }
  }
}
