// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Randomness
import Simulation
import Workers

/// Kind `barrier-rounds`: a round of synchronous-global timing without latency or loss lasts as long as the longest of n
/// independent steps.
struct BarrierRoundsVerification: ReferenceCase {
  static let kind = "barrier-rounds"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let meanRound: Double
      let meanStep: Double
      /// Probabilities, and what is not exceeded with each.
      let quantiles: [[Double]]
    }

    struct Bars: Decodable, Sendable {
      let meanRound: Double
      let shareOfRoundsUpToAQuantile: Double
    }

    let name: String
    let law: WrittenLaw
    let n: Int
    let expected: Expected
    let tolerance: Bars
  }

  struct Averaging: Decodable, Sendable {
    let rounds: Int
  }

  /// Steps of an entry at most: with fewer rounds than the protocol asks for, bars are wider by the root of the ratio.
  private static let mostSteps = 1_000_000
  private static let replications = 40
  /// Of the mean that is predicted, as a share of it.
  private static let predictionBar = 2e-9

  let id: String
  let entries: [Entry]
  let `protocol`: Averaging

  func report(_ verifier: Verifier) throws -> VerificationReport {
    guard (1...1_000_000).contains(`protocol`.rounds) else {
      throw ReferenceError("protocol.rounds is \(`protocol`.rounds), not from 1 to 1000000.")
    }
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry, verifier) }
    return report
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    guard (1...ReferenceLimits.agents).contains(entry.n), entry.expected.quantiles.allSatisfy({ $0.count == 2 }) else {
      throw ReferenceError("entry '\(entry.name)' has no agents, too many, or a quantile that is no pair.")
    }
    let wanted = verifier.runs(min(`protocol`.rounds, max(Self.replications, Self.mostSteps / entry.n)))
    let each = max(2, wanted / Self.replications)
    let rounds = try lengths(of: entry, rounds: each, verifier)
    let widening = max(1, Double(`protocol`.rounds) / Double(rounds.count)).squareRoot()
    let (name, count) = ("\(id)/\(entry.name)", Double(rounds.count))
    let predicted = LongestOf(of: entry.law.law, times: Array(repeating: 1, count: entry.n)).mean
    var checks: [VerificationReport.Check] = [
      .init(
        reference: name, quantity: "mean of a step's law", expected: entry.expected.meanStep,
        seen: entry.law.law.mean, bar: Self.predictionBar * entry.expected.meanStep),
      .init(
        reference: name, quantity: "mean round as predicted", expected: entry.expected.meanRound, seen: predicted,
        bar: Self.predictionBar * entry.expected.meanRound),
      .init(
        reference: name, quantity: "mean round", runs: rounds.count, expected: entry.expected.meanRound,
        seen: rounds.reduce(0, +) / count, bar: entry.tolerance.meanRound * widening),
    ]
    for quantile in entry.expected.quantiles {
      checks.append(
        .init(
          reference: name, quantity: "share of rounds up to \(quantile[1])", runs: rounds.count,
          expected: quantile[0], seen: Double(rounds.count { $0 <= quantile[1] }) / count,
          bar: entry.tolerance.shareOfRoundsUpToAQuantile * widening))
    }
    return checks
  }

  /// How long rounds have lasted, of runs that end with one.
  private func lengths(of entry: Entry, rounds: Int, _ verifier: Verifier) throws -> [Double] {
    let edges = entry.n < 2 ? [] : (0..<entry.n).map { [$0, ($0 + 1) % entry.n] }
    let graph = ReferenceGraph(n: entry.n, edges: entry.n == 2 ? [[0, 1]] : edges)
    let network = try ReferenceNetwork(graph, rule: .metropolis).network
    let mean = entry.expected.meanRound
    guard mean > 0, mean.isFinite else { throw ReferenceError("entry '\(entry.name)' has no mean round above zero.") }
    // By far later than the budget is spent.
    let until = 100 * mean * Double(rounds)
    var settings = try network.averagingSettings(
      initial: (0..<entry.n).map { Double($0) }, strategy: StrategySettings(timing: .synchronousGlobal),
      until: until, seed: verifier.seed)
    settings.conditions.compute.withinAgent = entry.law.law
    settings.measurement.every = settings.measurement.until
    settings.measurement.budget = .updates(Double(rounds))
    let (world, made) = (try network.averagingWorld(), settings)
    return try inParallel(count: Self.replications, jobs: verifier.jobs) { replication in
      Result { () throws -> [Double] in
        let begins = Begins()
        let observer = RunObserver { occurrence in
          if occurrence.kind == .stepBegins, occurrence.agent == NodeID(0) { begins.times.append(occurrence.time) }
        }
        let record = try simulate(made, in: world, replication: replication, observer: observer)
        // At the end of the last one everybody begins once more.
        guard record.ending == .budget, begins.times.count == rounds + 1 else {
          throw ReferenceError("entry '\(entry.name)' lasts longer than a hundred times its mean round.")
        }
        return zip(begins.times, begins.times.dropFirst()).map { ($1 - $0).seconds }
      }
    }.flatMap { try $0.get() }
  }

  /// When the first agent has begun its steps: all begin a round together.
  private final class Begins {
    var times: [VirtualTime] = []
  }
}
