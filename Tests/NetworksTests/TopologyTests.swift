// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Testing

private typealias Edge = NetworkSettings.Edge

/// The network of a topology, drawn for a study of seed 11 unless said otherwise.
func network(
  _ topology: NetworkSettings.Topology, requiresConnection: Bool = true, redraws: Int = 100, seed: UInt64 = 11
) throws -> Network {
  try Network(
    NetworkSettings(topology: topology, requiresConnection: requiresConnection, redraws: redraws), seed: seed,
    replication: StreamFamily.study)
}

/// The neighbours of each agent by name.
private func neighbours(_ network: Network) -> [[String]] {
  (0..<network.nodeCount).map { node in
    network.incoming(NodeID(node)).map { network.names[network.senders[$0].index] }
  }
}

@Test func aRingLinksEachAgentWithTheOneBeforeAndTheOneAfter() throws {
  let ring = try network(.ring(agents: 12))
  #expect(ring.names[9] == "agent-9" && ring.names[10] == "agent-10")
  #expect(neighbours(ring)[0] == ["agent-1", "agent-11"])
  #expect(neighbours(ring)[10] == ["agent-9", "agent-11"])
  #expect(ring.linkCount == 24)
}

@Test func aRingOfTwoIsOneEdgeAndOfOneNone() throws {
  #expect(neighbours(try network(.ring(agents: 2))) == [["agent-1"], ["agent-0"]])
  #expect(neighbours(try network(.ring(agents: 1))) == [[]])
  #expect(try network(.ring(agents: 1)).selfWeights == [1])
}

@Test(arguments: [0, -3, Int.max])
func aRingOfNobodyAndOneTooLargeToNumberAreRefused(agents: Int) {
  #expect(throws: NetworkError.agentCount(agents)) { try network(.ring(agents: agents)) }
  #expect(throws: NetworkError.agentCount(agents)) {
    try network(.randomGeometric(agents: agents, reach: .meanDegree(6)))
  }
}

@Test func theOrderOfTheListsDoesNotMatter() throws {
  let names = ["b", "a-10", "a-9", "c", "a-1"]
  let edges = [Edge("b", "c"), Edge("a-1", "a-10"), Edge("a-9", "b"), Edge("c", "a-1"), Edge("a-9", "a-10")]
  let one = try network(.edgeList(agents: names, edges: edges))
  let other = try network(
    .edgeList(agents: names.reversed(), edges: edges.reversed().map { Edge($0.second, $0.first) }))
  #expect(one.names == ["a-1", "a-9", "a-10", "b", "c"])
  #expect(one.names == other.names && one.keys == other.keys)
  #expect(one.senders == other.senders && one.receivers == other.receivers && one.reverse == other.reverse)
  #expect(one.incomingStart == other.incomingStart && one.outgoing == other.outgoing)
  #expect(one.weights == other.weights && one.selfWeights == other.selfWeights)
}

@Test func linksGoInTheOrderOfReceiverAndSenderAndKnowTheirReverse() throws {
  let graph = try network(.randomGeometric(agents: 60, reach: .meanDegree(7)))
  let order = (0..<graph.linkCount).map { (graph.receivers[$0].index, graph.senders[$0].index) }
  #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
  for link in 0..<graph.linkCount {
    let back = graph.reverse[link]
    #expect(graph.senders[back.index] == graph.receivers[link] && graph.receivers[back.index] == graph.senders[link])
    #expect(graph.key(LinkID(link)) != graph.key(back))
  }
  for node in (0..<graph.nodeCount).map({ NodeID($0) }) {
    let out = graph.outgoing(node)
    #expect(out.allSatisfy { graph.senders[$0.index] == node })
    let receivers = out.map { graph.receivers[$0.index] }
    #expect(receivers == receivers.sorted() && receivers.count == graph.degree(node))
  }
}

@Test func badListsAreRefusedWithTheNames() throws {
  let names = ["x", "y", "z"]
  func message(_ agents: [String], _ edges: [Edge]) -> String? {
    do {
      _ = try network(.edgeList(agents: agents, edges: edges))
      return nil
    } catch {
      return "\(error)"
    }
  }
  #expect(message(names, [Edge("x", "y"), Edge("y", "z")]) == nil)
  #expect(message(names, [Edge("x", "x")]) == "The edge from ‘x’ to itself is not needed: every agent hears itself.")
  #expect(message(names, [Edge("x", "y"), Edge("y", "x")])?.contains("‘y’ – ‘x’ is listed twice") == true)
  #expect(message(names, [Edge("x", "w")])?.contains("names ‘w’, which is not among the agents") == true)
  #expect(message(names + ["x"], [])?.contains("‘x’ is listed twice") == true)
  #expect(message([], [])?.contains("at least one agent") == true)
  #expect(message(names, [Edge("x", "y")])?.contains("2 pieces: no path joins ‘x’ and ‘z’") == true)
}

@Test func aNetworkInPiecesIsAcceptedOnRequest() throws {
  let pieces = try network(.edgeList(agents: ["x", "y", "z"], edges: [Edge("x", "y")]), requiresConnection: false)
  #expect(pieces.selfWeights == [0.5, 0.5, 1])
  #expect(pieces.incoming(NodeID(2)).isEmpty)
}
