// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The speed of an agent as it is now, the product of its causes.
struct PresentSpeed: BitwiseCopyable {
  var spell: SpeedPiece
  /// How many times longer steps take by the timeline.
  var scripted = 1.0

  /// Until when nothing changes but by the timeline.
  @inline(__always)
  var until: VirtualTime { spell.until }

  /// One over the speed.
  @inline(__always)
  var slowdown: Double { spell.slowdown * scripted }
}
