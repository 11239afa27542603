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
    let robustInvariant: Double
  }

  /// Rounds after which running sums must have reached the average.
  private static let longRun = 600.0
  private static let lossyRuns = 20

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
        check("largest error of an estimate after \(point.index) rounds", seen, point.value, tolerance.lossless))
    }
    try appendLossyChecks(to: &report, on: network, verifier)
    return report
  }

  private func appendLossyChecks(
    to report: inout VerificationReport, on network: Network, _ verifier: Verifier
  ) throws {
    var worstRobust = 0.0
    var worstSpread = 0.0
    var smallestBias = Double.infinity
    for replication in 0..<Self.lossyRuns {
      let robust = try estimates(
        on: network, rounds: Self.longRun, loss: messageLoss, runningSums: true, verifier, replication: replication)
      worstRobust = max(worstRobust, robust.map { abs($0 - expected.average) }.max() ?? .nan)
      let plain = try estimates(
        on: network, rounds: Self.longRun, loss: messageLoss, runningSums: false, verifier, replication: replication)
      worstSpread = max(worstSpread, (plain.max() ?? .nan) - (plain.min() ?? .nan))
      smallestBias = min(smallestBias, plain.map { abs($0 - expected.average) }.min() ?? .nan)
    }
    let rounds = Int(Self.longRun)
    report.checks += [
      .init(
        reference: id, quantity: "running sums: largest error after \(rounds) rounds", expected: 0, seen: worstRobust,
        bar: tolerance.robustAfter600Rounds),
      .init(
        reference: id, quantity: "plain under loss: largest spread", expected: 0, seen: worstSpread,
        bar: tolerance.robustAfter600Rounds),
      .init(
        reference: id, quantity: "plain under loss misses the average (1 yes)", expected: 1,
        seen: smallestBias > 1e3 * tolerance.robustAfter600Rounds ? 1 : 0, bar: 0),
    ]
  }

  private func check(
    _ quantity: String, _ seen: [Double], _ expected: [Double], _ bar: Double
  ) -> VerificationReport.Check {
    let worst = zip(seen, expected).map { abs($0 - $1) }.max() ?? .nan
    return .init(
      reference: id, quantity: quantity, expected: 0, seen: seen.count == expected.count ? worst : .nan, bar: bar)
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
