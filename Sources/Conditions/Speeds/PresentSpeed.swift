// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The speed of an agent as it is now, the product of its causes.
struct PresentSpeed: BitwiseCopyable {
  var spell: SpeedPiece
  var trace: SpeedPiece
  /// How many times longer steps take by the timeline.
  var scripted = 1.0

  /// Until when nothing changes but by the timeline.
  @inline(__always)
  var until: VirtualTime { min(spell.until, trace.until) }

  /// One over the speed.
  @inline(__always)
  var slowdown: Double { spell.slowdown * trace.slowdown * scripted }
}
