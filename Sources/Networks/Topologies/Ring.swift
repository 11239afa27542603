// SPDX-License-Identifier: GPL-3.0-or-later

extension TopologyDefinition {
  /// Agents on a circle, each linked with the one before and the one after. Two agents share one edge, and one agent
  /// has none. Directed, each agent hears only the one before.
  package static let ring = TopologyDefinition(
    name: "ring", parameters: [.agents, .directed(false)],
    examples: [1, 2, 3, 12].flatMap { count in
      [false, true].map { Arguments(["agents": .count(count), "directed": .flag($0)]) }
    },
    links: { arguments in
      let agents = arguments.count("agents")
      return agents == 1 ? 0 : Double(agents) * (arguments.flag("directed") || agents == 2 ? 1 : 2)
    },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let agents = arguments.count("agents")
      let names = try numberedNames(agents)
      let isDirected = arguments.flag("directed")
      var edges = (0..<UInt32(agents) - 1).map { Graph.Edge($0, $0 + 1) }
      if agents > 2 || isDirected && agents == 2 { edges.append(Graph.Edge(UInt32(agents) - 1, 0)) }
      return Graph(names: names, edges: edges, isDirected: isDirected)
    })
}

extension NetworkSettings.Topology {
  /// Agents on a circle, each linked with the one before and the one after.
  package static func ring(agents: Int, directed: Bool = false) -> Self {
    Self(.ring, Arguments(["agents": .count(agents), "directed": .flag(directed)]))
  }
}
