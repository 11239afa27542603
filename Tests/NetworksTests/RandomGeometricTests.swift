// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities
import Randomness
import Testing

/// The places of agents 0..<count in a draw, from the streams that the topology documents.
private func places(_ count: Int, seed: UInt64, draw: UInt64) -> [SIMD2<Double>] {
  (0..<count).map { agent in
    var draws = Draws(
      StreamKey(
        seed: seed, replication: StreamFamily.study, purpose: .networkPositions, entity: "agent-\(agent)"), at: draw)
    let x = draws.uniform()
    return SIMD2(x, draws.uniform())
  }
}

private func squaredDistance(_ left: SIMD2<Double>, _ right: SIMD2<Double>) -> Double {
  let gap = left - right
  return gap.x * gap.x + gap.y * gap.y
}

/// All pairs at most a distance apart, by comparing all with all.
private func closePairs(_ points: [SIMD2<Double>], squaredRadius: Double) -> [[Int]] {
  points.indices.flatMap { receiver in
    points.indices.filter { $0 != receiver && squaredDistance(points[$0], points[receiver]) <= squaredRadius }
      .map { [receiver, $0] }
  }
}

private func links(_ network: Network) -> [[Int]] {
  (0..<network.linkCount).map { [network.receivers[$0].index, network.senders[$0].index] }
}

@Test(arguments: [0.0, 0.01, 0.07, 0.25, 0.34, 0.5, 0.51, 1.0, 1.42, 50])
func theGridFindsExactlyThePairsWithinTheRadius(radius: Double) throws {
  let network = try network(
    .randomGeometric(agents: 300, reach: .radius(radius)), requiresConnection: false, seed: 5)
  #expect(links(network) == closePairs(places(300, seed: 5, draw: 0), squaredRadius: radius * radius))
}

@Test(arguments: [1, 2, 3, 10, 400], [UInt64(1), 2, 3])
func theRadiusIsTheSmallestWithTheMeanDegree(agents: Int, seed: UInt64) throws {
  for degree in [0, 0.4, 1, 2.5, 8, Double(agents - 1)] where degree <= Double(agents - 1) {
    let network = try network(
      .randomGeometric(agents: agents, reach: .meanDegree(degree)), requiresConnection: false, seed: seed)
    let reached = Double(network.linkCount) / Double(agents)
    #expect(reached >= degree && reached < degree + 2 / Double(agents))
    // The pairs linked are the closest ones.
    let points = places(agents, seed: seed, draw: 0)
    let longest = links(network).map { squaredDistance(points[$0[0]], points[$0[1]]) }.max() ?? 0
    #expect(closePairs(points, squaredRadius: longest) == links(network))
  }
}

@Test func aNetworkKeepsThePlacesOfTheDrawThatItWasMadeFrom() throws {
  let topology = NetworkSettings.Topology.randomGeometric(agents: 30, reach: .radius(0.25))
  let redrawn = try #require(
    (1...50).lazy.compactMap { seed in try? network(topology, seed: seed) }.first { $0.redraws > 0 })
  #expect(redrawn.positions?.count == 30)
  // The links are those of the places kept, so that a drawing shows the true map.
  let kept = try #require(redrawn.positions)
  #expect(links(redrawn) == closePairs(kept, squaredRadius: 0.0625))
}

@Test func aTopologyWithoutPlacesKeepsNone() throws {
  #expect(try network(.ring(agents: 5)).positions == nil)
}

@Test func aMeanDegreeIsReachedByManyAgents() throws {
  let network = try network(
    .randomGeometric(agents: 20_000, reach: .meanDegree(10)), requiresConnection: false, seed: 3)
  #expect(network.linkCount == 200_000)
}

@Test func anAgentKeepsItsPlaceWhenOthersJoin() throws {
  let small = try network(.randomGeometric(agents: 40, reach: .radius(0.3)), requiresConnection: false)
  let large = try network(.randomGeometric(agents: 60, reach: .radius(0.3)), requiresConnection: false)
  #expect(links(large).filter { $0[0] < 40 && $0[1] < 40 } == links(small))
}

@Test func aGraphInPiecesIsDrawnAgainUntilItIsConnected() throws {
  // At this radius about half of the draws are connected, so among twenty seeds some need more than one draw (the
  // probability that none does is about 10⁻⁶) and all end within the hundred allowed.
  let topology = NetworkSettings.Topology.randomGeometric(agents: 30, reach: .radius(0.3))
  let networks = try (UInt64(1)...20).map { try network(topology, seed: $0) }
  #expect(networks.contains { $0.redraws > 0 } && networks.contains { $0.redraws == 0 })
  for (network, seed) in zip(networks, UInt64(1)...20) {
    let points = places(30, seed: seed, draw: UInt64(network.redraws))
    #expect(links(network) == closePairs(points, squaredRadius: 0.3 * 0.3))
    #expect(network.spectrum().secondSingularValue < 1 - 1e-6)
  }
}

@Test func aGraphThatNeverConnectsIsRefusedWithWhatWasTriedAndWhatToDo() {
  let topology = NetworkSettings.Topology.randomGeometric(agents: 50, reach: .radius(0.001))
  let error = #expect(throws: NetworkError.self) { try network(topology, redraws: 7) }
  #expect(error == .neverConnected(agents: 50, draws: 8, pieces: 50, reach: .radius(0.001)))
  #expect(
    error.map { "\($0)" } == "The random geometric graph of 50 agents was drawn 8 times and never connected; the last "
      + "was in 50 pieces. Choose a larger radius than 0.001, or set network.require-connected to false.")
  let byDegree = NetworkSettings.Topology.randomGeometric(agents: 50, reach: .meanDegree(0.5))
  let other = #expect(throws: NetworkError.self) { try network(byDegree, redraws: 0) }
  #expect(other.map { "\($0)" }?.contains("drawn 1 time and never") == true)
  #expect(other.map { "\($0)" }?.contains("larger mean degree than 0.5") == true)
}

@Test(arguments: [-0.1, .infinity, .nan])
func aRadiusThatIsNoDistanceIsRefused(radius: Double) {
  #expect(throws: NetworkError.self) { try network(.randomGeometric(agents: 5, reach: .radius(radius))) }
}

@Test(arguments: [-1, 4.01, .infinity, .nan])
func aMeanDegreeThatNoGraphHasIsRefused(degree: Double) {
  #expect(throws: NetworkError.self) { try network(.randomGeometric(agents: 5, reach: .meanDegree(degree))) }
}
