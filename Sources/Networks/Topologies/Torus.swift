// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// A grid whose rows and columns close to rings, so that with three of each every agent has four neighbours. Rings
  /// of two are one edge.
  package static let torus = TopologyDefinition(
    name: "torus",
    meaning: "a grid whose rows and columns close to rings",
    parameters: Parameter.rowsAndColumns, examples: exampleGrids,
    agents: { cappedProduct($0.count("rows"), $0.count("columns")) },
    links: { arguments in
      let (rows, columns) = (arguments.count("rows"), arguments.count("columns"))
      return Double(rows) * Double(columns) * Double(ringDegree(rows) + ringDegree(columns))
    },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let (rows, columns) = (arguments.count("rows"), arguments.count("columns"))
      let names = try numberedNames(cappedProduct(rows, columns))
      var edges: [Graph.Edge] = []
      edges.reserveCapacity(2 * names.count)
      for node in names.indices {
        let (row, column) = (node / columns, node % columns)
        if hasNext(column, in: columns) {
          edges.append(Graph.Edge(UInt32(node), UInt32(row * columns + (column + 1) % columns)))
        }
        if hasNext(row, in: rows) {
          edges.append(Graph.Edge(UInt32(node), UInt32((row + 1) % rows * columns + column)))
        }
      }
      return Graph(names: names, edges: edges)
    })
}

/// How many neighbours an agent has on a ring.
private func ringDegree(_ agents: Int) -> Int { min(agents - 1, 2) }

/// Whether the edge from a place of a ring to the next one is not yet that of another place.
private func hasNext(_ place: Int, in count: Int) -> Bool { count > 2 || place + 1 < count }
