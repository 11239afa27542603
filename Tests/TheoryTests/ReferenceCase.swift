// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import ReferenceFiles
import Testing
import Theory

/// The reference network of twenty agents with Metropolis weights.
struct ReferenceCase: Decodable {
  struct Graph: Decodable {
    let n: Int
    let edges: [[Int]]
  }
  struct Weights: Decodable { let matrix: [[Double]] }
  struct Regression: Decodable {
    let w0: [Double]
    let mu: [Double]
    let regressorVariance: [Double]
    let regressorRho: [Double]
    let noiseVariance: [Double]
  }
  struct Experiment: Decodable {
    struct Expected: Decodable { let smallStepClosedFormDb: Double? }
    let name: String
    let strategy: String
    let expected: Expected
  }
  let network: Graph
  let weights: Weights
  let data: Regression
  let experiments: [Experiment]

  static func load() throws -> ReferenceCase {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(ReferenceCase.self, from: theoryReference("lms-rgg-metropolis"))
  }

  func makeNetwork() throws -> Network { try graph(agents: network.n, edges: network.edges) }

  /// The costs with the reference's common truth, or with other ones.
  func costs(truths: [Double]? = nil) -> QuadraticCosts {
    QuadraticCosts(
      dimension: data.w0.count, regressorVariances: data.regressorVariance,
      regressorCorrelations: data.regressorRho,
      truths: truths ?? Array(repeating: data.w0, count: network.n).flatMap { $0 })
  }
}

/// The network of some edges between agents numbered from zero.
func graph(agents: Int, edges: [[Int]]) throws -> Network {
  let names = (0..<agents).map { "agent-\($0)" }
  return try Network(names: names, edges: edges.map { NetworkSettings.Edge(names[$0[0]], names[$0[1]]) })
}
