// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Simulation

/// What there is in part `one-peer` of kind `dynamic`: in slot t agent k averages with the agent that is 2^e before it.
struct OnePeerCase: Decodable, Sendable {
  struct Entry: Decodable, Sendable {
    struct Iterate: Decodable, Sendable {
      let round: Int
      let x: [Double]
    }

    struct Expected: Decodable, Sendable {
      let iterates: [Iterate]
    }

    let name: String
    let n: Int
    /// Of each slot, in turn from any one on.
    let exponents: [Int]
    let x0: [Double]
    let expected: Expected
  }

  struct Learning: Decodable, Sendable {
    struct Experiment: Decodable, Sendable {
      struct Expected: Decodable, Sendable {
        /// Iterates with the network MSD in dB.
        let networkMsdDb: [ReferencePoint<Double>]
      }

      let name: String
      let expected: Expected
    }

    let n: Int
    let data: ReferenceData
    let experiments: [Experiment]
  }

  struct Averaging: Decodable, Sendable {
    let runs: Int
  }

  struct Bars: Decodable, Sendable {
    let iterates: Double
    let iteratesWhenNIsNoPowerOfTwo: Double
    let networkMsdDb: Double
  }

  let entries: [Entry]
  let lms: Learning?
  let `protocol`: Averaging
  let tolerance: Bars

  func report(_ id: String, _ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry, "\(id)/\(entry.name)", verifier) }
    guard let lms else { return report }
    try ReferenceLimits.checkRuns(`protocol`.runs, "protocol.runs")
    for experiment in lms.experiments {
      report.checks += try checks(of: experiment, lms, "\(id)/\(experiment.name)", verifier)
    }
    return report
  }

  private func checks(
    of entry: Entry, _ name: String, _ verifier: Verifier
  ) throws -> [VerificationReport.Check] {
    let slots = try OnePeerSlots(count: entry.n)
    let period = (0..<62).first { 1 << $0 >= entry.n } ?? 0
    guard let first = entry.exponents.first, period > 0,
      entry.exponents.enumerated().allSatisfy({ $1 == (first + $0) % period })
    else { throw ReferenceError("the exponents of '\(entry.name)' do not follow each other.") }
    let points = entry.expected.iterates.map { ReferencePoint(at: Double($0.round), value: $0.x) }
    let seen = try slots.values(from: entry.x0, points, first: first, verifier)
    let isPower = entry.n & (entry.n - 1) == 0
    return zip(points, seen).map { point, seen in
      VerificationReport.Check(
        reference: name, quantity: "largest error in round \(point.index)", expected: 0,
        seen: largestDifference(seen, point.value),
        bar: isPower ? tolerance.iterates : tolerance.iteratesWhenNIsNoPowerOfTwo)
    }
  }

  private func checks(
    of experiment: Learning.Experiment, _ lms: Learning, _ name: String, _ verifier: Verifier
  ) throws -> [VerificationReport.Check] {
    let regression = try ReferenceRegression(lms.data, on: network(of: experiment, lms.n), verifier: verifier)
    let points = experiment.expected.networkMsdDb
    let until = max(1, points.map(\.at).max() ?? 1)
    var settings = try regression.settings(
      StrategySettings(kind: .diffusionATC, timing: .slotted, missingNeighbour: .itself),
      measurement: MeasurementSettings(until: .seconds(until), every: .seconds(1)))
    if experiment.name == "one-peer" { settings.network.sendTo = .onePeer }
    let runs = verifier.runs(`protocol`.runs)
    let outcomes = try regression.outcomes(
      settings, in: regression.world(), runs: runs, transient: points.map(\.at), transientRuns: runs
    ).steady
    return points.enumerated().map { number, point in
      verifier.check(
        name, "MSD at iterate \(point.index) (dB)", point.value, powers: outcomes.map { $0.transient[number] },
        bar: tolerance.networkMsdDb)
    }
  }

  /// The static network with the mean of the matrices of a period, the complete one, or that on which peers take turns.
  private func network(of experiment: Learning.Experiment, _ count: Int) throws -> Network {
    let slots = try OnePeerSlots(count: count).network
    switch experiment.name {
    case "one-peer":
      return slots
    case "static-complete":
      return try Network(
        NetworkSettings(
          topology: NetworkSettings.Topology(.complete, ["agents": .count(count)]),
          weights: NetworkSettings.Weights(.averaging)), seed: 0, replication: 0)
    case "static-exponential":
      var rows = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
      let share = 0.5 / Double(max(1, slots.incoming(NodeID(0)).count))
      for agent in 0..<count { rows[agent][agent] = 0.5 }
      for link in 0..<slots.linkCount { rows[slots.senders[link].index][slots.receivers[link].index] = share }
      return try Network(
        NetworkSettings(topology: OnePeerSlots.topology(count), weights: .matrix(rows)), seed: 0, replication: 0)
    default:
      throw ReferenceError("the experiment '\(experiment.name)' is not known.")
    }
  }
}
