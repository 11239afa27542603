// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness

extension ParticleWorld {
  /// Of food, and of a tuft of grass.
  private static var landmarkRadius: Double { 0.03 }

  /// Takes a step: everybody moves, some are caught, and grass that was eaten grows elsewhere.
  ///
  /// *Randomness*: two numbers for each meal.
  ///
  /// - Parameters:
  ///   - directions: x and y of each player, one after the other.
  ///   - rewards: one for each player, overwritten.
  ///   - eaten: room for `players` × `landmarks` numbers of tufts.
  package func step(
    _ state: UnsafeMutablePointer<Double>, directions: UnsafePointer<Double>, rewards: UnsafeMutablePointer<Double>,
    eaten: UnsafeMutablePointer<Int32>, _ draws: inout Draws
  ) {
    move(state, directions: directions)
    let meals = judge(state, rewards: rewards, eaten: eaten)
    for meal in 0..<meals { regrow(Int(eaten[meal]), in: state, &draws) }
  }

  /// Says what everybody gets for where it now is, and who has been caught.
  ///
  /// | game | who | reward |
  /// |---|---|---|
  /// | food-collect | everybody | 3/n less for each player it touches, its distance to the nearest food less, 6/n for each food that anybody is at, and 10 − 2t/26 after t steps where all are occupied |
  /// | grassland | a wolf | 5 for each sheep that it catches, a tenth of the distance to the nearest sheep less |
  /// | grassland | a sheep | 5 less when it is caught, 2 for each meal, a tenth of the distance to the nearest tuft less |
  ///
  /// Distances beyond sight do not count on grassland. Who had died before gets nothing.
  ///
  /// - Parameter eaten: overwritten with the tufts that were eaten, in the order of the sheep.
  /// - Returns: how many these are.
  package func judge(
    _ state: UnsafeMutablePointer<Double>, rewards: UnsafeMutablePointer<Double>, eaten: UnsafeMutablePointer<Int32>
  ) -> Int {
    rewards.update(repeating: 0, count: players)
    switch game {
    case .foodCollect:
      state[clock] += 1.0 / 26
      judgeCollectors(UnsafePointer(state), rewards)
      return 0
    case .grassland: return judgeGrassland(state, rewards, eaten)
    }
  }

  @inline(__always)
  private func distance(_ state: UnsafePointer<Double>, _ one: Int, _ other: Int) -> Double {
    let (dx, dy) = (state[one] - state[other], state[players + one] - state[players + other])
    return (dx * dx + dy * dy).squareRoot()
  }

  @inline(__always)
  private func distance(_ state: UnsafePointer<Double>, _ player: Int, toLandmark landmark: Int) -> Double {
    let (dx, dy) = (
      state[landmarkX + landmark] - state[player], state[landmarkY + landmark] - state[players + player]
    )
    return (dx * dx + dy * dy).squareRoot()
  }

  private func nearestLandmark(_ state: UnsafePointer<Double>, _ player: Int) -> Double {
    var nearest = Double.infinity
    for landmark in 0..<landmarks { nearest = min(nearest, distance(state, player, toLandmark: landmark)) }
    return nearest
  }

  // MARK: - Food

  private func judgeCollectors(_ state: UnsafePointer<Double>, _ rewards: UnsafeMutablePointer<Double>) {
    let count = Double(players)
    for one in 0..<players {
      for other in 0..<players where other != one {
        guard distance(state, other, one) < radius(of: one) + radius(of: other) else { continue }
        rewards[one] -= 3 / count * (1 - rewardShare)
        give(-3 / count * rewardShare, to: 0..<players, rewards)
      }
    }
    for player in 0..<players { rewards[player] -= nearestLandmark(state, player) }
    var occupied = 0
    for landmark in 0..<landmarks {
      let isOccupied = (0..<players).contains {
        distance(state, $0, toLandmark: landmark) < radius(of: $0) + Self.landmarkRadius
      }
      guard isOccupied else { continue }
      occupied += 1
      give(6 / count, to: 0..<players, rewards)
    }
    if occupied == landmarks { give(10 - state[clock] * 2, to: 0..<players, rewards) }
  }

  @inline(__always)
  private func give(_ reward: Double, to who: Range<Int>, _ rewards: UnsafeMutablePointer<Double>) {
    for player in who { rewards[player] += reward }
  }

  // MARK: - Grass

  private func judgeGrassland(
    _ state: UnsafeMutablePointer<Double>, _ rewards: UnsafeMutablePointer<Double>, _ eaten: UnsafeMutablePointer<Int32>
  ) -> Int {
    withUnsafeTemporaryAllocation(of: Bool.self, capacity: players) { wasLive in
      for player in 0..<players { wasLive[player] = isLive(player, in: UnsafePointer(state)) }
      func share(_ reward: Double, of role: Role) {
        for player in players(of: role) where wasLive[player] { rewards[player] += reward * rewardShare }
      }
      for wolf in players(of: .wolf) {
        var nearest = Double.infinity
        for one in players(of: .sheep) where wasLive[one] {
          let distance = distance(UnsafePointer(state), one, wolf)
          nearest = min(nearest, distance)
          guard distance < radius(of: one) + radius(of: wolf) else { continue }
          rewards[wolf] += 5 * (1 - rewardShare)
          rewards[one] -= 5 * (1 - rewardShare)
          state[live + one] = 0
          share(5, of: .wolf)
          share(-5, of: .sheep)
        }
        if nearest < sight { rewards[wolf] -= 0.1 * nearest }
      }
      var meals = 0
      for one in players(of: .sheep) where wasLive[one] {
        let nearest = nearestLandmark(UnsafePointer(state), one)
        if nearest < sight { rewards[one] -= 0.1 * nearest }
        for tuft in 0..<landmarks
        where distance(UnsafePointer(state), one, toLandmark: tuft) < radius(of: one) + Self.landmarkRadius {
          rewards[one] += 2 * (1 - rewardShare)
          share(2, of: .sheep)
          eaten[meals] = Int32(tuft)
          meals += 1
        }
      }
      return meals
    }
  }
}
