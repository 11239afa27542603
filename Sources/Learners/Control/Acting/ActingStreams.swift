// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

/// The random streams of agents that act.
package struct ActingStreams {
  let initial: StreamFamily
  let starts: StreamFamily
  let noise: StreamFamily
  let replay: StreamFamily
  let tests: StreamFamily

  init(seed: UInt64, replication: UInt32) {
    func family(_ purpose: Purpose) -> StreamFamily {
      StreamFamily(seed: seed, replication: replication, purpose: purpose)
    }
    initial = family(.initialParameters)
    starts = family(.episodeStart)
    noise = family(.actionNoise)
    replay = family(.replay)
    tests = family(.testEpisode)
  }
}
