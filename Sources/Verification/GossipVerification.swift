// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Records
import Simulation
import Workers

/// Kind `gossip`: at every tick a uniform agent wakes, picks a uniform neighbour, and the pair averages.
struct GossipVerification: ReferenceCase {
  static let kind = "gossip"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      /// Ticks with E‖x − mean‖².
      let disagreement: [ReferencePoint<Double>]
      let varianceOfFinalMean: Double
    }

    let name: String
    let n: Int
    let edges: [[Int]]
    let x0: [Double]
    let messageLoss: Double
    let lossKind: String
    let expected: Expected
  }

  struct Averaging: Decodable, Sendable {
    let runs: Int
  }

  struct Bars: Decodable, Sendable {
    let disagreementRelativeTo5NTicks: Double
    let disagreementRelativeLater: Double
    let varianceRelative: Double
    let sumConservation: Double
  }

  /// What is kept of one run.
  private struct Outcome: Sendable {
    /// ‖x − mean‖² at the ticks asked for.
    let disagreement: [Double]
    /// The mean at the end less the mean at the start.
    let meanShift: Double
  }

  let id: String
  let entries: [Entry]
  let `protocol`: Averaging
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry, verifier) }
    return report
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    let outcomes = try outcomes(of: entry, verifier)
    let name = "\(id)/\(entry.name)"
    var checks = entry.expected.disagreement.enumerated().map { index, point in
      let isEarly = point.index <= 5 * entry.n
      let bar = isEarly ? tolerance.disagreementRelativeTo5NTicks : tolerance.disagreementRelativeLater
      return verifier.check(
        name, "disagreement at tick \(point.index)", point.value, values: outcomes.map { $0.disagreement[index] },
        bar: bar * point.value)
    }
    let variance = entry.expected.varianceOfFinalMean
    if variance > 0 {
      checks.append(
        verifier.check(
          name, "variance of the final mean", variance, values: outcomes.map { $0.meanShift * $0.meanShift },
          bar: tolerance.varianceRelative * variance))
    } else {
      let changes = outcomes.map { $0.meanShift * Double(entry.n) }
      checks.append(
        .init(
          reference: name, quantity: "largest change of the sum", expected: 0,
          seen: largestDifference(changes, changes.map { _ in 0 }), bar: tolerance.sumConservation))
    }
    return checks
  }

  private func outcomes(of entry: Entry, _ verifier: Verifier) throws -> [Outcome] {
    try ReferenceLimits.checkRuns(`protocol`.runs, "protocol.runs")
    let losses: [String: GossipSettings.Loss] = [
      "whole exchange": .exchange, "each direction independently": .direction,
    ]
    guard let loss = losses[entry.lossKind] else { throw ReferenceError("the loss '\(entry.lossKind)' is not known.") }
    let network = try ReferenceNetwork(ReferenceGraph(n: entry.n, edges: entry.edges), rule: .metropolis).network
    // The mean moves only while there is disagreement; what is left after twice the last tick does not matter.
    let ticks = 2 * (entry.expected.disagreement.map(\.at).max() ?? 0)
    guard ticks >= 1 else { throw ReferenceError("entry '\(entry.name)' expects nothing after any tick.") }
    let settings = try network.averagingSettings(
      initial: entry.x0,
      strategy: StrategySettings(
        kind: .gossip, clock: ClockSettings(betweenAgents: .constant(1), startPhase: .constant(1)),
        gossip: GossipSettings(exchange: .pairwise, loss: loss, wake: .oneAtATime)),
      loss: entry.messageLoss, until: ticks, seed: verifier.seed)
    let world = try network.averagingWorld()
    let mean = entry.x0.reduce(0, +) / Double(entry.n)
    return try inParallel(count: verifier.runs(`protocol`.runs), jobs: verifier.jobs) { replication in
      Result { () throws -> Outcome in
        let (record, trace) = try simulateWithTrace(settings, in: world, replication: replication)
        let curve = record.series.first { $0.metric == MetricDefinition.disagreement.name }?.values ?? []
        return Outcome(
          disagreement: entry.expected.disagreement.map { Double(entry.n) * curve[$0.index] },
          meanShift: trace.parameters.reduce(0, +) / Double(entry.n) - mean)
      }
    }.map { try $0.get() }
  }
}
