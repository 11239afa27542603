// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// Agents at the corners of a cube of some dimension d: 2ᵈ of them, each linked with the d whose number differs in
  /// one binary digit.
  package static let hypercube = TopologyDefinition(
    name: "hypercube",
    meaning: "agents at the corners of a cube of many dimensions, linked along its edges",
    parameters: [
      Parameter("dimension", .count(0...19), "dimension of a cube with agents at its corners", example: "4")
    ],
    examples: [0, 1, 2, 4].map { Arguments(["dimension": .count($0)]) },
    agents: { 1 << $0.count("dimension") },
    links: { Double($0.count("dimension") << $0.count("dimension")) },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let dimension = arguments.count("dimension")
      let names = try numberedNames(1 << dimension)
      var edges: [Graph.Edge] = []
      edges.reserveCapacity(dimension * names.count / 2)
      for corner in 0..<UInt32(names.count) {
        for digit in 0..<UInt32(dimension) {
          let other = corner ^ (1 << digit)
          if corner < other { edges.append(Graph.Edge(corner, other)) }
        }
      }
      return Graph(names: names, edges: edges)
    })
}
