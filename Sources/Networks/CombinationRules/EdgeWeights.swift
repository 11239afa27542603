// SPDX-License-Identifier: GPL-3.0-or-later
import Schema

extension CombinationRule {
  /// The weights of the edges: c_lk is the weight of the edge between l and k, of a directed graph that of the link from
  /// l to k, and c_kk what is left of one. So the mixing matrix of another program is read from its weighted edges.
  package static let edgeWeights = CombinationRule(
    name: "edge-weights",
    meaning: "the weights of the edges, and for the agent itself what is left of one",
    parameters: [
      Parameter("edges", .edges, "pairs of agents with a weight each", example: "[[a, b, 0.3], [b, c, 0.3]]")
    ],
    balance: .free,
    weights: { (graph, arguments) throws(NetworkError) -> CombinationWeights in
      guard let edges = arguments["edges"]?.edges else { throw .weights(.noEdges) }
      let weights = CombinationWeights(on: graph, weight: try weightOfLink(edges, on: graph))
      for (agent, own) in weights.ofSelves.enumerated() where own < -CombinationWeights.tolerance {
        throw .weights(.tooHeavy(agent: graph.names[agent], sum: 1 - own))
      }
      return CombinationWeights(ofLinks: weights.ofLinks, ofSelves: weights.ofSelves.map { max(0, $0) })
    })
}

extension NetworkSettings.Weights {
  /// The weights of all links of a network, as they are.
  package static func edgeWeights(of network: Network) -> Self {
    let edges = network.senders.indices.map { link in
      NetworkSettings.Edge(
        network.names[network.senders[link].index], network.names[network.receivers[link].index],
        weight: network.weights[link])
    }
    return Self(.edgeWeights, Arguments(["edges": .edges(edges)]))
  }
}

/// The weight of each link by the positions of its sender and its receiver.
private func weightOfLink(
  _ edges: [NetworkSettings.Edge], on graph: Graph
) throws(NetworkError) -> (_ sender: Int, _ receiver: Int) -> Double {
  let positions = Dictionary(uniqueKeysWithValues: graph.names.enumerated().map { ($1, $0) })
  var weights: [UInt64: Double] = Dictionary(minimumCapacity: edges.count)
  func key(_ sender: Int, _ receiver: Int) -> UInt64 { UInt64(sender) << 32 | UInt64(receiver) }
  for edge in edges {
    guard let weight = edge.weight else { throw .weights(.noWeight(first: edge.first, second: edge.second)) }
    guard weight >= 0, weight.isFinite else {
      throw .weights(.weight(sender: edge.first, receiver: edge.second, value: weight))
    }
    guard let first = positions[edge.first], let second = positions[edge.second] else { continue }
    weights[key(first, second)] = weight
    if !graph.isDirected { weights[key(second, first)] = weight }
  }
  return { weights[key($0, $1)] ?? 0 }
}
