// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Testing
import Theory

private struct WeightsReference: Decodable {
  struct Entry: Decodable {
    let graph: String
    let n: Int
    let edges: [[Int]]
    let rule: String
    let matrixExact: [[String]]
    let perron: [Double]
  }
  let entries: [Entry]
}

/// The value of ‘3/4’.
private func fraction(_ text: String) throws -> Double {
  let parts = try text.split(separator: "/").map { try #require(Double($0)) }
  return parts.count == 2 ? parts[0] / parts[1] : parts[0]
}

@Suite struct PerronVectorTests {
  @Test func perronVectorsAreThoseOfTheReference() throws {
    let file: WeightsReference = try reference("weights")
    for entry in file.entries {
      let matrix = CombinationMatrix(rows: try entry.matrixExact.map { try $0.map(fraction) })
      let name = "\(entry.graph) \(entry.rule)"
      for (value, expected) in zip(try matrix.perronVector(), entry.perron) {
        #expect(abs(value - expected) <= 1e-12, "\(name)")
      }
      if entry.rule == "metropolis" {
        let network = CombinationMatrix(try graph(agents: entry.n, edges: entry.edges))
        for (value, expected) in zip(network.values, matrix.values) { #expect(abs(value - expected) <= 1e-15) }
      }
    }
  }

  @Test func aNetworkInPiecesHasNoPerronVectorOfItsOwn() throws {
    let pieces = CombinationMatrix(try graph(agents: 5, edges: [[0, 1], [2, 3], [3, 4]]))
    #expect(throws: TheoryError.singular) { try pieces.perronVector() }
    #expect(try DelayedConsensus(combination: pieces, delay: 0).rate() > 1 - 1e-12)
    #expect(throws: TheoryError.singular) { try CombinationMatrix.identity(3).perronVector() }
    // An agent that listens to itself only decides alone, which is one vector.
    let leader = CombinationMatrix(rows: [[1, 0.5, 0], [0, 0.5, 0.5], [0, 0, 0.5]])
    #expect(try leader.perronVector() == [1, 0, 0])
  }
}
