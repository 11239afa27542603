// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Simulation

/// Who is to blame for what becomes of a message: what has taken its end down, cut its link or taken its edge away.
struct TraceBlame {
  private var downs: [UInt16]
  private var cuts: [UInt16]
  private var removals: [UInt16]
  private let senders: [UInt32]
  private let receivers: [UInt32]

  init(_ network: Network) {
    downs = Array(repeating: 0, count: network.nodeCount)
    cuts = Array(repeating: 0, count: network.linkCount)
    removals = cuts
    senders = (0..<network.linkCount).map { network.senders[$0].rank }
    receivers = (0..<network.linkCount).map { network.receivers[$0].rank }
  }

  /// Takes note of a change of the world. Causes that come while another holds are to blame for nothing.
  mutating func hear(_ occurrence: Occurrence) {
    switch occurrence.kind {
    case .crashes, .leaves: downs[Int(occurrence.agentRank)] = occurrence.causeNumber
    case .recovers, .joins: downs[Int(occurrence.agentRank)] = 0
    // What they have lost is told of later, when it would have arrived.
    case .cut: cuts[Int(occurrence.linkRank)] = occurrence.causeNumber
    case .edgeGoes: removals[Int(occurrence.linkRank)] = occurrence.causeNumber
    default: break
    }
  }

  /// The number of the cause of what became of a message; zero where nothing is to blame but chance.
  func culprit(of occurrence: Occurrence) -> UInt16 {
    let link = Int(occurrence.linkRank)
    if occurrence.kind == .toDeadAgent { return downs[Int(receivers[link])] }
    return switch occurrence.loss {
    case .cut?: cuts[link]
    case .edgeGone?: removals[link]
    case .senderCrashed?: downs[Int(senders[link])]
    case .noise?, .burst?, nil: 0
    }
  }
}
