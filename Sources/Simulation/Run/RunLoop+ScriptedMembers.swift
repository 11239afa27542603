// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What the timeline does to the members of the network: they join and leave. The network optimum is that of those who are
/// there.
extension RunLoop where Strategy: ~Copyable {
  mutating func perform(_ change: MemberChange, of selector: AgentSelector, by plan: Int, _ turn: ScriptedTurn) {
    guard case .begin(let occurrence) = turn else { return }
    switch change {
    case .join(let startsFromNeighbour):
      for node in run.timeline.joiners(by: plan, occurrence: occurrence) {
        join(node, startsFromNeighbour: startsFromNeighbour)
      }
    case .leave:
      for node in choose(selector, for: plan, occurrence: occurrence) { leave(node) }
    }
    countMembers()
  }

  /// Has a plan choose among the agents that are there.
  func choose(_ selector: AgentSelector, for plan: Int, occurrence: Int) -> [NodeID] {
    guard run.present.changes else { return run.timeline.choose(selector, for: plan, occurrence: occurrence) }
    let degrees = (0..<run.agentCount).map { Int(run.present.degrees[$0]) }
    return run.timeline.choose(
      selector, for: plan, occurrence: occurrence, among: PresentAgents(members: run.present.members, degrees: degrees))
  }
}

/// Who is there to be chosen, with the number of present neighbours of each.
struct PresentAgents {
  let members: [Bool]?
  let degrees: [Int]
}
