// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// The first agent is linked with every other, and these with nobody else.
  package static let star = TopologyDefinition(
    name: "star",
    meaning: "the first agent is linked with every other, and these with nobody else",
    parameters: [.agents], examples: [1, 2, 3, 12].map { Arguments(["agents": .count($0)]) },
    links: { 2 * Double($0.count("agents") - 1) },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let names = try numberedNames(arguments.count("agents"))
      return Graph(names: names, edges: (0..<UInt32(names.count)).dropFirst().map { Graph.Edge(0, $0) })
    })
}
