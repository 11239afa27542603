// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities
import Records

/// What becomes of a message while a run goes on.
enum MessageFate {
  case used, replacedUnread, overtaken, superseded, toDeadAgent, late, duplicate
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
    case .superseded: (fates.superseded, kind) = (fates.superseded + 1, .superseded)
    case .toDeadAgent: (fates.toDeadAgent, kind) = (fates.toDeadAgent + 1, .toDeadAgent)
    case .late: (fates.late, kind) = (fates.late + 1, .late)
    case .duplicate: (fates.duplicate, kind) = (fates.duplicate + 1, .duplicate)
    }
    if linkRecord.isOn { linkRecord.add(LinkCount(fate), on: link) }
    tell(kind, number, on: link)
  }

  /// Counts what has become of a message.
  @inline(__always)
  mutating func note(_ fate: MessageFate, _ message: Message) { note(fate, message.sendNumber, on: message.link) }

  /// Counts a message about which an agent that is down, or has just gone down, will never know.
  @inline(never)
  mutating func noteMissed(by node: NodeID, _ number: UInt64, on link: LinkID) {
    if timeRecord.isOn { timeRecord.miss(node) }
    note(.toDeadAgent, number, on: link)
  }

  /// Counts a message that is lost.
  @inline(__always)
  mutating func noteLoss(_ cause: LossCause, _ number: UInt64, on link: LinkID) {
    fates.lose(cause)
    if linkRecord.isOn { recordLoss(cause, on: link) }
    tellLoss(cause, number, on: link)
  }

  /// Counts a message that is lost before it has gone onto its link.
  mutating func noteLossWhileWaiting(_ cause: LossCause, _ message: Message) {
    fates.losses.waiting += 1
    if linkRecord.isOn { linkRecord.add(.lostWaiting, on: message.link) }
    noteLoss(cause, message.sendNumber, on: message.link)
  }

  // MARK: - At the end

  /// The fates of all messages once the run has ended: those still in mailboxes and on links get theirs.
  @inline(never)
  func finalFates() -> MessageFates {
    var fates = fates
    forEachOpenMessage { kind, _, _, cause in fates.end(kind, cause) }
    return fates
  }

  /// Tells the fates of messages still in mailboxes and on links, as the run has ended.
  @inline(never)
  func tellOpenMessages() {
    guard isObserved else { return }
    forEachOpenMessage { kind, number, link, cause in
      if kind == .lost { tellLoss(cause, number, on: link) } else { tell(kind, number, on: link) }
    }
  }

  /// Messages still in mailboxes and on links, with what becomes of them if the run ends now, and why it is lost if it is.
  func forEachOpenMessage(_ body: (Occurrence.Kind, _ number: UInt64, LinkID, LossCause) -> Void) {
    for position in mailboxes.positions(0..<topology.linkCount) where mailboxes[position].isFresh {
      body(.unreadAtEnd, mailboxes[position].sendNumber, LinkID(position / mailboxes.depth), .cut)
    }
    for handle in 0..<UInt32(messages.highWater) {
      let message = messages[handle]
      guard message.isOnItsWay, message.snapshot != .none else { continue }
      let kind: Occurrence.Kind =
        message.isWaiting ? .neverStarted : isLostToCut(message) ? .lost : .inFlightAtEnd
      body(kind, message.sendNumber, message.link, message.loss ?? .cut)
    }
  }
}

extension MessageFates {
  /// Counts a message whose run ends before anything else has become of it.
  ///
  /// - Parameter cause: why it is lost, where it is.
  mutating func end(_ kind: Occurrence.Kind, _ cause: LossCause) {
    switch kind {
    case .unreadAtEnd: unreadAtEnd += 1
    case .neverStarted: neverStarted += 1
    case .lost: lose(cause)
    default: inFlightAtEnd += 1
    }
  }

  /// Counts a message that is lost.
  mutating func lose(_ cause: LossCause) {
    lost += 1
    switch cause {
    case .noise: losses.noise += 1
    case .burst: losses.burst += 1
    case .cut: losses.cut += 1
    case .edgeGone: losses.edgeGone += 1
    case .senderCrashed: losses.senderCrashed += 1
    }
  }
}
