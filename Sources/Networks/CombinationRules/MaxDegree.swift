// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// One over the number of agents for every link, c_lk = 1/N. The matrix is symmetric and doubly stochastic, and mixes
  /// slowly on sparse graphs.
  ///
  /// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, table 14.1.
  package static let maxDegree = CombinationRule(
    name: "max-degree",
    meaning: "one over the number of agents for every link; doubly stochastic",
    balance: .symmetric, asksAll: true, weight: { graph, _, _ in 1 / Double(graph.nodeCount) })
}
