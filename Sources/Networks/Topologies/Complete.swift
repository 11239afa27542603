// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// Every agent is linked with every other.
  package static let complete = TopologyDefinition(
    name: "complete",
    meaning: "every agent is linked with every other",
    parameters: [.agents], examples: [1, 2, 3, 12].map { Arguments(["agents": .count($0)]) },
    links: { Double($0.count("agents")) * Double($0.count("agents") - 1) },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let names = try numberedNames(arguments.count("agents"))
      return Graph(names: names, edges: allPairs(0..<UInt32(names.count)))
    })
}

/// An edge between every two nodes of a range.
func allPairs(_ nodes: Range<UInt32>) -> [Graph.Edge] {
  nodes.flatMap { first in (first..<nodes.upperBound).dropFirst().map { Graph.Edge(first, $0) } }
}
