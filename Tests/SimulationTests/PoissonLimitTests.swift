// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Networks
import Quantities
import Simulation
import Testing
import Theory
import Workers

/// Five agents that wake at their own rates and read their neighbours.
private struct Readers {
  static let rates = [1.355, 1.269, 1.06, 1.235, 0.51]
  static let loss = 0.2
  static let time = 20.0

  let settings: SimulationSettings

  init(_ strategy: StrategySettings) throws {
    let names = ["a", "b", "c", "d", "e"]
    settings = SimulationSettings(
      network: NetworkSettings(
        topology: .edgeList(
          agents: names, edges: [.init("a", "b"), .init("b", "c"), .init("c", "d"), .init("d", "e"), .init("a", "c")])),
      task: .linearRegression(
        LinearRegressionSettings(dimension: 3, truth: .init(centre: .values([-0.43, -0.75, 0.5])))),
      learner: LearnerSettings(stepSize: .law(.constant(0.04))), strategy: strategy,
      conditions: ConditionSettings(
        compute: ComputeSettings(betweenAgents: .constant(1), withinAgent: .exponential(mean: 1)),
        links: LinkSettings(loss: try #require(Probability(Self.loss)))),
      measurement: MeasurementSettings(until: .seconds(Self.time), every: .seconds(Self.time)), seed: 5)
  }

  private var world: World {
    get throws {
      let drawn = try World(settings, replication: 0)
      return World(
        network: drawn.network, task: drawn.task, typicalStepDurations: Self.rates.map { 1 / $0 },
        latencies: drawn.latencies)
    }
  }

  /// The network MSD at the end, mean over 1000 runs, in decibels.
  func simulated() throws -> Double {
    let (settings, world) = (settings, try world)
    let finals = inParallel(count: 1000, jobs: 2) { replication in
      (try? simulate(settings, in: world, replication: replication))?.series.first?.values.last ?? .nan
    }
    return decibels(ofPower: finals.reduce(0, +) / Double(finals.count))
  }

  /// What theory says of the Poisson model, or of slots of a length.
  func predicted(slot: Double?) throws -> Double {
    let world = try world
    let task = try #require(world.regression)
    let matrix = CombinationMatrix(world.network)
    if let slot {
      let model = try SlottedRecursion(
        costs: task.costs, stepSizes: task.stepSizes, noiseVariances: task.noiseVariances, combination: matrix,
        activity: .pull, activeProbabilities: Self.rates.map { $0 * slot },
        deliveryProbabilities: Array(repeating: 1 - Self.loss, count: 25))
      return decibels(ofPower: try model.transient(at: [Int((Self.time / slot).rounded())])[0].network)
    }
    let model = try EventDrivenDiffusion(
      costs: task.costs, stepSizes: task.stepSizes, noiseVariances: task.noiseVariances, combination: matrix,
      clockRates: Self.rates, exchange: .pull, messageLoss: Self.loss)
    return decibels(ofPower: try model.transient(at: [Self.time])[0].network)
  }
}

private func slotted(_ slot: Double) throws -> Readers {
  try Readers(
    StrategySettings(
      timing: .slotted,
      slots: SlotSettings(
        duration: .seconds(slot), activity: .pull, activeProbability: .values(Readers.rates.map { $0 * slot }))))
}

private func poisson() throws -> Readers {
  try Readers(StrategySettings(missingNeighbour: .itself, exchange: .pull))
}

/// The shorter the slots, the nearer they come to Poisson clocks, at first order: half the slot, half the difference.
/// Simulation meets both models' exact values: the standard error of 1000 runs is below 0.02 dB, so 0.1 dB is more than
/// five of them, false alarm below 1e-6 in each of five comparisons.
@Test func everShorterSlotsApproachPoissonClocksAtFirstOrder() throws {
  let limit = try poisson().predicted(slot: nil)
  #expect(abs(try poisson().simulated() - limit) < 0.1)
  var differences: [Double] = []
  for slot in [0.4, 0.2, 0.1, 0.05] {
    let predicted = try slotted(slot).predicted(slot: slot)
    #expect(abs(try slotted(slot).simulated() - predicted) < 0.1)
    differences.append(limit - predicted)
  }
  #expect(differences[0] > 0.5)
  for (longer, shorter) in zip(differences, differences.dropFirst()) {
    #expect(abs(longer / shorter - 2) < 0.3)
  }
  // The last halving is nearest to two.
  #expect(abs(differences[2] / differences[3] - 2) < 0.05)
}
