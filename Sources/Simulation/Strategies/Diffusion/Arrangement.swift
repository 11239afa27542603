// SPDX-License-Identifier: GPL-3.0-or-later

/// The order in which an agent adapts and combines in one round.
///
/// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, chapter 7.
package enum Arrangement: Sendable {
  /// ψ_k = w_k + d(w_k); w_k ← ψ_k + Σ c_lk (ψ_l − ψ_k).
  case adaptThenCombine
  /// φ_k = w_k + Σ c_lk (w_l − w_k); w_k ← φ_k + d(φ_k).
  case combineThenAdapt
  /// w_k ← w_k + Σ c_lk (w_l − w_k) + d(w_k): the step is taken at the agent's own old estimate.
  case consensus
  /// w_k ← w_k + d(w_k).
  case alone
}
