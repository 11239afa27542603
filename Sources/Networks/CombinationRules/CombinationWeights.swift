// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

/// The entries of a combination matrix on a graph: c_lk for each directed link in the order (receiver, sender), and
/// c_kk for each agent. The weights that an agent gives sum to one.
package struct CombinationWeights: Sendable {
  let ofLinks: [Double]
  let ofSelves: [Double]

  /// The weights of a rule on a graph.
  ///
  /// - Throws: where the rule does not fit the graph, or its values do not fit the agents.
  package init(
    _ weights: NetworkSettings.Weights, on graph: Graph, noiseVariances: [Double]? = nil
  ) throws(NetworkError) {
    let rule = weights.rule
    guard !graph.isDirected || !rule.needsUndirected else {
      throw .needsUndirected(rule: rule.name, others: CombinationRule.ofDirectedGraphs)
    }
    self = try rule.weights(graph, Self.resolved(weights, names: graph.names, noiseVariances))
  }

  /// The values of a rule, those per agent as one number for each.
  static func resolved(
    _ weights: NetworkSettings.Weights, names: [String], _ noiseVariances: [Double]?
  ) throws(NetworkError) -> Arguments {
    var arguments = weights.arguments
    for parameter in weights.rule.parameters where parameter.kind == .perAgent {
      guard let given = arguments[parameter.name] else { continue }
      let numbers = try Self.numbers(given, parameter, of: weights.rule, names, noiseVariances)
      arguments[parameter.name] = .numbers(numbers)
    }
    return arguments
  }

  /// One number above zero for each agent.
  private static func numbers(
    _ given: Argument, _ parameter: Parameter, of rule: CombinationRule, _ names: [String],
    _ noiseVariances: [Double]?
  ) throws(NetworkError) -> [Double] {
    let one = given.number.map { Array(repeating: $0, count: names.count) }
    guard let numbers = one ?? given.numbers ?? noiseVariances else {
      throw .weights(.noNoiseVariances(rule: rule.name))
    }
    guard numbers.count == names.count else {
      throw .weights(
        .size(rule: rule.name, parameter: parameter.name, got: numbers.count, agents: names.count))
    }
    if let bad = numbers.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw .weights(
        .perAgent(rule: rule.name, parameter: parameter.name, agent: names[bad], value: numbers[bad]))
    }
    return numbers
  }

  init(ofLinks: [Double], ofSelves: [Double]) {
    self.ofLinks = ofLinks
    self.ofSelves = ofSelves
  }

  /// The weights c_lk of a sender l and a receiver k; the rest is c_kk.
  init(on graph: Graph, weight: (_ sender: Int, _ receiver: Int) -> Double) {
    var ofLinks: [Double] = []
    ofLinks.reserveCapacity(graph.linkCount)
    var ofSelves: [Double] = []
    ofSelves.reserveCapacity(graph.nodeCount)
    for receiver in 0..<graph.nodeCount {
      var given = 0.0
      for sender in graph.neighbours(of: receiver) {
        let share = weight(Int(sender), receiver)
        given += share
        ofLinks.append(share)
      }
      ofSelves.append(1 - given)
    }
    self.init(ofLinks: ofLinks, ofSelves: ofSelves)
  }

  /// The weights in proportion to what each agent counts for with its listeners and with itself.
  init(on graph: Graph, inProportionTo standing: (_ sender: Int) -> Double) {
    var ofLinks: [Double] = []
    ofLinks.reserveCapacity(graph.linkCount)
    var ofSelves: [Double] = []
    ofSelves.reserveCapacity(graph.nodeCount)
    for receiver in 0..<graph.nodeCount {
      let own = standing(receiver)
      let sum = graph.neighbours(of: receiver).reduce(own) { $0 + standing(Int($1)) }
      for sender in graph.neighbours(of: receiver) { ofLinks.append(standing(Int(sender)) / sum) }
      ofSelves.append(own / sum)
    }
    self.init(ofLinks: ofLinks, ofSelves: ofSelves)
  }
}

extension CombinationWeights {
  /// How far the sum of a row may be from one.
  package static let tolerance = 1e-9

  /// The largest difference of a row's sum, what others and it itself give to an agent, from one.
  func worstRow(on graph: Graph) -> (agent: Int, error: Double) {
    var sums = ofSelves
    for (link, sender) in graph.incoming.nodes.enumerated() { sums[Int(sender)] += ofLinks[link] }
    var worst = (agent: 0, error: 0.0)
    for (agent, sum) in sums.enumerated() where abs(sum - 1) > worst.error { worst = (agent, abs(sum - 1)) }
    return worst
  }

  /// Refuses weights whose rows do not sum to one, naming rules that would do on this graph.
  func requireDoublyStochastic(
    _ weights: NetworkSettings.Weights, on graph: Graph, noiseVariances: [Double]?
  ) throws(NetworkError) {
    let worst = worstRow(on: graph)
    guard worst.error > Self.tolerance else { return }
    let others = CombinationRule.all.filter { rule in
      guard rule.parameters.allSatisfy({ $0.presence != .required && $0.kind != .perAgent }) else { return false }
      let other = try? CombinationWeights(NetworkSettings.Weights(rule), on: graph)
      return other.map { $0.worstRow(on: graph).error <= Self.tolerance } ?? false
    }
    throw .notDoublyStochastic(
      rule: weights.rule.name, error: worst.error, agent: graph.names[worst.agent], others: others.map(\.name))
  }
}
