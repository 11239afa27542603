// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension TopologyDefinition {
  /// Agents on a circle, each linked with those that are any of some offsets before or after it.
  package static let circulant = TopologyDefinition(
    name: "circulant",
    meaning: "agents on a circle, each linked with those that are any of some offsets away",
    parameters: [
      .agents,
      Parameter(
        "offsets", .list(.count(1...TopologyDefinition.mostAgents)), "steps along a circle to neighbours",
        example: "[1, 3]"),
    ],
    examples: [(2, [1]), (7, [1, 3]), (8, [1, 4]), (9, [2])].map {
      Arguments(["agents": .count($0.0), "offsets": .counts($0.1)])
    },
    links: { arguments in
      let agents = arguments.count("agents")
      return arguments.counts("offsets").reduce(0) {
        $0 + Double(agents) * ($1 > agents - $1 ? 0 : $1 == agents - $1 ? 1 : 2)
      }
    },
    check: { arguments in
      let (agents, offsets) = (arguments.count("agents"), arguments.counts("offsets"))
      if let wide = offsets.first(where: { $0 > agents / 2 }) {
        return Fault(
          "offsets",
          "has \(wide), but on a circle of \(counted(agents, "agent")) nobody is more than \(agents / 2) away")
      }
      return Set(offsets).count == offsets.count ? nil : Fault("offsets", "names an offset twice")
    },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      try .circulant(agents: arguments.count("agents"), offsets: arguments.counts("offsets"), isDirected: false)
    })
}

extension Graph {
  /// The circle in which each agent i is linked to the agents i + offset mod N, for each of some offsets from 1 to
  /// N - 1. Offsets that give the same edge count once.
  static func circulant(agents: Int, offsets: [Int], isDirected: Bool) throws(NetworkError) -> Graph {
    let names = try numberedNames(agents)
    let steps = Set(offsets.map { isDirected ? $0 : min($0, agents - $0) }).sorted()
    var edges: [Edge] = []
    edges.reserveCapacity(agents * steps.count)
    for step in steps {
      // Half around the circle, both ends have the same edge.
      let starts = !isDirected && 2 * step == agents ? step : agents
      for start in 0..<starts { edges.append(Edge(UInt32(start), UInt32((start + step) % agents))) }
    }
    return Graph(names: names, edges: edges, isDirected: isDirected)
  }
}
