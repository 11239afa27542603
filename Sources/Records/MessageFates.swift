// SPDX-License-Identifier: GPL-3.0-or-later

/// What became of every message; the fates sum to `sent`.
package struct MessageFates: Sendable, Codable, Equatable {
  package var sent: UInt64 = 0
  /// Delivered and used in a combination.
  package var used: UInt64 = 0
  /// Delivered but replaced by a newer one before it was read.
  package var replacedUnread: UInt64 = 0
  /// Delivered and not read when the run ended.
  package var unreadAtEnd: UInt64 = 0
  /// Arrived after a newer one of the same link.
  package var overtaken: UInt64 = 0
  package var lost: UInt64 = 0
  /// Replaced by a newer one before it was sent.
  package var superseded: UInt64 = 0
  package var toDeadAgent: UInt64 = 0
  /// Arrived after its round was combined (synchronous timings).
  package var late: UInt64 = 0
  /// Arrived a second time (synchronous timings, after an acknowledgement went missing).
  package var duplicate: UInt64 = 0
  package var inFlightAtEnd: UInt64 = 0
  /// Bytes of all messages that entered a link, acknowledgements included.
  package var bytes: UInt64 = 0
  /// Acknowledgements sent; they are not among `sent`.
  package var acknowledgements: UInt64 = 0
  /// Bytes handed to recovering agents by a neighbour; they are not among `bytes`.
  package var recoveryBytes: UInt64 = 0

  package init() {}

  /// The sum of all fates; equal to `sent` in every run.
  package var accounted: UInt64 {
    used + replacedUnread + unreadAtEnd + overtaken + lost + superseded + toDeadAgent + late + duplicate
      + inFlightAtEnd
  }
}
