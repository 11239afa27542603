// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Schema
import Simulation

/// Kind `dynamic`, part `partition`: diffusion LMS in slots while all links between two halves are dead, and after; part
/// `one-peer`: averaging and LMS in slots in each of which an agent hears one other. Other parts are reported as skipped.
struct DynamicNetworkVerification: ReferenceCase {
  static let kind = "dynamic"

  struct Experiment: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      /// Iterates with the network MSD in dB.
      let networkMsdDb: [ReferencePoint<Double>]
    }

    let name: String
    let strategy: String
    let cutRule: String
    let expected: Expected
  }

  struct Partition: Decodable, Sendable {
    /// By agent.
    let component: [Int]
    let fromSlot: Int
    let untilSlot: Int
  }

  struct Averaging: Decodable, Sendable {
    let runs: Int
  }

  struct Bars: Decodable, Sendable {
    let networkMsdDb: Double
  }

  /// What there is in part `partition`.
  struct Parted: Decodable, Sendable {
    let network: ReferenceGraph
    let weights: ReferenceWeights
    let data: ReferenceData
    let partition: Partition
    let experiments: [Experiment]
    let `protocol`: Averaging
    let tolerance: Bars
  }

  let id: String
  let part: String
  let parted: Parted?
  let onePeer: OnePeerCase?

  private enum CodingKeys: String, CodingKey {
    case id, part
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    part = try container.decode(String.self, forKey: .part)
    parted = part == "partition" ? try Parted(from: decoder) : nil
    onePeer = part == "one-peer" ? try OnePeerCase(from: decoder) : nil
  }

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    if let onePeer { return try onePeer.report(id, verifier) }
    guard let parted else {
      report.skipped.append(.init(reference: id, kind: "\(Self.kind), part \(part)"))
      return report
    }
    let network = try ReferenceNetwork(parted.network, weights: parted.weights)
    report.checks += try network.ruleCheck(id)
    let regression = try ReferenceRegression(parted.data, on: network.network, verifier: verifier)
    let world = try regression.world()
    try ReferenceLimits.checkRuns(parted.protocol.runs, "protocol.runs")
    for experiment in parted.experiments {
      let name = "\(id)/\(experiment.name)"
      let settings = try settings(of: experiment, parted, regression)
      let runs = verifier.runs(parted.protocol.runs)
      let points = experiment.expected.networkMsdDb
      let outcomes = try regression.outcomes(
        settings, in: world, runs: runs, transient: points.map(\.at), transientRuns: runs
      ).steady
      for (number, point) in points.enumerated() {
        report.checks.append(
          verifier.check(
            name, "MSD at iterate \(point.index) (dB)", point.value, powers: outcomes.map { $0.transient[number] },
            bar: parted.tolerance.networkMsdDb))
      }
    }
    return report
  }

  private func settings(
    of experiment: Experiment, _ parted: Parted, _ regression: ReferenceRegression
  ) throws -> SimulationSettings {
    let kinds: [String: StrategyDefinition] = [
      "atc": .diffusionATC, "cta": .diffusionCTA, "consensus": .consensus,
    ]
    guard let kind = kinds[experiment.strategy] else {
      throw ReferenceError("the strategy '\(experiment.strategy)' is not known.")
    }
    let until = max(1, experiment.expected.networkMsdDb.map(\.at).max() ?? 1)
    var settings = try regression.settings(
      StrategySettings(kind: kind, timing: .slotted, missingNeighbour: .itself),
      measurement: MeasurementSettings(until: .seconds(until), every: .seconds(1)))
    let partition = parted.partition
    switch experiment.cutRule {
    case "none": break
    case "self", "recompute":
      guard partition.component.count == parted.network.n, partition.fromSlot >= 0,
        (partition.fromSlot + 1..<Int(until)).contains(partition.untilSlot)
      else { throw ReferenceError("the partition is not one component for each agent, from one slot to a later one.") }
      let sides = Dictionary(grouping: partition.component.indices) { partition.component[$0] }
      settings.timeline = [
        TimelineEntry(
          at: [.after(.seconds(Double(partition.fromSlot)))],
          for: .seconds(Double(partition.untilSlot - partition.fromSlot)), action: "partition",
          [
            "groups": .list(
              sides.keys.sorted().map { side in .names((sides[side] ?? []).map { regression.network.names[$0] }) }),
            // Weights of what is left are those of a cut that is known.
            "known": .flag(experiment.cutRule == "recompute"),
          ])
      ]
    default: throw ReferenceError("the cut rule '\(experiment.cutRule)' is not known.")
    }
    return settings
  }
}
