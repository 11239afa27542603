// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

extension Graph {
  /// The graph of agents and edges by name. The order of either list does not matter.
  ///
  /// - Throws: for an agent listed twice, and an edge that joins an agent with itself, names an agent that is not
  ///   listed, or is listed twice.
  static func edgeList(agents: [String], edges: [NetworkSettings.Edge]) throws(NetworkError) -> Graph {
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
      let pair = UInt64(min(first, second)) << 32 | UInt64(max(first, second))
      guard seen.insert(pair).inserted else { throw .doubledEdge(edge.first, edge.second) }
      ranked.append(Edge(first, second))
    }
    return Graph(names: names, edges: ranked)
  }
}
