// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Records
import Schema
import Simulation

/// Averaging in slots in each of which an agent sends to one other, which is a power of two away on the circle.
struct OnePeerSlots {
  let network: Network

  init(count: Int) throws {
    guard (1...ReferenceLimits.agents).contains(count) else {
      throw ReferenceError("the number of agents is not from 1 to \(ReferenceLimits.agents).")
    }
    network = try Network(
      NetworkSettings(topology: Self.topology(count), weights: NetworkSettings.Weights(.averaging)), seed: 0,
      replication: 0)
  }

  static func topology(_ count: Int) -> NetworkSettings.Topology {
    NetworkSettings.Topology(.exponential, ["agents": .count(count), "directed": .flag(true)])
  }

  /// The values of all agents at the start of each of some slots.
  ///
  /// - Parameter first: the slot in which they begin; before, nothing is heard.
  func values(
    from start: [Double], _ points: [ReferencePoint<[Double]>], first: Int = 0, _ verifier: Verifier
  ) throws -> [[Double]] {
    guard (0...64).contains(first) else { throw ReferenceError("the first slot is not from 0 to 64.") }
    let last = Double(first) + max(1, points.map(\.at).max() ?? 1)
    guard last <= ReferenceLimits.latest else {
      throw ReferenceError("a slot is later than \(ReferenceLimits.latest).")
    }
    var settings = try network.averagingSettings(
      initial: start, strategy: StrategySettings(timing: .slotted), until: last, seed: verifier.seed)
    settings.network.sendTo = .onePeer
    if first > 0 {
      settings.timeline = [
        TimelineEntry(
          at: [.after(.zero)], for: .seconds(Double(first)), action: "cut", ["links": .text("all")])
      ]
    }
    settings.measurement.keeping = .every(.seconds(1))
    let record = try simulate(settings, in: network.averagingWorld())
    let kept = record.parameters.map { row -> Double in
      if case .double(let numbers) = row.values { numbers.first ?? .nan } else { .nan }
    }
    return points.map { point in
      let first = (first + Int(point.at)) * network.nodeCount
      return kept.count >= first + network.nodeCount ? Array(kept[first..<first + network.nodeCount]) : []
    }
  }
}
