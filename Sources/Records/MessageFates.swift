// SPDX-License-Identifier: GPL-3.0-or-later

/// What became of every message; the fates sum to `sent`.
package struct MessageFates: Sendable, Codable, Equatable, BitwiseCopyable {
  /// Messages that agents handed to a link, whether or not it ever transmitted them.
  package var sent: UInt64 = 0
  /// Delivered and used in a combination.
  package var used: UInt64 = 0
  /// Delivered but replaced by a newer one before it was read.
  package var replacedUnread: UInt64 = 0
  /// Delivered and not read when the run ended.
  package var unreadAtEnd: UInt64 = 0
  /// Arrived after a newer one of the same link.
  package var overtaken: UInt64 = 0
  /// Never arrived: lost by its link, or with it, or with its sender while it waited.
  package var lost: UInt64 = 0
  /// Why.
  package var losses = MessageLosses()
  /// Replaced by a newer one while it waited for its link.
  package var superseded: UInt64 = 0
  package var toDeadAgent: UInt64 = 0
  /// Arrived after its round was combined (synchronous timings).
  package var late: UInt64 = 0
  /// Arrived a second time (synchronous timings, after an acknowledgement went missing).
  package var duplicate: UInt64 = 0
  package var inFlightAtEnd: UInt64 = 0
  /// Waited for its link until the run ended. (In files of schemas 1 and 2 also until its sender crashed, which is now lost.)
  package var neverStarted: UInt64 = 0
  /// Bytes of all messages whose transmission started, acknowledgements included.
  package var bytes: UInt64 = 0
  /// Acknowledgements sent; they are not among `sent`.
  package var acknowledgements: UInt64 = 0
  /// Copies that links made of messages; they are among `sent`, and cost nothing.
  package var copies: UInt64 = 0
  /// Bytes handed to recovering agents by a neighbour; they are not among `bytes`.
  package var recoveryBytes: UInt64 = 0

  package init() {}

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func count(_ key: CodingKeys) throws -> UInt64 { try values.decode(UInt64.self, forKey: key) }
    (sent, used, replacedUnread) = (try count(.sent), try count(.used), try count(.replacedUnread))
    (unreadAtEnd, overtaken, lost) = (try count(.unreadAtEnd), try count(.overtaken), try count(.lost))
    (superseded, toDeadAgent, late) = (try count(.superseded), try count(.toDeadAgent), try count(.late))
    (duplicate, inFlightAtEnd) = (try count(.duplicate), try count(.inFlightAtEnd))
    // Until version 0.3.0 these counted as lost or in flight.
    neverStarted = try values.decodeIfPresent(UInt64.self, forKey: .neverStarted) ?? 0
    (bytes, acknowledgements) = (try count(.bytes), try count(.acknowledgements))
    recoveryBytes = try count(.recoveryBytes)
    // In files of schemas 1 and 2 links lost messages in one way only, and made no copies.
    losses = try values.decodeIfPresent(MessageLosses.self, forKey: .losses) ?? MessageLosses(noise: lost)
    copies = try values.decodeIfPresent(UInt64.self, forKey: .copies) ?? 0
  }

  /// Messages whose transmission started: those that cost.
  package var started: UInt64 { sent - superseded - neverStarted - losses.waiting - copies }

  /// The sum of all fates; equal to `sent` in every run.
  package var accounted: UInt64 {
    used + replacedUnread + unreadAtEnd + overtaken + lost + superseded + toDeadAgent + late + duplicate
      + inFlightAtEnd + neverStarted
  }
}
