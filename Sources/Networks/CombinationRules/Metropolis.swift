// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// The Metropolis weight of a link, c_lk = 1 / max(n_k, n_l), where n counts an agent's neighbours and itself. The
  /// matrix is symmetric and doubly stochastic, so its Perron vector is 1/N.
  ///
  /// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, table 14.1.
  package static let metropolis = CombinationRule(
    name: "metropolis",
    meaning: "1 / max(n_k, n_l), where n counts neighbours and the agent itself; doubly stochastic",
    balance: .symmetric,
    weight: { graph, sender, receiver in 1 / Double(max(graph.degree(sender), graph.degree(receiver)) + 1) })
}

extension NetworkSettings.Weights {
  /// c_lk = 1 / max(n_k, n_l) with n counting the agent itself; doubly stochastic.
  package static let metropolis = Self(.metropolis)
}
