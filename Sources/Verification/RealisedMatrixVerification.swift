// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Schema
import Simulation

/// Kind `realised-matrix`: the combination matrices that agents realise in windows of a run of which every event is known.
struct RealisedMatrixVerification: ReferenceCase {
  static let kind = "realised-matrix"

  struct Experiment: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let fates: Fates
      let windows: [Window]
    }

    let name: String
    let weights: ReferenceWeights
    let missingNeighbour: String
    /// Sender, receiver, when the cut begins and when it ends.
    let cuts: [[Double]]
    /// The agent, when it crashes and when it recovers.
    let outages: [[Double]]
    let expected: Expected
  }

  struct Fates: Decodable, Sendable {
    let sent: UInt64
    let used: UInt64
    let replacedUnread: UInt64
    let lost: UInt64
    let toDeadAgent: UInt64
    let unreadAtEnd: UInt64
    let inFlightAtEnd: UInt64
  }

  struct Window: Decodable, Sendable {
    struct Matrix: Decodable, Sendable {
      let matrix: [[Double]]
      let exact: [[Fraction]]?
      let perron: [Double]?
      let secondEigenvalueModulus: Double
      let secondSingularValue: Double
      let rowSumError: Double
    }

    let start: Double
    let combinations: [Double]
    let steps: [Double]
    let participation: [Double]?
    /// Sender, receiver, uses, sum of weights, mean age with the weights, largest age.
    let uses: [[Double]]
    let mean: Matrix
    let product: Matrix?
  }

  struct Bars: Decodable, Sendable {
    let matrix: Double
    let perron: Double
    let participation: Double
    let secondEigenvalueModulus: Double
    let secondSingularValue: Double
    let rowSumError: Double
    let fates: Double
  }

  let id: String
  let network: ReferenceGraph
  let stepSeconds: [Double]
  let latency: Double
  let windowSeconds: Double
  let until: Double
  let experiments: [Experiment]
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    try check()
    var report = VerificationReport()
    for experiment in experiments {
      let network = try ReferenceNetwork(self.network, weights: experiment.weights)
      let name = "\(id)/\(experiment.name)"
      report.checks += try network.ruleCheck(name)
      let record = try run(experiment, on: network.network, seed: verifier.seed)
      report.checks += checks(of: record.messages, experiment.expected.fates, name)
      report.checks += [
        VerificationReport.Check(
          reference: name, quantity: "windows", expected: Double(experiment.expected.windows.count),
          seen: Double(record.windows.count), bar: 0)
      ]
      for (seen, window) in zip(record.windows, experiment.expected.windows) {
        report.checks += checks(of: seen, window, name)
      }
    }
    return report
  }

  private func check() throws {
    let limit = ReferenceLimits.latest
    guard stepSeconds.count == network.n, stepSeconds.allSatisfy({ $0 > 0 && $0 <= limit }) else {
      throw ReferenceError("step_seconds is not one positive number per agent.")
    }
    guard latency >= 0, latency <= limit, until > 0, until <= limit, windowSeconds > 0, windowSeconds <= until,
      until / windowSeconds <= Double(RealisedSettings.mostWindows)
    else { throw ReferenceError("latency, until or window_seconds is no time of a run.") }
    guard network.n <= RealisedSettings.mostAgents else {
      throw ReferenceError("there are more than \(RealisedSettings.mostAgents) agents.")
    }
  }

  // MARK: - The run

  private func run(_ experiment: Experiment, on network: Network, seed: UInt64) throws -> RunRecord {
    guard let rule = StrategySettings.MissingNeighbourRule(rawValue: experiment.missingNeighbour), rule != .wait else {
      throw ReferenceError("the rule '\(experiment.missingNeighbour)' is not known.")
    }
    var settings = try network.averagingSettings(
      initial: (0..<network.nodeCount).map { Double($0) },
      strategy: StrategySettings(timing: .asynchronous, missingNeighbour: rule, message: .psi), until: until,
      seed: seed)
    settings.conditions.links = LinkSettings(latency: .law(.constant(latency)))
    settings.timeline = try timeline(of: experiment, names: network.names)
    settings.measurement.every = settings.measurement.until
    settings.measurement.records.realised = RealisedSettings(every: .seconds(windowSeconds), product: .yes)
    let world = World(
      network: network, task: AveragingSettings(dimension: 1), typicalStepDurations: stepSeconds,
      latencies: try LinkLatencies(settings.conditions.links.latency, network: network))
    return try simulate(settings, in: world)
  }

  private func timeline(of experiment: Experiment, names: [String]) throws -> [TimelineEntry] {
    func agent(_ number: Double) throws -> String {
      guard let index = Int(exactly: number), names.indices.contains(index) else {
        throw ReferenceError("'\(experiment.name)' names an agent that is not there.")
      }
      return names[index]
    }
    func span(_ times: ArraySlice<Double>) throws -> (start: Double, length: Double) {
      guard times.count == 2, let start = times.first, let end = times.last, start >= 0, end > start, start < until
      else { throw ReferenceError("'\(experiment.name)' has a cut or an outage that is no span of time in the run.") }
      return (start, end - start)
    }
    let cuts = try experiment.cuts.map { cut in
      let (start, length) = try span(cut.dropFirst(2))
      return TimelineEntry(
        at: [.after(.seconds(start))], for: .seconds(length), action: "cut",
        ["links": .list([.names([try agent(cut[0]), try agent(cut[1])])]), "direction": .text("forward")])
    }
    let outages = try experiment.outages.map { outage in
      let (start, length) = try span(outage.dropFirst())
      return TimelineEntry(
        at: [.after(.seconds(start))], for: .seconds(length), action: "crash",
        ["agents": .names([try agent(outage[0])]), "on-recovery": .text("keep")])
    }
    return cuts + outages
  }

  // MARK: - What it is compared with

  private func checks(of seen: MessageFates, _ expected: Fates, _ name: String) -> [VerificationReport.Check] {
    [
      ("messages sent", expected.sent, seen.sent), ("messages used", expected.used, seen.used),
      ("messages replaced unread", expected.replacedUnread, seen.replacedUnread),
      ("messages lost", expected.lost, seen.lost), ("messages to dead agents", expected.toDeadAgent, seen.toDeadAgent),
      ("messages unread at the end", expected.unreadAtEnd, seen.unreadAtEnd),
      ("messages in flight at the end", expected.inFlightAtEnd, seen.inFlightAtEnd),
    ].map { quantity, expected, seen in
      VerificationReport.Check(
        reference: name, quantity: quantity, expected: Double(expected), seen: Double(seen), bar: tolerance.fates)
    }
  }

  private func checks(
    of seen: RealisedWindow, _ expected: Window, _ name: String
  ) -> [VerificationReport.Check] {
    let window = "window at \(expected.start) s"
    func check(_ quantity: String, _ difference: Double, _ bar: Double) -> VerificationReport.Check {
      .init(reference: name, quantity: "\(window): \(quantity)", expected: 0, seen: difference, bar: bar)
    }
    let uses = (seen.matrices?.uses ?? []).map { use in
      [Double(use.sender), Double(use.receiver), Double(use.uses), use.weight, use.meanAge, use.largestAge]
    }
    func inOrder(_ uses: [[Double]]) -> [Double] {
      uses.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
    }
    var checks = [
      check("error of its start", abs(seen.start - expected.start), tolerance.matrix),
      check("combinations", largestDifference(seen.combinations.map { Double($0) }, expected.combinations), 0),
      check("steps", largestDifference(seen.steps.map { Double($0) }, expected.steps), 0),
      check("uses of links", largestDifference(inOrder(uses), inOrder(expected.uses)), tolerance.matrix),
    ]
    let pairs: [(String, Window.Matrix?, RealisedWindow.Mixing?, [Double]?)] = [
      ("mean", expected.mean, seen.mean, seen.meanMatrix),
      ("product", expected.product, seen.product, seen.matrices?.product),
    ]
    for (what, expected, mixing, matrix) in pairs {
      guard let expected else { continue }
      checks += differences(mixing, matrix ?? [], expected).map { check("\(what), \($0.0)", $0.1, $0.2) }
    }
    if let shares = expected.participation {
      checks.append(
        check("participation", largestDifference(seen.participation ?? [], shares), tolerance.participation))
    }
    return checks
  }

  private func differences(
    _ mixing: RealisedWindow.Mixing?, _ matrix: [Double], _ expected: Window.Matrix
  ) -> [(String, Double, Double)] {
    var list = [
      ("error of the matrix", largestDifference(matrix, expected.matrix.flatMap { $0 }), tolerance.matrix),
      (
        "error of the second eigenvalue",
        abs((mixing?.secondEigenvalueModulus ?? .nan) - expected.secondEigenvalueModulus),
        tolerance.secondEigenvalueModulus
      ),
      (
        "error of the second singular value",
        abs((mixing?.secondSingularValue ?? .nan) - expected.secondSingularValue), tolerance.secondSingularValue
      ),
      ("error of the row sums", abs((mixing?.rowSumError ?? .nan) - expected.rowSumError), tolerance.rowSumError),
    ]
    if let exact = expected.exact {
      let fractions = exact.flatMap { $0.map(\.value) }
      list.append(("error of the fractions", largestDifference(matrix, fractions), tolerance.matrix))
    }
    if let perron = expected.perron {
      list.append(("error of the Perron vector", largestDifference(mixing?.perron ?? [], perron), tolerance.perron))
    } else {
      list.append(("Perron vectors", mixing?.perron == nil ? 0 : 1, 0))
    }
    return list
  }
}
