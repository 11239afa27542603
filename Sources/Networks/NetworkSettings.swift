// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

/// What a scenario says about the network: the graph and the combination rule on it.
package struct NetworkSettings: Sendable, Equatable {
  /// How the graph is made: a topology with the values of its parameters.
  package struct Topology: Sendable, Equatable {
    package let definition: TopologyDefinition
    package let arguments: Arguments

    package init(_ definition: TopologyDefinition, _ arguments: Arguments) {
      self.definition = definition
      self.arguments = arguments.completed(by: definition.parameters)
    }

    package static func == (left: Topology, right: Topology) -> Bool {
      left.definition.name == right.definition.name && left.arguments == right.arguments
    }
  }

  /// An edge between two agents, by name; of a directed graph the link from the first to the second.
  package struct Edge: Sendable, Hashable {
    package let first: String
    package let second: String
    /// What combination rule `edge-weights` takes; nothing for an edge that is only there.
    package let weight: Double?

    package init(_ first: String, _ second: String, weight: Double? = nil) {
      self.first = first
      self.second = second
      self.weight = weight
    }

    /// What two entries of one edge have in common; without a direction its ends stand in their order.
    package func ends(isDirected: Bool) -> Edge {
      isDirected || first < second ? Edge(first, second) : Edge(second, first)
    }
  }

  /// How the combination matrix is made from the graph: a rule with the values of its parameters.
  package struct Weights: Sendable, Equatable {
    package let rule: CombinationRule
    package let arguments: Arguments

    package init(_ rule: CombinationRule, _ arguments: Arguments = Arguments()) {
      self.rule = rule
      self.arguments = arguments.completed(by: rule.parameters)
    }

    package static func == (left: Weights, right: Weights) -> Bool {
      left.rule.name == right.rule.name && left.arguments == right.arguments
    }
  }

  /// Whether something is insisted on.
  package enum Requirement: String, Sendable, CaseIterable {
    /// Where the strategy or the task needs it.
    case auto
    case yes = "true"
    case no = "false"
  }

  /// How long each edge is there, and then not, in turn: seconds.
  package struct EdgeSpells: Sendable, Equatable {
    package var present: Distribution
    package var absent: Distribution

    package init(present: Distribution, absent: Distribution) {
      self.present = present
      self.absent = absent
    }
  }

  /// Whom an agent sends its estimate to.
  package enum SendTo: String, Sendable, CaseIterable {
    case all
    /// At its i-th sending the 2^(i mod τ)-th next on the circle, τ = ⌈log₂ N⌉.
    case onePeer = "one-peer"
    /// One that is drawn for each step.
    case randomNeighbour = "random-neighbour"
  }

  package var topology: Topology
  package var weights: Weights
  package var sendTo: SendTo
  /// By which edges come and go; nothing where they stay.
  package var edgesComeAndGo: EdgeSpells?
  /// Whether a graph in several pieces is refused (and a random one drawn again before that). A directed graph is in
  /// one piece when every agent reaches every other along its links.
  package var requiresConnection: Bool
  /// How often a random graph that is not connected is drawn again.
  package var redraws: Int
  /// Whether a combination matrix whose rows do not sum to one is refused.
  package var requiresDoublyStochastic: Requirement

  package init(
    topology: Topology, weights: Weights = .metropolis, sendTo: SendTo = .all, edgesComeAndGo: EdgeSpells? = nil,
    requiresConnection: Bool = true, redraws: Int = 100,
    requiresDoublyStochastic: Requirement = .auto
  ) {
    self.topology = topology
    self.weights = weights
    self.sendTo = sendTo
    self.edgesComeAndGo = edgesComeAndGo
    self.requiresConnection = requiresConnection
    self.redraws = redraws
    self.requiresDoublyStochastic = requiresDoublyStochastic
  }

  /// The number of agents.
  package var agentCount: Int { topology.definition.agents(topology.arguments) }

  /// The number of directed links, expected where the graph is drawn; found without making the graph.
  package var expectedLinks: Double { topology.definition.links(topology.arguments) }

  /// Whether links go one way only.
  package var isDirected: Bool { topology.arguments.flag("directed") }

  /// Whether edges come and go by themselves: by spells, or as agents move.
  package var changesByItself: Bool { edgesComeAndGo != nil || MovementSettings(topology) != nil }

  /// The weights of a scenario that names none. The usual rule takes it that agents hear each other; that of directed
  /// graphs is as simple, and at home on any graph.
  package var usualWeights: Weights { isDirected ? Weights(.averaging) : .metropolis }

  /// The names of the agents where they are given; else they are agent-0, agent-1 and so on.
  package var agentNames: [String]? {
    topology.arguments["agents"]?.names
  }
}
