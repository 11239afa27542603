// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What the timeline does to agents: it takes them down and lets them up.
extension ChangingWorld {
  mutating func perform(_ change: AgentChange, of selector: AgentSelector, by plan: Int, _ turn: ScriptedTurn) {
    guard case .begin(let occurrence) = turn else {
      for rank in 0..<run.agentCount { release(NodeID(rank), by: plan) }
      return
    }
    let agents = choose(selector, for: plan, occurrence: occurrence)
    switch change {
    case .takeDown(let recovery, let interval):
      for node in agents where run.timeline.hold(node.index, by: plan) {
        let forgets = recovery ?? run.usualRecovery
        if run.takeDown(node, forgetting: forgets, checkpointEvery: interval ?? run.usualCheckpoint) {
          cooperation.changed(node, .crash, &run)
        }
      }
    case .bringUp:
      let causes = run.timeline.plans.indices.filter { run.timeline.plans[$0].change.takesAgentsDown }
      for node in agents { for cause in causes { release(node, by: cause) } }
    }
  }

  /// Lets a cause of the timeline go, if it holds an agent down.
  private mutating func release(_ node: NodeID, by plan: Int) {
    guard run.timeline.release(node.index, by: plan), run.letUp(node) else { return }
    cooperation.changed(node, .recovery, &run)
  }
}
