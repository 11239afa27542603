// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// A combination rule: its name and parameters, and how it weighs on a graph.
///
/// A rule is one file in `CombinationRules/` that makes one of these, and a line in `all`.
package struct CombinationRule: Definition {
  /// What is known of a rule's matrices without looking at them. All are left-stochastic: columns sum to one.
  package enum Balance: Sendable {
    /// c_lk = c_kl, so rows sum to one as well. Such a rule needs agents that hear each other.
    case symmetric
    /// c_lk p_k = c_kl p_l for some p, where agents hear each other; the rule needs that.
    case detailed
    /// The rule weighs on any graph.
    case free
  }

  /// The name in scenarios.
  package let name: String
  package let meaning: String
  package let parameters: [Parameter]
  package let balance: Balance
  /// The weights on a graph. Of parameters per agent the values have one number for each agent.
  let weights: @Sendable (Graph, Arguments) throws(NetworkError) -> CombinationWeights
  /// How the weights follow from the neighbourhoods, where these change.
  package let weighing: Weighing

  package init(
    name: String, meaning: String, parameters: [Parameter] = [], balance: Balance, weighing: Weighing = .given,
    weights: @escaping @Sendable (Graph, Arguments) throws(NetworkError) -> CombinationWeights
  ) {
    self.name = name
    self.meaning = meaning
    self.parameters = parameters
    self.balance = balance
    self.weights = weights
    self.weighing = weighing
  }

  /// A rule that gives c_lk from the neighbourhoods, the sender l and the receiver k; the rest is c_kk.
  ///
  /// - Parameter asksAll: whether it asks more than the neighbourhoods of the two.
  init(
    name: String, meaning: String, balance: Balance, asksAll: Bool = false,
    weight: @escaping @Sendable (_ graph: any Neighbourhoods, _ sender: Int, _ receiver: Int) -> Double
  ) {
    self.init(
      name: name, meaning: meaning, balance: balance,
      weighing: .share(asksAll: { _ in asksAll }, { graph, _, sender, receiver in weight(graph, sender, receiver) }),
      weights: { (graph, _) throws(NetworkError) -> CombinationWeights in
        let neighbourhoods = SharedNeighbourhoods(graph)
        return CombinationWeights(on: graph) { weight(neighbourhoods, $0, $1) }
      })
  }

  /// Whether the rule needs a graph in which agents hear each other.
  package var needsUndirected: Bool {
    switch balance {
    case .symmetric, .detailed: true
    case .free: false
    }
  }
}

extension CombinationRule {
  /// The rule of a name.
  package static func named(_ name: String) -> CombinationRule? { all.first { $0.name == name } }

  /// The names of the rules that weigh on directed graphs.
  package static var ofDirectedGraphs: [String] { all.filter { !$0.needsUndirected }.map(\.name) }
}

extension Parameter {
  /// A number above zero for each agent, by default the noise variance of its data.
  static func perAgent(_ name: String, _ meaning: String) -> Parameter {
    Parameter(name, .perAgent, meaning, .otherwise(.noiseVariance))
  }
}

extension Kind {
  /// A number above zero for all agents, one for each, or the word for their noise variances.
  package static let perAgent = Kind.described(
    .either([.word(Argument.noiseVarianceWord), .list(.number(.positive)), .number(.positive)]),
    "\(Argument.noiseVarianceWord) for that of the agents' data, a number, or a list with one number per agent")
}

extension Argument {
  fileprivate static let noiseVarianceWord = "noise-variance"

  /// The noise variance of each agent, which only the task knows.
  package static let noiseVariance = Argument.text(noiseVarianceWord)
}
