// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities
import Randomness
import Schema
import Testing

private func graph(
  _ definition: TopologyDefinition, _ arguments: [String: Argument], isConnected: Bool = false, seed: UInt64 = 1
) throws -> Graph {
  let settings = NetworkSettings(
    topology: .init(definition, Arguments(arguments)), requiresConnection: isConnected)
  return try DrawnGraph(settings, seed: seed, replication: StreamFamily.study).graph
}

/// The links among the first agents.
private func links(_ graph: Graph, below count: Int) -> [[Int]] {
  (0..<count).flatMap { node in graph.neighbours(of: node).filter { $0 < count }.map { [node, Int($0)] } }
}

@Test(arguments: [(10, 3), (11, 4), (50, 2), (50, 7), (30, 28), (31, 30), (2000, 3), (400, 150)])
func randomRegularGraphsAreRegular(agents: Int, degree: Int) throws {
  let graph = try graph(.randomRegular, ["agents": .count(agents), "degree": .count(degree)])
  #expect((0..<agents).allSatisfy { graph.degree($0) == degree })
}

@Test func everyRegularGraphOfSixAgentsIsEquallyProbable() throws {
  // There are 70 labelled graphs in which each of six agents has three neighbours: 10 complete bipartite ones and 60
  // prisms. The pairing gives the bipartite ones with a probability near 1/7; in 4000 draws a deviation by 0.05 is
  // nine standard deviations of an exactly uniform one, and leaves room for the bias of so small a graph.
  var bipartite = 0
  for seed in 0..<4000 as Range<UInt64> {
    let graph = try graph(.randomRegular, ["agents": .count(6), "degree": .count(3)], seed: seed)
    let isBipartite = !(0..<6).contains { node in
      graph.neighbours(of: node).contains { other in
        graph.neighbours(of: Int(other)).contains { graph.neighbours(of: node).contains($0) }
      }
    }
    if isBipartite { bipartite += 1 }
  }
  #expect(abs(Double(bipartite) / 4000 - 1.0 / 7) < 0.05)
}

@Test func edgesOfAnErdosRenyiGraphAreIndependentAndEquallyProbable() throws {
  // Each of the 66 pairs of twelve agents, over 3000 draws: six standard deviations are a false alarm with
  // probability 1.3e-7 in all.
  var counts = [Int](repeating: 0, count: 144)
  for seed in 0..<3000 as Range<UInt64> {
    let graph = try graph(.erdosRenyi, ["agents": .count(12), "probability": .number(0.3)], seed: seed)
    for link in links(graph, below: 12) { counts[link[0] * 12 + link[1]] += 1 }
  }
  let bound = 6 * (3000 * 0.3 * 0.7).squareRoot()
  for first in 0..<12 {
    for second in 0..<12 where first != second { #expect(abs(Double(counts[first * 12 + second]) - 900) <= bound) }
  }
}

@Test func edgesStayWhenAgentsJoin() throws {
  for (definition, key, value) in [
    (TopologyDefinition.erdosRenyi, "probability", Argument.number(0.2)),
    (.barabasiAlbert, "edges-per-agent", .count(3)),
  ] {
    let small = try graph(definition, ["agents": .count(30), key: value])
    let large = try graph(definition, ["agents": .count(50), key: value])
    #expect(links(large, below: 30) == links(small, below: 30))
  }
}

@Test func aBarabasiAlbertGraphIsConnectedAndHasHubs() throws {
  let graph = try graph(.barabasiAlbert, ["agents": .count(3000), "edges-per-agent": .count(2)])
  #expect(graph.pieces().count == 1 && graph.linkCount == 2 * (3 + 2 * 2997))
  let degrees = (0..<3000).map { graph.degree($0) }
  // Degrees fall off as k⁻³: the largest is about 2 √3000 = 110, where a graph of equal chances would have below 20.
  #expect(degrees.min() == 2 && (degrees.max() ?? 0) > 50)
}

@Test func sparseGraphsOfManyAgentsTakeNoQuadraticWork() throws {
  // 2e5 agents have 2e10 pairs: were these looked at one by one, this would not end within minutes.
  let agents = Argument.count(200_000)
  #expect(try graph(.ring, ["agents": agents], isConnected: true).linkCount == 400_000)
  #expect(try graph(.grid, ["rows": .count(400), "columns": .count(500)], isConnected: true).linkCount == 798_200)
  let regular = try graph(.randomRegular, ["agents": agents, "degree": .count(4)], isConnected: true)
  #expect(regular.linkCount == 800_000)
  let random = try graph(.erdosRenyi, ["agents": agents, "mean-degree": .number(5)])
  // Six standard deviations of twice a Poisson count of 5e5.
  #expect(abs(Double(random.linkCount) - 1e6) <= 12 * 5e5.squareRoot())
  let grown = try graph(.barabasiAlbert, ["agents": agents, "edges-per-agent": .count(2)])
  #expect(grown.linkCount == 2 * (3 + 2 * 199_997))
}

@Test func aRandomGraphThatNeverConnectsSaysWhatToEnlarge() {
  func message(_ definition: TopologyDefinition, _ arguments: [String: Argument]) -> String? {
    do {
      _ = try graph(definition, arguments, isConnected: true)
      return nil
    } catch { return "\(error)" }
  }
  #expect(
    message(.erdosRenyi, ["agents": .count(90), "mean-degree": .number(0.5)])?
      .contains("larger mean degree than 0.5") == true)
  #expect(
    message(.randomRegular, ["agents": .count(10), "degree": .count(1)])
      == "The random regular graph of 10 agents was drawn 101 times and never connected; the last was in 5 pieces. "
      + "Choose a larger degree than 1, or set network.require-connected to false.")
}
