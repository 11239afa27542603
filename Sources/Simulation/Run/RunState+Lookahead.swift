// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Learners
import Quantities

/// Asking memory for what the next events will touch, as they are known in their order: with many agents each event would
/// else wait for main memory several times.
///
/// Nothing here changes anything, and what it guesses may be wrong; it reads only what is never freed while a run goes on.
/// What is found in one look is where the next one looks.
extension RunState {
  /// Looks at the events that come next.
  @inline(__always)
  func lookAhead() {
    if let event = scheduler.upcoming(after: 24) { look(first: event) }
    if let event = scheduler.upcoming(after: 14) { look(second: event) }
    if let event = scheduler.upcoming(after: 6) { look(third: event) }
  }

  /// What the event itself names; of the receiver of a message only where somebody asks for it.
  @inline(__always)
  private func look(first event: Event) {
    if event.kind != .arrival || arrivalsAskReceivers || !areAllUp {
      prefetchLine(of: agents.base + Int(event.subject))
    }
    switch event.kind {
    case .arrival: messages.prefetch(event.payload)
    case .computeEnd, .computeStart: topology.prefetch(NodeID(rank: event.subject))
    default: break
    }
  }

  /// What follows from the message, or from the place of the agent in the network.
  @inline(__always)
  private func look(second event: Event) {
    switch event.kind {
    case .arrival:
      let message = messages[event.payload]
      mailboxes.prefetch(message.link.index)
      snapshots.prefetchHolders(message.snapshot)
    case .computeEnd: lookAtAgent(NodeID(rank: event.subject))
    default: break
    }
  }

  /// What the mailbox says.
  @inline(__always)
  private func look(third event: Event) {
    switch event.kind {
    case .arrival:
      snapshots.prefetchHolders(mailboxes[mailboxes.first(messages[event.payload].link.index)].snapshot)
    case .computeEnd: lookAtNeighbours(of: NodeID(rank: event.subject))
    default: break
    }
  }

  /// What an agent needs to end a step, send, combine and begin again.
  @inline(never)
  private func lookAtAgent(_ node: NodeID) {
    let outgoing = topology.outgoing(node).prefix(Self.mostLinks)
    let bytes = MemoryLayout<OutgoingLink>.stride
    prefetchLines(of: transmissions.outgoing.base + outgoing.lowerBound, bytes: outgoing.count * bytes)
    topology.prefetchIncoming(node, most: Self.mostLinks)
    let incoming = topology.incoming(node).prefix(Self.mostLinks)
    mailboxes.prefetch(incoming)
    let row = min(dimension * MemoryLayout<Scalar>.stride, Self.mostBytesOfRow)
    prefetchLines(of: parameters.base + node.index * dimension, bytes: row)
    prefetchLines(of: increments.base + node.index * dimension, bytes: row)
    computeTimes.prefetch(node)
    learner.prefetch(node)
  }

  /// What an agent will combine, as its mailbox stands now, and whose update numbers it will compare.
  @inline(never)
  private func lookAtNeighbours(of node: NodeID) {
    let row = min(snapshots.length * MemoryLayout<Scalar>.stride, Self.mostBytesOfRow)
    for link in topology.incoming(node).prefix(Self.mostLinks) {
      let snapshot = mailboxes[mailboxes.first(link)].snapshot
      if snapshot != .none { prefetchLines(of: snapshots.place(of: snapshot), bytes: row) }
      prefetchLine(of: agents.base + topology.senders[link].index)
    }
  }

  /// Links of one agent that are looked at.
  private static var mostLinks: Int { 16 }
  /// Bytes of a vector that are asked for; what comes behind them the processor sees coming.
  private static var mostBytesOfRow: Int { 256 }
}
