// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities

/// What cooperations can do. Bytes, fates, staleness and computing time are counted by `RunState`, never by them, but
/// for messages that a round has no use for.
extension RunState {
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

  /// Starts a local step at an estimate of the shared parameters, which must be held until it ends. No step of the agent
  /// may be running.
  mutating func launchStep(_ node: NodeID, at estimate: SnapshotHandle) {
    launchStep(node, at: UnsafePointer(snapshots.values(estimate)))
  }

  /// Starts a local step at given shared parameters, and the agent's own as they are now, that ends at a given time, or
  /// after what it takes. No step of the agent may be running.
  ///
  /// Where the law of compute times needs to know what the step takes, it is computed now; else it may be computed any
  /// time before its end. The phases of a step are one attempt and share a draw of that law in equal parts.
  mutating func launchStep(_ node: NodeID, at point: UnsafePointer<Scalar>, until given: VirtualTime? = nil) {
    if !agents[node.index].isAttempting { agents[node.index].attempts += 1 }
    agents[node.index].isAttempting = true
    let attempt = agents[node.index].attempts - 1
    learner.begin(
      LocalStep(node, attempt: attempt, phase: Int(agents[node.index].phase)), at: whole(point, of: node),
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

  /// Shared parameters with the agent's own behind them.
  @inline(__always)
  private func whole(_ point: UnsafePointer<Scalar>, of node: NodeID) -> UnsafePointer<Scalar> {
    if layout.ownCount == 0 || point == UnsafePointer(row(node)) { return point }
    stepPoint.base.update(from: point, count: layout.sharedCount)
    (stepPoint.base + layout.sharedCount).update(from: row(node) + layout.sharedCount, count: layout.ownCount)
    return UnsafePointer(stepPoint.base)
  }

  /// The part of a step that its present phase takes: the parts of all phases are equal to a nanosecond, and add up.
  @inline(__always)
  private func durationOfPhase(of node: NodeID, in whole: VirtualDuration) -> VirtualDuration {
    if layout.phaseCount == 1 { return whole }
    let phase = Int(agents[node.index].phase)
    return whole.end(ofPart: phase + 1, of: layout.phaseCount) - whole.end(ofPart: phase, of: layout.phaseCount)
  }

  /// Makes an intermediate estimate the agent's parameters, those of the phase, and gives it up.
  mutating func adopt(_ node: NodeID, _ estimate: SnapshotHandle) {
    let block = layout.shared(agents[node.index].phase)
    (row(node) + block.lowerBound).update(from: snapshots.values(estimate) + block.lowerBound, count: block.count)
    snapshots.release(estimate)
  }

  /// A copy of the agent's shared parameters; the caller holds it.
  @inline(__always)
  mutating func snapshot(of node: NodeID) -> SnapshotHandle {
    let handle = snapshots.take()
    snapshots.values(handle).update(from: row(node), count: layout.sharedCount)
    return handle
  }

  // MARK: - Messages

  /// What a message carries of an agent's shared parameters as they are now; the caller holds it.
  @inline(__always)
  mutating func parcel(of node: NodeID) -> SnapshotHandle {
    let handle = snapshot(of: node)
    outbox.round(snapshots.values(handle), 0..<layout.sharedCount)
    return handle
  }

  /// What a message carries of an agent's estimate, which is of the agent's phase: the estimate itself, or rounded numbers
  /// in a vector of their own. The caller holds it.
  mutating func parcel(_ estimate: SnapshotHandle, of node: NodeID) -> SnapshotHandle {
    if outbox.isExact {
      snapshots.retain(estimate)
      return estimate
    }
    let handle = snapshots.take()
    let block = layout.shared(agents[node.index].phase)
    let (numbers, own) = (snapshots.values(handle), snapshots.values(estimate))
    for entry in block { numbers[entry] = outbox.rounded(own[entry]) }
    return handle
  }

  /// Sends what messages carry of an estimate to all neighbours, in the order of their names.
  ///
  /// - Parameter delay: what every message takes beside its latency.
  mutating func broadcast(
    _ estimate: SnapshotHandle, from node: NodeID, round: UInt32 = 0, delay: VirtualDuration = .zero
  ) {
    let parcel = parcel(estimate, of: node)
    broadcast(parcel: parcel, from: node, round: round, delay: delay)
    snapshots.release(parcel)
  }

  /// Sends numbers that are as messages carry them to all neighbours.
  mutating func broadcast(
    parcel: SnapshotHandle, from node: NodeID, round: UInt32 = 0, delay: VirtualDuration = .zero
  ) {
    for position in topology.outgoing(node) {
      let link = topology.outgoing(at: position)
      send(
        parcel, over: link, round: round, attempt: 0, index: sendNumbers[link.index], birth: now,
        updates: agents[node.index].updates, bytes: outbox.bytes(of: agents[node.index].phase), delay: delay)
    }
  }

  /// Reads the present estimate of a link's sender into the receiver's mailbox, at this instant; a read can be lost.
  mutating func read(over link: LinkID) {
    let sender = topology.senders[link.index]
    let number = sendNumbers[link.index]
    sendNumbers[link.index] += 1
    fates.sent += 1
    departures += 1
    spend(outbox.bytes)
    guard agents[sender.index].isUp else {
      fates.toDeadAgent += 1
      return
    }
    guard !transmissions.isLost(link, index: number, attempt: 0) else {
      fates.lost += 1
      return
    }
    let estimate = parcel(of: sender)
    keep(
      Message(
        link: link, snapshot: estimate, sendNumber: number + 1, updates: agents[sender.index].updates, round: 0,
        attempt: 0, bytes: outbox.bytes, birth: now), round: 0)
    snapshots.release(estimate)
  }

  /// Offers an estimate, as messages carry it, to a link.
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
    messages[handle].sendNumber = sendNumbers[link.index] + 1
    messages[handle].updates = updates
    messages[handle].round = round
    messages[handle].attempt = attempt
    messages[handle].bytes = bytes
    messages[handle].birth = birth
    messages[handle].isWaiting = false
    messages[handle].isOnItsWay = true
    let passage = transmissions.passage(link, index: index, attempt: attempt)
    messages[handle].travel = passage.latency + delay
    messages[handle].isLost = passage.isLost
    sendNumbers[link.index] += 1
    fates.sent += 1
    if transmissions.isLimited { offer(handle, to: link, isUrgent: false) } else { depart(handle, over: link) }
  }

  /// Puts a message into the mailbox of its receiver if it is newer than what is there: if its send number is higher.
  ///
  /// - Parameter round: chooses the slot where the mailbox keeps two.
  mutating func keep(_ message: Message, round: UInt32) {
    let position = mailboxes.position(message.link.index, round: round)
    let slot = mailboxes[position]
    guard slot.isEmpty || message.sendNumber > slot.sendNumber else {
      if message.sendNumber == slot.sendNumber { fates.duplicate += 1 } else { fates.overtaken += 1 }
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
