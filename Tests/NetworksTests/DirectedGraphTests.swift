// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Schema
import Testing

private typealias Edge = NetworkSettings.Edge

private func message(_ edges: [Edge], _ weights: NetworkSettings.Weights = .init(.averaging)) -> String? {
  let topology = NetworkSettings.Topology.edgeList(agents: ["a", "b", "c"], edges: edges, directed: true)
  do {
    _ = try Network(NetworkSettings(topology: topology, weights: weights), seed: 1, replication: 0)
    return nil
  } catch { return "\(error)" }
}

private let circle = [Edge("a", "b"), Edge("b", "c"), Edge("c", "a")]

@Test func aDirectedRingHearsOnlyTheOneBefore() throws {
  let settings = NetworkSettings(topology: .ring(agents: 4, directed: true), weights: .init(.averaging))
  let ring = try Network(settings, seed: 1, replication: 0)
  #expect(ring.isDirected && ring.senders.map(\.index) == [3, 0, 1, 2])
  #expect(ring.outgoing(NodeID(3)).map { ring.receivers[$0.index].index } == [0])
  #expect(ring.reverse.allSatisfy { $0 == Network.noLink })
  #expect(ring.weights == [0.5, 0.5, 0.5, 0.5] && ring.spectrum().isDoublyStochastic)
}

@Test func linksInBothDirectionsKnowEachOther() throws {
  let network = try Network(
    names: ["a", "b", "c"], edges: circle + [Edge("b", "a")], isDirected: true, weights: .init(.averaging))
  // In the order of receiver and sender: b-a, c-a, a-b, b-c.
  #expect(network.reverse == [LinkID(2), Network.noLink, LinkID(0), Network.noLink])
}

@Test func aDirectedGraphMustBeStronglyConnected() {
  #expect(message(circle) == nil)
  #expect(
    message([Edge("a", "b"), Edge("a", "c"), Edge("c", "b")])
      == "No path leads from ‘b’ to ‘a’ in the direction of the links. Add links, or set network.require-connected to false."
  )
  #expect(message([Edge("b", "a"), Edge("c", "a"), Edge("b", "c")])?.contains("No path leads from ‘a’ to ‘b’") == true)
  #expect(message([Edge("a", "b")])?.contains("2 pieces: no path joins ‘a’ and ‘c’") == true)
  #expect(message(circle + [Edge("a", "b")])?.contains("The link from ‘a’ to ‘b’ is listed twice") == true)
}

@Test func aMatrixIsTakenAsItIsAndRefusedForWhatItCannotBe() throws {
  let good = [[0.5, 0.25, 0], [0, 0.75, 0.5], [0.5, 0, 0.5]]
  let network = try Network(
    names: ["a", "b", "c"], edges: circle, isDirected: true, weights: .matrix(good))
  #expect(combinationMatrix(network) == good)
  func refused(_ rows: [[Double]]) -> String { message(circle, .matrix(rows)) ?? "" }
  #expect(refused([[1]]) == "The weights ‘matrix’ have 1 number in ‘matrix’, but the network has 3 agents.")
  #expect(refused([[0.5, -0.25, 0], [0, 1.25, 0.5], [0.5, 0, 0.5]]).contains("‘b’ gives to ‘a’ is -0.25"))
  let transposed = (0..<3).map { row in (0..<3).map { good[$0][row] } }
  #expect(refused(transposed).contains("sum to 0.75 instead of 1; as its rows do sum to one, it seems transposed"))
  #expect(refused([[0.5, 0.25, 0], [0, 0.7, 0.5], [0.5, 0, 0.5]]).hasSuffix("instead of 1."))
  #expect(
    refused([[0.5, 0.25, 0.25], [0, 0.75, 0.5], [0.5, 0, 0.25]]).contains("‘c’ gives to ‘a’, whom it does not hear"))
}

@Test func whatIsNotDoublyStochasticIsRefusedWithWhatIs() throws {
  var settings = NetworkSettings(
    topology: .init(.star, Arguments(["agents": .count(4)])), weights: .init(.averaging),
    requiresDoublyStochastic: .yes)
  let error = #expect(throws: NetworkError.self) { try Network(settings, seed: 1, replication: 0) }
  // The middle gives a quarter to itself and gets a half from each of three.
  let others = ["metropolis", "lazy-metropolis", "laplacian", "max-degree"]
  #expect(error == .notDoublyStochastic(rule: "averaging", error: 0.75, agent: "agent-0", others: others))
  #expect(
    error.map { "\($0)" }
      == "The combination matrix must be doubly stochastic here, but with weights ‘averaging’ its rows do not sum to "
      + "one: what others give to ‘agent-0’ is off by 0.75, so the network agrees on a weighted mean. On this graph "
      + "choose metropolis, lazy-metropolis, laplacian or max-degree, or a matrix that is, "
      + "or set network.require-doubly-stochastic to false.")
  settings.requiresDoublyStochastic = .auto
  let drawn = try DrawnGraph(settings, seed: 1, replication: 0)
  #expect(throws: NetworkError.self) { try Network(drawn, settings, needsDoublyStochastic: true) }
  #expect(throws: Never.self) { try Network(drawn, settings, needsDoublyStochastic: false) }
  settings.requiresDoublyStochastic = .no
  #expect(throws: Never.self) { try Network(drawn, settings, needsDoublyStochastic: true) }
  // On a ring everybody has the same neighbourhood, so averaging will do.
  settings = NetworkSettings(
    topology: .ring(agents: 5), weights: .init(.averaging), requiresDoublyStochastic: .yes)
  #expect(throws: Never.self) { try Network(settings, seed: 1, replication: 0) }
}

@Test func numbersPerAgentMustFitTheAgents() {
  func message(_ argument: Argument, _ noise: [Double]? = nil) -> String? {
    let weights = NetworkSettings.Weights(.hastings, Arguments(["theta2": argument]))
    do {
      _ = try Network(
        NetworkSettings(topology: .ring(agents: 3), weights: weights), seed: 1, replication: 0, noiseVariances: noise)
      return nil
    } catch { return "\(error)" }
  }
  #expect(message(.number(2)) == nil && message(.noiseVariance, [1, 2, 3]) == nil)
  #expect(message(.numbers([1, 2]))?.contains("have 2 numbers in ‘theta2’, but the network has 3 agents") == true)
  #expect(message(.noiseVariance, [1, 0, 3])?.contains("agent ‘agent-1’ has 0") == true)
  #expect(message(.noiseVariance)?.contains("want the noise variance of each agent") == true)
}
