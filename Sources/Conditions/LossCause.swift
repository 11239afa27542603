// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a message never arrives.
package enum LossCause: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// The link lost it by chance of its own.
  case noise
  /// The link lost it in a state that lasts: a burst.
  case burst
  /// The link was cut.
  case cut
  /// The link is no longer there.
  case edgeGone
  /// Its sender crashed while it waited.
  case senderCrashed
}
