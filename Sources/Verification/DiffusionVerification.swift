// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Records
import Simulation

/// Runs the experiments of a `diffusion-lms` reference: rounds of one second with a global barrier, so that the state
/// after slot i is the state at time i.
struct DiffusionVerification {
  /// The largest difference between the matrix of the file and ours.
  private static let matrixBar = 1e-12
  private static let mostAgents = 10_000
  private static let mostSlots = 1_000_000
  private static let mostRuns = 100_000

  private let reference: DiffusionReference
  private let verifier: Verifier
  private let network: Network

  init(_ reference: DiffusionReference, verifier: Verifier) throws {
    self.reference = reference
    self.verifier = verifier
    let count = reference.network.n
    guard (1...Self.mostAgents).contains(count) else {
      throw ReferenceError(description: "network.n is not from 1 to \(Self.mostAgents).", isUnreadable: false)
    }
    let names = (0..<count).map { "agent-\($0)" }
    guard reference.network.edges.allSatisfy({ $0.count == 2 && $0.allSatisfy(names.indices.contains) }) else {
      throw ReferenceError(description: "an edge names an agent that is not there.", isUnreadable: false)
    }
    try Self.check(reference, count: count)
    network = try Network(
      names: names, edges: reference.network.edges.map { .init(names[$0[0]], names[$0[1]]) },
      weights: Self.weights(of: reference, count: count) ?? .metropolis)
  }

  /// The rule of the reference with the noise variances of its data where it wants a number of each agent, or nothing
  /// where there is no such rule.
  private static func weights(of reference: DiffusionReference, count: Int) -> NetworkSettings.Weights? {
    guard let rule = CombinationRule.named(reference.weights.rule) else { return nil }
    var arguments = Arguments()
    for parameter in rule.parameters {
      switch parameter.kind {
      case .perAgent: arguments[parameter.name] = .numbers(reference.data.noiseVariance.values(count: count))
      case .matrix: arguments[parameter.name] = .matrix(reference.weights.matrix)
      default: break
      }
    }
    return NetworkSettings.Weights(rule, arguments)
  }

  private static func check(_ reference: DiffusionReference, count: Int) throws {
    let data = reference.data
    guard !data.w0.isEmpty, data.w0.allSatisfy(\.isFinite) else {
      throw ReferenceError(description: "data.w0 is empty or not finite.", isUnreadable: false)
    }
    let lists: [(String, ScalarOrList, ClosedRange<Double>)] = [
      ("mu", data.mu, 0...1e6), ("regressor_variance", data.regressorVariance, 0...1e6),
      ("regressor_rho", data.regressorRho, -1...1), ("noise_variance", data.noiseVariance, 0...1e6),
    ]
    for (name, list, range) in lists {
      let values = list.values(count: count)
      guard values.count == count, values.allSatisfy(range.contains) else {
        throw ReferenceError(
          description: "data.\(name) is not one number per agent from \(range.lowerBound) to \(range.upperBound).",
          isUnreadable: false)
      }
    }
    let matrix = reference.weights.matrix
    guard matrix.count == count, matrix.allSatisfy({ $0.count == count }) else {
      throw ReferenceError(description: "weights.matrix is not \(count) × \(count).", isUnreadable: false)
    }
    for experiment in reference.experiments where !isSound(experiment, count: count) {
      throw ReferenceError(
        description: "experiment '\(experiment.name)' has no sound protocol or expectation.", isUnreadable: false)
    }
    guard (0...mostRuns).contains(reference.tolerance.transientNeedsRuns) else {
      throw ReferenceError(description: "tolerance.transient_needs_runs is out of range.", isUnreadable: false)
    }
  }

  /// Whether slots, runs and expectations can be had.
  private static func isSound(_ experiment: DiffusionReference.Experiment, count: Int) -> Bool {
    let window = experiment.protocol.window
    let slots = 0.0...Double(mostSlots)
    let transient = experiment.expected.transient ?? []
    return window.count == 2 && window[0] >= 0 && window[1] > window[0] && window[1] > 1 && window[1] <= mostSlots
      && (1...mostRuns).contains(experiment.protocol.runs) && experiment.expected.agentMsdDb.count == count
      && transient.allSatisfy { $0.count == 2 && slots.contains($0[0]) && $0[0] == $0[0].rounded() }
  }

  func report() throws -> VerificationReport {
    var report = VerificationReport()
    for experiment in reference.experiments {
      let name = "\(reference.id)/\(experiment.name)"
      if CombinationRule.named(reference.weights.rule) == nil {
        report.inexpressible.append(
          .init(reference: name, lacking: "combination rule '\(reference.weights.rule)'"))
      } else if let lacking = Self.obstacle(to: experiment) {
        report.inexpressible.append(.init(reference: name, lacking: lacking))
      } else {
        report.checks += try checks(of: experiment, name: name)
      }
    }
    return report
  }

  /// What an experiment needs that is not there yet, or nothing.
  private static func obstacle(to experiment: DiffusionReference.Experiment) -> String? {
    guard ["atc", "noncooperative"].contains(experiment.strategy) else {
      return "strategy '\(experiment.strategy)'"
    }
    if let active = experiment.agentActiveProbability, !active.isEverywhere(1) {
      return "slots with random agents"
    }
    if let delivered = experiment.linkDeliveryProbability, !delivered.isEverywhere(1) {
      return "slots with random links"
    }
    if let delay = experiment.messageDelaySlots, delay != 0 {
      return "message delays in slots"
    }
    return nil
  }

  private func checks(
    of experiment: DiffusionReference.Experiment, name: String
  ) throws -> [VerificationReport.Check] {
    let runs = try records(of: experiment)
    let steady = runs.prefix(experiment.protocol.runs)
    let bars = reference.tolerance
    func check(
      _ quantity: String, agent: Int? = nil, _ expected: Double, _ powers: [Double], _ bar: Double
    ) -> VerificationReport.Check {
      let mean = powers.reduce(0, +) / Double(powers.count)
      return .init(
        reference: name, quantity: quantity, agent: agent, expected: expected, seen: decibels(ofPower: mean), bar: bar)
    }
    let expected = experiment.expected
    let network = check(
      "steady network MSD (dB)", expected.networkMsdDb, steady.map { $0.finals["msd"] ?? .nan }, bars.networkMsdDb)
    var checks = [matrixCheck(name), network]
    for agent in 0..<self.network.agentCount {
      let seen = steady.map { $0.agents[agent].finalMSD }
      checks.append(
        check("steady MSD of an agent (dB)", agent: agent, expected.agentMsdDb[agent], seen, bars.agentMsdDb))
    }
    for point in expected.transient ?? [] where point.count == 2 {
      let values = runs.map { run in run.series.first { $0.metric == "msd" }?.values[Int(point[0])] ?? .nan }
      checks.append(check("MSD at slot \(Int(point[0])) (dB)", point[1], values, bars.transientDb))
    }
    return checks
  }

  private func matrixCheck(_ name: String) -> VerificationReport.Check {
    var worst = 0.0
    for receiver in 0..<network.agentCount {
      var column = [Double](repeating: 0, count: network.agentCount)
      column[receiver] = network.selfWeights[receiver]
      for link in network.incoming(NodeID(receiver)) { column[network.senders[link].index] = network.weights[link] }
      for sender in column.indices {
        worst = max(worst, abs(column[sender] - reference.weights.matrix[sender][receiver]))
      }
    }
    return .init(
      reference: name, quantity: "largest difference of the combination matrix", expected: 0, seen: worst,
      bar: Self.matrixBar)
  }

  /// As many runs as the steady state and the transient need.
  private func records(of experiment: DiffusionReference.Experiment) throws -> [RunRecord] {
    let settings = settings(of: experiment)
    let world = World(
      network: network,
      task: try LinearRegressionTask(
        regression, stepSize: .values(reference.data.mu.values(count: network.agentCount)), agents: network.keys,
        seed: verifier.seed, replication: 0),
      typicalStepDurations: Array(repeating: 1, count: network.agentCount),
      latencies: try LinkLatencies(settings.conditions.links.latency, network: network))
    let needed = experiment.expected.transient == nil ? 0 : reference.tolerance.transientNeedsRuns
    return try inParallel(count: max(experiment.protocol.runs, needed), jobs: verifier.jobs) { replication in
      Result { try simulate(settings, in: world, arm: experiment.name, replication: replication) }
    }.map { try $0.get() }
  }

  private var regression: LinearRegressionSettings {
    let count = network.agentCount
    return LinearRegressionSettings(
      dimension: reference.data.w0.count, truth: .init(centre: .values(reference.data.w0)),
      noiseVariance: .values(reference.data.noiseVariance.values(count: count)),
      regressorVariance: .values(reference.data.regressorVariance.values(count: count)),
      regressorCorrelation: .values(reference.data.regressorRho.values(count: count)))
  }

  private func settings(of experiment: DiffusionReference.Experiment) -> SimulationSettings {
    let from = Double(experiment.protocol.window[0])
    let lastTransient = experiment.expected.transient?.compactMap(\.first).max() ?? 0
    let until = max(Double(experiment.protocol.window[1] - 1), lastTransient)
    return SimulationSettings(
      network: NetworkSettings(topology: .edgeList(agents: network.names, edges: [])),
      task: .linearRegression(regression),
      learner: LearnerSettings(stepSize: .values(reference.data.mu.values(count: network.agentCount))),
      strategy: StrategySettings(
        kind: experiment.strategy == "noncooperative" ? .nonCooperative : .diffusionATC, timing: .synchronousGlobal),
      conditions: ConditionSettings(compute: ComputeSettings(betweenAgents: .constant(1))),
      measurement: MeasurementSettings(until: until, every: 1, finalWindow: 1 - from / until), seed: verifier.seed)
  }
}
