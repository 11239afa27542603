// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities
import Records

/// What becomes of a message while a run goes on.
enum MessageFate {
  case used, replacedUnread, overtaken, lost, superseded, toDeadAgent, late, duplicate, neverStarted
}

/// What has become of messages; fates sum to the messages sent.
extension RunState {
  /// Counts what has become of a message.
  @inline(__always)
  mutating func note(_ fate: MessageFate, _ number: UInt64, on link: LinkID) {
    let kind: Occurrence.Kind
    switch fate {
    case .used: (fates.used, kind) = (fates.used + 1, .used)
    case .replacedUnread: (fates.replacedUnread, kind) = (fates.replacedUnread + 1, .replacedUnread)
    case .overtaken: (fates.overtaken, kind) = (fates.overtaken + 1, .overtaken)
    case .lost: (fates.lost, kind) = (fates.lost + 1, .lost)
    case .superseded: (fates.superseded, kind) = (fates.superseded + 1, .superseded)
    case .toDeadAgent: (fates.toDeadAgent, kind) = (fates.toDeadAgent + 1, .toDeadAgent)
    case .late: (fates.late, kind) = (fates.late + 1, .late)
    case .duplicate: (fates.duplicate, kind) = (fates.duplicate + 1, .duplicate)
    case .neverStarted: (fates.neverStarted, kind) = (fates.neverStarted + 1, .neverStarted)
    }
    tell(kind, number, on: link)
  }

  /// Counts what has become of a message.
  @inline(__always)
  mutating func note(_ fate: MessageFate, _ message: Message) { note(fate, message.sendNumber, on: message.link) }

  // MARK: - At the end

  /// The fates of all messages once the run has ended: those still in mailboxes and on links get theirs.
  @inline(never)
  func finalFates() -> MessageFates {
    var fates = fates
    forEachOpenMessage { kind, _, _ in
      switch kind {
      case .unreadAtEnd: fates.unreadAtEnd += 1
      case .neverStarted: fates.neverStarted += 1
      default: fates.inFlightAtEnd += 1
      }
    }
    return fates
  }

  /// Tells the fates of messages still in mailboxes and on links, as the run has ended.
  @inline(never)
  func tellOpenMessages() {
    guard isObserved else { return }
    forEachOpenMessage { kind, number, link in tell(kind, number, on: link) }
  }

  /// Messages still in mailboxes and on links, with what becomes of them if the run ends now.
  private func forEachOpenMessage(_ body: (Occurrence.Kind, _ number: UInt64, LinkID) -> Void) {
    for position in mailboxes.positions(0..<topology.linkCount) where mailboxes[position].isFresh {
      body(.unreadAtEnd, mailboxes[position].sendNumber, LinkID(position / mailboxes.depth))
    }
    for handle in 0..<UInt32(messages.highWater) {
      let message = messages[handle]
      guard message.isOnItsWay, message.snapshot != .none else { continue }
      body(message.isWaiting ? .neverStarted : .inFlightAtEnd, message.sendNumber, message.link)
    }
  }
}
