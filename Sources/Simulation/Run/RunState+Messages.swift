// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities

/// What agents send, and what they keep of what they hear. Bytes and fates are counted here and never by a cooperation, but
/// for messages that a round has no use for.
extension RunState {
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
    if realised.carries { realised.carried.copy(estimate.slot, to: handle.slot, by: node) }
    return handle
  }

  /// Reads the present estimate of a link's sender into the receiver's mailbox, at this instant; a read can be lost.
  mutating func read(over link: LinkID) {
    let sender = topology.senders[link.index]
    let number = transmissions.sent(over: link)
    transmissions.setSent(number + 1, over: link)
    noteInstant(number + 1, on: link)
    guard agents[sender.index].isUp else { return noteMissed(by: sender, number + 1, on: link) }
    if let cause = lossAtOnce(over: link, index: number) { return noteLoss(cause, number + 1, on: link) }
    let estimate = parcel(of: sender)
    if linkRecord.isOn { recordArrival(on: link, bytes: outbox.bytes) }
    keep(
      Message(
        link: link, snapshot: estimate, sendNumber: number + 1, updates: agents[sender.index].updates, round: 0,
        attempt: 0, bytes: outbox.bytes, birth: now), round: 0)
    snapshots.release(estimate)
  }

  /// Why a message that takes no time would be lost on a link now; nothing where it arrives.
  ///
  /// *Randomness*: `loss` of the link at the number of the message.
  func lossAtOnce(over link: LinkID, index: UInt64) -> LossCause? {
    if cuts.isCut(link) { return .cut }
    return transmissions.lossCause(link, number: index + 1, index: index, attempt: 0, at: now)
  }

  /// Puts a message into the mailbox of its receiver if it is newer than what is there: if its send number is higher.
  ///
  /// - Parameter round: chooses the slot where the mailbox keeps two.
  mutating func keep(_ message: Message, round: UInt32) {
    let position = mailboxes.position(message.link.index, round: round)
    let slot = mailboxes[position]
    guard slot.isEmpty || message.sendNumber > slot.sendNumber else {
      return note(message.sendNumber == slot.sendNumber ? .duplicate : .overtaken, message)
    }
    tellDelivery(of: message, isUsed: false)
    if slot.isFresh { note(.replacedUnread, slot.sendNumber, on: message.link) }
    if !slot.isEmpty { snapshots.release(slot.snapshot) }
    snapshots.retain(message.snapshot)
    mailboxes[position] = MailboxSlot(
      snapshot: message.snapshot, sendNumber: message.sendNumber, updates: message.updates, round: message.round,
      birth: message.birth, isFresh: true)
    staleness.delivered(after: now - message.birth)
    if linkRecord.isOn { recordHearing(on: message.link, birth: message.birth) }
  }

  /// Takes a message off the network.
  ///
  /// - Returns: the message, which the caller discards after handling, or nothing if its receiver is down or has had it, or
  ///   its link was cut meanwhile.
  @inline(__always)
  mutating func arrive(_ handle: UInt32, at receiver: NodeID) -> Message? {
    let message = messages[handle]
    if cuts.canCut, isLostToCut(message) {
      if message.snapshot != .none { noteLoss(message.loss ?? .cut, message.sendNumber, on: message.link) }
    } else if message.isSecond {
      note(.duplicate, message)
    } else if areAllUp || agents[receiver.index].isUp {
      if linkRecord.isOn { recordArrival(of: message) }
      return message
    } else if message.snapshot != .none {
      noteMissed(by: receiver, message.sendNumber, on: message.link)
    }
    discard(handle)
    return nil
  }

  /// Puts the initial parameters of every sender into the mailboxes of its receivers, as if they had been sent before
  /// the start: they are not fresh, and belong to no round.
  @inline(never)
  mutating func fillMailboxes() {
    for rank in 0..<topology.nodeCount {
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
}
