// SPDX-License-Identifier: GPL-3.0-or-later

/// Why messages were lost; the causes sum to the messages lost.
package struct MessageLosses: Sendable, Codable, Equatable, BitwiseCopyable {
  /// By chance of the link, each for itself.
  package var noise: UInt64 = 0
  /// By a link in a bad state.
  package var burst: UInt64 = 0
  /// By a cut of the link: offered to it meanwhile, or on it when it was cut.
  package var cut: UInt64 = 0
  /// As the network has no such link any more.
  package var edgeGone: UInt64 = 0
  /// While they waited for a link of an agent that crashed.
  package var senderCrashed: UInt64 = 0
  /// Of all these the ones that never went onto their link, and cost nothing.
  package var waiting: UInt64 = 0

  package init(noise: UInt64 = 0) { self.noise = noise }

  /// All messages lost.
  package var all: UInt64 { noise + burst + cut + edgeGone + senderCrashed }
}
