// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// What the timeline does to the members of the network: they join and leave. The network optimum is that of those who are
/// there.
extension ChangingWorld {
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
    run.timeline.choose(selector, for: plan, occurrence: occurrence, among: presentAgents)
  }

  /// Who is there to be chosen; nothing where all are, always.
  var presentAgents: PresentAgents? {
    guard run.present.changes else { return nil }
    let (members, agents) = (run.present.members, run.timeline.ground.agents)
    let hasCentre = run.topology.nodeCount > run.agentCount
    // Around a fusion centre agents have the neighbours that they would have without it.
    let degrees = (0..<run.agentCount).map { rank in
      hasCentre
        ? agents.incoming(NodeID(rank)).count { members?[agents.senders[$0].index] ?? true }
        : Int(run.present.degrees[rank])
    }
    return PresentAgents(members: members, degrees: degrees)
  }
}

/// Who is there to be chosen, with the number of present neighbours of each.
struct PresentAgents {
  let members: [Bool]?
  let degrees: [Int]
}
