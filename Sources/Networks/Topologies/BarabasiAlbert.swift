// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

extension TopologyDefinition {
  /// A graph that grows: the first m + 1 agents are all linked with each other, and each later one is linked with m
  /// different earlier agents, drawn with probabilities proportional to their degrees. It has few agents with many
  /// neighbours and many with few, and is always connected.
  ///
  /// *Randomness*: each agent draws from the stream of its name, so agents keep their edges when others join.
  ///
  /// *Complexity*: agents and edges.
  ///
  /// Source: Barabási and Albert, "Emergence of scaling in random networks", Science 286, 1999; Batagelj and Brandes,
  /// "Efficient generation of large random networks", 2005, algorithm 5: an end of a random edge is an agent drawn in
  /// proportion to its degree.
  package static let barabasiAlbert = TopologyDefinition(
    name: "barabasi-albert", title: "Barabási-Albert",
    meaning: "a random graph that grows, with few agents of many neighbours",
    parameters: [
      .agents,
      Parameter(
        "edges-per-agent", .count(1...TopologyDefinition.mostAgents), "edges that each agent brings when it joins",
        example: "2"),
    ],
    examples: [(2, 1), (3, 2), (30, 1), (30, 3)].map {
      Arguments(["agents": .count($0.0), "edges-per-agent": .count($0.1)])
    },
    links: { arguments in
      let (agents, edges) = (Double(arguments.count("agents")), Double(arguments.count("edges-per-agent")))
      return edges * (edges + 1) + 2 * edges * max(0, agents - edges - 1)
    },
    check: { arguments in
      let others = arguments.count("agents") - 1
      let edges = arguments.count("edges-per-agent")
      guard edges > others else { return nil }
      return Fault("edges-per-agent", "is \(edges), but an agent has only \(counted(others, "other"))")
    },
    remedy: { "edges-per-agent than \($0.count("edges-per-agent"))" },
    graph: { (arguments, draw) throws(NetworkError) -> Graph in
      let names = try numberedNames(arguments.count("agents"))
      let count = arguments.count("edges-per-agent")
      var edges = allPairs(0..<UInt32(count + 1))
      edges.reserveCapacity(names.count * count)
      var chosen: [UInt32] = []
      for node in names.indices.dropFirst(count + 1) {
        var draws = draw.draws(.networkEdges, names[node])
        let ends = UInt32(2 * edges.count)
        chosen.removeAll(keepingCapacity: true)
        while chosen.count < count {
          let end = draws.integer(below: ends)
          let edge = edges[Int(end / 2)]
          let candidate = end & 1 == 0 ? edge.first : edge.second
          if !chosen.contains(candidate) { chosen.append(candidate) }
        }
        for other in chosen { edges.append(Graph.Edge(other, UInt32(node))) }
      }
      return Graph(names: names, edges: edges)
    })
}
