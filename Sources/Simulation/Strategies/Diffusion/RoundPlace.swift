// SPDX-License-Identifier: GPL-3.0-or-later
import EventEngine

/// One agent's place in synchronous rounds.
struct RoundPlace: BitwiseCopyable {
  /// What an agent does in its round.
  enum Stage: UInt8, BitwiseCopyable {
    case idle
    case computing
    case waiting
  }

  var stage = Stage.idle
  /// Whether the present global round waits for the agent.
  var isInRound = true
  /// Whether the agent has recovered and not combined since.
  var isRejoining = false
  var round: UInt32 = 0
  /// The highest round heard from a neighbour.
  var highestHeard: UInt32 = 0
  /// Estimates still to come before this round can be combined.
  var awaited = 0
  /// What the agent sent and will combine, while it waits; φ_k while the step at it runs.
  var own = SnapshotHandle.none
  /// Runs while the agent does nothing but wait.
  var peerTimer = EventHandle.none
  /// Whether the timeout of the present round has passed. Whoever is heard of meanwhile, nobody holds it up any more.
  var hasLostPatience = false
}
