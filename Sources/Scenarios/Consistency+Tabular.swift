// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// What goes with agents that know their decision process.
extension Consistency {
  func checkStepSize() throws(ScenarioError) {
    guard tree.entry("learner")?.value.entry("step-size") == nil else { return }
    throw missing(
      "step-size", in: "learner", "of each adapt step; a number, a law, or a list with one number per agent")
  }

  /// What task five-state needs of the learner.
  func checkTabular() throws(ScenarioError) {
    let algorithm = draft.learner.algorithm
    guard algorithm == .policyGradient || algorithm == .dualAscent else {
      throw error(
        "task five-state needs learner policy-gradient or dual-ascent, not \(algorithm.rawValue)", at: "learner",
        hint: "use learner.algorithm: policy-gradient")
    }
    try checkStepSize()
    if algorithm == .dualAscent { try checkDualVariables() }
  }

  private func checkDualVariables() throws(ScenarioError) {
    let areAboveZero =
      switch draft.learner.initial {
      case .constant(let value): value > 0
      case .values(let values), .entries(let values): values.allSatisfy { $0 > 0 }
      case .normal: false
      }
    guard !areAboveZero else { return }
    let isGiven = tree.entry("learner")?.value.entry("initial") != nil
    throw valueError(
      "learner dual-ascent needs initial parameters above zero, so that every action has a part in the first policy",
      at: isGiven ? "learner.initial" : "learner", hint: "such as learner.initial: 0.1")
  }

  /// Refuses what says nothing here, and initial parameters that are not as many as there have to be.
  func checkTabularKeys() throws(ScenarioError) {
    let learner = draft.learner
    if learner.relativeEntropyWeight > 0, learner.algorithm != .policyGradient {
      throw valueError(
        "relative-entropy-weight goes with learner policy-gradient only, here it is \(learner.algorithm.rawValue)",
        at: "learner.relative-entropy-weight")
    }
    guard case .entries(let values) = learner.initial else { return }
    let count = draft.task.kind == .fiveState ? FiveStateSettings.parameterCount : draft.task.settings.dimension
    guard values.count != count else { return }
    throw valueError(
      "learner.initial has \(counted(values.count, "entry", "entries")), but agents have "
        + counted(count, "parameter"), at: "learner.initial")
  }
}
