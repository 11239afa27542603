// SPDX-License-Identifier: GPL-3.0-or-later
import Learners

/// Agents whose minimisers lie elsewhere.
extension Consistency {
  func checkTruth(_ plan: LearningPlan, _ agents: AgentNames, _ faults: inout Faults) {
    guard let offset = plan.task.linearRegression?.truth.offset else { return }
    let path = "task.truth.offset"
    _ = faults.gather(
      needing: [
        "task.truth", "conditions.compute.stragglers", "conditions.groups", "conditions.links.latency",
      ]
    ) { () throws(ScenarioError) in
      switch offset.agents {
      case .selected(let selector):
        try checkChosenOnce(selector, agents, path, at: tree.piece(at: "\(path).agents").value)
      case .stragglers where draft.conditions.compute.stragglers.isEmpty:
        throw valueError(
          "\(path) is about stragglers, but there are none", at: "\(path).agents",
          hint: "give conditions.compute.stragglers, or choose agents otherwise")
      case .stragglers: break
      }
    }
  }
}
