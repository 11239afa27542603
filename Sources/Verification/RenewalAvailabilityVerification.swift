// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Networks
import Quantities
import Randomness
import Records
import Schema
import Simulation

/// Kind `renewal-availability`: agents that are up and down in turn, up and fresh at time 0, in whole runs.
struct RenewalAvailabilityVerification: ReferenceCase {
  static let kind = "renewal-availability"

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let availability: [ReferencePoint<Double>]
      let meanCrashes: [ReferencePoint<Double>]
      let meanUpShare: [ReferencePoint<Double>]
    }

    struct Bars: Decodable, Sendable {
      let availability: Double
      let meanCrashes: Double
      let meanUpShare: Double
    }

    let name: String
    let up: NamedReferenceLaw
    let down: NamedReferenceLaw
    let expected: Expected
    let tolerance: Bars
  }

  struct Sampling: Decodable, Sendable {
    let agentHistories: Int
  }

  /// Agents of a run.
  private static let agents = 2000
  /// A part of the histories that the protocol asks for is enough, with wider bars.
  private static let mostRuns = 35

  let id: String
  let entries: [Entry]
  let `protocol`: Sampling

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try ReferenceLimits.checkRuns(`protocol`.agentHistories / Self.agents, "agent_histories / \(Self.agents)")
    let runs = max(1, min(Self.mostRuns, verifier.runs(`protocol`.agentHistories / Self.agents)))
    let widening = (Double(`protocol`.agentHistories) / Double(runs * Self.agents)).squareRoot()
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry, runs: runs, widening: max(1, widening), verifier) }
    return report
  }

  private func checks(
    of entry: Entry, runs: Int, widening: Double, _ verifier: Verifier
  ) throws -> [VerificationReport.Check] {
    let failures = FailureSettings(up: try entry.up.distribution, down: try entry.down.distribution)
    let expected = entry.expected
    let times = Set((expected.availability + expected.meanCrashes).map(\.at)).sorted()
    let name = "\(id)/\(entry.name)"
    var checks: [VerificationReport.Check] = []
    let study = try OutageStudy(failures, agents: Self.agents, seed: verifier.seed)
    if let until = times.last {
      let histories = try study.histories(at: times, until: until, runs: runs, jobs: verifier.jobs)
      func mean(_ time: Double, _ count: (OutageStudy.History) -> [Int]) -> Double {
        let place = times.firstIndex(of: time) ?? 0
        return Double(histories.reduce(0) { $0 + count($1)[place] }) / Double(runs * Self.agents)
      }
      checks += expected.availability.map { point in
        .init(
          reference: name, quantity: "availability at \(point.at) s", runs: runs, expected: point.value,
          seen: mean(point.at, \.up), bar: entry.tolerance.availability * widening)
      }
      checks += expected.meanCrashes.map { point in
        .init(
          reference: name, quantity: "crashes by \(point.at) s", runs: runs, expected: point.value,
          seen: mean(point.at, \.crashes), bar: entry.tolerance.meanCrashes * widening)
      }
    }
    for point in expected.meanUpShare {
      let histories = try study.histories(at: [], until: point.at, runs: runs, jobs: verifier.jobs)
      let seen = histories.reduce(0) { $0 + $1.shareUp } / Double(runs)
      checks.append(
        .init(
          reference: name, quantity: "mean share of \(point.at) s up", runs: runs, expected: point.value, seen: seen,
          bar: entry.tolerance.meanUpShare * widening))
    }
    return checks
  }
}

/// A law of a reference file, by its name and its numbers: `{"law": "weibull", "shape": 0.7, "scale": 80}`.
struct NamedReferenceLaw: Decodable, Sendable {
  private let name: String
  private let numbers: [String: Double]

  private enum Value: Decodable {
    case name(String)
    case number(Double)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .name(try container.decode(String.self))
      }
    }
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer().decode([String: Value].self)
    guard case .name(let name) = values["law"] else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "the law has no name."))
    }
    self.name = name
    numbers = values.compactMapValues { if case .number(let number) = $0 { number } else { nil } }
  }

  /// The law as scenarios have it.
  var distribution: Distribution {
    get throws {
      guard let definition = LawDefinition.all.first(where: { $0.name == name }) else {
        throw ReferenceError("the law '\(name)' is not known.")
      }
      // Files write a key of several words with an underscore.
      let said = numbers.map { ($0.key.replacingOccurrences(of: "_", with: "-"), Argument.number($0.value)) }
      do {
        return try definition.resolve(Arguments(Dictionary(uniqueKeysWithValues: said)), false)
      } catch {
        throw ReferenceError("the law '\(name)' \(error.trouble).")
      }
    }
  }
}
