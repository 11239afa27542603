// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness

/// What a made-up arm is like on average.
package struct SyntheticArm: Sendable {
  /// The rate at which the error decays, per second.
  var rate = 0.04
  /// The squared error that is left in the end; of agents that act the share of the greatest return that they miss.
  var floor = 1e-3
  /// The standard deviation of the logarithm of the floor that is the arm's own.
  var spread = 0.2
  /// Messages for one update.
  var messages = 3.0
}

/// Made-up runs whose truth is known: noisy exponential decays on a grid, with common random numbers.
///
/// The logarithms of rate and floor have a part that all arms of a replication share and one of the arm's own, so final
/// errors and times to the target are skewed (about lognormal) and correlated between arms. Returns are what is missing to
/// the greatest one, and so bounded with a tail below. Runs end at `until`, which censors times.
package struct SyntheticWorld: Sendable {
  /// Whether agents act.
  var isOfControl = false
  /// Virtual seconds at which runs end.
  var until = 400.0
  /// The standard deviation of the logarithm of the floor that arms share.
  var sharedSpread = 0.3
  /// Messages that a run sends as its account has it, and the probability of each to be lost.
  var sent = 1000
  var loss = 0.0
  /// Whether arms share no replication.
  var isUnpaired = false

  static let points = 64
  static let agents = 4
  static let greatestReturn = 200.0
  /// The standard deviations of the logarithm of the rate that arms share, and of their own.
  static let spreadOfRate = (shared: 0.2, own: 0.2)
  /// The standard deviation of the logarithm of a measurement, and of an agent's floor.
  static let noise = 0.1

  /// The target: a squared error of -17 dB, or a return of 150 of 200.
  var threshold: Double { isOfControl ? 150 : 0.02 }
  var grid: [Double] { (0...Self.points).map { until * Double($0) / Double(Self.points) } }

  /// The world in which about so large a share of runs is censored. Half of the runs of the standard arm take some 100
  /// seconds, and the logarithm of the time varies by 0.28.
  func censoring(_ share: Double) -> SyntheticWorld {
    var world = self
    // The logistic quantile is near enough to the normal one: the share need not be exact.
    if share > 0 { world.until = 103 * exp(0.28 * log(1 / share - 1) / 1.7) }
    return world
  }
}

extension SyntheticWorld {
  /// How many messages of a run get lost.
  func lost(study: UInt32, replication: Int, own: String) -> UInt64 {
    guard loss > 0 else { return 0 }
    var draws = Draws(StreamKey(seed: 11, replication: study, purpose: .loss, entity: own), at: UInt64(replication))
    return (0..<sent).reduce(into: 0) { count, _ in if draws.uniform() < loss { count += 1 } }
  }
}

/// A run of a made-up arm.
struct SyntheticRun {
  /// The squared error, or the return, on the grid.
  let curve: [Double]
  /// The position on the grid of the first of three measurements in a row at the target.
  let reached: Int?
  /// The mean of the last eighth of the curve, or the median over agents of their returns.
  let final: Double
  /// Where agents act.
  let returns: [Double]
  /// Updates per second.
  let pace: Double

  /// - Parameters:
  ///   - study: the number of the study.
  ///   - own: the stream of the arm.
  init(_ arm: SyntheticArm, in world: SyntheticWorld, study: UInt32, replication: Int, own: String) {
    func normals(_ count: Int, _ entity: String) -> [Double] {
      var draws = Draws(
        StreamKey(seed: 11, replication: study, purpose: .data, entity: entity), at: UInt64(replication))
      return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
        fillStandardNormal(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]), from: &draws)
        initialized = count
      }
    }
    let shared = world.isUnpaired ? normals(2, "shared by \(own)") : normals(2, "shared")
    let points = SyntheticWorld.points + 1
    let mine = normals(3 + SyntheticWorld.agents + points, own)
    let rate =
      arm.rate * exp(SyntheticWorld.spreadOfRate.shared * shared[0] + SyntheticWorld.spreadOfRate.own * mine[0])
    let floor = arm.floor * exp(world.sharedSpread * shared[1] + arm.spread * mine[1])
    pace = 2 * exp(0.05 * mine[2])
    let noise = mine.suffix(points)
    let errors = zip(world.grid, noise).map { time, noise in
      (exp(-rate * time) + floor) * exp(SyntheticWorld.noise * noise)
    }
    guard world.isOfControl else {
      curve = errors
      returns = []
      let tail = curve.suffix(points / 8)
      final = tail.reduce(0, +) / Double(tail.count)
      reached = Self.reached(curve) { $0 <= world.threshold }
      return
    }
    let left = exp(-rate * world.until)
    returns = mine[3..<3 + SyntheticWorld.agents].map { noise in
      SyntheticWorld.greatestReturn * (1 - min(1, left + floor * exp(2 * SyntheticWorld.noise * noise)))
    }
    let sorted = returns.sorted()
    final = (sorted[SyntheticWorld.agents / 2 - 1] + sorted[SyntheticWorld.agents / 2]) / 2
    curve = errors.map { SyntheticWorld.greatestReturn * (1 - min(1, $0)) }
    reached = Self.reached(curve) { $0 >= world.threshold }
  }

  private static func reached(_ curve: [Double], _ isThere: (Double) -> Bool) -> Int? {
    curve.indices.dropLast(2).first { place in curve[place...place + 2].allSatisfy(isThere) }
  }
}
