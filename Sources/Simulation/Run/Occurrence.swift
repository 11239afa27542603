// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities

/// Something that happened in a run: to whom, on which link, with which message, and why.
///
/// A trivial value of 48 bytes, as millions of them go from a run to whoever writes them down.
package struct Occurrence: Sendable, Equatable, BitwiseCopyable {
  /// What can happen.
  package enum Kind: String, Sendable, CaseIterable, BitwiseCopyable {
    case stepBegins = "step-begins"
    case stepEnds = "step-ends"
    /// A crash discards the step under way.
    case stepDiscarded = "step-discarded"
    /// An agent combines; its estimates follow (`weighs`), as many as `bytes` says. The value is the weight of its own,
    /// NaN where that takes no part.
    case combines
    /// One of the estimates of a combination, with its link, number, weight and birth.
    case weighs
    /// The clock of an agent or of a link rings.
    case rings
    /// A round or slot begins, for an agent or for all; the message is its number.
    case roundBegins = "round-begins"
    case crashes
    case recovers
    /// An agent exists from then on, or no more.
    case joins
    case leaves
    /// An agent stands still, goes on, or computes so many times slower, by the timeline.
    case pauses
    case resumes
    case changesSpeed = "changes-speed"
    /// The timeline gives an agent another task, or a link other properties, and takes these back.
    case changes
    case changesBack = "changes-back"
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
    /// A message comes into the mailbox of its receiver; one that is used as it arrives into none.
    case delivered
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
    /// The run has come to its end.
    case ends
  }

  /// Whether an estimate was used before.
  package enum Novelty: UInt8, Sendable {
    /// It lay in the mailbox and was used before, or is not of one message.
    case old
    /// It lay in the mailbox and is used for the first time.
    case fresh
    /// It has just arrived, and was never in a mailbox.
    case arriving
  }

  package static let nobody = UInt32.max
  private static let noLoss = UInt8.max

  package let time: VirtualTime
  /// The number of a message on its link, from one, or of a round; zero where it is about neither.
  package let number: UInt64
  /// A weight, or by what steps take longer.
  package let value: Double
  /// When an estimate was made.
  package let birth: VirtualTime
  /// The ranks of the agent and of the link; `nobody` where it is about none.
  package let agentRank: UInt32
  package let linkRank: UInt32
  /// Of a message that goes onto its link; of a combination the number of its estimates.
  package let size: UInt32
  /// The number of the cause of the latest change of the world (`CauseNames`).
  package let causeNumber: UInt16
  package let kind: Kind
  private let detail: UInt8

  @inline(__always)
  init(
    _ kind: Kind, at time: VirtualTime, agent: UInt32, link: UInt32, number: UInt64, size: UInt32, value: Double,
    birth: VirtualTime, cause: UInt16, detail: UInt8
  ) {
    (self.kind, self.time, agentRank, linkRank) = (kind, time, agent, link)
    (self.number, self.size, self.value, self.birth) = (number, size, value, birth)
    (causeNumber, self.detail) = (cause, detail)
  }

  @inline(__always)
  static func detail(_ loss: LossCause?) -> UInt8 { loss?.rawValue ?? noLoss }

  /// The agent that does it or meets with it; of a fate the receiver, of what never reached it the sender.
  package var agent: NodeID? { agentRank == Self.nobody ? nil : NodeID(rank: agentRank) }

  package var link: LinkID? { linkRank == Self.nobody ? nil : LinkID(rank: linkRank) }

  /// The number of the message on its link, from one.
  package var message: UInt64? { number == 0 ? nil : number }

  /// Of a message that goes onto its link.
  package var bytes: UInt32? {
    kind == .starts || kind == .acknowledgementStarts ? size : nil
  }

  /// Why a message is lost.
  package var loss: LossCause? { kind == .lost ? LossCause(rawValue: detail) : nil }

  /// Of an estimate that is combined, and of a message that is delivered: whether it is used at once.
  package var novelty: Novelty { Novelty(rawValue: detail) ?? .old }
}
