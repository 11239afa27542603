// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities
import ReferenceFiles
import Testing

/// A graph of the reference file with its Metropolis matrix and what is known of it.
struct ReferenceWeights: Decodable, Sendable, CustomTestStringConvertible {
  let graph: String
  let n: Int
  let edges: [[Int]]
  let rule: String
  let matrixExact: [[String]]
  let sigma2: Double
  let sigmaN: Double
  let secondEigenvalueModulus: Double

  var testDescription: String { "\(graph), \(rule)" }

  /// The network with its agents numbered as in the file.
  func network() throws -> Network {
    let names = (0..<n).map { "agent-\($0)" }
    return try Network(names: names, edges: edges.map { NetworkSettings.Edge(names[$0[0]], names[$0[1]]) })
  }

  /// c_lk at row l and column k.
  func matrix() -> [[Double]] {
    matrixExact.map { row in
      row.map { entry in
        let parts = entry.split(separator: "/").compactMap { Double($0) }
        return parts.count == 2 ? parts[0] / parts[1] : parts[0]
      }
    }
  }

  /// The entries with Metropolis weights.
  static func metropolis() throws -> [ReferenceWeights] {
    struct File: Decodable { let entries: [ReferenceWeights] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(File.self, from: theoryReference("weights")).entries.filter { $0.rule == "metropolis" }
  }
}

/// The combination matrix, c_lk at row l and column k.
func combinationMatrix(_ network: Network) -> [[Double]] {
  var matrix = [[Double]](repeating: [Double](repeating: 0, count: network.nodeCount), count: network.nodeCount)
  for agent in 0..<network.nodeCount { matrix[agent][agent] = network.selfWeights[agent] }
  for link in 0..<network.linkCount {
    matrix[network.senders[link].index][network.receivers[link].index] = network.weights[link]
  }
  return matrix
}

@Test func metropolisWeightsAreThoseOfTheReference() throws {
  let cases = try ReferenceWeights.metropolis()
  #expect(cases.map(\.graph) == ["path4", "star5", "ring6", "complete4", "paw4"])
  for reference in cases {
    let got = combinationMatrix(try reference.network())
    for (gotRow, row) in zip(got, reference.matrix()) {
      for (value, expected) in zip(gotRow, row) { #expect(abs(value - expected) <= 1e-12, "\(reference.graph)") }
    }
  }
}

@Test func singularValuesAreThoseOfTheReferenceByBothMethods() throws {
  for reference in try ReferenceWeights.metropolis() {
    let network = try reference.network()
    let whole = try #require(network.decomposedSpectrum())
    #expect(abs(whole.secondSingularValue - reference.sigma2) <= 1e-10, "\(reference.graph)")
    #expect(
      abs(try #require(whole.secondEigenvalueModulus) - reference.secondEigenvalueModulus) <= 1e-10,
      "\(reference.graph)")
    #expect(abs(try #require(whole.lastSingularValue) - reference.sigmaN) <= 1e-10, "\(reference.graph)")
    let iterated = network.iteratedSpectrum(workLimit: 100_000)
    #expect(abs(iterated.secondSingularValue - reference.sigma2) <= 1e-10, "\(reference.graph)")
    #expect(iterated.isConverged && iterated.lastSingularValue == nil)
  }
}

@Test func theAgentWithMostNeighboursGivesAllTheSameWeight() throws {
  // Edges 01, 12, 02, 23: agent 2 hears all others, agent 3 only agent 2.
  let names = ["0", "1", "2", "3"]
  let paw = try Network(
    names: names, edges: [(0, 1), (1, 2), (0, 2), (2, 3)].map { NetworkSettings.Edge(names[$0.0], names[$0.1]) })
  let matrix = combinationMatrix(paw)
  #expect(matrix.map { $0[2] } == [0.25, 0.25, 0.25, 0.25])
  #expect(matrix[3][3] == 0.75 && matrix[2][3] == 0.25)
}

@Test(arguments: [2, 3, 17, 80], [UInt64(1), 2, 3, 4, 5])
func metropolisIsSymmetricDoublyStochasticAndPositiveOnTheDiagonal(agents: Int, seed: UInt64) throws {
  // A small radius leaves agents with no and with one neighbour among the others.
  let network = try network(
    .randomGeometric(agents: agents, reach: .radius(0.12)), requiresConnection: false, seed: seed)
  let matrix = combinationMatrix(network)
  for agent in 0..<agents {
    #expect(abs(matrix[agent].reduce(0, +) - 1) <= 1e-14)
    #expect(abs(matrix.reduce(0) { $0 + $1[agent] } - 1) <= 1e-14)
    #expect(matrix[agent][agent] >= 1 / Double(network.degree(NodeID(agent)) + 1) - 1e-14)
    #expect((0..<agents).allSatisfy { matrix[agent][$0] == matrix[$0][agent] })
  }
}

@Test func thePropertyAboveMeetsLonelyAgentsAndAgentsWithOneNeighbour() throws {
  let sparse = try network(.randomGeometric(agents: 80, reach: .radius(0.12)), requiresConnection: false, seed: 1)
  let degrees = (0..<80).map { sparse.degree(NodeID($0)) }
  #expect(degrees.contains(0) && degrees.contains(1) && degrees.contains { $0 > 4 })
}
