// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Randomness
import Records
import Simulation

/// Agents on a circle.
func ring(_ agents: Int) -> NetworkSettings { NetworkSettings(topology: .ring(agents: agents)) }

/// Agents a, b, c, d with the edges ab, bc, ac and cd: a triangle with a tail.
let paw = NetworkSettings(
  topology: .edgeList(
    agents: ["a", "b", "c", "d"], edges: [.init("a", "b"), .init("b", "c"), .init("a", "c"), .init("c", "d")]))

/// A small study of linear regression with everything at its default, to be changed by the test.
func settings(
  _ network: NetworkSettings, dimension: Int = 3, spread: Double = 0, stepSize: Double = 0.05,
  algorithm: LearnerDefinition = .leastMeanSquares, strategy: StrategySettings = StrategySettings(),
  compute: ComputeSettings = ComputeSettings(betweenAgents: .constant(1)), links: LinkSettings = LinkSettings(),
  failures: FailureSettings? = nil, until: Double = 100, every: Double = 1, seed: UInt64 = 7
) -> SimulationSettings {
  SimulationSettings(
    network: network,
    task: .linearRegression(LinearRegressionSettings(dimension: dimension, truth: .init(spread: spread))),
    learner: LearnerSettings(algorithm: algorithm, stepSize: .law(.constant(stepSize))), strategy: strategy,
    conditions: ConditionSettings(compute: compute, links: links, failures: failures),
    measurement: MeasurementSettings(until: .seconds(until), every: .seconds(every)), seed: seed)
}

/// What a run leaves, with its final parameters and all events.
struct Seen {
  let record: RunRecord
  let trace: RunTrace
  var events: [TracedEvent] { trace.events }
  var parameters: [Double] { trace.parameters }

  /// - Parameter learning: makes the agents in place of the learner that the settings name.
  init(
    _ settings: SimulationSettings, replication: Int = 0, learning: ((LearningContext) -> AnyStepBank?)? = nil
  ) throws {
    (record, trace) = try simulateWithTrace(
      settings, in: World(settings, replication: 0), replication: replication, learning: learning)
  }

  /// When an agent began its steps.
  func begins(of agent: Int) -> [Double] {
    events.filter { $0.kind == .computeStart && $0.subject == UInt32(agent) }.map(\.time.seconds)
  }
}
