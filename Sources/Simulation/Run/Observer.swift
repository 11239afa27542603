// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Quantities

/// Something that happened in a run: to whom, on which link, with which message, and what was going on.
package struct Occurrence: Sendable, Equatable {
  /// What can happen.
  package enum Kind: String, Sendable, CaseIterable {
    case stepBegins = "step-begins"
    case stepEnds = "step-ends"
    /// A crash discards the step under way.
    case stepDiscarded = "step-discarded"
    case combines
    case crashes
    case recovers
    /// An agent exists from then on, or no more.
    case joins
    case leaves
    /// An agent stands still, goes on, or computes at another speed by the timeline.
    case pauses
    case resumes
    case changesSpeed = "changes-speed"
    /// A link is cut, and is whole again.
    case cut
    case restored
    /// A link goes out of the present graph, and comes into it; of an edge both do.
    case edgeGoes = "edge-goes"
    case edgeComes = "edge-comes"
    /// An agent hands a message to a link.
    case sent
    /// A link doubles a message; the copy is one more that is sent.
    case copied
    /// A message goes onto its link, and costs its bytes.
    case starts
    /// The same of an acknowledgement, which has no fate.
    case acknowledgementStarts = "acknowledgement-starts"
    /// What becomes of a message (`MessageFates`).
    case used
    case replacedUnread = "replaced-unread"
    case unreadAtEnd = "unread-at-end"
    case overtaken
    case lost
    case superseded
    case toDeadAgent = "to-dead-agent"
    case late
    case duplicate
    case inFlightAtEnd = "in-flight-at-end"
    case neverStarted = "never-started"
    case measured
  }

  package let time: VirtualTime
  package let kind: Kind
  /// The agent that does it or meets with it; of a fate the receiver, of what never reached it the sender.
  package let agent: NodeID?
  package let link: LinkID?
  /// The number of the message on its link, from one.
  package let message: UInt64?
  /// Of a message that goes onto its link.
  package let bytes: UInt32?
  /// Why a message is lost.
  package let loss: LossCause?
  /// The kind of the event that was being handled.
  package let cause: EventKind
}

/// Hears what happens in a run, in its order, on the thread of the run.
///
/// A run without one asks a field whether there is one, and nothing else.
package final class RunObserver {
  /// The event that is being handled.
  var cause = EventKind.computeStart
  private let began: ((Event, VirtualTime) -> Void)?
  private let hear: (Occurrence) -> Void

  /// - Parameter hear: told of all that happens.
  package convenience init(_ hear: @escaping (Occurrence) -> Void) { self.init(began: nil, hear) }

  /// - Parameter began: told of every event before it is handled.
  init(began: ((Event, VirtualTime) -> Void)?, _ hear: @escaping (Occurrence) -> Void) {
    self.began = began
    self.hear = hear
  }

  func begins(_ event: Event, at time: VirtualTime) {
    cause = event.kind
    began?(event, time)
  }

  func tell(_ occurrence: Occurrence) { hear(occurrence) }
}

extension RunState {
  /// Whether somebody hears what happens.
  @inline(__always)
  var isObserved: Bool { observer != nil }

  /// Tells that something has happened to an agent.
  @inline(__always)
  func tell(_ kind: Occurrence.Kind, _ node: NodeID?) {
    if isObserved { tellObserver(kind, node, nil, nil) }
  }

  /// Tells that something has happened with a message.
  @inline(__always)
  func tell(_ kind: Occurrence.Kind, _ number: UInt64, on link: LinkID, bytes: UInt32? = nil) {
    if isObserved { tellObserver(kind, end(of: link, where: kind), link, number, bytes: bytes) }
  }

  /// Tells that something has happened to a link.
  @inline(__always)
  func tell(_ kind: Occurrence.Kind, on link: LinkID) {
    if isObserved { tellObserver(kind, nil, link, nil) }
  }

  /// Tells that a message is lost, and why.
  @inline(__always)
  func tellLoss(_ cause: LossCause, _ number: UInt64, on link: LinkID) {
    if isObserved { tellObserver(.lost, end(of: link, where: .lost), link, number, loss: cause) }
  }

  @inline(never)
  private func tellObserver(
    _ kind: Occurrence.Kind, _ node: NodeID?, _ link: LinkID?, _ number: UInt64?, bytes: UInt32? = nil,
    loss: LossCause? = nil
  ) {
    guard let observer else { return }
    observer.tell(
      Occurrence(
        time: now, kind: kind, agent: node, link: link, message: number, bytes: bytes, loss: loss,
        cause: observer.cause))
  }

  /// The end of a link at which something happens.
  private func end(of link: LinkID, where kind: Occurrence.Kind) -> NodeID {
    switch kind {
    case .sent, .copied, .starts, .acknowledgementStarts, .lost, .superseded, .neverStarted, .inFlightAtEnd:
      topology.senders[link.index]
    default: topology.receivers[link.index]
    }
  }
}
