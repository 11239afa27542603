// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// Weights in proportion to the neighbourhoods of those heard, c_lk = n_l / Σ n_m over the neighbourhood of k, where
  /// n counts whom an agent hears and itself. On an undirected graph the Perron vector is proportional to
  /// n_k Σ n_m.
  ///
  /// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, table 14.1.
  package static let relativeDegree = CombinationRule(
    name: "relative-degree",
    meaning: "in proportion to the neighbourhoods of those heard",
    balance: .free, weighing: .standing({ graph, _, sender in Double(graph.degree(sender) + 1) }),
    weights: { (graph, _) throws(NetworkError) -> CombinationWeights in
      CombinationWeights(on: graph, inProportionTo: { Double(graph.degree($0) + 1) })
    })
}
