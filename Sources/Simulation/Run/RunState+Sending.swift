// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// How messages are offered to links: to one, or to all links of an agent.
extension RunState {
  /// Sends what messages carry of an estimate to all neighbours, in the order of their names.
  ///
  /// - Parameters:
  ///   - turn: which sending of the agent it is, where it sends to one neighbour at a time.
  ///   - delay: what every message takes beside its latency.
  mutating func broadcast(
    _ estimate: SnapshotHandle, from node: NodeID, round: UInt32 = 0, turn: UInt64, delay: VirtualDuration = .zero
  ) {
    let parcel = parcel(estimate, of: node)
    broadcast(parcel: parcel, from: node, round: round, turn: turn, delay: delay)
    snapshots.release(parcel)
  }

  /// Sends numbers that are as messages carry them to all neighbours.
  mutating func broadcast(
    parcel: SnapshotHandle, from node: NodeID, round: UInt32 = 0, turn: UInt64 = 0, delay: VirtualDuration = .zero
  ) {
    if transmissions.drawsAtOnce, !cuts.canCut, !peers.isOn {
      return broadcastAtOnce(parcel, from: node, round: round, delay: delay)
    }
    let only = peers.isOn ? peers.link(of: node, turn: turn, topology, present) : nil
    let updates = agents[node.index].updates
    let bytes = outbox.bytes(of: agents[node.index].phase)
    for place in topology.outgoing(node) {
      let link = transmissions.outgoing[place].link
      guard present.has(link.index), only == nil || only == link else { continue }
      snapshots.retain(parcel)
      hand(
        parcel, at: place, round: round, attempt: 0, index: transmissions.outgoing[place].sent, birth: now,
        updates: updates, bytes: bytes, delay: delay)
    }
  }

  /// Sends to all neighbours over links that neither let messages wait nor are ever cut or gone: what becomes of all of them
  /// is drawn side by side. All else is as if they were handed over one by one.
  private mutating func broadcastAtOnce(
    _ parcel: SnapshotHandle, from node: NodeID, round: UInt32, delay: VirtualDuration
  ) {
    let updates = agents[node.index].updates
    let bytes = outbox.bytes(of: agents[node.index].phase)
    let places = topology.outgoing(node)
    transmissions.draw(places)
    var holders: UInt32 = 0
    for place in places {
      let row = transmissions.outgoing.base + place
      let (link, number) = (row.pointee.link, row.pointee.sent &+ 1)
      row.pointee.sent = number
      noteSending(number, on: link, attempt: 0)
      guard let latency = transmissions.drawnLatency(place &- places.lowerBound, at: place) else {
        loseAtOnce(number, on: link, .noise, bytes)
        continue
      }
      holders &+= 1
      let handle = message(
        parcel, number, over: link, round: round, attempt: 0, birth: now, updates: updates, bytes: bytes)
      let travel = latency + delay
      messages[handle].travel = travel
      messages[handle].loss = nil
      tell(.starts, number, on: link, bytes: bytes)
      scheduleArrival(handle, at: row.pointee.receiver, now + travel)
      noteStart(on: link, bytes: bytes, isAcknowledgement: false)
    }
    snapshots.retain(parcel, times: holders)
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
      estimate, at: transmissions.place(of: link), round: round, attempt: attempt, index: index, birth: birth,
      updates: updates, bytes: bytes, delay: delay)
  }

  /// Offers an estimate to a link in the same way, and gives it up: the message is its holder from here on.
  ///
  /// - Parameter place: of the link among those of its sender.
  @inline(__always)
  mutating func hand(
    _ estimate: SnapshotHandle, at place: Int, round: UInt32, attempt: UInt32, index: UInt64, birth: VirtualTime,
    updates: UInt64, bytes: UInt32, delay: VirtualDuration = .zero
  ) {
    let link = transmissions.outgoing[place].link
    let number = transmissions.outgoing[place].sent + 1
    transmissions.outgoing[place].sent = number
    noteSending(number, on: link, attempt: attempt)
    let isPlain = transmissions.isPlain
    let passage =
      isPlain ? transmissions.passage(at: place, index: index, attempt: attempt) : Passage(latency: .zero)
    if isPlain, let cause = passage.loss, !transmissions.isLimited, !cuts.canCut {
      loseAtOnce(number, on: link, cause, bytes)
      return snapshots.release(estimate)
    }
    let handle = message(
      estimate, number, over: link, round: round, attempt: attempt, birth: birth, updates: updates, bytes: bytes)
    messages[handle].travel = passage.latency + delay
    messages[handle].loss = passage.loss
    if !isPlain {
      messages[handle].index = index
      messages[handle].isSecond = false
    }
    if cuts.isCut(link) { return departIntoCut(handle, over: link) }
    if transmissions.isLimited {
      offer(handle, to: link, isUrgent: false)
    } else {
      depart(handle, over: link, to: transmissions.outgoing[place].receiver)
    }
  }

  /// A message with what its sender says of it; how it travels is still to be written.
  @inline(__always)
  private mutating func message(
    _ estimate: SnapshotHandle, _ number: UInt64, over link: LinkID, round: UInt32, attempt: UInt32, birth: VirtualTime,
    updates: UInt64, bytes: UInt32
  ) -> UInt32 {
    let handle = messages.takeUndefined(orElse: .blank)
    messages[handle].link = link
    messages[handle].snapshot = estimate
    messages[handle].sendNumber = number
    messages[handle].updates = updates
    messages[handle].round = round
    messages[handle].attempt = attempt
    messages[handle].bytes = bytes
    messages[handle].birth = birth
    messages[handle].isWaiting = false
    messages[handle].isOnItsWay = true
    return handle
  }

  /// Counts a message that is offered to its link.
  @inline(__always)
  private mutating func noteSending(_ number: UInt64, on link: LinkID, attempt: UInt32) {
    fates.sent += 1
    if linkRecord.isOn { recordSending(on: link, attempt: attempt) }
    tell(.sent, number, on: link)
  }

  /// Counts a message that starts on its link and is lost there; it needs no message.
  @inline(__always)
  private mutating func loseAtOnce(_ number: UInt64, on link: LinkID, _ cause: LossCause, _ bytes: UInt32) {
    tell(.starts, number, on: link, bytes: bytes)
    noteLoss(cause, number, on: link)
    noteStart(on: link, bytes: bytes, isAcknowledgement: false)
  }
}
