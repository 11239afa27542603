// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// Why a network cannot be made as it was asked for. The description is a full sentence for a person.
package enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// Fewer than one agent, or more than can be numbered.
  case agentCount(Int)
  /// More directed links than can be numbered.
  case tooManyLinks
  /// A radius that is negative, infinite or not a number.
  case radius(Double)
  /// A mean degree that no graph of so many agents has.
  case meanDegree(Double, agents: Int)
  /// Values of the parameters of a topology or a rule that do not go together.
  case argument(of: String, Fault)
  /// An agent that is listed twice.
  case doubledAgent(String)
  /// An edge to an agent that is not listed.
  case unknownAgent(String, first: String, second: String)
  /// An edge from an agent to itself.
  case selfLoop(String)
  /// An edge that is listed twice, of an undirected graph in whichever direction.
  case doubledEdge(String, String, isDirected: Bool)
  /// A fixed graph in several pieces, with two agents that no path joins.
  case notConnected(pieces: Int, first: String, second: String)
  /// A directed graph with two agents that no path leads from one to the other.
  case notReached(from: String, to: String)
  /// A random graph that was in several pieces every time it was drawn.
  case neverConnected(title: String, agents: Int, draws: Int, pieces: Int, remedy: String)
  /// A rule that takes it that agents hear each other, on a directed graph, with rules that do not.
  case needsUndirected(rule: String, others: [String])
  /// Combination weights that cannot be.
  case weights(WeightFault)
  /// A matrix whose rows do not all sum to one where it must be doubly stochastic, with the agent whose row is the
  /// worst and the rules that would do.
  case notDoublyStochastic(rule: String, error: Double, agent: String, others: [String])

  package var description: String {
    switch self {
    case .agentCount(let count):
      "A network has at least one agent and at most \(Graph.agentLimit), not \(count)."
    case .tooManyLinks:
      "The network would have more than \(Graph.linkLimit) links; choose a smaller radius or mean degree, or fewer agents."
    case .radius(let radius):
      "The radius of a random geometric graph is a finite distance of zero or more, not \(radius)."
    case .meanDegree(let degree, let agents):
      "The mean degree of a graph of \(counted(agents, "agent")) lies between 0 and \(agents - 1), not at \(degree)."
    case .argument(let owner, let fault):
      "The parameter ‘\(fault.parameter ?? "")’ of ‘\(owner)’ \(fault.trouble)."
    case .doubledAgent(let name):
      "The agent ‘\(name)’ is listed twice; every agent needs a name of its own."
    case .unknownAgent(let name, let first, let second):
      "The edge ‘\(first)’ – ‘\(second)’ names ‘\(name)’, which is not among the agents."
    case .selfLoop(let name):
      "The edge from ‘\(name)’ to itself is not needed: every agent hears itself."
    case .doubledEdge(let first, let second, let isDirected):
      isDirected
        ? "The link from ‘\(first)’ to ‘\(second)’ is listed twice."
        : "The edge ‘\(first)’ – ‘\(second)’ is listed twice; edges have no direction, so one entry is enough."
    case .notConnected(let pieces, let first, let second):
      "The network is in \(pieces) pieces: no path joins ‘\(first)’ and ‘\(second)’. "
        + "Add edges between the pieces, or set network.require-connected to false."
    case .notReached(let sender, let receiver):
      "No path leads from ‘\(sender)’ to ‘\(receiver)’ in the direction of the links. "
        + "Add links, or set network.require-connected to false."
    case .neverConnected(let title, let agents, let draws, let pieces, let remedy):
      "The \(title) graph of \(counted(agents, "agent")) was drawn \(counted(draws, "time")) "
        + "and never connected; the last was in \(pieces) pieces. Choose a larger \(remedy), "
        + "or set network.require-connected to false."
    case .needsUndirected(let rule, let others):
      needsUndirectedText(rule: rule, others: others)
    case .weights(let fault):
      fault.description
    case .notDoublyStochastic(let rule, let error, let agent, let others):
      "The combination matrix must be doubly stochastic here, but with weights ‘\(rule)’ its rows do not sum to one: "
        + "what others give to ‘\(agent)’ is off by \(rounded(error)), so the network agrees on a weighted mean. "
        + (others.isEmpty
          ? "Give a matrix that is," : "On this graph choose \(alternatives(others)), or a matrix that is,")
        + " or set network.require-doubly-stochastic to false."
    }
  }
}

/// Why a rule is refused on directed graphs, as a full sentence.
package func needsUndirectedText(rule: String, others: [String]) -> String {
  "The weights ‘\(rule)’ take it that two linked agents hear each other, which makes their weights balance; on a "
    + "directed graph choose \(alternatives(others))."
}

/// A number to three digits.
private func rounded(_ value: Double) -> String {
  value >= 0.001 ? "\((value * 1000).rounded() / 1000)" : "\(value)"
}

/// Why the weights that a rule was given cannot be.
package enum WeightFault: Sendable, Equatable {
  /// As many rows, or numbers in a row or for all agents, as do not fit the agents.
  case size(rule: String, parameter: String, got: Int, agents: Int)
  /// A number of an agent that is not above zero and finite.
  case perAgent(rule: String, parameter: String, agent: String, value: Double)
  /// The noise variances of the agents were wanted where nobody knows them.
  case noNoiseVariances(rule: String)
  /// A weight that is negative, infinite or no number.
  case weight(sender: String, receiver: String, value: Double)
  /// A column that does not sum to one.
  case column(agent: String, sum: Double, seemsTransposed: Bool)
  /// A weight between agents that are not linked.
  case noLink(sender: String, receiver: String)
  /// An edge without the weight that a rule takes.
  case noWeight(first: String, second: String)
  /// The weights of an agent's edges leave less than nothing for itself.
  case tooHeavy(agent: String, sum: Double)
  /// A network that is not made of edges.
  case noEdges

  package var description: String {
    switch self {
    case .size(let rule, let parameter, let got, let agents):
      "The weights ‘\(rule)’ have \(counted(got, "number")) in ‘\(parameter)’, but the network has \(counted(agents, "agent"))."
    case .perAgent(let rule, let parameter, let agent, let value):
      "The weights ‘\(rule)’ need numbers above zero in ‘\(parameter)’, agent ‘\(agent)’ has \(plainNumber(value))."
    case .noNoiseVariances(let rule):
      "The weights ‘\(rule)’ want the noise variance of each agent, which this task does not have; give numbers."
    case .weight(let sender, let receiver, let value):
      "The weight that ‘\(receiver)’ gives to ‘\(sender)’ is \(plainNumber(value)); weights are finite and not negative."
    case .column(let agent, let sum, let seemsTransposed):
      "The weights that ‘\(agent)’ gives, a column of the matrix, sum to \(sum) instead of 1"
        + (seemsTransposed ? "; as its rows do sum to one, it seems transposed." : ".")
    case .noLink(let sender, let receiver):
      "The matrix has a weight that ‘\(receiver)’ gives to ‘\(sender)’, whom it does not hear: the network has no such "
        + "link."
    case .noWeight(let first, let second):
      "The edge of ‘\(first)’ and ‘\(second)’ has no weight."
    case .tooHeavy(let agent, let sum):
      "The edges of ‘\(agent)’ weigh \(sum) together, but what an agent gives to others is at most 1."
    case .noEdges:
      "The rule edge-weights needs a network that is made of edges."
    }
  }
}
