// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
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
  /// The upper half of the number under which its draws are keyed, whose lower half is the round; or that this number is
  /// how many messages its link carried before. Where links are plain nobody asks for it.
  var indexHigh = Self.indexBySendNumber
  /// When the estimate was made.
  var birth: VirtualTime
  /// How long it travels once it has been transmitted.
  var travel = VirtualDuration.zero
  /// Why its link loses it, where it does.
  var loss: LossCause?
  /// Whether it waits for its link, which is busy with others.
  var isWaiting = false
  var isOnItsWay = true
  /// Whether it comes second, after its copy or the message that it is a copy of, so that nobody sees it.
  var isSecond = false
  /// How many cuts of its link had lost messages when it started (`LinkCuts`).
  var cuts: UInt32 = 0

  var isLost: Bool { loss != nil }

  static var indexBySendNumber: UInt32 { .max }

  /// The number under which its draws are keyed, together with the attempt.
  var index: UInt64 {
    get { indexHigh == Self.indexBySendNumber ? sendNumber - 1 : UInt64(indexHigh) << 32 | UInt64(round) }
    set { indexHigh = newValue == sendNumber - 1 ? Self.indexBySendNumber : UInt32(truncatingIfNeeded: newValue >> 32) }
  }

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
