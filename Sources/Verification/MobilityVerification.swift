// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Quantities
import Randomness
import Schema

/// Kind `mobility`: degrees of agents that move in random directions, and how long their edges last.
struct MobilityVerification: ReferenceCase {
  static let kind = "mobility"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let meanDegree: Double
      let degreeLaw: [Double]
      let edgeStays: Double
    }

    struct Bars: Decodable, Sendable {
      let meanDegree: Double
      let degreeLaw: Double
      let edgeStays: Double
    }

    let name: String
    let n: Int
    let radius: Double
    /// Sides a second.
    let speed: Double
    /// Seconds.
    let every: Double
    let expected: Expected
    let tolerance: Bars
  }

  struct Snapshots: Decodable, Sendable {
    let snapshots: Int
  }

  /// Snapshots of one replication, the time of a crossing apart.
  private static let perReplication = 4

  let id: String
  let entries: [Entry]
  let `protocol`: Snapshots

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    try ReferenceLimits.checkRuns(`protocol`.snapshots, "protocol.snapshots")
    for entry in entries { report.checks += try checks(of: entry, verifier) }
    return report
  }

  /// What was seen in all snapshots.
  private struct Seen {
    var snapshots = 0
    /// How often an agent had so many neighbours.
    var degrees: [Int]
    var edges = 0
    var lasting = 0
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    guard (2...MovementSettings.mostAgents).contains(entry.n), entry.speed > 0, entry.speed.isFinite,
      entry.every > 0, entry.every < ReferenceLimits.latest, entry.radius > 0, entry.radius <= 0.5
    else { throw ReferenceError("'\(entry.name)' has no agents that move so.") }
    let seen = try watch(entry, verifier)
    let agents = Double(seen.snapshots * entry.n)
    let mean = seen.degrees.enumerated().reduce(0) { $0 + Double($1.offset * $1.element) } / agents
    let worst =
      seen.degrees.indices.map { degree in
        let expected = entry.expected.degreeLaw.indices.contains(degree) ? entry.expected.degreeLaw[degree] : 0
        return abs(Double(seen.degrees[degree]) / agents - expected)
      }.max() ?? .nan
    // Fewer snapshots have wider bars.
    let widening = (Double(`protocol`.snapshots) / Double(max(1, seen.snapshots))).squareRoot()
    let name = "\(id)/\(entry.name)"
    return [
      .init(
        reference: name, quantity: "mean degree", expected: entry.expected.meanDegree, seen: mean,
        bar: entry.tolerance.meanDegree * widening),
      .init(
        reference: name, quantity: "largest error of the law of degrees", expected: 0, seen: worst,
        bar: entry.tolerance.degreeLaw * widening),
      .init(
        reference: name, quantity: "share of edges that last", expected: entry.expected.edgeStays,
        seen: Double(seen.lasting) / Double(seen.edges), bar: entry.tolerance.edgeStays * widening),
    ]
  }

  private func watch(_ entry: Entry, _ verifier: Verifier) throws -> Seen {
    let topology = NetworkSettings.Topology(
      .mobile,
      [
        "agents": .count(entry.n), "radius": .number(entry.radius), "crossing": .number(1 / entry.speed),
        "turn": .text("never"), "every": .duration(.seconds(entry.every)),
      ])
    guard let settings = MovementSettings(topology) else { throw ReferenceError("nobody moves.") }
    let keys = (0..<entry.n).map { EntityKey("agent-\($0)") }
    var seen = Seen(degrees: [Int](repeating: 0, count: entry.n))
    let replications = max(1, verifier.runs(`protocol`.snapshots) / Self.perReplication)
    // A crossing, so that snapshots are independent, and the time after which edges are looked at again.
    let apart = max(1 / entry.speed, entry.every) + entry.every
    for replication in 0..<replications {
      let agents = MovingAgents(
        settings, agents: keys, seed: verifier.seed, replication: UInt32(replication))
      for snapshot in 0..<Self.perReplication {
        let time = Double(snapshot) * apart
        agents.move(to: VirtualTime(seconds: time))
        let links = agents.links()
        agents.move(to: VirtualTime(seconds: time + entry.every))
        let later = agents.links()
        seen.snapshots += 1
        for agent in 0..<entry.n {
          let row = agent * entry.n..<(agent + 1) * entry.n
          seen.degrees[links[row].count { $0 }] += 1
          seen.edges += links[row].count { $0 }
          seen.lasting += zip(links[row], later[row]).count { $0 && $1 }
        }
      }
    }
    return seen
  }
}
