// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Learners
import Quantities
import Records

extension RunState {
  /// Whether an event belongs to the agent's present life.
  @inline(__always)
  func isCurrent(_ event: Event) -> Bool { event.incarnation == agents[Int(event.subject)].incarnation }

  /// Ends a local step: counts it and makes the intermediate estimate ψ = s + d.
  ///
  /// Only the agent's own combination changes its parameters while it computes, so s still stands in its row.
  /// The estimate is one of the shared parameters of the step's phase; the rest of the vector is undefined. The agent's
  /// own parameters change here, whatever becomes of the estimate.
  mutating func finishStep(_ node: NodeID) -> SnapshotHandle {
    endStep(node, learner.finish(node))
    let psi = snapshots.take()
    let values = snapshots.values(psi)
    let start = row(node)
    let increment = increments.base + node.index * dimension
    for entry in layout.shared(agents[node.index].phase) { values[entry] = start[entry] + increment[entry] }
    applyOwnIncrement(node)
    noteSpending()
    return psi
  }

  /// Counts a local step that has ended; the last of its phases counts as the update.
  mutating func endStep(_ node: NodeID, _ work: StepWork) {
    agents[node.index].isComputing = false
    agents[node.index].useful += now - agents[node.index].since
    note(work, of: node)
    if Int(agents[node.index].phase) == layout.phaseCount - 1 {
      agents[node.index].isAttempting = false
      agents[node.index].updates += 1
      updates += 1
    }
  }

  /// Counts what a step has taken.
  @inline(__always)
  mutating func note(_ work: StepWork, of node: NodeID) {
    agents[node.index].samples += work.samples
    agents[node.index].episodes += work.episodes
    samples += work.samples
    episodes += work.episodes
  }

  /// Goes on to the next phase of a step whose present phase has been combined.
  mutating func advancePhase(_ node: NodeID) {
    let next = agents[node.index].phase + 1
    agents[node.index].phase = Int(next) == layout.phaseCount ? 0 : next
  }

  /// Puts the initial parameters of every sender into the mailboxes of its receivers, as if they had been sent before
  /// the start: they are not fresh, and belong to no round.
  mutating func fillMailboxes() {
    for rank in 0..<topology.agentCount {
      let initial = parcel(of: NodeID(rank))
      for position in topology.outgoing(NodeID(rank)) {
        let link = topology.outgoing(at: position).index
        for phase in 0..<UInt32(layout.phaseCount) {
          snapshots.retain(initial)
          let round = MailboxSlot.roundBeforeStart &- phase
          mailboxes[mailboxes.position(link, round: round)] = MailboxSlot(snapshot: initial, round: round)
        }
      }
      snapshots.release(initial)
    }
  }

  /// Takes a message off the network.
  ///
  /// - Returns: the message, which the caller discards after handling, or nothing if its receiver is down.
  @inline(__always)
  mutating func arrive(_ handle: UInt32, at receiver: NodeID) -> Message? {
    let message = messages[handle]
    if agents[receiver.index].isUp { return message }
    if message.snapshot != .none { fates.toDeadAgent += 1 }
    discard(handle)
    return nil
  }

  /// Stops the run at this instant once the budget is spent.
  @inline(__always)
  mutating func noteSpending() {
    if budget != nil { compareWithBudget() }
  }

  private mutating func compareWithBudget() {
    guard let budget, !hasSpentBudget else { return }
    switch budget {
    case .updates(let limit): hasSpentBudget = Double(updates) >= limit * Double(agentCount)
    case .samples(let limit): hasSpentBudget = Double(samples) >= limit
    case .episodes(let limit): hasSpentBudget = Double(episodes) >= limit * Double(agentCount)
    case .bytes(let limit): hasSpentBudget = Double(fates.bytes) >= limit
    }
    if hasSpentBudget { scheduler.schedule(Event(kind: .stop, subject: 0), at: scheduler.now) }
  }

  /// The fates of all messages once the run has ended: those still in mailboxes and on links get theirs.
  func finalFates() -> MessageFates {
    var fates = fates
    for position in mailboxes.positions(0..<topology.linkCount) where mailboxes[position].isFresh {
      fates.unreadAtEnd += 1
    }
    for handle in 0..<UInt32(messages.highWater) {
      let message = messages[handle]
      guard message.isOnItsWay, message.snapshot != .none else { continue }
      if message.isWaiting { fates.neverStarted += 1 } else { fates.inFlightAtEnd += 1 }
    }
    return fates
  }

  /// How each agent spent its time, and how far it got.
  ///
  /// - Parameters:
  ///   - finals: what is kept of each agent.
  ///   - haveEpisodes: whether agents act in episodes.
  func accounts(names: [String], finals: [AgentFinals], haveEpisodes: Bool) -> [AgentAccount] {
    (0..<agentCount).map { rank in
      let agent = agents[rank]
      let unfinished = agent.isUp && agent.isComputing ? now - agent.since : .zero
      let down = agent.down + (agent.isUp ? .zero : now - agent.since)
      let waiting = now.sinceStart - agent.useful - agent.wasted - unfinished - down
      return AgentAccount(
        name: names[rank], updates: agent.updates, useful: agent.useful.seconds, wasted: agent.wasted.seconds,
        unfinished: unfinished.seconds, waiting: waiting.seconds, down: down.seconds,
        finalMSD: finals[rank].squaredError, task: learner.taskName(of: NodeID(rank)),
        episodes: haveEpisodes ? agent.episodes : nil, samples: haveEpisodes ? agent.samples : nil,
        finalReturn: finals[rank].testReturn, finals: finals[rank].further)
    }
  }
}
