// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

extension CombinationRule {
  /// The same weight for all links, c_lk = β: one step against the graph Laplacian, C = I - β L. By default β is one
  /// over the largest number of neighbours with the agent itself. The matrix is symmetric and doubly stochastic.
  ///
  /// Source: Xiao and Boyd, "Fast linear iterations for distributed averaging", Systems & Control Letters 53, 2004.
  package static let laplacian = CombinationRule(
    name: "laplacian",
    meaning: "the same weight for all links; doubly stochastic",
    parameters: [
      Parameter(
        "beta", .number(Bounds(lower: 0, includesLower: false, upper: 1)),
        "weight of every link of the Laplacian rule; by default 1 / max n", .optional)
    ],
    balance: .symmetric,
    weighing: .share(
      asksAll: { $0.number("beta") == nil },
      { graph, arguments, _, _ in arguments.number("beta") ?? 1 / Double(graph.largestDegree + 1) }),
    weights: { (graph, arguments) throws(NetworkError) -> CombinationWeights in
      let largest = (0..<graph.nodeCount).map { graph.degree($0) }.max() ?? 0
      let weight = arguments.number("beta") ?? 1 / Double(largest + 1)
      guard weight * Double(largest) <= 1 else {
        throw .argument(
          of: "laplacian",
          Fault(
            "beta",
            "is \(plainNumber(weight)), but an agent has \(counted(largest, "neighbour")) and cannot give more than 1 in all"
          ))
      }
      return CombinationWeights(on: graph) { _, _ in weight }
    })
}
