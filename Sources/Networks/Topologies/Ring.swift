// SPDX-License-Identifier: GPL-3.0-or-later

/// The names of agents that were not named by the user: agent-0, agent-1 and so on, which is their natural order.
func numberedNames(_ count: Int) throws(NetworkError) -> [String] {
  guard count >= 1, count <= Graph.agentLimit else { throw .agentCount(count) }
  return (0..<count).map { "agent-\($0)" }
}

extension Graph {
  /// The circle in which each agent is linked with the one before and the one after. Two agents share one edge, and
  /// one agent has none.
  static func ring(agents: Int) throws(NetworkError) -> Graph {
    let names = try numberedNames(agents)
    var edges = (0..<UInt32(agents) - 1).map { Edge($0, $0 + 1) }
    if agents > 2 { edges.append(Edge(0, UInt32(agents) - 1)) }
    return Graph(names: names, edges: edges)
  }
}
