// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities
import Randomness

/// Outages. What is rare and large here, and elsewhere, is never inlined: it would be compiled for every strategy.
extension RunState {
  /// Schedules the first outage of every line of every cause.
  @inline(never)
  mutating func scheduleFirstOutages() {
    for line in 0..<outages.lineCount { scheduleOutage(of: line) }
  }

  private mutating func scheduleOutage(of line: Int) {
    schedule(.crash, of: line, at: outages.begin(of: line, after: now))
  }

  /// Schedules the end of the outage of a line that has just begun.
  @inline(never)
  mutating func scheduleEndOfOutage(of line: Int) {
    schedule(.recovery, of: line, at: outages.end(of: line, after: now))
  }

  /// Schedules the next outage of a line after the end of one. Causes go on by themselves, whatever else takes their
  /// agents down.
  @inline(never)
  mutating func scheduleOutageAfterOutage(of line: Int) {
    outages.countOutage(of: line)
    scheduleOutage(of: line)
  }

  private mutating func schedule(_ change: WorldChange, of line: Int, at time: VirtualTime?) {
    guard let time, outages.agentCount(of: line) > 0 else { return }
    scheduler.schedule(
      Event(
        kind: .failure, tag: change.rawValue, subject: outages.agent(0, of: line).rank, payload: UInt32(line)),
      at: time)
  }

  /// Lets one more cause hold an agent down. Of causes that share an outage the most forgetful says what is left.
  ///
  /// - Parameter interval: between checkpoints, for a cause that takes agents back to the latest.
  /// - Returns: whether the agent was up.
  @inline(never)
  mutating func takeDown(
    _ node: NodeID, forgetting recovery: FailureSettings.Recovery, checkpointEvery interval: VirtualDuration? = nil
  ) -> Bool {
    let wasUp = agents[node.index].isUp
    let before = wasUp ? 0 : agents[node.index].forgetfulness
    downStates[node.index].causes += 1
    if recovery == .checkpoint {
      let other = before == recovery.forgetfulness ? downStates[node.index].checkpoint : nil
      downStates[node.index].checkpoint = checkpoints.oldest(of: node, interval, other)
    }
    agents[node.index].forgetfulness = max(before, recovery.forgetfulness)
    if wasUp { crash(node) } else if timeRecord.isOn, !present.has(node) { timeRecord.takeDown(node) }
    if recovery != .keep { clearMailbox(of: node) }
    return wasUp
  }

  /// Lets a cause go that holds an agent down.
  ///
  /// - Returns: whether it was the last one, so that the agent is up again.
  @inline(never)
  mutating func letUp(_ node: NodeID) -> Bool {
    downStates[node.index].causes -= 1
    guard downStates[node.index].causes == 0 else { return false }
    recover(node)
    return true
  }

  /// Whether an agent keeps its memory over the present outage, or has over the last.
  func keepsMemory(_ node: NodeID) -> Bool {
    agents[node.index].forgetfulness == FailureSettings.Recovery.keep.forgetfulness
  }

  /// Takes an agent down: its step, its timers and its waiting messages die; what is in flight goes on.
  ///
  /// - Parameter kind: what it is told as.
  mutating func crash(_ node: NodeID, as kind: Occurrence.Kind = .crashes) {
    let agent = agents[node.index]
    if timeRecord.isOn { recordCrash(node, wasted: agent.isComputing ? computingTime(node) : .zero) }
    if agent.isComputing {
      let computing = computingTime(node)
      downStates[node.index].wasted += computing
      if speeds.isOn { speeds.discard(node, computing: computing, at: now) }
      tell(.stepDiscarded, node)
    }
    tell(kind, node)
    // Also between the phases of a step: the rest of it would use what the agent has forgotten.
    learner.abandon(node)
    agents[node.index].isAttempting = false
    agents[node.index].incarnation += 1
    agents[node.index].isUp = false
    agents[node.index].isComputing = false
    agents[node.index].owesStep = false
    agents[node.index].hasRequestedCombine = false
    pauses.forget(node)
    agents[node.index].since = now
    liveAgents -= 1
    withdrawWaitingMessages(of: node, kind == .leaves ? .edgeGone : .senderCrashed)
  }

  /// Gives up all steps under way, once the run is over: nobody computes for it any more.
  @inline(never)
  func abandonSteps() {
    for rank in 0..<agentCount { learner.abandon(NodeID(rank)) }
  }

  /// Brings an agent up again with what the scenario lets it know.
  ///
  /// *Randomness*: the neighbour to start from is drawn from `recoveryPeer` of the agent at the outage's number.
  private mutating func recover(_ node: NodeID) {
    downStates[node.index].down += now - agents[node.index].since
    if timeRecord.isOn {
      timeRecord.down(node, now - agents[node.index].since)
      recordRecovery(node)
    }
    agents[node.index].isUp = true
    liveAgents += 1
    tell(.recovers, node)
    agents[node.index].phase = 0
    if !keepsMemory(node) {
      learner.forget(node)
      learner.initialise(node, into: row(node))
      if realised.carries { realised.carried.forget(node) }
    }
    if agents[node.index].forgetfulness == FailureSettings.Recovery.checkpoint.forgetfulness {
      if let place = downStates[node.index].checkpoint {
        checkpoints.recall(node, from: place, into: row(node), learner)
        if realised.carries { realised.carried.recall(node, from: Int(place)) }
      }
    }
    if agents[node.index].forgetfulness == FailureSettings.Recovery.neighbour.forgetfulness {
      learnFromNeighbour(node, index: UInt64(downStates[node.index].outages))
    }
    downStates[node.index].outages += 1
  }

  /// Gives an agent the shared parameters of a live neighbour, where it has one; they cost their bytes.
  mutating func learnFromNeighbour(_ node: NodeID, index: UInt64) {
    guard let peer = liveNeighbour(of: node, index: index) else { return }
    row(node).update(from: row(peer), count: layout.sharedCount)
    if realised.carries { realised.carried.adopt(peer, by: node) }
    outbox.round(row(node), 0..<layout.sharedCount)
    fates.recoveryBytes += UInt64(outbox.bytes)
  }

  /// One of the live neighbours that learn, each equally probable.
  private func liveNeighbour(of node: NodeID, index: UInt64) -> NodeID? {
    let links = topology.incoming(node)
    if agentCount < topology.nodeCount { return nil }
    let count = links.count { present.has($0) && agents[topology.senders[$0].index].isUp }
    guard count > 0 else { return nil }
    var draws = Draws(recoveryPeers.key(entityKeys[node.index]), at: index)
    var choice = draws.integer(below: UInt32(count))
    for link in links where present.has(link) && agents[topology.senders[link].index].isUp {
      if choice == 0 { return topology.senders[link] }
      choice -= 1
    }
    return nil
  }

  /// Forgets what an agent has heard; what it had not read was delivered to a dead agent.
  private mutating func clearMailbox(of node: NodeID) {
    for position in mailboxes.positions(topology.incoming(node)) where !mailboxes[position].isEmpty {
      if mailboxes[position].isFresh {
        noteMissed(by: node, mailboxes[position].sendNumber, on: LinkID(position / mailboxes.depth))
      }
      snapshots.release(mailboxes[position].snapshot)
      mailboxes[position] = MailboxSlot()
    }
    if linkRecord.ages.isOn { for link in topology.incoming(node) { linkRecord.ages.forget(link, at: now) } }
  }
}
