// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import NeuralNets

/// Kind `distral-variants`: what all forms of Distral make of one trajectory for each task, with tables in place of
/// networks: seven of an actor with a critic, and three of soft Q-learning.
struct DistralVariantsVerification: ReferenceCase {
  static let kind = "distral-variants"

  struct Trajectory: Decodable, Sendable {
    let s: [Int]
    let a: [Int]
    let r: [Double]
    let s2: [Int]
    let d: [Double]
    let t: [Double]
  }

  struct ActorTask: Decodable, Sendable {
    let logPolicy: [[Double]]
    let regularisedReward: [Double]
    let target: [Double]
    let tdError: [Double]
    let criticLoss: Double
    let criticGrad: [Double]
    let actorObjective: Double
    let actorGradF: [[Double]]?
  }

  struct Actor: Decodable, Sendable {
    let alpha: Double
    let logits: String
    let tasks: [ActorTask]
    let objectiveH: Double
    let gradH: [[Double]]?
  }

  struct Behaviour: Decodable, Sendable {
    let oneColumn: [[Double]]
    let oneColumnBeta: [[Double]]
    let twoColumn: [[Double]]
  }

  struct SoftTask: Decodable, Sendable {
    let vSoft: [Double]
    let target: [Double]
    let loss: Double
    let gradF: [[Double]]
    let behaviour: Behaviour
    let n: Int
    let nStepTargetTwoColumn: [Double]
  }

  struct SoftForm: Decodable, Sendable {
    let alpha: Double
    let pi0: String
    let tasks: [SoftTask]
    let distillationLoss: Double?
    let distillationGradH: [[Double]]?
  }

  struct Case: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
      case states, actions, alpha, beta, betaPrime, gamma, h, f, trajectories, actorCritic, softQ
      case values = "V"
    }

    let states: Int
    let actions: Int
    let alpha: Double
    let beta: Double
    let betaPrime: Double
    let gamma: Double
    let h: [[Double]]
    let f: [[[Double]]]
    let values: [[Double]]
    let trajectories: [Trajectory]
    let actorCritic: [String: Actor]
    let softQ: [String: SoftForm]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try VerificationReport(of: cases) { number, one in
      let world = try DistralWorld(one)
      var checks: [VerificationReport.Check] = []
      for (name, actor) in one.actorCritic.sorted(by: { $0.key < $1.key }) {
        var comparison = GradientComparison(reference: "\(Self.kind)/\(number)/\(name)")
        try world.compare(actor, name, &comparison)
        checks += comparison.checks
      }
      for (name, form) in one.softQ.sorted(by: { $0.key < $1.key }) {
        var comparison = GradientComparison(reference: "\(Self.kind)/\(number)/soft-q-\(name)")
        try world.compare(form, name, &comparison)
        checks += comparison.checks
      }
      return checks
    }
  }
}

/// The tables and trajectories of a case.
private struct DistralWorld {
  private let reference: DistralVariantsVerification.Case
  private let h: ReferenceTable
  private let f: [ReferenceTable]
  private let steps: [ReferenceSteps]

  init(_ reference: DistralVariantsVerification.Case) throws {
    try checkDistral(alpha: reference.alpha, beta: reference.beta, gamma: reference.gamma)
    guard reference.betaPrime > 0, !reference.actorCritic.isEmpty, !reference.softQ.isEmpty else {
      throw ReferenceError("'beta_prime' is not above zero, or there is no variant.")
    }
    let tasks = reference.f.count
    guard tasks > 0, reference.values.count == tasks, reference.trajectories.count == tasks,
      reference.values.allSatisfy({ $0.count == reference.states })
    else { throw ReferenceError("there are not values and a trajectory for each of \(tasks) tasks.") }
    let table = try ReferenceTable(reference.h, "h", states: reference.states, actions: reference.actions)
    h = table
    f = try reference.f.map {
      try ReferenceTable($0, "f", states: reference.states, actions: reference.actions)
    }
    steps = try reference.trajectories.map {
      try ReferenceSteps(
        states: $0.s, actions: $0.a, rewards: $0.r, nextStates: $0.s2, ends: $0.d, times: $0.t, in: table)
    }
    self.reference = reference
  }

  private func weights(_ task: Int) -> [Double] { steps[task].times.map { pow(reference.gamma, $0) } }

  // MARK: - Actors with critics

  func compare(
    _ expected: DistralVariantsVerification.Actor, _ name: String, _ comparison: inout GradientComparison
  ) throws {
    guard let variant = DistralVariant(rawValue: name.replacing("_", with: "-")) else {
      throw ReferenceError("the variant '\(name)' is not known.")
    }
    guard expected.logits == variant.logits.text, expected.tasks.count == f.count else {
      throw ReferenceError("'\(name)' has logits that it is not made of, or not \(f.count) tasks.")
    }
    comparison.scaled("alpha", variant.priorWeight(given: reference.alpha), expected.alpha)
    var objective = 0.0
    var sharedGradient = [Double](repeating: 0, count: h.numbers.count)
    for (task, want) in expected.tasks.enumerated() {
      let step = compare(want, variant, task: task, &comparison)
      objective += step.objective + step.distillation
      for index in sharedGradient.indices { sharedGradient[index] += step.sharedGradient[index] }
    }
    comparison.scaled("objective of all", objective, expected.objectiveH)
    // What a variant does not have has no gradient.
    comparison.gradient(
      "shared", sharedGradient, expected.gradH?.flatMap(\.self) ?? sharedGradient.map { _ in 0 })
    guard (expected.gradH != nil) == variant.hasShared else {
      throw ReferenceError("'\(name)' has a gradient of h that there is not, or none.")
    }
  }

  private func compare(
    _ expected: DistralVariantsVerification.ActorTask, _ variant: DistralVariant, task: Int,
    _ comparison: inout GradientComparison
  ) -> DistralActor.Step {
    let (steps, values) = (steps[task], reference.values[task])
    let actor = DistralActor(
      variant, priorWeight: reference.alpha, sharpness: reference.beta, shared: h, own: f[task])
    let regularised = actor.regularised(steps)
    let targets = (0..<steps.count).map { step in
      regularised[step] + (steps.isTerminal[step] ? 0 : reference.gamma * values[steps.nextStates[step]])
    }
    let seen = steps.states.map { values[$0] }
    var byRow = seen
    // The house's loss is a mean, and that of the file a sum.
    let loss = squaredErrorLoss(seen, rows: steps.count, targets: targets, gradient: &byRow) * Double(steps.count)
    var byState = [Double](repeating: 0, count: values.count)
    for (row, state) in steps.states.enumerated() { byState[state] += byRow[row] * Double(steps.count) }
    let errors = zip(targets, seen).map { $0 - $1 }
    let step = actor.step(steps, errors: errors, weights: weights(task))
    func named(_ quantity: String) -> String { "\(quantity), task \(task)" }
    comparison.scaled(named("log probabilities"), actor.logProbabilities, expected.logPolicy.flatMap(\.self))
    comparison.scaled(named("regularised rewards"), regularised, expected.regularisedReward)
    comparison.scaled(named("targets"), targets, expected.target)
    comparison.scaled(named("errors of the critic"), errors, expected.tdError)
    comparison.scaled(named("loss of the critic"), loss, expected.criticLoss)
    comparison.gradient(named("critic"), byState, expected.criticGrad)
    comparison.scaled(named("objective of the actor"), step.objective, expected.actorObjective)
    comparison.gradient(
      named("own"), step.ownGradient, expected.actorGradF?.flatMap(\.self) ?? step.ownGradient.map { _ in 0 })
    return step
  }

  // MARK: - Soft Q-learning

  func compare(
    _ expected: DistralVariantsVerification.SoftForm, _ name: String, _ comparison: inout GradientComparison
  ) throws {
    try checkDistral(alpha: expected.alpha, beta: reference.beta, gamma: reference.gamma)
    guard ["uniform", "softmax(h)"].contains(expected.pi0), expected.tasks.count == f.count else {
      throw ReferenceError("'\(name)' has a prior that is not known, or not \(f.count) tasks.")
    }
    let isUniform = expected.pi0 == "uniform"
    let soft = SoftValue<Double>(
      actionCount: h.actionCount, priorWeight: expected.alpha, sharpness: reference.beta)
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: h.numbers.count)
    for (task, want) in expected.tasks.enumerated() {
      guard (1...Int(ReferenceLimits.latest)).contains(want.n) else {
        throw ReferenceError("there is no target from \(want.n) steps.")
      }
      let learning = SoftLearning(
        soft, prior: h, isUniform: isUniform, worths: f[task], discount: reference.gamma)
      compare(want, learning, task: task, &comparison)
      let distilled = learning.distil(
        steps[task], weights: weights(task), scale: soft.divergencePrice / Double(steps[task].count))
      loss += distilled.loss
      for index in gradient.indices { gradient[index] += distilled.gradient[index] }
    }
    guard !isUniform else {
      guard expected.distillationLoss == nil, expected.distillationGradH == nil else {
        throw ReferenceError("'\(name)' distils into a prior that is uniform.")
      }
      return
    }
    guard let wantLoss = expected.distillationLoss, let wantGradient = expected.distillationGradH else {
      throw ReferenceError("'\(name)' has no loss of distillation, or no gradient of it.")
    }
    comparison.scaled("loss of distillation", loss, wantLoss)
    comparison.gradient("distillation", gradient, wantGradient.flatMap(\.self))
  }

  private func compare(
    _ expected: DistralVariantsVerification.SoftTask, _ learning: SoftLearning, task: Int,
    _ comparison: inout GradientComparison
  ) {
    let result = learning.step(steps[task])
    let count = h.actionCount
    func named(_ quantity: String) -> String { "\(quantity), task \(task)" }
    func probabilities(_ behaviour: SoftBehaviour<Double>) -> [Double] { learning.policy(behaviour).map { exp($0) } }
    comparison.scaled(named("soft values"), learning.values, expected.vSoft)
    comparison.scaled(named("targets"), result.targets, expected.target)
    comparison.scaled(named("loss"), result.loss, expected.loss)
    comparison.gradient(named("loss"), result.gradient, expected.gradF.flatMap(\.self))
    comparison.scaled(
      named("one column"), probabilities(.oneColumn(actionCount: count)), expected.behaviour.oneColumn.flatMap(\.self))
    comparison.scaled(
      named("sharp column"), probabilities(.sharpOneColumn(actionCount: count, sharpness: reference.betaPrime)),
      expected.behaviour.oneColumnBeta.flatMap(\.self))
    comparison.scaled(
      named("two columns"), probabilities(.twoColumns(learning.soft)), expected.behaviour.twoColumn.flatMap(\.self))
    comparison.scaled(
      named("targets from \(expected.n) steps"), learning.targets(steps[task], steps: expected.n),
      expected.nStepTargetTwoColumn)
  }
}

extension DistralVariant.Logits {
  /// As files write it.
  fileprivate var text: String {
    switch self {
    case .shared: "h"
    case .own: "f"
    case .sum: "h+f"
    case .weighted: "alpha h + beta f"
    }
  }
}
