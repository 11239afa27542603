// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Schema
import Simulation

/// Kind `tracking`: the MSD of slotted adapt-then-combine diffusion whose common truth jumps or walks, to the present truth.
struct TrackingVerification: ReferenceCase {
  static let kind = "tracking"

  struct Experiment: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      let networkMsdDb: [ReferencePoint<Double>]?
      let agentMsdDb: [ReferencePoint<[Double]>]?
      let steadyNetworkMsdDb: Double?
      let steadyAgentMsdDb: [Double]?
    }

    let name: String
    /// Slots, and by what the truth moves then.
    let moves: [ReferencePoint<[Double]>]?
    let walkVariancePerEntry: Double?
    /// Slots [from, to) of the steady state.
    let window: [Int]?
    let expected: Expected
  }

  struct Averaging: Decodable, Sendable {
    let runs: Int
  }

  struct Bars: Decodable, Sendable {
    let networkMsdDb: Double
    let agentMsdDb: Double
    let steadyNetworkMsdDb: Double
    let steadyAgentMsdDb: Double
    /// Of the network within two slots of a jump.
    let afterJumpDb: Double
  }

  let id: String
  let network: ReferenceGraph
  let weights: ReferenceWeights
  let data: ReferenceData
  let experiments: [Experiment]
  let `protocol`: Averaging
  let tolerance: Bars

  func report(_ verifier: Verifier) throws -> VerificationReport {
    let network = try ReferenceNetwork(self.network, weights: weights)
    var report = VerificationReport()
    report.checks += try network.ruleCheck(id)
    try ReferenceLimits.checkRuns(self.protocol.runs, "protocol.runs")
    let regression = try ReferenceRegression(data, on: network.network, verifier: verifier)
    let world = try regression.world()
    let runs = verifier.runs(self.protocol.runs)
    for experiment in experiments {
      let arm = Arm(experiment: experiment, name: "\(id)/\(experiment.name)", regression: regression, world: world)
      report.checks += try curveChecks(of: arm, runs, verifier)
      report.checks += try agentChecks(of: arm, runs, verifier)
      report.checks += try steadyChecks(of: arm, runs, verifier)
    }
    return report
  }

  private struct Arm {
    let experiment: Experiment
    let name: String
    let regression: ReferenceRegression
    let world: World

    /// - Parameter window: the share of the run, at its end, over which agents are measured.
    func settings(until: Double, window: Double) throws -> SimulationSettings {
      var settings = try regression.settings(
        StrategySettings(timing: .slotted),
        measurement: MeasurementSettings(until: .seconds(max(1, until)), every: .seconds(1), finalWindow: window))
      let moves = (experiment.moves ?? []).filter { $0.at < until }
      guard moves.allSatisfy({ $0.value.count == settings.parameterCount && $0.value.allSatisfy(\.isFinite) }) else {
        throw ReferenceError("a move of '\(experiment.name)' is not of \(settings.parameterCount) numbers.")
      }
      settings.timeline = moves.map { move in
        TimelineEntry(
          at: [.after(.seconds(move.at))], action: "change-task",
          ["truth": .record(["by": .numbers(move.value)])])
      }
      if let variance = experiment.walkVariancePerEntry {
        settings.timeline.append(
          TimelineEntry(
            at: [.after(.zero)], every: .seconds(1), action: "change-task",
            ["truth": .record(["walk": .number(variance.squareRoot())])]))
      }
      return settings
    }
  }

  private func curveChecks(of arm: Arm, _ runs: Int, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    guard let points = arm.experiment.expected.networkMsdDb, let last = points.map(\.at).max() else { return [] }
    let settings = try arm.settings(until: last + 1, window: 0.5)
    let outcomes = try arm.regression.outcomes(
      settings, in: arm.world, runs: runs, transient: points.map(\.at), transientRuns: runs
    ).steady
    return points.enumerated().map { number, point in
      let isAfterJump = (arm.experiment.moves ?? []).contains { (0...2).contains(point.at - $0.at) }
      return verifier.check(
        arm.name, "MSD at slot \(point.index) (dB)", point.value, powers: outcomes.map { $0.transient[number] },
        bar: isAfterJump ? tolerance.afterJumpDb : tolerance.networkMsdDb)
    }
  }

  /// The MSD of each agent at some slots: of runs that end there.
  private func agentChecks(of arm: Arm, _ runs: Int, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    try (arm.experiment.expected.agentMsdDb ?? []).flatMap { point -> [VerificationReport.Check] in
      // So that a move of that slot is not beyond the end.
      let until = point.at + 0.25
      let settings = try arm.settings(until: until, window: 0.5 / until)
      let outcomes = try arm.regression.outcomes(
        settings, in: arm.world, runs: runs, transient: [], transientRuns: 0
      ).steady
      return point.value.enumerated().map { agent, expected in
        verifier.check(
          arm.name, "MSD at slot \(point.index) (dB)", agent: agent, expected,
          powers: outcomes.map { $0.agents.indices.contains(agent) ? $0.agents[agent] : .nan },
          bar: tolerance.agentMsdDb)
      }
    }
  }

  private func steadyChecks(of arm: Arm, _ runs: Int, _ verifier: Verifier) throws -> [VerificationReport.Check] {
    guard let expected = arm.experiment.expected.steadyNetworkMsdDb else { return [] }
    guard let window = arm.experiment.window, window.count == 2, window[0] >= 0, window[1] > max(1, window[0]),
      window[1] <= Int(ReferenceLimits.latest)
    else { throw ReferenceError("'\(arm.experiment.name)' has a steady state and no window of slots.") }
    let until = Double(window[1] - 1)
    let settings = try arm.settings(until: until, window: 1 - Double(window[0]) / until)
    let outcomes = try arm.regression.outcomes(
      settings, in: arm.world, runs: runs, transient: [], transientRuns: 0
    ).steady
    return arm.regression.checks(
      arm.name, steady: outcomes, transient: [], expectedNetwork: expected,
      expectedAgents: arm.experiment.expected.steadyAgentMsdDb, expectedTransient: [],
      bars: DeviationBars(
        networkMsdDb: tolerance.steadyNetworkMsdDb, agentMsdDb: tolerance.steadyAgentMsdDb, transientDb: nil,
        transientNeedsRuns: nil))
  }
}
