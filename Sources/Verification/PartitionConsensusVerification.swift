// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Schema
import Simulation

/// Kind `partition-consensus`: averaging in slots while links are cut and after, and where bisections cut graphs. What asks
/// for weights of the present graph, or for one peer a slot, is reported as skipped.
struct PartitionConsensusVerification: ReferenceCase {
  static let kind = "partition-consensus"

  struct Experiment: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let values: [ReferencePoint<[Double]>]
      let mean: [ReferencePoint<Double>]
      let blockMeans: [ReferencePoint<[Double]>]
      let blockSpread: [ReferencePoint<[Double]>]?
    }

    let name: String
    let missingNeighbour: String
    /// Sender and receiver.
    let cutLinks: [[Int]]
    let firstSlotWithout: Int
    let firstSlotWith: Int
    let expected: Expected
  }

  struct Halves: Decodable, Sendable {
    let graph: String
    let n: Int
    let edges: [[Int]]
    let bfs: [[Int]]
    let spectral: [[Int]]
    let cutEdgesBfs: Int
    let cutEdgesSpectral: Int
  }

  /// Slots in each of which an agent hears one other.
  struct OnePeer: Decodable, Sendable {
    let n: Int
    /// At the start of each slot.
    let values: [ReferencePoint<[Double]>]
  }

  struct Bars: Decodable, Sendable {
    let values: Double
    let blockMeans: Double
    let mean: Double
  }

  let id: String
  let network: ReferenceGraph
  let weights: ReferenceWeights
  let x0: [Double]
  let sides: [[Int]]
  let experiments: [Experiment]
  let onePeer: [OnePeer]?
  let bisections: [Halves]
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let network = try ReferenceNetwork(self.network, weights: weights)
    guard sides.allSatisfy({ !$0.isEmpty && $0.allSatisfy((0..<self.network.n).contains) }) else {
      throw ReferenceError("sides has a side without agents, or agents that are not there.")
    }
    var report = VerificationReport()
    report.checks += try network.ruleCheck(id)
    for experiment in experiments {
      let name = "\(id)/\(experiment.name)"
      report.checks += try checks(of: experiment, name, on: network.network, verifier)
    }
    for (number, slots) in (onePeer ?? []).enumerated() {
      let seen = try OnePeerSlots(count: slots.n).values(from: slots.values.first?.value ?? [], slots.values, verifier)
      report.checks += zip(slots.values, seen).map { point, seen in
        VerificationReport.Check(
          reference: "\(id)/one_peer[\(number)]", quantity: "largest error in slot \(point.index)", expected: 0,
          seen: largestDifference(seen, point.value), bar: tolerance.values)
      }
    }
    for halves in bisections { report.checks += try checks(of: halves) }
    return report
  }

  // MARK: - Averaging

  private func checks(
    of experiment: Experiment, _ name: String, on network: Network, _ verifier: Verifier
  ) throws -> [VerificationReport.Check] {
    let seen = try values(of: experiment, on: network, verifier)
    let expected = experiment.expected
    func worst(_ points: [ReferencePoint<[Double]>], _ of: ([Double]) -> [Double]) -> Double {
      points.reduce(0) { worst, point in
        let slot = Int(point.at)
        let error = slot < seen.count ? largestDifference(of(seen[slot]), point.value) : .nan
        return error.isNaN || worst.isNaN ? .nan : max(worst, error)
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let means = expected.mean.reduce(0) { worst, point in
      let slot = Int(point.at)
      return slot < seen.count ? max(worst, abs(mean(seen[slot]) - point.value)) : .nan
    }
    var list = [
      ("largest error of a value", worst(expected.values) { $0 }, tolerance.values),
      ("largest error of the mean", means, tolerance.mean),
      (
        "largest error of a side's mean",
        worst(expected.blockMeans) { values in sides.map { side in mean(side.map { values[$0] }) } },
        tolerance.blockMeans
      ),
    ]
    if let spread = expected.blockSpread {
      let worst = worst(spread) { values in
        sides.map { side in
          let inside = side.map { values[$0] }
          return (inside.max() ?? .nan) - (inside.min() ?? .nan)
        }
      }
      list.append(("largest error of a side's spread", worst, tolerance.values))
    }
    return list.map { quantity, worst, bar in
      VerificationReport.Check(reference: name, quantity: quantity, expected: 0, seen: worst, bar: bar)
    }
  }

  /// The values of all agents at the start of each slot.
  private func values(
    of experiment: Experiment, on network: Network, _ verifier: Verifier
  ) throws -> [[Double]] {
    let rules: [String: StrategySettings.MissingNeighbourRule] = [
      "self": .itself, "renormalise": .renormalise, "last-heard": .lastHeard, "known": .itself,
    ]
    guard let rule = rules[experiment.missingNeighbour] else {
      throw ReferenceError("the rule '\(experiment.missingNeighbour)' is not known.")
    }
    let (from, until) = (experiment.firstSlotWithout, experiment.firstSlotWith)
    guard from >= 0, until > from, until <= Int(ReferenceLimits.latest) else {
      throw ReferenceError("'\(experiment.name)' is cut from slot \(from) to slot \(until).")
    }
    guard experiment.cutLinks.allSatisfy({ $0.count == 2 && $0.allSatisfy(network.names.indices.contains) }) else {
      throw ReferenceError("'\(experiment.name)' cuts a link of an agent that is not there.")
    }
    let last = max(1, experiment.expected.values.map(\.at).max() ?? 1)
    var settings = try network.averagingSettings(
      initial: x0, strategy: StrategySettings(timing: .slotted, missingNeighbour: rule), until: last,
      seed: verifier.seed)
    settings.timeline = [
      TimelineEntry(
        at: [.after(.seconds(Double(from)))], for: .seconds(Double(until - from)), action: "cut",
        [
          "links": .list(experiment.cutLinks.map { .names($0.map { network.names[$0] }) }),
          "direction": .text("forward"), "known": .flag(experiment.missingNeighbour == "known"),
        ])
    ]
    settings.measurement.keeping = .every(.seconds(1))
    let record = try simulate(settings, in: network.averagingWorld())
    let kept = record.parameters.map { row -> Double in
      if case .double(let numbers) = row.values { numbers.first ?? .nan } else { .nan }
    }
    return stride(from: 0, to: kept.count, by: network.nodeCount).map { Array(kept[$0..<$0 + network.nodeCount]) }
  }

  // MARK: - Bisections

  private func checks(of halves: Halves) throws -> [VerificationReport.Check] {
    guard (1...ReferenceLimits.agents).contains(halves.n),
      halves.edges.allSatisfy({ $0.count == 2 && $0.allSatisfy((0..<halves.n).contains) })
    else { throw ReferenceError("the edges of '\(halves.graph)' are no pairs of its nodes.") }
    var neighbours = [Set<Int>](repeating: [], count: halves.n)
    for edge in halves.edges {
      neighbours[edge[0]].insert(edge[1])
      neighbours[edge[1]].insert(edge[0])
    }
    let kinds: [(Bisection, [[Int]], Int)] = [
      (.breadthFirst, halves.bfs, halves.cutEdgesBfs), (.spectral, halves.spectral, halves.cutEdgesSpectral),
    ]
    return kinds.flatMap { bisection, expected, cutEdges in
      let first = bisection.firstHalf(of: neighbours.map { $0.sorted() }) ?? []
      let second = (0..<halves.n).filter { !first.contains($0) }
      let cut = halves.edges.count { first.contains($0[0]) != first.contains($0[1]) }
      let name = "\(id)/\(halves.graph)"
      return [
        VerificationReport.Check(
          reference: name, quantity: "\(bisection.rawValue): other halves", expected: 0,
          seen: [first, second] == expected ? 0 : 1, bar: 0),
        VerificationReport.Check(
          reference: name, quantity: "\(bisection.rawValue): edges cut", expected: Double(cutEdges), seen: Double(cut),
          bar: 0),
      ]
    }
  }
}
