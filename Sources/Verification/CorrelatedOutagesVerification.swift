// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Simulation

/// Kind `correlated-outages`: agents that fail alone and with their group, two causes in whole runs. How many are down at a
/// time, and how often an agent goes down, overlapping outages being one.
struct CorrelatedOutagesVerification: ReferenceCase {
  static let kind = "correlated-outages"

  struct Means: Decodable, Sendable {
    let up: Double
    let down: Double
  }

  struct Entry: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let downAgents: [ReferencePoint<[Double]>]
      let meanDown: [ReferencePoint<Double>]
      let crashesPerAgentAndSecond: Double
    }

    struct Bars: Decodable, Sendable {
      let downAgents: Double
      let meanDown: Double
      let crashesPerAgentAndSecondRelative: Double
    }

    let name: String
    let groups: [Int]
    let hit: Double
    let own: Means?
    let group: Means?
    let expected: Expected
    let tolerance: Bars
  }

  struct Sampling: Decodable, Sendable {
    let runs: Int
  }

  /// Crashes are counted from the first to the last of these times, in seconds.
  private static let counted = (from: 100.0, to: 1000.0)

  let id: String
  let entries: [Entry]
  let `protocol`: Sampling

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try ReferenceLimits.checkRuns(`protocol`.runs, "runs")
    var report = VerificationReport()
    for entry in entries { report.checks += try checks(of: entry, verifier) }
    return report
  }

  private func checks(of entry: Entry, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    let agents = entry.groups.reduce(0) { $0 + max(0, $1) }
    guard (1...ReferenceLimits.agents).contains(agents), entry.groups.allSatisfy({ $0 > 0 }) else {
      throw ReferenceError("groups are \(entry.groups), which are no groups of 1 to \(ReferenceLimits.agents) agents.")
    }
    let runs = verifier.runs(`protocol`.runs)
    let widening = (Double(`protocol`.runs) / Double(runs)).squareRoot()
    let asked = entry.expected.downAgents.map(\.at) + entry.expected.meanDown.map(\.at)
    let times = Set(asked + [Self.counted.from, Self.counted.to]).sorted()
    let study = try OutageStudy(
      FailureSettings(entry.causes), agents: agents, groups: entry.members, seed: verifier.seed)
    let histories = try study.histories(
      at: times, until: times.last ?? 0, runs: runs, jobs: verifier.jobs)
    func place(_ time: Double) -> Int { times.firstIndex(of: time) ?? 0 }
    let name = "\(id)/\(entry.name)"
    var checks: [VerificationReport.Check] = []
    for point in entry.expected.downAgents {
      var shares = Array(repeating: 0.0, count: agents + 1)
      for history in histories { shares[agents - history.up[place(point.at)]] += 1 / Double(runs) }
      checks.append(
        .init(
          reference: name, quantity: "largest error of the law of agents down at \(point.at) s", runs: runs,
          expected: 0, seen: largestDifference(shares, point.value), bar: entry.tolerance.downAgents * widening))
    }
    for point in entry.expected.meanDown {
      let down = histories.map { Double(agents - $0.up[place(point.at)]) }
      checks.append(
        .init(
          reference: name, quantity: "agents down at \(point.at) s", runs: runs, expected: point.value,
          seen: down.reduce(0, +) / Double(runs), bar: entry.tolerance.meanDown * widening))
    }
    let (first, last) = (place(Self.counted.from), place(Self.counted.to))
    let crashes = histories.reduce(0) { $0 + $1.crashes[last] - $1.crashes[first] }
    let seconds = Double(runs * agents) * (Self.counted.to - Self.counted.from)
    let rate = entry.expected.crashesPerAgentAndSecond
    checks.append(
      .init(
        reference: name, quantity: "crashes per agent and second", runs: runs, expected: rate,
        seen: Double(crashes) / seconds, bar: rate * entry.tolerance.crashesPerAgentAndSecondRelative * widening))
    return checks
  }
}

extension CorrelatedOutagesVerification.Entry {
  /// What takes agents down.
  fileprivate var causes: [FailureSettings.Cause] {
    func laws(_ means: CorrelatedOutagesVerification.Means) -> Arguments {
      [
        "up": .special(Distribution.exponential(mean: means.up)),
        "down": .special(Distribution.exponential(mean: means.down)),
      ]
    }
    var causes: [FailureSettings.Cause] = []
    if let own { causes.append(.init(.failures, laws(own))) }
    if let group {
      var arguments = laws(group)
      arguments["hit"] = .number(hit)
      causes.append(.init(.groups, arguments))
    }
    return causes
  }

  /// The agents of each group.
  fileprivate var members: [String: [String]] {
    var members: [String: [String]] = [:]
    var count = 0
    for (number, size) in groups.enumerated() {
      members["group-\(number)"] = (count..<count + size).map { "agent-\($0)" }
      count += size
    }
    return members
  }
}
