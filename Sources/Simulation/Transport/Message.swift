// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine
import Quantities

/// A message on its way: parameters, or an acknowledgement of a message in the other direction.
struct Message: BitwiseCopyable {
  var link: LinkID
  /// What it carries; borrowed by whoever handles the message, `.none` in an acknowledgement.
  var snapshot: SnapshotHandle
  /// The number of the message on its link, from one and never reset.
  var sendNumber: UInt64
  /// The sender's update number when the estimate was made.
  var updates: UInt64
  /// The round that it belongs to (synchronous timings).
  var round: UInt32
  /// How often the same estimate was sent on this link before.
  var attempt: UInt32
  /// Its size.
  var bytes: UInt32 = 0
  /// How many cuts of its link had lost messages when it started (`LinkCuts`).
  var cuts: UInt32 = 0
  /// When the estimate was made.
  var birth: VirtualTime
  /// How long it travels once it has been transmitted.
  var travel = VirtualDuration.zero
  /// Whether its link loses it.
  var isLost = false
  /// Whether it waits for its link, which is busy with others.
  var isWaiting = false
  var isOnItsWay = true

  /// Nothing yet.
  static var blank: Message {
    Message(
      link: LinkID(rank: 0), snapshot: .none, sendNumber: 0, updates: 0, round: 0, attempt: 0, birth: .zero)
  }
}

/// Which kind of message an arrival event brings; the tag of the event.
enum ArrivalTag {
  static let estimate: UInt8 = 0
  static let acknowledgement: UInt8 = 1
}
