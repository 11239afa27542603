// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema
import Testing

/// A topology with values for its parameters.
struct TopologyExample: Sendable, CustomTestStringConvertible {
  let topology: NetworkSettings.Topology
  let number: Int

  var testDescription: String { "\(topology.definition.name) \(number)" }

  /// The examples of all topologies: one that is added comes in by itself.
  static let all = TopologyDefinition.all.flatMap { definition in
    definition.examples.enumerated().map { TopologyExample(topology: .init(definition, $1), number: $0) }
  }

  var settings: NetworkSettings { NetworkSettings(topology: topology, requiresConnection: false) }

  func graph(seed: UInt64 = 3) throws -> Graph {
    try DrawnGraph(settings, seed: seed, replication: StreamFamily.study).graph
  }

  /// The edges of a graph with the weights of a rule that gives both ends the same, or of links.
  private func weightedEdges(of graph: Graph) throws -> [NetworkSettings.Edge] {
    let rule: CombinationRule = graph.isDirected ? .averaging : .metropolis
    let matrix = combinationMatrix(try Network(graph, weights: .init(rule), redraws: 0))
    return (0..<graph.nodeCount).flatMap { receiver in
      graph.neighbours(of: receiver).map(Int.init).filter { graph.isDirected || $0 < receiver }.map { sender in
        NetworkSettings.Edge(graph.names[sender], graph.names[receiver], weight: matrix[sender][receiver])
      }
    }
  }

  /// The networks of all rules that weigh on the graph, with numbers per agent where a rule wants them. The matrix that
  /// is given is the one of the averaging rule.
  func networks(seed: UInt64 = 3) throws -> [(rule: CombinationRule, network: Network)] {
    let graph = try graph(seed: seed)
    let variances = (0..<graph.nodeCount).map { 0.25 + 0.125 * Double($0 % 7) }
    return try CombinationRule.all.filter { !graph.isDirected || !$0.needsUndirected }.map { rule in
      var arguments = Arguments()
      for parameter in rule.parameters where parameter.kind == .matrix {
        let averaging = try Network(graph, weights: .init(.averaging), redraws: 0)
        arguments[parameter.name] = .matrix(combinationMatrix(averaging))
      }
      for parameter in rule.parameters where parameter.kind == .edges {
        arguments[parameter.name] = .edges(try weightedEdges(of: graph))
      }
      var settings = settings
      settings.weights = .init(rule, arguments)
      return (rule, try Network(DrawnGraph(graph), settings, noiseVariances: variances))
    }
  }
}

@Test func everyTopologyHasANameAndExamplesOfItsOwn() {
  let names = TopologyDefinition.all.map(\.name)
  #expect(Set(names).count == names.count)
  #expect(Set(CombinationRule.all.map(\.name)).count == CombinationRule.all.count)
  for definition in TopologyDefinition.all { #expect(definition.examples.count > 1, "\(definition.name)") }
}

@Test func parametersOfOneNameAreOfOneKind() {
  var kinds: [String: Kind] = [:]
  for parameter in TopologyDefinition.all.flatMap(\.parameters) where parameter.name != "agents" {
    #expect(kinds.updateValue(parameter.kind, forKey: parameter.name).map { $0 == parameter.kind } ?? true)
  }
  // The edges are those of the topology, of which a rule takes the weights.
  for parameter in CombinationRule.all.flatMap(\.parameters) where parameter.kind != .edges {
    #expect(kinds.updateValue(parameter.kind, forKey: parameter.name) == nil, "\(parameter.name) is a topology's")
  }
}

@Test(arguments: TopologyExample.all)
func graphsAreAsLargeAsTheirTopologySays(_ example: TopologyExample) throws {
  let draws: [UInt64] = example.topology.definition.isRandom ? Array(1...100) : [1]
  var links: [Double] = []
  for seed in draws {
    let graph = try example.graph(seed: seed)
    #expect(graph.nodeCount == example.settings.agentCount)
    links.append(Double(graph.linkCount))
  }
  let mean = links.reduce(0, +) / Double(links.count)
  let variance = links.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(links.count)
  if variance == 0 {
    // Fixed, or the mean degree of a random geometric graph, which is met up to one edge.
    #expect(abs(mean - example.settings.expectedLinks) <= (example.topology.definition.isRandom ? 2 : 0))
  } else if example.topology.definition.name != "random-geometric" {
    // Six standard errors: a false alarm is as probable as 2e-9. (Of random geometric graphs the expectation is an
    // upper bound, as the border of the square cuts neighbourhoods.)
    #expect(abs(mean - example.settings.expectedLinks) <= 6 * (variance / Double(links.count)).squareRoot())
  } else {
    #expect(mean <= example.settings.expectedLinks)
  }
}

@Test(arguments: TopologyExample.all)
func graphsHaveNoLoopsAndNoDoubledLinksAndUndirectedOnesGoBothWays(_ example: TopologyExample) throws {
  let graph = try example.graph()
  for node in 0..<graph.nodeCount {
    for row in [Array(graph.neighbours(of: node)), Array(graph.listeners(of: node))] {
      #expect(row == Set(row).sorted() && !row.contains(UInt32(node)))
    }
    for neighbour in graph.neighbours(of: node) {
      #expect(graph.listeners(of: Int(neighbour)).contains(UInt32(node)))
      #expect(graph.isDirected || graph.neighbours(of: Int(neighbour)).contains(UInt32(node)))
    }
  }
}

@Test(arguments: TopologyExample.all)
func aSeedGivesOneGraphAndRandomTopologiesGiveOthersForOthers(_ example: TopologyExample) throws {
  #expect(try example.graph(seed: 5) == example.graph(seed: 5))
  let graphs = try (UInt64(1)...8).map { try example.graph(seed: $0) }
  let differ = graphs.contains { $0 != graphs[0] }
  // Complete and empty graphs do not differ, whatever is drawn.
  let nodes = graphs[0].nodeCount
  let isTrivial = [0, nodes * (nodes - 1)].contains(graphs[0].linkCount)
  #expect(differ == (example.topology.definition.isRandom && !isTrivial))
}

@Test(arguments: TopologyExample.all)
func theEngineSeesTheLinksOfTheGraph(_ example: TopologyExample) throws {
  let graph = try example.graph()
  let network = try Network(graph, weights: .init(.averaging), redraws: 0)
  for node in 0..<graph.nodeCount {
    #expect(network.incoming(NodeID(node)).map { network.senders[$0].rank } == Array(graph.neighbours(of: node)))
    #expect(network.outgoing(NodeID(node)).map { network.receivers[$0.index].rank } == Array(graph.listeners(of: node)))
  }
  for link in 0..<network.linkCount {
    let (sender, receiver) = (network.senders[link], network.receivers[link])
    let back = network.reverse[link]
    #expect((back == Network.noLink) == !graph.neighbours(of: sender.index).contains(receiver.rank))
    guard back != Network.noLink else { continue }
    #expect(network.senders[back.index] == receiver && network.receivers[back.index] == sender)
  }
}
