// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// A graph as it was made for a study or a replication.
package struct DrawnGraph: Sendable {
  package let graph: Graph
  /// How often it was drawn again before it was connected.
  package let redraws: Int
  /// What the streams of each agent are keyed by.
  package let keys: [EntityKey]

  /// A graph that is given.
  package init(_ graph: Graph, redraws: Int = 0) {
    self.graph = graph
    self.redraws = redraws
    keys = graph.names.map { EntityKey($0) }
  }

  /// Makes the graph that a scenario asks for.
  ///
  /// *Randomness*: random topologies draw from the streams that they document, with the number of the draw as the
  /// index. Nothing else draws.
  ///
  /// - Parameters:
  ///   - settings: the topology. A negative number of redraws counts as none.
  ///   - seed: the seed of the study.
  ///   - replication: the replication, or `StreamFamily.study` for a network drawn once per study.
  /// - Throws: when the settings describe no graph, and when a connected one is required and not found.
  package init(_ settings: NetworkSettings, seed: UInt64, replication: UInt32) throws(NetworkError) {
    let topology = settings.topology.definition
    let arguments = settings.topology.arguments
    let agents = settings.agentCount
    guard agents >= 1, agents <= Graph.agentLimit else { throw .agentCount(agents) }
    if let fault = topology.check(arguments) { throw .argument(of: topology.name, fault) }
    guard settings.expectedLinks <= Double(Graph.linkLimit) else { throw .tooManyLinks }
    let (graph, redraws) = try Self.draw(settings, seed: seed, replication: replication)
    self.init(graph, redraws: redraws)
  }

  /// Draws until the graph is as required.
  private static func draw(
    _ settings: NetworkSettings, seed: UInt64, replication: UInt32
  ) throws(NetworkError) -> (graph: Graph, redraws: Int) {
    let topology = settings.topology.definition
    let arguments = settings.topology.arguments
    var draw = 0
    while true {
      let graph = try topology.graph(arguments, GraphDraw(seed: seed, replication: replication, number: draw))
      guard settings.requiresConnection else { return (graph, 0) }
      guard let remedy = topology.remedy else {
        try graph.requireConnection()
        return (graph, 0)
      }
      let pieces = graph.pieces().count
      if pieces == 1 { return (graph, draw) }
      guard draw < settings.redraws else {
        throw .neverConnected(
          title: topology.title, agents: graph.nodeCount, draws: draw + 1, pieces: pieces, remedy: remedy(arguments))
      }
      draw += 1
    }
  }
}

extension Network {
  /// Makes the network that a scenario asks for.
  ///
  /// - Parameters:
  ///   - settings: the graph and the combination rule.
  ///   - seed: the seed of the study.
  ///   - replication: the replication, or `StreamFamily.study` for a network drawn once per study.
  ///   - noiseVariances: the noise variance of each agent's data, for rules that weigh with them.
  /// - Throws: when the settings describe no graph, when a connected one is required and not found, and when the rule
  ///   does not fit the graph.
  package init(
    _ settings: NetworkSettings, seed: UInt64, replication: UInt32, noiseVariances: [Double]? = nil
  ) throws(NetworkError) {
    let drawn = try DrawnGraph(settings, seed: seed, replication: replication)
    try self.init(drawn, settings, noiseVariances: noiseVariances)
  }

  /// Puts the weights of a scenario's rule onto a graph.
  ///
  /// - Parameters:
  ///   - needsDoublyStochastic: whether what runs on the network needs a doubly stochastic matrix; where the settings
  ///     say `auto`, another is then refused.
  package init(
    _ drawn: DrawnGraph, _ settings: NetworkSettings, noiseVariances: [Double]? = nil,
    needsDoublyStochastic: Bool = false
  ) throws(NetworkError) {
    let weights = try CombinationWeights(settings.weights, on: drawn.graph, noiseVariances: noiseVariances)
    let isRequired =
      switch settings.requiresDoublyStochastic {
      case .auto: needsDoublyStochastic
      case .yes: true
      case .no: false
      }
    if isRequired {
      try weights.requireDoublyStochastic(settings.weights, on: drawn.graph, noiseVariances: noiseVariances)
    }
    self.init(drawn, weights)
  }

  /// Makes a network from names and edges by name, connected or not.
  package init(
    names: [String], edges: [NetworkSettings.Edge], isDirected: Bool = false,
    weights: NetworkSettings.Weights = .metropolis
  ) throws(NetworkError) {
    try self.init(Graph.edgeList(agents: names, edges: edges, isDirected: isDirected), weights: weights, redraws: 0)
  }

  /// Puts a graph and the weights of a rule into the engine's form.
  package init(_ graph: Graph, weights: NetworkSettings.Weights, redraws: Int) throws(NetworkError) {
    self.init(DrawnGraph(graph, redraws: redraws), try CombinationWeights(weights, on: graph))
  }

  private init(_ drawn: DrawnGraph, _ combination: CombinationWeights) {
    let graph = drawn.graph
    var receivers: [NodeID] = []
    receivers.reserveCapacity(graph.linkCount)
    for receiver in 0..<graph.nodeCount {
      receivers += repeatElement(NodeID(receiver), count: graph.degree(receiver))
    }
    // Rows are read in the order of receivers, so the listeners of each sender are met in their order.
    var next = graph.outgoing.start
    var outgoing = [LinkID](repeating: Network.noLink, count: graph.linkCount)
    for (link, sender) in graph.incoming.nodes.enumerated() {
      outgoing[next[Int(sender)]] = LinkID(link)
      next[Int(sender)] += 1
    }
    self.init(
      names: graph.names, keys: drawn.keys, senders: graph.incoming.nodes.map { NodeID(rank: $0) },
      receivers: receivers, reverse: Self.reverse(graph, outgoing), incomingStart: graph.incoming.start,
      outgoing: outgoing, outgoingStart: graph.outgoing.start, weights: combination.ofLinks,
      selfWeights: combination.ofSelves, isDirected: graph.isDirected, redraws: drawn.redraws,
      positions: graph.positions)
  }

  /// The same agents and links with other weights.
  func reweighted(_ weights: [Double], _ own: [Double]) -> Network {
    precondition(weights.count == linkCount && own.count == nodeCount, "Every link and every agent has a weight.")
    return Network(
      names: names, keys: keys, senders: senders, receivers: receivers, reverse: reverse, incomingStart: incomingStart,
      outgoing: outgoing, outgoingStart: outgoingStart, weights: weights, selfWeights: own, isDirected: isDirected,
      redraws: redraws, positions: positions)
  }

  /// The link in the other direction for each link: where an agent both hears another and is heard by it, both sorted
  /// rows have an entry.
  private static func reverse(_ graph: Graph, _ outgoing: [LinkID]) -> [LinkID] {
    // Of an undirected graph, the links that leave an agent are the reverses of those that enter it, in this order.
    guard graph.isDirected else { return outgoing }
    var reverse = [LinkID](repeating: Network.noLink, count: graph.linkCount)
    for node in 0..<graph.nodeCount {
      var place = graph.outgoing.start[node]
      for link in graph.incoming.start[node]..<graph.incoming.start[node + 1] {
        let sender = graph.incoming.nodes[link]
        while place < graph.outgoing.start[node + 1], graph.outgoing.nodes[place] < sender { place += 1 }
        if place < graph.outgoing.start[node + 1], graph.outgoing.nodes[place] == sender {
          reverse[link] = outgoing[place]
        }
      }
    }
    return reverse
  }
}
