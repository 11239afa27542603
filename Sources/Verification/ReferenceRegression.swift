// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Records
import Simulation
import Workers

/// Least mean squares on a network as reference cases describe it.
struct ReferenceRegression {
  let network: Network
  private let data: ReferenceData
  private let verifier: Verifier

  init(_ data: ReferenceData, on network: Network, verifier: Verifier) throws {
    let count = network.nodeCount
    guard !data.w0.isEmpty, data.w0.count <= 1000, data.w0.allSatisfy(\.isFinite) else {
      throw ReferenceError("data.w0 is empty, too long or not finite.")
    }
    let lists: [(String, ScalarOrList, ClosedRange<Double>)] = [
      ("mu", data.mu, 0...1e6), ("regressor_variance", data.regressorVariance, 0...1e6),
      ("regressor_rho", data.regressorRho, -1...1), ("noise_variance", data.noiseVariance, 0...1e6),
    ]
    for (name, list, range) in lists {
      let values = list.values(count: count)
      guard values.count == count, values.allSatisfy(range.contains) else {
        throw ReferenceError(
          "data.\(name) is not one number per agent from \(range.lowerBound) to \(range.upperBound).")
      }
    }
    self.network = network
    self.data = data
    self.verifier = verifier
  }

  private var task: LinearRegressionSettings {
    let count = network.nodeCount
    return LinearRegressionSettings(
      dimension: data.w0.count, truth: .init(centre: .values(data.w0)),
      noiseVariance: .values(data.noiseVariance.values(count: count)),
      regressorVariance: .values(data.regressorVariance.values(count: count)),
      regressorCorrelation: .values(data.regressorRho.values(count: count)))
  }

  /// The settings of a strategy under losses, with nothing else in the agents' way.
  func settings(
    _ strategy: StrategySettings, loss: Double = 0, measurement: MeasurementSettings
  ) throws -> SimulationSettings {
    guard let loss = Probability(loss) else { throw ReferenceError("a loss or delivery is no probability.") }
    return SimulationSettings(
      network: NetworkSettings(topology: .edgeList(agents: network.names, edges: [])), task: .linearRegression(task),
      learner: LearnerSettings(stepSize: .values(data.mu.values(count: network.nodeCount))), strategy: strategy,
      conditions: ConditionSettings(
        compute: ComputeSettings(betweenAgents: .constant(1)), links: LinkSettings(loss: loss)),
      measurement: measurement, seed: verifier.seed)
  }

  /// The tasks on the network.
  func world(typicalStepDurations: [Double]? = nil) throws -> World {
    let task = try LinearRegressionTask(
      task, stepSize: .values(data.mu.values(count: network.nodeCount)), agents: network.keys, seed: verifier.seed,
      replication: 0)
    return try network.world(task, typicalStepDurations: typicalStepDurations)
  }

  /// What is kept of one run.
  struct Outcome: Sendable {
    /// The network MSD, averaged over the final window.
    let network: Double
    /// The same of each agent.
    let agents: [Double]
    /// The network MSD at the times asked for.
    let transient: [Double]
  }

  /// Runs replications of one arm, each for as long as it is needed: those of the steady state to the end, further
  /// ones, for the transient, as far as the transient goes.
  ///
  /// - Parameter transient: times of the grid at which the network MSD is wanted.
  func outcomes(
    _ settings: SimulationSettings, in world: World, runs: Int, transient: [Double], transientRuns: Int
  ) throws -> (steady: [Outcome], transient: [Outcome]) {
    let points = transient.map { Int(($0 / settings.measurement.every.seconds).rounded()) }
    let count = max(runs, transient.isEmpty ? 0 : transientRuns)
    let outcomes = try inParallel(count: count, jobs: verifier.jobs) { replication in
      Result { () throws -> Outcome in
        var settings = settings
        if replication >= runs, let last = transient.max() {
          settings.measurement.until = max(.seconds(last), settings.measurement.every)
        }
        let record = try simulate(settings, in: world, replication: replication)
        let curve = record.series.first { $0.metric == MetricDefinition.msd.name }?.values ?? []
        return Outcome(
          network: record.finals[MetricDefinition.msd.name] ?? .nan, agents: record.agents.map { $0.finalMSD ?? .nan },
          transient: points.map { $0 < curve.count ? curve[$0] : .nan })
      }
    }.map { try $0.get() }
    return (Array(outcomes.prefix(runs)), outcomes)
  }

  /// The checks of a steady state and a transient, in decibels.
  func checks(
    _ reference: String, steady: [Outcome], transient: [Outcome], expectedNetwork: Double, expectedAgents: [Double]?,
    expectedTransient: [(name: String, value: Double)], bars: DeviationBars
  ) -> [VerificationReport.Check] {
    var checks = [
      verifier.check(
        reference, "steady network MSD (dB)", expectedNetwork, powers: steady.map(\.network), bar: bars.networkMsdDb)
    ]
    for (agent, expected) in (expectedAgents ?? []).enumerated() {
      checks.append(
        verifier.check(
          reference, "steady MSD (dB)", agent: agent, expected, powers: steady.map { $0.agents[agent] },
          bar: bars.agentMsdDb ?? bars.networkMsdDb))
    }
    for (point, expected) in expectedTransient.enumerated() {
      checks.append(
        verifier.check(
          reference, "MSD at \(expected.name) (dB)", expected.value, powers: transient.map { $0.transient[point] },
          bar: bars.transientDb ?? bars.networkMsdDb))
    }
    return checks
  }
}
