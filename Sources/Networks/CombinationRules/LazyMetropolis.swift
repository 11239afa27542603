// SPDX-License-Identifier: GPL-3.0-or-later

extension CombinationRule {
  /// The lazy Metropolis weight of a link, c_lk = 1 / (2 max(d_k, d_l)), where d counts neighbours without the agent
  /// itself. The matrix is symmetric, doubly stochastic and has no negative eigenvalue; an agent keeps at least half.
  ///
  /// Source: Olshevsky, "Linear time average consensus and distributed optimization on fixed graphs", SIAM Journal on
  /// Control and Optimization 55, 2017.
  package static let lazyMetropolis = CombinationRule(
    name: "lazy-metropolis",
    meaning: "1 / (2 max(d_k, d_l)), where d counts neighbours; doubly stochastic, no negative eigenvalue",
    balance: .symmetric,
    weight: { graph, sender, receiver in 1 / Double(2 * max(graph.degree(sender), graph.degree(receiver))) })
}
