// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities

/// What cooperations can do. Bytes, fates, staleness and computing time are counted by `RunState`, never by them, but
/// for messages that a round has no use for.
extension RunState where Learner: ~Copyable {
  // MARK: - Steps

  /// Schedules the begin of an agent at this instant, after everything that has to be combined.
  mutating func scheduleBegin(_ node: NodeID) { scheduleBegin(node, at: now) }

  /// Schedules the begin of an agent.
  mutating func scheduleBegin(_ node: NodeID, at time: VirtualTime) {
    scheduler.schedule(
      Event(kind: .computeStart, subject: node.rank, incarnation: agents[node.index].incarnation),
      at: time)
  }

  /// Starts a local step from the agent's parameters as they are now; if one is running, the new one is owed.
  ///
  /// *Randomness*: data and compute time are keyed by the number of the attempt.
  mutating func launchStep(_ node: NodeID) {
    if agents[node.index].isComputing {
      agents[node.index].owesStep = true
      return
    }
    launchStep(node, at: row(node))
  }

  /// Starts a local step at an estimate, which must be held until it ends. No step of the agent may be running.
  mutating func launchStep(_ node: NodeID, at estimate: SnapshotHandle) {
    launchStep(node, at: UnsafePointer(snapshots.values(estimate)))
  }

  /// Starts a local step at given parameters that ends at a given time, or after what it takes. No step of the agent
  /// may be running.
  ///
  /// Where the law of compute times needs to know what the step takes, it is computed now; else it may be computed any
  /// time before its end. The phases of a step are one attempt and share a draw of that law in equal parts.
  mutating func launchStep(_ node: NodeID, at point: UnsafePointer<Scalar>, until given: VirtualTime? = nil) {
    if !agents[node.index].isAttempting { agents[node.index].attempts += 1 }
    agents[node.index].isAttempting = true
    let attempt = agents[node.index].attempts - 1
    learner.begin(
      LocalStep(node, attempt: attempt, phase: Int(agents[node.index].phase)), at: point,
      increment: increments.base + node.index * dimension)
    let end: VirtualTime
    if let given {
      end = given
    } else if computeTimes.dependsOnWork {
      let work = learner.work(of: node)
      end =
        now
        + computeTimes.duration(
          of: node, attempt: attempt, environmentSteps: work.environmentSteps,
          gradientSamples: agentsComputeGradients ? work.gradientSamples : 0)
    } else {
      end = now + durationOfPhase(of: node, in: computeTimes.duration(of: node, attempt: attempt))
    }
    agents[node.index].isComputing = true
    agents[node.index].since = now
    scheduler.schedule(
      Event(
        kind: .computeEnd, phase: UInt16(agents[node.index].phase), subject: node.rank,
        incarnation: agents[node.index].incarnation), at: end)
  }

  /// The part of a step that its present phase takes: the parts of all phases are equal to a nanosecond, and add up.
  @inline(__always)
  private func durationOfPhase(of node: NodeID, in whole: VirtualDuration) -> VirtualDuration {
    if phases.count == 1 { return whole }
    let phase = Int(agents[node.index].phase)
    return whole.end(ofPart: phase + 1, of: phases.count) - whole.end(ofPart: phase, of: phases.count)
  }

  /// Makes an intermediate estimate the agent's parameters, those of the phase, and gives it up.
  mutating func adopt(_ node: NodeID, _ estimate: SnapshotHandle) {
    let block = phases.block(Int(agents[node.index].phase))
    (row(node) + block.lowerBound).update(from: snapshots.values(estimate) + block.lowerBound, count: block.count)
    snapshots.release(estimate)
  }

  /// A copy of the agent's parameters; the caller holds it.
  @inline(__always)
  mutating func snapshot(of node: NodeID) -> SnapshotHandle {
    let handle = snapshots.take()
    snapshots.values(handle).update(from: row(node), count: dimension)
    return handle
  }

  // MARK: - Messages

  /// Sends an estimate to all neighbours, in the order of their names.
  ///
  /// - Parameter delay: what every message takes beside its latency.
  mutating func broadcast(
    _ estimate: SnapshotHandle, from node: NodeID, round: UInt32 = 0, delay: VirtualDuration = .zero
  ) {
    for position in topology.outgoing(node) {
      let link = topology.outgoing(at: position)
      send(
        estimate, over: link, round: round, attempt: 0, index: sendNumbers[link.index], birth: now,
        updates: agents[node.index].updates, bytes: messageSize(agents[node.index].phase), delay: delay)
    }
  }

  /// Reads the present estimate of a link's sender into the receiver's mailbox, at this instant; a read can be lost.
  mutating func read(over link: LinkID) {
    let sender = topology.senders[link.index]
    let number = sendNumbers[link.index]
    sendNumbers[link.index] += 1
    fates.sent += 1
    fates.bytes += UInt64(messageSize)
    noteSpending()
    guard agents[sender.index].isUp else {
      fates.toDeadAgent += 1
      return
    }
    guard !transmissions.isLost(link, index: number, attempt: 0) else {
      fates.lost += 1
      return
    }
    let estimate = snapshot(of: sender)
    keep(
      Message(
        link: link, snapshot: estimate, sendNumber: number, updates: agents[sender.index].updates, round: 0,
        attempt: 0, bytes: messageSize, birth: now, start: now), round: 0)
    snapshots.release(estimate)
  }

  /// Offers an estimate to a link.
  ///
  /// - Parameters:
  ///   - index: the number under which latency and loss are keyed, together with the attempt.
  ///   - birth: when the estimate was made.
  ///   - updates: its sender's update number at that time.
  ///   - bytes: its size.
  ///   - delay: what the message takes beside its latency.
  mutating func send(
    _ estimate: SnapshotHandle, over link: LinkID, round: UInt32, attempt: UInt32, index: UInt64, birth: VirtualTime,
    updates: UInt64, bytes: UInt32, delay: VirtualDuration = .zero
  ) {
    snapshots.retain(estimate)
    hand(
      estimate, over: link, round: round, attempt: attempt, index: index, birth: birth, updates: updates,
      bytes: bytes, delay: delay)
  }

  /// Offers an estimate to a link in the same way, and gives it up: the message is its holder from here on.
  @inline(__always)
  mutating func hand(
    _ estimate: SnapshotHandle, over link: LinkID, round: UInt32, attempt: UInt32, index: UInt64, birth: VirtualTime,
    updates: UInt64, bytes: UInt32, delay: VirtualDuration = .zero
  ) {
    let handle = messages.takeUndefined(orElse: .blank)
    messages[handle].link = link
    messages[handle].snapshot = estimate
    messages[handle].sendNumber = sendNumbers[link.index]
    messages[handle].updates = updates
    messages[handle].round = round
    messages[handle].attempt = attempt
    messages[handle].bytes = bytes
    messages[handle].birth = birth
    messages[handle].isOnItsWay = true
    messages[handle].arrival = .none
    sendNumbers[link.index] += 1
    fates.sent += 1
    fates.bytes += UInt64(bytes)
    let transit = transmissions.offer(
      handle, to: link, bytes: UInt64(bytes), at: now, index: index, attempt: attempt)
    messages[handle].start = transit.start
    messages[handle].isLost = transit.isLost
    if transit.replaced != Transmissions.none {
      withdraw(transit.replaced)
      fates.superseded += 1
    }
    if transit.isLost, transit.start <= now {
      fates.lost += 1
      discard(handle)
    } else {
      messages[handle].arrival = scheduler.schedule(
        Event(
          kind: .arrival, tag: ArrivalTag.estimate, subject: topology.receivers[link.index].rank, payload: handle),
        at: transit.arrival + delay)
    }
    noteSpending()
  }

  /// Sends an acknowledgement of a message back over the link in the other direction.
  mutating func acknowledge(_ message: Message, bytes: UInt64, canBeLost: Bool) {
    let back = topology.reverse[message.link.index]
    fates.acknowledgements += 1
    fates.bytes += bytes
    noteSpending()
    guard
      let arrival = transmissions.acknowledgementArrival(
        back, bytes: bytes, canBeLost: canBeLost, at: now, index: UInt64(message.round), attempt: message.attempt)
    else { return }
    var acknowledgement = message
    acknowledgement.snapshot = .none
    let handle = messages.take(acknowledgement)
    messages[handle].arrival = scheduler.schedule(
      Event(
        kind: .arrival, tag: ArrivalTag.acknowledgement, subject: topology.receivers[back.index].rank,
        payload: handle),
      at: arrival)
  }

  /// Takes a message that has not started back from its link; it is as if it had never been sent, but for its fate.
  mutating func withdraw(_ handle: UInt32) {
    _ = scheduler.cancel(messages[handle].arrival)
    fates.bytes -= UInt64(messages[handle].bytes)
    discard(handle)
  }

  /// Frees a message and gives up what it carries.
  @inline(__always)
  mutating func discard(_ handle: UInt32) {
    if messages[handle].snapshot != .none { snapshots.release(messages[handle].snapshot) }
    messages[handle].isOnItsWay = false
    messages.release(handle)
  }

  /// Puts a message into the mailbox of its receiver, unless a newer one of its link is there.
  ///
  /// - Parameter round: chooses the slot where the mailbox keeps two.
  mutating func keep(_ message: Message, round: UInt32) {
    let position = mailboxes.position(message.link.index, round: round)
    let slot = mailboxes[position]
    if !slot.isEmpty, slot.sendNumber > message.sendNumber {
      fates.overtaken += 1
      return
    }
    if slot.isFresh { fates.replacedUnread += 1 }
    if !slot.isEmpty { snapshots.release(slot.snapshot) }
    snapshots.retain(message.snapshot)
    mailboxes[position] = MailboxSlot(
      snapshot: message.snapshot, sendNumber: message.sendNumber, updates: message.updates, round: message.round,
      birth: message.birth, isFresh: true)
    staleness.delivered(after: now - message.birth)
  }

  // MARK: - Appointments

  /// Asks for a combination at this instant, after all arrivals of the instant.
  mutating func requestCombine(_ node: NodeID) {
    if agents[node.index].hasRequestedCombine { return }
    agents[node.index].hasRequestedCombine = true
    scheduleCombine(node, at: now)
  }

  /// Schedules a combination.
  mutating func scheduleCombine(_ node: NodeID, at time: VirtualTime) {
    scheduler.schedule(
      Event(
        kind: .combine, phase: UInt16(agents[node.index].phase), subject: node.rank,
        incarnation: agents[node.index].incarnation), at: time)
  }

  /// Sets a timer of an agent; it dies with the agent's incarnation.
  mutating func setTimer(_ node: NodeID, tag: UInt8, payload: UInt32 = 0, after wait: VirtualDuration) -> EventHandle {
    scheduler.schedule(
      Event(
        kind: .timer, tag: tag, subject: node.rank, incarnation: agents[node.index].incarnation, payload: payload),
      at: now + wait)
  }
}
