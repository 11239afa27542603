// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension TopologyDefinition {
  /// Agents on a circle, each linked with the one before and the one after, or with a higher degree with as many on
  /// both sides. Two agents share one edge, and one agent has none. Directed, each agent hears only those before it.
  package static let ring = TopologyDefinition(
    name: "ring",
    meaning: "agents on a circle, each linked with those before and after it",
    parameters: [
      .agents, .directed(false),
      Parameter("degree", .count(0...TopologyDefinition.mostAgents), "neighbours of every agent", .optional),
    ],
    examples: [1, 2, 3, 12].flatMap { count in
      [false, true].map { Arguments(["agents": .count(count), "directed": .flag($0)]) }
    }
      + [(6, false, 2), (7, false, 4), (9, false, 8), (7, true, 3)].map {
        Arguments(["agents": .count($0.0), "directed": .flag($0.1), "degree": .count($0.2)])
      },
    links: { arguments in
      let agents = arguments.count("agents")
      if let degree = ringDegree(arguments) { return Double(agents) * Double(degree) }
      return agents == 1 ? 0 : Double(agents) * (arguments.flag("directed") || agents == 2 ? 1 : 2)
    },
    check: { arguments in
      guard let degree = ringDegree(arguments) else { return nil }
      let agents = arguments.count("agents")
      if degree < 1 { return Fault("degree", "is 0, but agents of a ring have neighbours") }
      if degree >= agents {
        return Fault("degree", "is \(degree), but an agent has only \(counted(agents - 1, "other"))")
      }
      guard degree % 2 == 1, !arguments.flag("directed") else { return nil }
      return Fault(
        "degree", "is \(degree), but agents of a ring have as many neighbours on both sides", hint: "make it even")
    },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let agents = arguments.count("agents")
      let isDirected = arguments.flag("directed")
      if let degree = ringDegree(arguments) {
        return try .circulant(
          agents: agents, offsets: Array(1...(isDirected ? degree : degree / 2)), isDirected: isDirected)
      }
      let names = try numberedNames(agents)
      var edges = (0..<UInt32(agents) - 1).map { Graph.Edge($0, $0 + 1) }
      if agents > 2 || isDirected && agents == 2 { edges.append(Graph.Edge(UInt32(agents) - 1, 0)) }
      return Graph(names: names, edges: edges, isDirected: isDirected)
    })
}

/// The degree of a ring, where it is given.
private func ringDegree(_ arguments: Arguments) -> Int? {
  arguments["degree"] == nil ? nil : arguments.count("degree")
}

extension NetworkSettings.Topology {
  /// Agents on a circle, each linked with the one before and the one after.
  package static func ring(agents: Int, directed: Bool = false) -> Self {
    Self(.ring, Arguments(["agents": .count(agents), "directed": .flag(directed)]))
  }
}
