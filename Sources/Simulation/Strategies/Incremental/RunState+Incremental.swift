// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities

/// Verbs of cooperations in which agents take turns.
extension RunState {
  /// A vector of zeros for a message that says no more than that it has come; the caller holds it.
  mutating func blankParcel() -> SnapshotHandle {
    let handle = snapshots.take()
    snapshots.values(handle).update(repeating: 0, count: outbox.payloadLength)
    return handle
  }

  /// Takes an estimate that has come with a token for an agent's own.
  func adopt(_ message: Message) {
    let receiver = topology.receivers[message.link.index]
    row(receiver).update(from: snapshots.values(message.snapshot), count: layout.sharedCount)
  }

  /// Tells that an agent takes its turn with what its mailbox holds, where nobody's estimate has a weight.
  ///
  /// - Parameter heeds: whether a link counts.
  func tellTurn(_ node: NodeID, heeding heeds: (Int) -> Bool) {
    guard isObserved else { return }
    let links = topology.incoming(node).filter { heeds($0) && mailboxes.newest($0) != nil }
    tellCombination(node, of: links.count, own: 1)
    for link in links {
      guard let position = mailboxes.newest(link) else { continue }
      let slot = mailboxes[position]
      tellPart(slot.sendNumber, on: LinkID(link), of: node, weight: 0, birth: slot.birth, slot.isFresh ? .fresh : .old)
    }
  }

  /// Has an agent's learner take its turn with what its mailbox holds.
  ///
  /// - Parameters:
  ///   - neighbours: what is known of each, the first so many.
  func takeTurn(_ node: NodeID, with neighbours: borrowing Column<NeighbourEstimate<Scalar>>, count: Int) {
    learner.takeTurn(
      node, at: row(node), with: UnsafeBufferPointer(start: UnsafePointer(neighbours.base), count: count))
  }

  /// What an agent knows of the sender of a link, which is used from here on.
  ///
  /// - Parameter multiplier: what the agent keeps for the edge.
  mutating func neighbourEstimate(
    on link: Int, comesBefore: Bool, multiplier: UnsafeMutablePointer<Scalar>
  ) -> NeighbourEstimate<Scalar> {
    guard let position = mailboxes.newest(link) else {
      return NeighbourEstimate(nil, isNew: false, comesBefore: comesBefore, multiplier: multiplier)
    }
    let isNew = mailboxes[position].isFresh
    noteUse(of: position, on: link)
    let values = snapshots.values(mailboxes[position].snapshot)
    return NeighbourEstimate(UnsafePointer(values), isNew: isNew, comesBefore: comesBefore, multiplier: multiplier)
  }
}
