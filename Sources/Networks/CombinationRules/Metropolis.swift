// SPDX-License-Identifier: GPL-3.0-or-later

/// The Metropolis weight of a link, c_lk = 1 / max(n_k, n_l), where n counts an agent's neighbours and itself. The
/// matrix is symmetric and doubly stochastic, so its Perron vector is 1/N.
///
/// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, table 14.1.
func metropolisWeight(_ graph: Graph, sender: Int, receiver: Int) -> Double {
  1 / Double(max(graph.degree(sender), graph.degree(receiver)) + 1)
}
