// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness

/// Steps of the navigation environment alone: 32 vehicles in one map, with uniform choices, that begin again after a crash.
final class FlightStep {
  private static let vehicles = 32
  private let episodes: Episodes
  private let actions = Column(repeating: Float(0), count: 1024 * 32)
  private let outcomes = Column(repeating: Episodes.Outcome(), count: 32)
  private let observations = Column(repeating: Float(0), count: 32 * 16)
  private var round = 0
  private(set) var checksum: Float = 0

  init(map: Int) {
    let starts = StreamKey(seed: 1, replication: 0, purpose: .data, entity: "benchmark")
    episodes = EnvironmentDefinition.navigation.grid[map].episodes(Self.vehicles, 500, starts)
    var draws = Draws(starts, at: .max)
    for index in 0..<actions.count { actions[index] = Float(draws.integer(below: 5)) }
    episodes.begin()
  }

  /// One step of every vehicle that flies, and what all see.
  ///
  /// - Returns: how many steps those were.
  func step() -> Int {
    if episodes.runningCount < Self.vehicles / 2 { episodes.begin() }
    let count = episodes.runningCount
    episodes.step(actions: UnsafePointer(actions.base + round % 1024 * 32), outcomes: outcomes.base)
    episodes.writeObservations(into: observations.base)
    checksum += observations[0]
    round += 1
    return count
  }
}
