// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// What is counted on each link.
enum LinkCount: Int {
  /// Messages handed to it, copies and those sent again included.
  case sent
  case retransmitted, copied, acknowledgements
  /// Of all that went onto it.
  case bytes
  /// Messages that came to a receiver that was up, and bytes of these and of acknowledgements.
  case heard, bytesHeard
  case used, replacedUnread, overtaken, superseded, toDeadAgent, late, duplicate
  case noise, burst, cut, edgeGone, senderCrashed
  /// Lost before it went onto the link.
  case lostWaiting

  /// So many numbers a link has.
  static let all = LinkCount.lostWaiting.rawValue + 1
}

/// What a run keeps of each of its links, where the scenario wants it: what became of messages, and how old the newest
/// estimate was that had come. The verbs of `RunState` feed it.
struct LinkRecord: ~Copyable {
  private let inPlace = InPlace()
  let isOn: Bool
  /// Whether accounts of links are kept with the run, and not only counted for energy.
  let isKept: Bool
  /// By link and `LinkCount`.
  private let counts: Column<UInt64>
  let ages: LinkAges

  init(_ settings: SimulationSettings, links: Int) {
    isOn = settings.measurement.records.countsLinks
    isKept = settings.measurement.records.links
    counts = Column(repeating: 0, count: isOn ? links * LinkCount.all : 0)
    ages = LinkAges(links: isKept ? links : 0)
  }

  /// Counts something on a link.
  @inline(__always)
  func add(_ what: LinkCount, _ amount: UInt64 = 1, on link: LinkID) {
    counts[link.index &* LinkCount.all &+ what.rawValue] &+= amount
  }

  /// What was counted on a link.
  func count(_ what: LinkCount, on link: Int) -> UInt64 { counts[link * LinkCount.all + what.rawValue] }

  /// What has become of the messages of a link so far.
  func fates(of link: Int) -> MessageFates {
    var fates = MessageFates()
    func number(_ what: LinkCount) -> UInt64 { count(what, on: link) }
    (fates.sent, fates.copies, fates.acknowledgements) = (number(.sent), number(.copied), number(.acknowledgements))
    (fates.bytes, fates.used, fates.replacedUnread) = (number(.bytes), number(.used), number(.replacedUnread))
    (fates.overtaken, fates.superseded, fates.late) = (number(.overtaken), number(.superseded), number(.late))
    (fates.toDeadAgent, fates.duplicate) = (number(.toDeadAgent), number(.duplicate))
    fates.losses.noise = number(.noise)
    fates.losses.burst = number(.burst)
    fates.losses.cut = number(.cut)
    fates.losses.edgeGone = number(.edgeGone)
    fates.losses.senderCrashed = number(.senderCrashed)
    fates.losses.waiting = number(.lostWaiting)
    fates.lost = fates.losses.all
    return fates
  }

  /// Bytes that it holds.
  var bytesHeld: Int { counts.count * MemoryLayout<UInt64>.stride + ages.bytesHeld }

  /// All of it that changes while the run goes on.
  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    guard isOn else { return }
    try memory.column("counts of links", counts)
    try ages.visit(&memory)
  }
}

extension LinkCount {
  init(_ fate: MessageFate) {
    self =
      switch fate {
      case .used: .used
      case .replacedUnread: .replacedUnread
      case .overtaken: .overtaken
      case .superseded: .superseded
      case .toDeadAgent: .toDeadAgent
      case .late: .late
      case .duplicate: .duplicate
      }
  }
}
