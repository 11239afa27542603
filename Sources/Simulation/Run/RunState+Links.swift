// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities

/// Messages on their links. A message costs when its transmission starts, and not before.
extension RunState {
  /// Sends an acknowledgement of a message back over the link in the other direction.
  mutating func acknowledge(_ message: Message, bytes: UInt64, canBeLost: Bool) {
    let back = topology.reverse[message.link.index]
    var acknowledgement = message
    acknowledgement.snapshot = .none
    acknowledgement.bytes = UInt32(bytes)
    if transmissions.isPlain {
      let passage = transmissions.acknowledgementPassage(
        back, canBeLost: canBeLost, index: UInt64(message.round), attempt: message.attempt)
      acknowledgement.travel = passage.latency
      acknowledgement.loss = passage.loss
    } else {
      acknowledgement.travel = .zero
      acknowledgement.loss = nil
    }
    let handle = messages.take(acknowledgement)
    if cuts.isCut(back) || !present.has(back.index) || transmissions.isHeldUp(back, at: now) {
      departIntoCut(handle, over: back)
    } else {
      offer(handle, to: back, isUrgent: true)
    }
  }

  /// Offers a message to a link, which transmits it now or lets it wait.
  mutating func offer(_ handle: UInt32, to link: LinkID, isUrgent: Bool) {
    // Service that starts at this very instant has started.
    departNext(over: link)
    switch transmissions.offer(
      handle, to: link, bytes: UInt64(messages[handle].bytes), at: now, isUrgent: isUrgent)
    {
    case .starts:
      depart(handle, over: link, to: topology.receivers[link.index])
    case .waits(let replaced, let start):
      messages[handle].isWaiting = true
      if replaced != Transmissions.none {
        note(.superseded, messages[replaced])
        discard(replaced)
      }
      if let start { scheduleDeparture(over: link, at: start) }
    }
  }

  /// Lets the messages that wait for a link go, as far as it is free.
  mutating func departNext(over link: LinkID) {
    while let handle = transmissions.next(on: link, at: now) {
      messages[handle].isWaiting = false
      depart(handle, over: link, to: topology.receivers[link.index])
    }
    if let start = transmissions.nextStart(on: link, at: now) { scheduleDeparture(over: link, at: start) }
  }

  private mutating func scheduleDeparture(over link: LinkID, at time: VirtualTime) {
    scheduler.schedule(
      Event(
        kind: .linkChange, tag: LinkTag.departure, subject: topology.senders[link.index].rank,
        payload: link.rank), at: time)
  }

  /// Puts a message onto a link, which loses it or brings it to its end.
  @inline(__always)
  mutating func depart(_ handle: UInt32, over link: LinkID, to receiver: NodeID) {
    let bytes = messages[handle].bytes
    let isAcknowledgement = messages[handle].snapshot == .none
    if !transmissions.isPlain { meet(link, handle, isAcknowledgement: isAcknowledgement) }
    tell(isAcknowledgement ? .acknowledgementStarts : .starts, messages[handle].sendNumber, on: link, bytes: bytes)
    if cuts.canCut { mark(handle, on: link) }
    if let cause = messages[handle].loss {
      if !isAcknowledgement { noteLoss(cause, messages[handle].sendNumber, on: link) }
      discard(handle)
    } else {
      let copy = transmissions.doubles && !isAcknowledgement ? copyLatency(of: handle, on: link) : nil
      let arrival = transmissions.arrival(
        over: link, bytes: UInt64(bytes), travel: min(messages[handle].travel, copy ?? .forever), at: now,
        keepsOrder: !isAcknowledgement)
      scheduleArrival(handle, at: receiver, arrival)
      if let copy { sendCopy(of: handle, latency: copy, over: link, at: arrival) }
    }
    noteStart(on: link, bytes: bytes, isAcknowledgement: isAcknowledgement)
  }

  /// Counts what goes onto its link.
  @inline(__always)
  mutating func noteStart(on link: LinkID, bytes: UInt32, isAcknowledgement: Bool) {
    if isAcknowledgement { fates.acknowledgements += 1 } else { departures += 1 }
    if linkRecord.isOn { recordStart(on: link, bytes: bytes, isAcknowledgement: isAcknowledgement) }
    spend(bytes)
  }

  @inline(__always)
  mutating func scheduleArrival(_ handle: UInt32, at receiver: NodeID, _ time: VirtualTime) {
    scheduler.schedule(
      Event(
        kind: .arrival,
        tag: messages[handle].snapshot == .none ? ArrivalTag.acknowledgement : ArrivalTag.estimate,
        subject: receiver.rank, payload: handle), at: time)
  }

  /// Has a link that is not plain say what it does to what starts on it now.
  private mutating func meet(_ link: LinkID, _ handle: UInt32, isAcknowledgement: Bool) {
    let message = messages[handle]
    let passage =
      isAcknowledgement
      ? transmissions.acknowledgementPassage(
        link, canBeLost: acknowledgementsCanBeLost, index: UInt64(message.round), attempt: message.attempt,
        startingAt: now)
      : transmissions.passage(
        link, number: message.sendNumber, index: message.index, attempt: message.attempt, startingAt: now)
    messages[handle].travel += passage.latency
    messages[handle].loss = passage.loss
  }

  // MARK: - Copies

  private func copyLatency(of handle: UInt32, on link: LinkID) -> VirtualDuration? {
    transmissions.copyLatency(link, index: messages[handle].index, attempt: messages[handle].attempt, at: now)
  }

  /// Doubles a message where its travel begins. The first of the two to arrive is the message; who comes second is shown to
  /// nobody, unless the scenario says so.
  ///
  /// - Parameter first: when the first of them arrives.
  private mutating func sendCopy(
    of handle: UInt32, latency: VirtualDuration, over link: LinkID, at first: VirtualTime
  ) {
    var copy = messages[handle]
    let later = max(copy.travel, latency)
    snapshots.retain(copy.snapshot)
    copy.isSecond = !transmissions.deliversTwice
    fates.sent += 1
    fates.copies += 1
    if linkRecord.isOn {
      linkRecord.add(.sent, on: link)
      linkRecord.add(.copied, on: link)
    }
    tell(.copied, copy.sendNumber, on: link)
    let behind = later - min(copy.travel, latency)
    scheduleArrival(messages.take(copy), at: topology.receivers[link.index], first + behind)
  }

  /// Counts bytes that go onto a link.
  @inline(__always)
  mutating func spend(_ bytes: UInt32) {
    fates.bytes += UInt64(bytes)
    noteSpending()
  }

  /// Takes back what waits for the links of an agent that crashes or leaves: it is never sent. What is in service goes on.
  mutating func withdrawWaitingMessages(of node: NodeID, _ cause: LossCause) {
    guard transmissions.isLimited else { return }
    for position in topology.outgoing(node) {
      let link = topology.outgoing(at: position)
      departNext(over: link)
      while let handle = transmissions.withdraw(from: link) {
        if messages[handle].snapshot != .none { noteLossWhileWaiting(cause, messages[handle]) }
        discard(handle)
      }
    }
  }

  /// Frees a message and gives up what it carries.
  @inline(__always)
  mutating func discard(_ handle: UInt32) {
    if messages[handle].snapshot != .none { snapshots.release(messages[handle].snapshot) }
    messages[handle].isOnItsWay = false
    messages.release(handle)
  }
}
