// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// A piece of an agent's speed as a function of time: steps take so many times longer until some instant.
struct SpeedPiece: BitwiseCopyable {
  /// The piece for ever in which steps take what they take.
  static let usual = SpeedPiece(until: .never, slowdown: 1, number: 0)

  /// The instant from which the next piece holds.
  var until: VirtualTime
  /// One over the speed: infinite where an agent stands still.
  var slowdown: Double
  /// Tells the piece from others of its function.
  var number: UInt64
}
