// SPDX-License-Identifier: GPL-3.0-or-later

/// What a scenario says about the network: the graph and the combination rule on it.
package struct NetworkSettings: Sendable, Equatable {
  /// How the graph is made.
  package enum Topology: Sendable, Equatable {
    /// Agents on a circle, each linked with the one before and the one after.
    case ring(agents: Int)
    /// Agents at random points of the unit square, linked when at most `radius` apart.
    case randomGeometric(agents: Int, reach: Reach)
    /// The agents and the undirected edges by name.
    case edgeList(agents: [String], edges: [Edge])
  }

  /// How far agents of a random geometric graph hear each other.
  package enum Reach: Sendable, Equatable {
    /// A distance in the unit square.
    case radius(Double)
    /// The radius is the smallest that gives at least this mean degree on the points drawn.
    case meanDegree(Double)
  }

  /// An undirected edge between two agents, by name.
  package struct Edge: Sendable, Equatable {
    package let first: String
    package let second: String

    package init(_ first: String, _ second: String) {
      self.first = first
      self.second = second
    }
  }

  /// How the combination matrix is made from the graph.
  package enum Weights: String, Sendable, CaseIterable {
    /// c_lk = 1 / max(n_k, n_l) with n counting the agent itself; doubly stochastic.
    case metropolis
  }

  package var topology: Topology
  package var weights: Weights
  /// Whether a graph in several pieces is refused (and a random one drawn again before that).
  package var requiresConnection: Bool
  /// How often a random graph that is not connected is drawn again.
  package var redraws: Int

  package init(
    topology: Topology, weights: Weights = .metropolis, requiresConnection: Bool = true, redraws: Int = 100
  ) {
    self.topology = topology
    self.weights = weights
    self.requiresConnection = requiresConnection
    self.redraws = redraws
  }

  /// The number of agents.
  package var agentCount: Int {
    switch topology {
    case .ring(let agents), .randomGeometric(let agents, _): agents
    case .edgeList(let agents, _): agents.count
    }
  }
}
