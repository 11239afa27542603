// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// How agents have spent their time.
extension RunState {
  /// How each agent spent its time, and how far it got.
  ///
  /// - Parameters:
  ///   - finals: what is kept of each agent.
  ///   - haveEpisodes: whether agents act in episodes.
  @inline(never)
  func accounts(names: [String], finals: [AgentFinals], haveEpisodes: Bool) -> [AgentAccount] {
    (0..<agentCount).map { rank in
      let agent = agents[rank]
      let unfinished = agent.isUp && agent.isComputing ? computingTime(NodeID(rank)) : .zero
      let isThere = present.has(NodeID(rank))
      let down = agent.down + (agent.isUp || !isThere ? .zero : now - agent.since)
      let waiting = present.span(of: NodeID(rank), until: now).length - agent.useful - agent.wasted - unfinished - down
      return AgentAccount(
        name: names[rank], updates: agent.updates, useful: agent.useful.seconds, wasted: agent.wasted.seconds,
        unfinished: unfinished.seconds, waiting: waiting.seconds, down: down.seconds,
        slowed: slowed(NodeID(rank)), finalMSD: finals[rank].squaredError, task: learner.taskName(of: NodeID(rank)),
        episodes: haveEpisodes ? agent.episodes : nil, samples: haveEpisodes ? agent.samples : nil,
        finalReturn: finals[rank].testReturn, finals: finals[rank].further)
    }
  }
}
