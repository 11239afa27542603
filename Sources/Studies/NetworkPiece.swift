// SPDX-License-Identifier: GPL-3.0-or-later
import Networks

extension Network {
  /// The network of some of its agents and some of the links between them, with weights by the scenario's rule. Of a matrix
  /// that is given the weight of an absent link returns to the agent.
  ///
  /// - Parameters:
  ///   - ranks: of the agents, rising.
  ///   - noiseVariances: of all agents, where the rule weighs by them.
  ///   - hasLink: whether a link is there.
  /// - Returns: nothing where the rule says something of every agent.
  func piece(
    _ ranks: [Int], _ settings: NetworkSettings, noiseVariances: [Double]?, hasLink: (Int) -> Bool = { _ in true }
  ) -> Network? {
    var rules = settings
    rules.requiresDoublyStochastic = .no
    let isMatrix = settings.weights.rule.name == CombinationRule.matrix.name
    if isMatrix { rules.weights = .edgeWeights(of: self) }
    // Both directions have weights of their own then.
    let isDirected = isMatrix || isDirected
    // A rule that takes it that linked agents hear each other says nothing of links that are there one way only.
    if !isDirected, reverse.indices.contains(where: { hasLink($0) != hasLink(reverse[$0].index) }) { return nil }
    let place = Dictionary(uniqueKeysWithValues: zip(ranks, 0...))
    let edges = (0..<linkCount).compactMap { link -> Graph.Edge? in
      guard hasLink(link), let sender = place[senders[link].index], let receiver = place[receivers[link].index],
        isDirected || sender < receiver
      else { return nil }
      return Graph.Edge(UInt32(sender), UInt32(receiver))
    }
    let graph = Graph(names: ranks.map { names[$0] }, edges: edges, isDirected: isDirected)
    let noise = noiseVariances.map { all in ranks.map { all[$0] } }
    return try? Network(DrawnGraph(graph), rules, noiseVariances: noise)
  }

  /// The second singular value of the combination matrix; nothing where it takes too long to find.
  var secondSingularValue: Double? {
    let spectrum = spectrum(workLimit: 100_000_000)
    return spectrum.isConverged ? spectrum.secondSingularValue : nil
  }
}
