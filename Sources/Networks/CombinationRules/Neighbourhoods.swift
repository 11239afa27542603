// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// What combination rules ask of a graph, be it one that is given or the present one of a run.
package protocol Neighbourhoods {
  /// How many agents there are.
  var nodeCount: Int { get }
  /// How many others the agent hears that hears most.
  var largestDegree: Int { get }
  /// How many others an agent hears.
  func degree(_ node: Int) -> Int
}

extension Graph: Neighbourhoods {
  package var largestDegree: Int { (0..<nodeCount).map { degree($0) }.max() ?? 0 }
}

/// The neighbourhoods of a graph that is not copied for every link of which a rule asks.
final class SharedNeighbourhoods: Neighbourhoods {
  private let graph: Graph

  init(_ graph: Graph) { self.graph = graph }

  var nodeCount: Int { graph.nodeCount }
  var largestDegree: Int { graph.largestDegree }
  func degree(_ node: Int) -> Int { graph.degree(node) }
}

extension CombinationRule {
  /// How the weights that an agent gives follow from the neighbourhoods, link by link.
  package enum Weighing: Sendable {
    /// c_lk of a sender l and a receiver k; the rest is c_kk. `asksAll` says of values of the parameters whether it asks
    /// more than the degrees of the two.
    case share(
      asksAll: @Sendable (Arguments) -> Bool,
      @Sendable (any Neighbourhoods, Arguments, _ sender: Int, _ receiver: Int) -> Double)
    /// In proportion to what each agent counts for with its listeners and with itself.
    case standing(@Sendable (any Neighbourhoods, Arguments, _ sender: Int) -> Double)
    /// Weights of a graph that is given: that of an absent link returns to the agent.
    case given
  }
}

/// The weights of a rule where the graph changes: those of one agent after the other, made when they are asked for.
package struct ChangingWeights: Sendable {
  package let weighing: CombinationRule.Weighing
  private let arguments: Arguments

  /// - Throws: as the weights on a graph that does not change, where values of the rule do not fit the agents.
  package init(
    _ weights: NetworkSettings.Weights, on agents: [String], noiseVariances: [Double]?
  ) throws(NetworkError) {
    weighing = weights.rule.weighing
    arguments = try CombinationWeights.resolved(weights, names: agents, noiseVariances)
  }

  /// Whether a change anywhere may change every weight; else it is those of the neighbourhoods of its ends.
  package var asksAll: Bool {
    if case .share(let asksAll, _) = weighing { asksAll(arguments) } else { false }
  }

  /// What a receiver gives one sender; the rest is its own. Of rules by standing see `standing`.
  package func share(_ graph: any Neighbourhoods, _ sender: Int, _ receiver: Int) -> Double {
    guard case .share(_, let share) = weighing else { preconditionFailure("The rule gives no shares.") }
    return share(graph, arguments, sender, receiver)
  }

  /// What an agent counts for.
  package func standing(_ graph: any Neighbourhoods, _ agent: Int) -> Double {
    guard case .standing(let standing) = weighing else { preconditionFailure("The rule does not go by standing.") }
    return standing(graph, arguments, agent)
  }
}
