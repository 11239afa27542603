// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// Groups of agents in which everybody is linked with everybody. The groups lie on a ring, where the last agent of
  /// each is linked with the first of the next. The agents of the first group have the lowest numbers.
  package static let ringOfCliques = TopologyDefinition(
    name: "ring-of-cliques",
    meaning: "groups in which everybody is linked with everybody, on a ring",
    parameters: [
      Parameter("cliques", .count(1...TopologyDefinition.mostAgents), "groups on a ring", example: "4"),
      Parameter("clique-size", .count(1...TopologyDefinition.mostAgents), "agents of a group", example: "5"),
    ],
    examples: [(1, 1), (1, 4), (2, 1), (2, 3), (3, 1), (4, 5)].map {
      Arguments(["cliques": .count($0.0), "clique-size": .count($0.1)])
    },
    agents: { cappedProduct($0.count("cliques"), $0.count("clique-size")) },
    links: { arguments in
      let (cliques, size) = (Double(arguments.count("cliques")), Double(arguments.count("clique-size")))
      let bridges = cliques == 1 ? 0 : cliques == 2 && size == 1 ? 1 : cliques
      return cliques * size * (size - 1) + 2 * bridges
    },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let (cliques, size) = (arguments.count("cliques"), arguments.count("clique-size"))
      let names = try numberedNames(cappedProduct(cliques, size))
      var edges: [Graph.Edge] = []
      for clique in 0..<cliques {
        edges += allPairs(UInt32(clique * size)..<UInt32((clique + 1) * size))
        let isLast = clique == cliques - 1
        // A ring of two single agents is one edge.
        guard !isLast || cliques > 2 || cliques == 2 && size > 1 else { continue }
        edges.append(Graph.Edge(UInt32((clique + 1) * size - 1), isLast ? 0 : UInt32((clique + 1) * size)))
      }
      return Graph(names: names, edges: edges)
    })
}
