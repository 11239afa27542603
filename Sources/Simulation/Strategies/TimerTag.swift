// SPDX-License-Identifier: GPL-3.0-or-later

/// Which timer of an agent has fired; the tag of the event. A strategy tells apart what it sets itself, and no more: the
/// fingerprint sees the numbers, so they stay what they are.
enum TimerTag {
  // MARK: - Rounds and links

  /// Nobody is waited for any longer.
  static let peers: UInt8 = 0
  static let retransmission: UInt8 = 1
  /// A link sends at a time of its own.
  static let link: UInt8 = 2
  /// An agent that takes no step in its slot sends.
  static let slotSend: UInt8 = 3
  static let centreStep: UInt8 = 4

  // MARK: - Clocks

  /// The clock of an agent, or of all.
  static let ring: UInt8 = 1

  // MARK: - Slots of push-sum

  static let slotBegin: UInt8 = 1
  static let sharesSend: UInt8 = 2
  static let sharesAdd: UInt8 = 3
}
