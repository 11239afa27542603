// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// The plain mean of the neighbourhood, c_lk = c_kk = 1 / n_k, where n counts whom an agent hears and itself. On an
  /// undirected graph the Perron vector is proportional to n_k.
  ///
  /// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, table 14.1.
  package static let averaging = CombinationRule(
    name: "averaging",
    meaning: "the plain mean of all that an agent hears and its own",
    balance: .free, weighing: .standing({ _, _, _ in 1 }),
    weights: { (graph, _) throws(NetworkError) -> CombinationWeights in
      CombinationWeights(on: graph, inProportionTo: { _ in 1 })
    })
}
