// SPDX-License-Identifier: GPL-3.0-or-later

/// What the event engine did.
package struct EngineCounts: Sendable, Codable, Equatable {
  /// Events handled, by the name of their kind.
  package var events: [String: UInt64] = [:]
  /// Events whose place among others of the same time, wave and class only the sequence number decided.
  package var ties: UInt64 = 0
  /// Those of them that concern the same agent as the event before.
  package var tiesAtOneAgent: UInt64 = 0
  package var cancelled: UInt64 = 0
  /// The greatest number of events pending at once.
  package var highWater: UInt64 = 0

  package init() {}
}
