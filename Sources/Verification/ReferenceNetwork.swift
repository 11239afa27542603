// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Quantities
import Schema
import Simulation

/// The network of a reference case, its agents named agent-0, agent-1 and so on.
struct ReferenceNetwork {
  /// The largest difference between the matrix of a file and that of its rule.
  private static let matrixBar = 1e-12

  let network: Network
  private let weights: ReferenceWeights?

  /// The network with the matrix of a file.
  init(_ graph: ReferenceGraph, weights: ReferenceWeights) throws {
    let names = try Self.names(graph.n)
    let edges = try Self.edges(graph.edges, names: names)
    guard weights.matrix.count == graph.n, weights.matrix.allSatisfy({ $0.count == graph.n }) else {
      throw ReferenceError("weights.matrix is not \(graph.n) × \(graph.n).")
    }
    network = try Network(
      names: names, edges: edges, isDirected: graph.directed ?? false, weights: .matrix(weights.matrix))
    self.weights = weights
  }

  /// The network with the matrix of a rule.
  init(_ graph: ReferenceGraph, rule: NetworkSettings.Weights) throws {
    let names = try Self.names(graph.n)
    network = try Network(names: names, edges: Self.edges(graph.edges, names: names), weights: rule)
    weights = nil
  }

  private static func names(_ count: Int) throws -> [String] {
    guard (1...ReferenceLimits.agents).contains(count) else {
      throw ReferenceError("the number of agents is not from 1 to \(ReferenceLimits.agents).")
    }
    return (0..<count).map { "agent-\($0)" }
  }

  private static func edges(_ pairs: [[Int]], names: [String]) throws -> [NetworkSettings.Edge] {
    guard pairs.allSatisfy({ $0.count == 2 && $0.allSatisfy(names.indices.contains) }) else {
      throw ReferenceError("an edge names an agent that is not there.")
    }
    return pairs.map { NetworkSettings.Edge(names[$0[0]], names[$0[1]]) }
  }

  /// The matrix that Starling's rule of the same name makes, compared with the file's; nothing for a given matrix.
  func ruleCheck(_ reference: String) throws -> [VerificationReport.Check] {
    guard let weights, weights.rule != "given" else { return [] }
    guard let rule = NetworkSettings.Weights(named: weights.rule, theta2: weights.theta2?.map(\.value)) else {
      throw ReferenceError("the combination rule '\(weights.rule)' is not known.")
    }
    let ours = try Network(
      names: network.names, edges: network.edges, isDirected: network.isDirected, weights: rule)
    let worst = largestDifference(ours.matrix.flatMap { $0 }, weights.matrix.flatMap { $0 })
    return [
      .init(
        reference: reference, quantity: "error of the combination matrix", expected: 0, seen: worst,
        bar: Self.matrixBar)
    ]
  }
}

extension NetworkSettings.Weights {
  /// The rule of a name, with the θ² or variances that it needs; nothing if there is none.
  init?(named name: String, theta2: [Double]?) {
    guard let rule = CombinationRule.named(name) else { return nil }
    var arguments = Arguments()
    for parameter in rule.parameters where parameter.kind == .perAgent {
      guard let theta2 else { return nil }
      arguments[parameter.name] = .numbers(theta2)
    }
    self.init(rule, arguments)
  }
}

extension Network {
  /// The edges by name, each once if they go both ways.
  fileprivate var edges: [NetworkSettings.Edge] {
    (0..<linkCount).filter { isDirected || senders[$0] < receivers[$0] }.map {
      NetworkSettings.Edge(names[senders[$0].index], names[receivers[$0].index])
    }
  }

  /// c_lk in row l and column k.
  var matrix: [[Double]] {
    var rows = [[Double]](repeating: [Double](repeating: 0, count: nodeCount), count: nodeCount)
    for agent in 0..<nodeCount { rows[agent][agent] = selfWeights[agent] }
    for link in 0..<linkCount { rows[senders[link].index][receivers[link].index] = weights[link] }
    return rows
  }

  /// A world on this network in which agents agree on the mean of their initial parameters.
  func averagingWorld() throws -> World {
    try world(AveragingSettings(dimension: 1))
  }

  /// A world of a task on this network, in which a step of each agent typically takes so many seconds.
  func world(_ task: any DrawnTask, typicalStepDurations: [Double]? = nil) throws -> World {
    World(
      network: self, task: task,
      typicalStepDurations: typicalStepDurations ?? Array(repeating: 1, count: nodeCount),
      latencies: try LinkLatencies(.law(.constant(0)), network: self))
  }

  /// The settings of pure averaging from given initial values, measured every second.
  func averagingSettings(
    initial: [Double], strategy: StrategySettings, loss: Double = 0, until: Double, seed: UInt64
  ) throws -> SimulationSettings {
    guard initial.count == nodeCount, initial.allSatisfy(\.isFinite) else {
      throw ReferenceError("x0 is not one finite number per agent.")
    }
    guard let loss = Probability(loss) else { throw ReferenceError("message_loss is no probability.") }
    return SimulationSettings(
      network: NetworkSettings(topology: .edgeList(agents: names, edges: [])),
      task: .averaging(AveragingSettings(dimension: 1)),
      learner: LearnerSettings(algorithm: .none, stepSize: .law(.constant(0)), initial: .values(initial)),
      strategy: strategy,
      conditions: ConditionSettings(
        compute: ComputeSettings(betweenAgents: .constant(1)), links: LinkSettings(loss: loss)),
      measurement: MeasurementSettings(until: .seconds(until), every: .seconds(1)), seed: seed)
  }
}
