// SPDX-License-Identifier: GPL-3.0-or-later

extension QuadraticCosts {
  /// The mean-square deviation of diffusion in the limit of small steps, the same for every agent and for every order
  /// of adapting and combining: ½ tr[(Σ p_k μ_k R_k)⁻¹ Σ p_k² μ_k² σ²_v,k R_k].
  ///
  /// An approximation for steps that shrink to zero on a connected network with a common truth: at practical step
  /// sizes the deviation of sparse networks lies a decibel or more above it.
  ///
  /// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, section 11.3; Zhao and Sayed 2012.
  ///
  /// - Parameters:
  ///   - stepSizes: μ_k of each agent.
  ///   - noiseVariances: σ²_v,k of each agent.
  ///   - perronVector: p_k of each agent; nothing means 1/N, as for doubly stochastic matrices.
  /// - Returns: E|w° - w_k|², linear (not in decibels).
  package func smallStepDeviationApproximation(
    stepSizes: [Double], noiseVariances: [Double], perronVector: [Double]? = nil
  ) throws(TheoryError) -> Double {
    let shares = perronVector ?? [Double](repeating: 1 / Double(agentCount), count: agentCount)
    precondition(
      stepSizes.count == agentCount && noiseVariances.count == agentCount && shares.count == agentCount,
      "Every agent has one step size, one noise variance and one Perron entry.")
    let steps = zip(shares, stepSizes).map { $0 * $1 }
    return try halfTrace(drift: steps, noise: zip(steps, noiseVariances).map { $0 * $0 * $1 })
  }
}
