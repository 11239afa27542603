// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

extension Network {
  /// Makes the network that a scenario asks for.
  ///
  /// *Randomness*: random topologies draw each agent's place from the stream of its name (purpose
  /// `networkPositions`), with the number of the draw as the index. Nothing else draws.
  ///
  /// - Parameters:
  ///   - settings: the graph and the combination rule. A negative number of redraws counts as none.
  ///   - seed: the seed of the study.
  ///   - replication: the replication, or `StreamFamily.study` for a network drawn once per study.
  /// - Throws: when the settings describe no graph, and when a connected one is required and not found.
  package init(_ settings: NetworkSettings, seed: UInt64, replication: UInt32) throws(NetworkError) {
    switch settings.topology {
    case .ring(let agents):
      self.init(try .ring(agents: agents), weights: settings.weights, redraws: 0)
    case .edgeList(let agents, let edges):
      let graph = try Graph.edgeList(agents: agents, edges: edges)
      if settings.requiresConnection { try graph.requireConnection() }
      self.init(graph, weights: settings.weights, redraws: 0)
    case .randomGeometric(let agents, let reach):
      let family = try RandomGeometric(agents: agents, reach: reach, seed: seed, replication: replication)
      if settings.requiresConnection {
        let (graph, redraws) = try family.connectedGraph(redraws: settings.redraws)
        self.init(graph, weights: settings.weights, redraws: redraws)
      } else {
        self.init(try family.graph(ofDraw: 0), weights: settings.weights, redraws: 0)
      }
    }
  }

  /// Makes a network from names and edges by name, connected or not.
  package init(
    names: [String], edges: [NetworkSettings.Edge], weights: NetworkSettings.Weights = .metropolis
  ) throws(NetworkError) {
    self.init(try Graph.edgeList(agents: names, edges: edges), weights: weights, redraws: 0)
  }

  /// Puts a graph and the weights of a rule into the engine's form.
  package init(_ graph: Graph, weights rule: NetworkSettings.Weights, redraws: Int) {
    var receivers: [NodeID] = []
    receivers.reserveCapacity(graph.neighbours.count)
    var reverse: [LinkID] = []
    reverse.reserveCapacity(graph.neighbours.count)
    // Rows are read in the order of receivers, so a sender's own row is met entry by entry in its order.
    var next = graph.rowStart
    for receiver in 0..<graph.nodeCount {
      for sender in graph.neighbours(of: receiver) {
        receivers.append(NodeID(receiver))
        reverse.append(LinkID(next[Int(sender)]))
        next[Int(sender)] += 1
      }
    }
    let combination = CombinationWeights(rule, on: graph)
    // The links that leave an agent are the reverses of those that enter it, in the same order of neighbours.
    self.init(
      names: graph.names, keys: graph.names.map { EntityKey($0) }, senders: graph.neighbours.map { NodeID(rank: $0) },
      receivers: receivers, reverse: reverse, incomingStart: graph.rowStart, outgoing: reverse,
      outgoingStart: graph.rowStart, weights: combination.ofLinks, selfWeights: combination.ofSelves,
      redraws: redraws)
  }
}
