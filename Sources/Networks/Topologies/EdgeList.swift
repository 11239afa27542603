// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension TopologyDefinition {
  /// The agents and the edges by name. The order of either list does not matter.
  package static let edgeList = TopologyDefinition(
    name: "edge-list",
    meaning: "agents and edges by name",
    parameters: [
      Parameter("agents", .list(.line), "all names, where not every agent has an edge", .optional),
      Parameter("edges", .edges, "pairs of agents by name", example: "[[a, b], [b, c]]"),
      .directed(false),
    ],
    examples: [
      Arguments(["agents": .names(["x"]), "edges": .edges([])]),
      Arguments([
        "agents": .names(["a", "b", "c", "d"]),
        "edges": .edges([.init("a", "b"), .init("b", "c"), .init("a", "c"), .init("c", "d")]),
      ]),
      Arguments([
        "agents": .names(["a", "b", "c"]), "directed": .flag(true),
        "edges": .edges([.init("a", "b"), .init("b", "c"), .init("a", "c"), .init("c", "a")]),
      ]),
    ],
    agents: { listedNames($0).count },
    links: { Double(listedEdges($0).count) * ($0.flag("directed") ? 1 : 2) },
    graph: { (arguments, _) throws(NetworkError) -> Graph in
      try .edgeList(
        agents: listedNames(arguments), edges: listedEdges(arguments), isDirected: arguments.flag("directed"))
    })
}

extension NetworkSettings.Topology {
  /// The agents and the edges by name.
  package static func edgeList(agents: [String], edges: [NetworkSettings.Edge], directed: Bool = false) -> Self {
    Self(.edgeList, Arguments(["agents": .names(agents), "edges": .edges(edges), "directed": .flag(directed)]))
  }
}

/// Edges as the value of a parameter.
private struct EdgesValue: SpecialValue {
  let edges: [NetworkSettings.Edge]
}

extension Argument {
  package static func edges(_ edges: [NetworkSettings.Edge]) -> Argument { .special(EdgesValue(edges: edges)) }

  package var edges: [NetworkSettings.Edge]? { special(EdgesValue.self)?.edges }
}

private func listedNames(_ arguments: Arguments) -> [String] {
  arguments["agents"]?.names ?? []
}

private func listedEdges(_ arguments: Arguments) -> [NetworkSettings.Edge] {
  arguments["edges"]?.edges ?? []
}

extension Graph {
  /// The graph of agents and edges by name. The order of either list does not matter.
  ///
  /// - Throws: for an agent listed twice, and an edge that joins an agent with itself, names an agent that is not
  ///   listed, or is listed twice.
  static func edgeList(
    agents: [String], edges: [NetworkSettings.Edge], isDirected: Bool = false
  ) throws(NetworkError) -> Graph {
    guard agents.count >= 1, agents.count <= agentLimit else { throw .agentCount(agents.count) }
    guard 2 * edges.count <= linkLimit else { throw .tooManyLinks }
    let names = agents.sorted(by: naturallyPrecedes)
    var ranks: [String: UInt32] = Dictionary(minimumCapacity: names.count)
    for (rank, name) in names.enumerated() {
      guard ranks.updateValue(UInt32(rank), forKey: name) == nil else { throw .doubledAgent(name) }
    }
    var seen: Set<UInt64> = []
    var ranked: [Edge] = []
    ranked.reserveCapacity(edges.count)
    for edge in edges {
      guard let first = ranks[edge.first] else {
        throw .unknownAgent(edge.first, first: edge.first, second: edge.second)
      }
      guard let second = ranks[edge.second] else {
        throw .unknownAgent(edge.second, first: edge.first, second: edge.second)
      }
      guard first != second else { throw .selfLoop(edge.first) }
      let (low, high) = isDirected ? (first, second) : (min(first, second), max(first, second))
      guard seen.insert(UInt64(low) << 32 | UInt64(high)).inserted else {
        throw .doubledEdge(edge.first, edge.second, isDirected: isDirected)
      }
      ranked.append(Edge(first, second))
    }
    return Graph(names: names, edges: ranked, isDirected: isDirected)
  }
}
