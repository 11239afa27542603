// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension TopologyDefinition {
  /// Agents at the crossings of a rectangular grid, each linked with the next in its row and in its column. The agent
  /// in row r and column c has the number r · columns + c.
  package static let grid = TopologyDefinition(
    name: "grid",
    meaning: "agents at the crossings of a rectangular grid",
    parameters: Parameter.rowsAndColumns, examples: exampleGrids,
    agents: { cappedProduct($0.count("rows"), $0.count("columns")) },
    links: { arguments in
      let (rows, columns) = (Double(arguments.count("rows")), Double(arguments.count("columns")))
      return 2 * (rows * (columns - 1) + columns * (rows - 1))
    },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      let (rows, columns) = (arguments.count("rows"), arguments.count("columns"))
      let names = try numberedNames(cappedProduct(rows, columns))
      var edges: [Graph.Edge] = []
      edges.reserveCapacity(2 * names.count)
      for node in names.indices {
        if node % columns < columns - 1 { edges.append(Graph.Edge(UInt32(node), UInt32(node + 1))) }
        if node / columns < rows - 1 { edges.append(Graph.Edge(UInt32(node), UInt32(node + columns))) }
      }
      return Graph(names: names, edges: edges)
    })

  static let exampleGrids = [(1, 1), (1, 2), (2, 2), (2, 5), (3, 4)].map {
    Arguments(["rows": .count($0.0), "columns": .count($0.1)])
  }
}

extension Parameter {
  /// The sides of a grid.
  static var rowsAndColumns: [Parameter] {
    [
      Parameter("rows", .count(1...TopologyDefinition.mostAgents), "rows of a grid of agents", example: "4"),
      Parameter("columns", .count(1...TopologyDefinition.mostAgents), "columns of a grid of agents", example: "5"),
    ]
  }
}
