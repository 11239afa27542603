// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Learners
import Simulation
import Theory

/// Kind `delayed-consensus`: averaging in which neighbours' values are τ slots late and one's own is fresh.
struct DelayedConsensusVerification: ReferenceCase {
  static let kind = "delayed-consensus"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let limit: Double
      let rate: Double
      let trajectory: [ReferencePoint<[Double]>]
    }

    let rule: String
    let n: Int
    let edges: [[Int]]
    let matrix: [[Double]]
    let tau: Int
    let x0: [Double]
    let expected: Expected
  }

  struct Bars: Decodable, Sendable {
    let trajectory: Double
    let limit: Double
  }

  let id: String
  let entries: [Entry]
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry, verifier) }
    return report
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    try ReferenceLimits.checkDelay(entry.tau, "tau")
    let name = "\(id)/\(entry.rule)-tau-\(entry.tau)"
    let network = try ReferenceNetwork(
      ReferenceGraph(n: entry.n, edges: entry.edges),
      weights: ReferenceWeights(rule: entry.rule, matrix: entry.matrix, theta2: nil))
    var checks = try network.ruleCheck(name)
    func values(after slots: Double) throws -> [Double] {
      let settings = try network.network.averagingSettings(
        initial: entry.x0,
        strategy: StrategySettings(
          timing: .slotted, mailboxStart: .initial, slots: SlotSettings(messageDelay: entry.tau)),
        until: slots, seed: verifier.seed)
      return try simulateWithTrace(settings, in: network.network.averagingWorld()).1.parameters
    }
    for point in entry.expected.trajectory where point.at >= 1 {
      let worst = largestDifference(try values(after: point.at), point.value)
      checks.append(
        .init(
          reference: name, quantity: "largest error at slot \(point.index)", expected: 0, seen: worst,
          bar: tolerance.trajectory))
    }
    // The rate leaves 1e-14 of the start after so many slots.
    let rate = min(max(entry.expected.rate, 0.1), 0.9999)
    let limit = try values(after: (log(1e-14) / log(rate)).rounded(.up))
    let worst = largestDifference(limit, limit.map { _ in entry.expected.limit })
    checks.append(
      .init(
        reference: name, quantity: "largest distance from the limit", expected: 0, seen: worst, bar: tolerance.limit))
    return checks
  }
}
