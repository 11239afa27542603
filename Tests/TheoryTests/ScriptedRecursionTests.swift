// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import ReferenceFiles
import Testing
import Theory

/// What files on scripted events have in common.
private struct ScriptedReference: Decodable {
  struct Partition: Decodable {
    let component: [Int]
    let fromSlot: Int
    let untilSlot: Int
  }

  struct Move: Decodable {
    let slot: Int
    let vector: [Double]

    init(from decoder: any Decoder) throws {
      var pair = try decoder.unkeyedContainer()
      slot = try pair.decode(Int.self)
      vector = try pair.decode([Double].self)
    }
  }

  struct AgentPoint: Decodable {
    let slot: Int
    let values: [Double]

    init(from decoder: any Decoder) throws {
      var pair = try decoder.unkeyedContainer()
      slot = try pair.decode(Int.self)
      values = try pair.decode([Double].self)
    }
  }

  struct Expected: Decodable {
    let networkMsd: [[Double]]?
    let networkMsdDb: [[Double]]?
    let agentMsdDb: [AgentPoint]?
    let steadyNetworkMsdDb: Double?
    let steadyAgentMsdDb: [Double]?
  }

  struct Experiment: Decodable {
    let name: String
    let strategy: String?
    let cutRule: String?
    let cutMatrix: [[Double]]?
    let moves: [Move]?
    let walkVariancePerEntry: Double?
    let window: [Int]?
    let expected: Expected
  }

  let weights: ReferenceCase.Weights
  let data: ReferenceCase.Regression
  let partition: Partition?
  let experiments: [Experiment]

  static func read(_ path: String) throws -> ScriptedReference {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(ScriptedReference.self, from: scriptedReference(path))
  }

  private var costs: QuadraticCosts {
    QuadraticCosts(
      dimension: data.w0.count, regressorVariances: data.regressorVariance, regressorCorrelations: data.regressorRho,
      truths: data.mu.flatMap { _ in data.w0 })
  }

  private func events(_ experiment: Experiment, until last: Int) throws -> [ScriptedRecursion.Event] {
    var events = (experiment.moves ?? []).map { ScriptedRecursion.Event(slot: $0.slot, moves: [.by($0.vector)]) }
    if let variance = experiment.walkVariancePerEntry {
      events = (0...last).map {
        .init(slot: $0, moves: [.drawn(meanSquare: variance * Double(data.w0.count))])
      }
    }
    guard let partition, experiment.cutRule != "none" else { return events }
    let count = data.mu.count
    let whole = CombinationMatrix(rows: weights.matrix)
    var arriving = [Double](repeating: 1, count: count * count)
    var cut = whole
    if experiment.cutRule == "self" {
      for entry in arriving.indices
      where partition.component[entry / count] != partition.component[entry % count] { arriving[entry] = 0 }
    } else {
      cut = CombinationMatrix(rows: try #require(experiment.cutMatrix))
    }
    let all = [Double](repeating: 1, count: count * count)
    return [
      .init(slot: partition.fromSlot, conditions: .init(combination: cut, deliveryProbabilities: arriving)),
      .init(slot: partition.untilSlot, conditions: .init(combination: whole, deliveryProbabilities: all)),
    ]
  }

  func curve(_ experiment: Experiment, at slots: [Int]) throws -> [MeanSquareDeviation] {
    let strategies: [String: SlottedRecursion.Strategy] = [
      "atc": .adaptThenCombine, "cta": .combineThenAdapt, "consensus": .consensus,
    ]
    let model = try SlottedRecursion(
      costs: costs, stepSizes: data.mu, noiseVariances: data.noiseVariance,
      combination: CombinationMatrix(rows: weights.matrix),
      strategy: try #require(strategies[experiment.strategy ?? "atc"]))
    return try ScriptedRecursion(model, events: events(experiment, until: slots.last ?? 0)).curve(at: slots)
  }
}

/// The reference files print four digits behind the point.
private let printed = 5.1e-5

/// Both rules of what becomes of the weight of a dead link, in all three arrangements.
@Test func curvesThroughAPartitionAreThoseOfTheReference() throws {
  let reference = try ScriptedReference.read("exact/dynamic-partition")
  #expect(reference.experiments.count == 5)
  for experiment in reference.experiments {
    let expected = try #require(experiment.expected.networkMsd)
    let curve = try reference.curve(experiment, at: expected.map { Int($0[0]) })
    for (value, point) in zip(curve, expected) {
      #expect(abs(value.network - point[1]) <= 1e-10 * point[1], "\(experiment.name), slot \(point[0])")
    }
  }
}

@Test func curvesThroughMovesOfTheTruthAreThoseOfTheReference() throws {
  let reference = try ScriptedReference.read("conditions/tracking-jump")
  #expect(reference.experiments.count == 4)
  for experiment in reference.experiments {
    let expected = experiment.expected.networkMsdDb ?? []
    for (value, point) in zip(try reference.curve(experiment, at: expected.map { Int($0[0]) }), expected) {
      #expect(abs(decibels(value.network) - point[1]) <= printed, "\(experiment.name), slot \(point[0])")
    }
    let agents = experiment.expected.agentMsdDb ?? []
    for (value, point) in zip(try reference.curve(experiment, at: agents.map(\.slot)), agents) {
      for (seen, wanted) in zip(value.agents, point.values) {
        #expect(abs(decibels(seen) - wanted) <= printed, "\(experiment.name), slot \(point.slot)")
      }
    }
  }
}

/// A truth that walks by a normal vector at the start of every slot leads to a steady state of its own.
@Test func theSteadyStateOfAWalkIsThatOfTheReference() throws {
  let reference = try ScriptedReference.read("conditions/tracking-jump")
  let walk = try #require(reference.experiments.first { $0.walkVariancePerEntry != nil })
  let window = try #require(walk.window)
  let curve = try reference.curve(walk, at: Array(window[0]..<window[1]))
  let network = curve.reduce(0) { $0 + $1.network / Double(curve.count) }
  #expect(abs(decibels(network) - (try #require(walk.expected.steadyNetworkMsdDb))) <= printed)
  for (agent, expected) in try #require(walk.expected.steadyAgentMsdDb).enumerated() {
    let mean = curve.reduce(0) { $0 + $1.agents[agent] / Double(curve.count) }
    #expect(abs(decibels(mean) - expected) <= printed, "agent \(agent)")
  }
}

/// White regressors with traces of blocks, and the same with whole blocks: a correlation too small to change a digit.
@Test func tracesOfBlocksFollowMovesAsBlocksDo() throws {
  func curve(correlation: Double) throws -> [MeanSquareDeviation] {
    let model = try SlottedRecursion(
      costs: QuadraticCosts(
        dimension: 3, regressorVariances: [1, 2, 0.5], regressorCorrelations: [correlation, 0, 0],
        truths: [1, 2, 3, 1, 2, 3, 1, 2, 3]),
      stepSizes: [0.05, 0.02, 0.1], noiseVariances: [0.1, 0.2, 0.3],
      combination: CombinationMatrix(rows: [[0.5, 0.5, 0], [0.5, 0.25, 0.25], [0, 0.25, 0.75]]),
      activeProbabilities: [0.5, 1, 0.75], deliveryProbabilities: [Double](repeating: 0.75, count: 9))
    let events: [ScriptedRecursion.Event] = [
      .init(slot: 0, moves: [.by([-1, 0, 0.5])]),
      .init(slot: 7, moves: [.by([3, 1, -1]), .drawn(meanSquare: 2)]),
      .init(slot: 12, moves: [.by([0, 1, 0]), .by([0.5, 0, 0])]),
    ]
    return try ScriptedRecursion(model, events: events).curve(at: Array(0...20))
  }
  let (traces, blocks) = (try curve(correlation: 0), try curve(correlation: 1e-13))
  for (left, right) in zip(traces.flatMap(\.agents), blocks.flatMap(\.agents)) {
    #expect(abs(left - right) <= 1e-11 * left)
  }
  #expect(abs(traces[0].network - (0 + 4 + 12.25)) < 1e-12)
}

/// Averaging through cuts: of both directions or one, silent and known.
@Test func averagingThroughCutsIsThatOfTheReference() throws {
  struct Averaging: Decodable {
    struct Expected: Decodable { let values: [ScriptedReference.AgentPoint] }

    struct Experiment: Decodable {
      let name: String
      let missingNeighbour: String
      let cutLinks: [[Int]]
      let firstSlotWithout: Int
      let firstSlotWith: Int
      let expected: Expected
    }

    let weights: ReferenceCase.Weights
    let x0: [Double]
    let experiments: [Experiment]
  }
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  let reference = try decoder.decode(Averaging.self, from: scriptedReference("conditions/partition-consensus"))
  let whole = CombinationMatrix(rows: reference.weights.matrix)
  let all = [Double](repeating: 1, count: whole.count * whole.count)
  let silent = reference.experiments.filter { $0.missingNeighbour == "self" }
  #expect(silent.count >= 2)
  for experiment in silent {
    var arriving = all
    for link in experiment.cutLinks { arriving[link[0] * whole.count + link[1]] = 0 }
    let recursion = ScriptedConsensus(
      whole,
      events: [
        .init(
          slot: experiment.firstSlotWithout,
          conditions: .init(combination: whole, deliveryProbabilities: arriving)),
        .init(slot: experiment.firstSlotWith, conditions: .init(combination: whole, deliveryProbabilities: all)),
      ])
    let points = experiment.expected.values
    for (seen, point) in zip(try recursion.values(from: reference.x0, at: points.map(\.slot)), points) {
      for (value, expected) in zip(seen, point.values) {
        #expect(abs(value - expected) <= 1e-12, "\(experiment.name), slot \(point.slot)")
      }
    }
  }
}

@Test func lateMessagesHaveNoScriptedRecursion() throws {
  let model = try SlottedRecursion(
    costs: QuadraticCosts(dimension: 1, regressorVariances: [1], regressorCorrelations: [0], truths: [1]),
    stepSizes: [0.1], noiseVariances: [0.1], combination: .identity(1), delay: 1)
  #expect(throws: TheoryError.self) { try ScriptedRecursion(model, events: []) }
}
