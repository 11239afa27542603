// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Simulation

/// Kind `push-sum`: directed push-sum in synchronous rounds. Running sums must reach the exact average under loss, and
/// plain push-sum another value on which all agree.
struct PushSumVerification: ReferenceCase {
  static let kind = "push-sum"

  struct Expected: Decodable, Sendable {
    let average: Double
    /// Rounds with the estimate of each agent.
    let losslessEstimateAfterRounds: [ReferencePoint<[Double]>]
  }

  struct Bars: Decodable, Sendable {
    let lossless: Double
    let robustAfter600Rounds: Double
  }

  /// Rounds after which running sums must have reached the average.
  private static let longRun = 600.0
  private static let lossyRuns = 20
  /// A run has missed the average where it is so many bars away from it.
  private static let clearMiss = 1000.0

  let id: String
  let n: Int
  let outNeighbours: [[Int]]
  let x0: [Double]
  let messageLoss: Double
  let expected: Expected
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    guard (1...ReferenceLimits.agents).contains(n), outNeighbours.count == n,
      outNeighbours.allSatisfy({ $0.allSatisfy((0..<n).contains) })
    else { throw ReferenceError("out_neighbours is not one list of agents per agent.") }
    let names = (0..<n).map { "agent-\($0)" }
    let edges = outNeighbours.indices.flatMap { sender in
      outNeighbours[sender].map { NetworkSettings.Edge(names[sender], names[$0]) }
    }
    let network = try Network(names: names, edges: edges, isDirected: true, weights: .init(.averaging))
    var report = VerificationReport()
    for point in expected.losslessEstimateAfterRounds where point.at >= 1 {
      let seen = try estimates(on: network, rounds: point.at, loss: 0, runningSums: false, verifier, replication: 0)
      report.checks.append(
        check("largest error at round \(point.index)", seen, point.value, tolerance.lossless))
    }
    try appendLossyChecks(to: &report, on: network, verifier)
    return report
  }

  private func appendLossyChecks(
    to report: inout VerificationReport, on network: Network, _ verifier: Verifier
  ) throws {
    let average = Array(repeating: expected.average, count: n)
    func estimates(runningSums: Bool) throws -> [[Double]] {
      try (0..<Self.lossyRuns).map { replication in
        try self.estimates(
          on: network, rounds: Self.longRun, loss: messageLoss, runningSums: runningSums, verifier,
          replication: replication)
      }
    }
    let robust = try estimates(runningSums: true)
    let plain = try estimates(runningSums: false)
    let worstRobust = largestDifference(robust.flatMap { $0 }, robust.flatMap { _ in average })
    // All agree if each agrees with the first.
    let worstSpread = largestDifference(plain.flatMap { $0 }, plain.flatMap { run in run.map { _ in run[0] } })
    let missed = plain.filter { largestDifference($0, average) > Self.clearMiss * tolerance.robustAfter600Rounds }
    let rounds = Int(Self.longRun)
    report.checks += [
      .init(
        reference: id, quantity: "running sums: error, round \(rounds)", expected: 0, seen: worstRobust,
        bar: tolerance.robustAfter600Rounds),
      .init(
        reference: id, quantity: "plain, lossy: spread of estimates", expected: 0, seen: worstSpread,
        bar: tolerance.robustAfter600Rounds),
      .init(
        reference: id, quantity: "plain, lossy: runs that miss", expected: Double(Self.lossyRuns),
        seen: Double(missed.count), bar: 0),
    ]
  }

  private func check(
    _ quantity: String, _ seen: [Double], _ expected: [Double], _ bar: Double
  ) -> VerificationReport.Check {
    .init(reference: id, quantity: quantity, expected: 0, seen: largestDifference(seen, expected), bar: bar)
  }

  /// The agents' estimates after so many rounds.
  private func estimates(
    on network: Network, rounds: Double, loss: Double, runningSums: Bool, _ verifier: Verifier, replication: Int
  ) throws -> [Double] {
    let settings = try network.averagingSettings(
      initial: x0,
      strategy: StrategySettings(
        kind: .pushSum, timing: .slotted, pushSum: PushSumSettings(runningSums: runningSums)),
      loss: loss, until: rounds, seed: verifier.seed)
    return try simulateWithTrace(settings, in: network.averagingWorld(), replication: replication).1.parameters
  }
}
