// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets

/// Part `distral`: a shared policy and the policy of one task, the losses of soft Q-learning and of an actor, and their
/// gradients, with tables in place of networks.
struct DistralGradients: GradientCase {
  static let part = "distral"

  struct Batch: Decodable, Sendable {
    let s: [Int]
    let a: [Int]
    let r: [Double]
    let s2: [Int]
    let done: [Double]
    let t: [Double]
    let delta: [Double]
  }

  let alpha: Double
  let beta: Double
  let gamma: Double
  let h: [[Double]]
  let f: [[Double]]
  let batch: Batch
  let logPi0: [[Double]]
  let vSoft: [Double]
  let logPi2Col: [[Double]]
  let logPi2ColUnnormalisedMinusNormalisedMax: Double
  let logPi1Col: [[Double]]
  let logPi1ColBeta: [[Double]]
  let sqlTarget: [Double]
  let sqlLoss: Double
  let sqlGradF: [[Double]]
  let distillLoss: Double
  let distillGradH: [[Double]]
  let regularisedReward: [Double]
  let acJ: Double
  let acGradH: [[Double]]
  let acGradF: [[Double]]

  func compare(_ comparison: inout GradientComparison) throws {
    try checkDistral(alpha: alpha, beta: beta, gamma: gamma)
    let h = try ReferenceTable(h, "h")
    let f = try ReferenceTable(f, "f", states: h.stateCount, actions: h.actionCount)
    let steps = try ReferenceSteps(
      states: batch.s, actions: batch.a, rewards: batch.r, nextStates: batch.s2, ends: batch.done, times: batch.t, in: h
    )
    guard batch.delta.count == steps.count else { throw ReferenceError("there is not a 'delta' for each step.") }
    let learning = SoftLearning(
      SoftValue(actionCount: h.actionCount, priorWeight: alpha, sharpness: beta), prior: h, worths: f, discount: gamma)
    comparePolicies(learning, &comparison)
    let weights = steps.times.map { pow(gamma, $0) }
    compareSoftLearning(learning, steps, weights, &comparison)
    compareActor(learning, steps, weights, &comparison)
  }

  private func comparePolicies(_ learning: SoftLearning, _ comparison: inout GradientComparison) {
    let (count, soft) = (learning.worths.actionCount, learning.soft)
    let twoColumns = learning.policy(.twoColumns(soft))
    comparison.scaled("log probabilities, shared", learning.logPrior, logPi0.flatMap(\.self))
    comparison.scaled("soft values", learning.values, vSoft)
    comparison.scaled("log probabilities, two columns", twoColumns, logPi2Col.flatMap(\.self))
    comparison.scaled(
      "log probabilities, one column", learning.policy(.oneColumn(actionCount: count)), logPi1Col.flatMap(\.self))
    comparison.scaled(
      "log probabilities, sharp column", learning.policy(.sharpOneColumn(actionCount: count, sharpness: beta)),
      logPi1ColBeta.flatMap(\.self))
    // π is normalised by its value alone, without a softmax.
    var logits = learning.logPrior
    soft.logits(
      prior: learning.logPrior, worths: learning.worths.numbers, rows: learning.worths.stateCount, into: &logits)
    let normalised = logits.indices.map { logits[$0] - beta * learning.values[$0 / count] }
    comparison.scaled(
      "what values leave to normalise", largestDifference(normalised, twoColumns),
      logPi2ColUnnormalisedMinusNormalisedMax)
  }

  private func compareSoftLearning(
    _ learning: SoftLearning, _ steps: ReferenceSteps, _ weights: [Double], _ comparison: inout GradientComparison
  ) {
    let result = learning.step(steps)
    comparison.scaled("soft targets", result.targets, sqlTarget)
    comparison.scaled("soft loss", result.loss, sqlLoss)
    comparison.gradient("soft loss", result.gradient, sqlGradF.flatMap(\.self))
    let distilled = learning.distil(steps, weights: weights, scale: alpha / beta)
    comparison.scaled("distillation loss", distilled.loss, distillLoss)
    comparison.gradient("distillation", distilled.gradient, distillGradH.flatMap(\.self))
  }

  private func compareActor(
    _ learning: SoftLearning, _ steps: ReferenceSteps, _ weights: [Double], _ comparison: inout GradientComparison
  ) {
    let actor = DistralActor(
      .divergenceEntropyTwoColumns, priorWeight: alpha, sharpness: beta, shared: learning.prior, own: learning.worths)
    comparison.scaled("regularised rewards", actor.regularised(steps), regularisedReward)
    let step = actor.step(steps, errors: batch.delta, weights: weights)
    comparison.scaled("objective of the actor", step.objective + step.distillation, acJ)
    comparison.gradient("actor, shared", step.sharedGradient, acGradH.flatMap(\.self))
    comparison.gradient("actor, own", step.ownGradient, acGradF.flatMap(\.self))
  }
}
