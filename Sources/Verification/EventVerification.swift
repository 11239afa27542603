// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Randomness
import Simulation

/// Kind `event-lms`: continuous time with Poisson clocks. A step takes an exponential time, so an agent's steps end at
/// the points of a Poisson process.
struct EventVerification: ReferenceCase {
  static let kind = "event-lms"

  struct Experiment: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let networkMsdDb: Double
      let agentMsdDb: [Double]
      let transientTime: [ReferencePoint<Double>]?
    }

    let name: String
    let model: String
    let messageLoss: Double
    let linkRate: Double?
    let steadyTime: Double
    let sampleSpacing: Double?
    let expected: Expected
  }

  struct Averaging: Decodable, Sendable {
    let runs: Int
    let samples: Int
    let sampleSpacing: Double
  }

  /// The largest rate of a clock, per unit of time.
  private static let fastest = 1e6
  /// Time between measurements.
  private static let grid = 0.5

  let id: String
  let network: ReferenceGraph
  let weights: ReferenceWeights
  let data: ReferenceData
  let clockRate: ScalarOrList
  let experiments: [Experiment]
  let `protocol`: Averaging
  let tolerance: DeviationBars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    let network = try ReferenceNetwork(self.network, weights: weights)
    report.checks += try network.ruleCheck(id)
    let count = network.network.nodeCount
    let rates = clockRate.values(count: count)
    guard rates.count == count, rates.allSatisfy({ $0 > 0 && $0 <= Self.fastest }) else {
      throw ReferenceError("clock_rate is not one number above 0 and at most \(Self.fastest) per agent.")
    }
    try ReferenceLimits.checkRuns(`protocol`.runs, "protocol.runs")
    try ReferenceLimits.checkRuns(tolerance.transientNeedsRuns ?? 1, "tolerance.transient_needs_runs")
    let regression = try ReferenceRegression(data, on: network.network, verifier: verifier)
    let world = try regression.world(typicalStepDurations: rates.map { 1 / $0 })
    for experiment in experiments {
      try check(experiment, agents: count)
      let settings = try settings(of: experiment, regression)
      let expected = experiment.expected.transientTime ?? []
      let (steady, transient) = try regression.outcomes(
        settings, in: world, runs: verifier.runs(`protocol`.runs), transient: expected.map(\.at),
        transientRuns: verifier.runs(max(`protocol`.runs, tolerance.transientNeedsRuns ?? 0)))
      report.checks += regression.checks(
        "\(id)/\(experiment.name)", steady: steady, transient: transient,
        expectedNetwork: experiment.expected.networkMsdDb, expectedAgents: experiment.expected.agentMsdDb,
        expectedTransient: expected.map { ("time \($0.at)", $0.value) }, bars: tolerance)
    }
    return report
  }

  private func check(_ experiment: Experiment, agents: Int) throws {
    let span = Double(`protocol`.samples) * (experiment.sampleSpacing ?? `protocol`.sampleSpacing)
    let place = "experiment '\(experiment.name)':"
    guard experiment.steadyTime > 0, span > 0, experiment.steadyTime + span <= ReferenceLimits.latest else {
      throw ReferenceError(
        "\(place) steady_time, or samples times sample_spacing after it, is not between 0 and "
          + "\(Int(ReferenceLimits.latest)).")
    }
    guard experiment.linkRate ?? 1 > 0, experiment.linkRate ?? 1 <= Self.fastest else {
      throw ReferenceError("\(place) link_rate is not above 0 and at most \(Self.fastest).")
    }
    guard experiment.expected.agentMsdDb.count == agents else {
      throw ReferenceError(
        "\(place) agent_msd_db has \(experiment.expected.agentMsdDb.count) numbers for \(agents) agents.")
    }
    for point in experiment.expected.transientTime ?? [] where (point.at / Self.grid).rounded() * Self.grid != point.at
    {
      throw ReferenceError("\(place) transient_time has a point at \(point.at), no multiple of \(Self.grid).")
    }
  }

  /// Times of the file are multiples of half a unit, which the grid meets; the final window takes every point of it from
  /// the steady time on.
  private func settings(of experiment: Experiment, _ regression: ReferenceRegression) throws -> SimulationSettings {
    let span = Double(`protocol`.samples) * (experiment.sampleSpacing ?? `protocol`.sampleSpacing)
    let until = experiment.steadyTime + span
    var settings = try regression.settings(
      try strategy(of: experiment), loss: experiment.messageLoss,
      measurement: MeasurementSettings(until: .seconds(until), every: .seconds(Self.grid), finalWindow: span / until))
    settings.conditions.compute.withinAgent = .exponential(mean: 1)
    return settings
  }

  private func strategy(of experiment: Experiment) throws -> StrategySettings {
    switch experiment.model {
    case "pull":
      return StrategySettings(missingNeighbour: .itself, exchange: .pull)
    case "mailbox":
      return StrategySettings(message: .combined, mailboxStart: .initial)
    case "link":
      return StrategySettings(
        exchange: .link, linkInterval: .exponential(mean: 1 / (experiment.linkRate ?? 1)), mailboxStart: .initial)
    default:
      throw ReferenceError("the model '\(experiment.model)' is not known.")
    }
  }
}
