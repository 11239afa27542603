// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Schema
import Simulation

/// The task and its learner: what they say of themselves, and which goes with which.
extension Consistency {
  /// What agents learn, and how; nothing where that cannot be.
  func learningPlan(_ agents: AgentNames?, _ faults: inout Faults) -> LearningPlan? {
    let (task, learner) = (draft.task.definition, draft.learner.definition)
    let taskArguments = arguments(
      of: TaskDefinition.all, chosen: task, given: draft.task.arguments, at: "task.kind", called: "task", agents,
      &faults)
    let goes: ()? = faults.gather(needing: ["task.kind", "learner.algorithm", "strategy.kind"]) {
      () throws(ScenarioError) in try checkCombination()
    }
    guard goes != nil else { return nil }
    let learnerArguments = arguments(
      of: LearnerDefinition.all, chosen: learner, given: draft.learner.arguments, at: "learner.algorithm",
      called: "learner", hints: learner.replacements, agents, &faults)
    let settings = taskArguments.flatMap { arguments in
      faults.gather(needing: ["task"]) { () throws(ScenarioError) -> TaskSettings in
        let settings = TaskSettings(task, arguments)
        if let fault = settings.fault(agents: agents?.count) {
          throw error(fault, of: task.parameters, owner: "task \(task.name)", chosenBy: "task.kind")
        }
        return settings
      }
    }
    guard let settings, let learnerArguments else { return nil }
    return faults.gather(needing: ["task", "learner"]) { () throws(ScenarioError) -> LearningPlan in
      let plan = LearningPlan(settings, LearnerSettings(learner, learnerArguments))
      if let fault = plan.fault {
        throw error(fault, of: learner.parameters, owner: "learner \(learner.name)", chosenBy: "learner.algorithm")
      }
      return plan
    }
  }

  /// Which learner goes with which task.
  private func checkCombination() throws(ScenarioError) {
    let (task, learner) = (draft.task.definition, draft.learner.definition)
    guard learner.tasks.contains(task.name) else {
      throw valueError(
        "learner \(learner.name) goes with task \(alternatives(learner.tasks)) only, here it is \(task.name)",
        at: "learner.algorithm",
        hint: "use " + alternatives(LearnerDefinition.all.filter { $0.tasks.contains(task.name) }.map(\.name)))
    }
    if task.isAgreement, !draft.strategy.settings.facts.cooperates {
      throw valueError("task \(task.name) needs a strategy in which agents cooperate", at: "strategy.kind")
    }
  }

  /// What a strategy cannot do for such a learner.
  func checkLearner(_ plan: LearningPlan, _ strategy: StrategySettings) throws(ScenarioError) {
    let facts = plan.facts
    if strategy.facts.passesShares, strategy.pushSum.runningSums,
      facts.bytesPerParameter < MemoryLayout<Double>.size
    {
      throw valueError(
        "running sums lose their small digits in the single precision of networks", at: "strategy.push-sum")
    }
    if let (parameter, value) = facts.tellsNothingBy, strategy.facts.cooperates {
      throw valueError(
        "\(parameter) \(value) leaves agents nothing to tell each other, but strategy \(strategy.kind.name) sends",
        at: "learner.\(parameter)", hint: "use strategy.kind: non-cooperative")
    }
    guard let (parameter, value) = facts.phasesSaidBy,
      !strategy.goesInPhases
    else { return }
    let usual = plan.learner.algorithm.parameters.first { $0.name == parameter }?.usualText
    let able = StrategyDefinition.all.filter(\.facts.goesInPhases).map(\.name).joined(separator: ", ")
    throw valueError(
      "\(parameter) \(value) takes several phases a step, which go with \(able), with messages that are pushed, in "
        + "asynchronous and synchronous timing", at: "learner.\(parameter)", hint: usual.map { "use \($0)" })
  }
}
