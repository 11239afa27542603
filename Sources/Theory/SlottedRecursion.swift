// SPDX-License-Identifier: GPL-3.0-or-later

/// Least mean squares on a network in slots, with Gaussian regressors and a common minimiser, as theory sees it.
///
/// All values that it predicts are exact means over infinitely many runs, not approximations for small steps. All
/// draws are independent over slots, agents and links.
///
/// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014; Zhao and Sayed 2015.
package struct SlottedRecursion: Sendable {
  /// How adapt and combine are arranged; ψ and w are the estimates after each.
  package enum Strategy: Sendable, CaseIterable {
    /// ATC: ψ_k = w_k + μ u (d - u'w_k), then w_k = Σ c_lk ψ_l.
    case adaptThenCombine
    /// CTA: φ_k = Σ c_lk w_l, then w_k = φ_k + μ u (d - u'φ_k).
    case combineThenAdapt
    /// w_k = Σ c_lk w_l + μ u (d - u'w_k).
    case consensus
    /// Each agent alone.
    case nonCooperative
  }

  /// What an agent that is inactive in a slot leaves out.
  package enum Activity: Sendable, CaseIterable {
    /// Its adaptation only: every agent combines in every slot.
    case compute
    /// Everything: it neither adapts, sends, receives nor combines.
    case sleep
    /// Adapting and combining: others still read its estimate.
    case pull
  }

  /// The costs; all agents have one minimiser.
  package let costs: QuadraticCosts
  /// μ_k of each agent.
  package let stepSizes: [Double]
  /// σ²_v,k of each agent.
  package let noiseVariances: [Double]
  /// Who gives whom what weight.
  package let combination: CombinationMatrix
  /// How adapt and combine are arranged.
  package let strategy: Strategy
  /// What inactive agents leave out.
  package let activity: Activity
  /// q_k: the probability that an agent is active in a slot.
  package let activeProbabilities: [Double]
  /// η_lk: the probability that a message from l to k arrives, row by row. The weight of a missing one returns to k.
  package let deliveryProbabilities: [Double]
  /// τ: how many slots the messages of neighbours are late; parameters before the start are zero.
  package let delay: Int

  /// Makes the model.
  ///
  /// - Parameters:
  ///   - costs: their truths must be the same for all agents.
  ///   - stepSizes: μ_k of each agent.
  ///   - noiseVariances: σ²_v,k of each agent.
  ///   - combination: the combination matrix, of as many agents.
  ///   - strategy: how adapt and combine are arranged.
  ///   - activity: what inactive agents leave out.
  ///   - activeProbabilities: q_k of each agent; nothing means that all are always active.
  ///   - deliveryProbabilities: η_lk, N × N numbers row by row; nothing means no loss.
  ///   - delay: τ in slots.
  /// - Throws: `noClosedForm` for truths that differ and for arrangements that no recursion here covers.
  package init(
    costs: QuadraticCosts, stepSizes: [Double], noiseVariances: [Double], combination: CombinationMatrix,
    strategy: Strategy = .adaptThenCombine, activity: Activity = .compute, activeProbabilities: [Double]? = nil,
    deliveryProbabilities: [Double]? = nil, delay: Int = 0
  ) throws(TheoryError) {
    let count = costs.agentCount
    precondition(
      combination.count == count && stepSizes.count == count && noiseVariances.count == count,
      "Every agent has one column of weights, one step size and one noise variance.")
    precondition(delay >= 0, "Messages are not from the future.")
    try requireCommonTruth(costs)
    guard delay == 0 || strategy == .adaptThenCombine else {
      throw .noClosedForm(reason: "Late messages are covered for adapt, then combine only.")
    }
    guard activity == .compute || (strategy == .adaptThenCombine && delay == 0) else {
      throw .noClosedForm(
        reason: "Agents that rest entirely are covered for adapt, then combine without delay only.")
    }
    self.costs = costs
    self.stepSizes = stepSizes
    self.noiseVariances = noiseVariances
    self.combination = strategy == .nonCooperative ? .identity(count) : combination
    self.strategy = strategy
    self.activity = activity
    self.activeProbabilities = activeProbabilities ?? [Double](repeating: 1, count: count)
    self.deliveryProbabilities = deliveryProbabilities ?? [Double](repeating: 1, count: count * count)
    self.delay = delay
    precondition(
      self.activeProbabilities.count == count && self.activeProbabilities.allSatisfy { (0...1).contains($0) },
      "Every agent has one probability of being active.")
    precondition(
      self.deliveryProbabilities.count == count * count
        && self.deliveryProbabilities.allSatisfy { (0...1).contains($0) },
      "Every pair of agents has one probability of delivery.")
  }

  /// Whether all regressors are white, so that traces of blocks suffice.
  var isWhite: Bool { costs.isWhite }

  /// The recursion of second moments.
  ///
  /// - Parameter usesTraces: whether to work with traces of blocks; only for white regressors.
  func recursion(usesTraces: Bool, operationLimit: Double) throws(TheoryError) -> any MomentRecursion {
    let adaptation = GaussianAdaptation(
      costs, stepSizes: stepSizes, noiseVariances: noiseVariances, activeProbabilities: activeProbabilities,
      usesTraces: usesTraces)
    let loss = LossyCombination(
      combination, deliveryProbabilities: deliveryProbabilities, blockSize: adaptation.blockSize)
    guard activity == .compute else {
      return try ActivityRecursion(
        adaptation: adaptation, matrix: combination, deliveryProbabilities: deliveryProbabilities,
        sleeps: activity == .sleep, operationLimit: operationLimit)
    }
    switch strategy {
    case .adaptThenCombine where delay > 0:
      return DelayedCombination(adaptation: adaptation, combination: loss, delay: delay)
    case .adaptThenCombine, .nonCooperative: return AdaptThenCombine(adaptation: adaptation, combination: loss)
    case .combineThenAdapt: return CombineThenAdapt(adaptation: adaptation, combination: loss)
    case .consensus: return ConsensusStep(adaptation: adaptation, combination: loss)
    }
  }
}

extension QuadraticCosts {
  /// Whether all regressors are white.
  var isWhite: Bool { dimension == 1 || regressorCorrelations.allSatisfy { $0 == 0 } }
}

/// Refuses costs with different minimisers.
func requireCommonTruth(_ costs: QuadraticCosts) throws(TheoryError) {
  let isCommon = costs.truths.indices.allSatisfy { costs.truths[$0] == costs.truths[$0 % costs.dimension] }
  guard isCommon else {
    throw .noClosedForm(reason: "The exact recursion covers agents with a common minimiser; these have different ones.")
  }
}
