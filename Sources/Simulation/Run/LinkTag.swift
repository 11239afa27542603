// SPDX-License-Identifier: GPL-3.0-or-later

/// What happens to a link; the tag of such an event.
enum LinkTag {
  /// The link may be free for the next message.
  static let departure: UInt8 = 0
  /// An outage that was drawn begins, or ends.
  static let outageBegins: UInt8 = 1
  static let outageEnds: UInt8 = 2
  /// Edges that come and go by themselves.
  static let edgeGoes: UInt8 = 3
  static let edgeComes: UInt8 = 4
  /// Agents that move have moved.
  static let movement: UInt8 = 5
}
