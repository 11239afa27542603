// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// Agents in a row, each linked with the one before and the one after.
  package static let path = TopologyDefinition(
    name: "path",
    meaning: "agents in a row, each linked with the one before and the one after",
    parameters: [.agents], examples: [1, 2, 3, 12].map { Arguments(["agents": .count($0)]) },
    links: { 2 * Double($0.count("agents") - 1) },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let names = try numberedNames(arguments.count("agents"))
      return Graph(names: names, edges: (0..<UInt32(names.count) - 1).map { Graph.Edge($0, $0 + 1) })
    })
}
