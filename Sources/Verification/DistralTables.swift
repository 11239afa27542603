// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// Soft Q-learning on tables: what heads make of h and f.
struct SoftLearning {
  let soft: SoftValue<Double>
  /// h.
  let prior: ReferenceTable
  /// log π₀, uniform where h is nothing.
  let logPrior: [Double]
  /// f.
  let worths: ReferenceTable
  /// V of every state.
  let values: [Double]
  let discount: Double

  /// - Parameter isUniform: whether π₀ is uniform, whatever h is.
  init(
    _ soft: SoftValue<Double>, prior: ReferenceTable, isUniform: Bool = false, worths: ReferenceTable, discount: Double
  ) {
    self.soft = soft
    self.prior = prior
    self.worths = worths
    self.discount = discount
    let rows = worths.stateCount
    var logPrior = isUniform ? prior.numbers.map { _ in 0 } : prior.numbers
    CategoricalPolicy(actionCount: soft.actionCount).logProbabilities(logPrior, rows: rows, into: &logPrior)
    var values = [Double](repeating: .nan, count: rows)
    soft.values(prior: isUniform ? nil : logPrior, worths: worths.numbers, rows: rows, into: &values)
    self.logPrior = logPrior
    self.values = values
  }

  /// log π of every state.
  func policy(_ behaviour: SoftBehaviour<Double>) -> [Double] {
    var result = worths.numbers
    behaviour.logProbabilities(prior: logPrior, worths: worths.numbers, rows: worths.stateCount, into: &result)
    return result
  }

  /// The loss of a batch with targets of one step, and its gradient with respect to f.
  func step(_ steps: ReferenceSteps) -> (targets: [Double], loss: Double, gradient: [Double]) {
    let targets = stretch(steps) { stretch, targets in stretch.targets(into: targets) }
    var gradient = worths.rows(of: steps.states)
    let loss = actionValueLoss(
      worths.rows(of: steps.states), rows: steps.count, actionCount: soft.actionCount, actions: steps.actions,
      targets: targets, gradient: &gradient)
    return (targets, loss, worths.sum(gradient, at: steps.states))
  }

  /// Targets of n steps along an episode of the policy with two columns.
  func targets(_ steps: ReferenceSteps, steps count: Int) -> [Double] {
    let table = policy(.twoColumns(soft))
    func chosen(_ table: [Double]) -> [Double] {
      zip(steps.states, steps.actions).map { table[$0 * soft.actionCount + Int($1)] }
    }
    let regularised = zip(steps.rewards, zip(chosen(logPrior), chosen(table))).map {
      soft.regularised($0, prior: $1.0, chosen: $1.1)
    }
    return stretch(steps) { stretch, targets in
      regularised.withUnsafeBufferPointer { regularised in
        steps.isTerminal.withUnsafeBufferPointer { isLast in
          stretch.targets(steps: count, regularised: regularised, isLast: isLast, into: targets)
        }
      }
    }
  }

  private func stretch(
    _ steps: ReferenceSteps, _ body: (RegularisedStretch<Double>, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    var targets = [Double](repeating: .nan, count: steps.count)
    let nextValues = steps.nextStates.map { values[$0] }
    steps.rewards.withUnsafeBufferPointer { rewards in
      nextValues.withUnsafeBufferPointer { nextValues in
        steps.isTerminal.withUnsafeBufferPointer { isTerminal in
          targets.withUnsafeMutableBufferPointer { targets in
            body(
              RegularisedStretch(
                rewards: rewards, nextValues: nextValues, isTerminal: isTerminal, discount: discount), targets)
          }
        }
      }
    }
    return targets
  }

  /// The loss of the shared policy on a batch, and its gradient with respect to h.
  func distil(_ steps: ReferenceSteps, weights: [Double], scale: Double) -> (loss: Double, gradient: [Double]) {
    let count = soft.actionCount
    let rows = steps.states.flatMap { logPrior[$0 * count..<($0 + 1) * count] }
    var gradient = rows
    let loss = distillationLoss(
      rows, rows: steps.count, actionCount: count, actions: steps.actions, weights: weights, scale: scale,
      gradient: &gradient)
    return (loss, prior.sum(gradient, at: steps.states))
  }
}

/// An actor of Distral on tables.
struct DistralActor {
  let policy: DistralPolicy<Double>
  private let shared: ReferenceTable
  /// log π and log π₀ of every state.
  let logProbabilities: [Double]
  private let logPrior: [Double]

  init(
    _ variant: DistralVariant, priorWeight: Double, sharpness: Double, shared: ReferenceTable, own: ReferenceTable
  ) {
    let policy = DistralPolicy(
      variant, actionCount: shared.actionCount, priorWeight: priorWeight, sharpness: sharpness)
    self.policy = policy
    self.shared = shared
    let rows = shared.stateCount
    var (logProbabilities, logPrior) = (shared.numbers, shared.numbers)
    policy.logProbabilities(shared: shared.numbers, own: own.numbers, rows: rows, into: &logProbabilities)
    CategoricalPolicy(actionCount: shared.actionCount).logProbabilities(shared.numbers, rows: rows, into: &logPrior)
    self.logProbabilities = logProbabilities
    self.logPrior = logPrior
  }

  func regularised(_ steps: ReferenceSteps) -> [Double] {
    (0..<steps.count).map { step in
      let index = steps.states[step] * shared.actionCount + Int(steps.actions[step])
      return policy.soft.regularised(steps.rewards[step], prior: logPrior[index], chosen: logProbabilities[index])
    }
  }

  /// What the actor makes of an episode: J and D, which are to be made large, and their gradients with respect to h, and
  /// that of J with respect to f.
  struct Step {
    let objective: Double
    let distillation: Double
    let sharedGradient: [Double]
    let ownGradient: [Double]
  }

  func step(_ steps: ReferenceSteps, errors: [Double], weights: [Double]) -> Step {
    let (states, rows, count) = (steps.states, steps.count, shared.actionCount)
    func gathered(_ table: [Double]) -> [Double] { states.flatMap { table[$0 * count..<($0 + 1) * count] } }
    let (chosen, prior) = (gathered(logProbabilities), gathered(logPrior))
    var (actorGradient, sharedGradient) = (chosen, chosen)
    let loss = policy.actorLoss(
      chosen, rows: rows, actions: steps.actions, errors: errors, gradient: &actorGradient)
    policy.writeSharedGradient(
      chosen, prior: prior, rows: rows, weights: weights, actorGradient: actorGradient, into: &sharedGradient)
    let distillation = policy.distillation(
      chosen, prior: prior, shared: shared.rows(of: states), rows: rows, weights: weights)
    return Step(
      objective: -loss, distillation: distillation,
      sharedGradient: shared.sum(sharedGradient, at: states).map { -$0 },
      ownGradient: shared.sum(actorGradient, at: states).map { -policy.ownFactor * $0 })
  }
}
