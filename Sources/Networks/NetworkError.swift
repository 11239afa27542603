// SPDX-License-Identifier: GPL-3.0-or-later

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
  /// An agent that is listed twice.
  case doubledAgent(String)
  /// An edge to an agent that is not listed.
  case unknownAgent(String, first: String, second: String)
  /// An edge from an agent to itself.
  case selfLoop(String)
  /// An edge that is listed twice, in whichever direction.
  case doubledEdge(String, String)
  /// A fixed graph in several pieces, with two agents that no path joins.
  case notConnected(pieces: Int, first: String, second: String)
  /// A random graph that was in several pieces every time it was drawn.
  case neverConnected(agents: Int, draws: Int, pieces: Int, reach: NetworkSettings.Reach)

  package var description: String {
    switch self {
    case .agentCount(let count):
      "A network has at least one agent and at most \(Graph.agentLimit), not \(count)."
    case .tooManyLinks:
      "The network would have more than \(Graph.linkLimit) links; choose a smaller radius or mean degree, or fewer agents."
    case .radius(let radius):
      "The radius of a random geometric graph is a finite distance of zero or more, not \(radius)."
    case .meanDegree(let degree, let agents):
      "The mean degree of a graph of \(agents) agents lies between 0 and \(agents - 1), not at \(degree)."
    case .doubledAgent(let name):
      "The agent ‘\(name)’ is listed twice; every agent needs a name of its own."
    case .unknownAgent(let name, let first, let second):
      "The edge ‘\(first)’ – ‘\(second)’ names ‘\(name)’, which is not among the agents."
    case .selfLoop(let name):
      "The edge from ‘\(name)’ to itself is not needed: every agent hears itself."
    case .doubledEdge(let first, let second):
      "The edge ‘\(first)’ – ‘\(second)’ is listed twice; edges have no direction, so one entry is enough."
    case .notConnected(let pieces, let first, let second):
      "The network is in \(pieces) pieces: no path joins ‘\(first)’ and ‘\(second)’. "
        + "Add edges between the pieces, or do not require a connected network."
    case .neverConnected(let agents, let draws, let pieces, let reach):
      "The random geometric graph of \(agents) agents was drawn \(draws) \(draws == 1 ? "time" : "times") "
        + "and never connected; the last was in \(pieces) pieces. Choose a larger \(remedy(reach)), "
        + "or do not require a connected network."
    }
  }
}

/// What to enlarge, with its present value.
private func remedy(_ reach: NetworkSettings.Reach) -> String {
  switch reach {
  case .radius(let radius): "radius than \(radius)"
  case .meanDegree(let degree): "mean degree than \(degree)"
  }
}
