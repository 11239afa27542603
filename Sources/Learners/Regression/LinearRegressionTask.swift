// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Theory

/// The linear regression tasks of all agents, drawn once per study: minimisers, noise, regressors, step sizes.
package struct LinearRegressionTask: PlacedTask {
  /// M.
  package let dimension: Int
  /// w°_k of all agents, one after the other (N × M).
  package private(set) var truths: [Double]
  /// The minimiser of (1/N) Σ J_k (M).
  package private(set) var networkOptimum: [Double]
  /// σ²_k by agent.
  package let noiseVariances: [Double]
  /// s²_k by agent.
  package let regressorVariances: [Double]
  /// ρ_k by agent.
  package let regressorCorrelations: [Double]
  /// μ_k by agent.
  package let stepSizes: [Double]
  /// The number of samples that each agent uses over and over; nothing where every step has a fresh one.
  package let samples: Int?
  /// Whose minimisers lie elsewhere, and by which vector (M).
  private let offset: (agents: TruthOffset.Choice, vector: [Double])?

  /// Draws the tasks of agents.
  ///
  /// *Randomness*: `truth` for the centre (entity "centre") and for each agent or cluster, at index 1 for the cluster
  /// that an agent is in, and of an offset (`TruthOffset`); `taskParameters` per agent at index 0 noise, 1 regressor
  /// variance, 2 correlation; `learnerParameters` per agent for the step size.
  ///
  /// - Parameter agents: what the streams of the agents are keyed by, in the order of ranks.
  /// - Throws: if the network optimum is not unique, because the regressors excite too few directions.
  package init(
    _ settings: LinearRegressionSettings, stepSize: PerAgent, agents: [EntityKey], seed: UInt64, replication: UInt32
  ) throws(TheoryError) {
    dimension = settings.dimension
    samples = settings.samples
    let parameters = StreamFamily(seed: seed, replication: replication, purpose: .taskParameters)
    let learner = StreamFamily(seed: seed, replication: replication, purpose: .learnerParameters)
    noiseVariances = settings.noiseVariance.drawn(for: agents, from: parameters, at: 0)
    regressorVariances = settings.regressorVariance.drawn(for: agents, from: parameters, at: 1)
    regressorCorrelations = settings.regressorCorrelation.drawn(for: agents, from: parameters, at: 2)
    stepSizes = stepSize.drawn(for: agents, from: learner, at: 0)
    let family = StreamFamily(seed: seed, replication: replication, purpose: .truth)
    truths = settings.truth.drawn(dimension: settings.dimension, agents: agents, from: family)
    networkOptimum = Array(truths.prefix(dimension))
    offset = settings.truth.offset.map { ($0.agents, $0.vector(dimension: settings.dimension, from: family)) }
    if settings.truth.spread > 0 { networkOptimum = try costs.networkOptimum() }
  }

  /// Moves the minimisers of those whose lie elsewhere.
  package mutating func place(_ who: (TruthOffset.Choice) throws -> [Int]) throws {
    guard let offset else { return }
    for agent in try who(offset.agents) {
      for entry in 0..<dimension { truths[agent * dimension + entry] += offset.vector[entry] }
    }
    networkOptimum = try costs.networkOptimum()
  }

  package var observationNoise: [Double]? { noiseVariances }

  /// The agents' quadratic costs, as theory sees them.
  package var costs: QuadraticCosts {
    QuadraticCosts(
      dimension: dimension, regressorVariances: regressorVariances, regressorCorrelations: regressorCorrelations,
      truths: truths)
  }
}

extension LinearRegressionSettings.Truth {
  /// The minimisers of all agents, one after the other.
  fileprivate func drawn(dimension: Int, agents: [EntityKey], from family: StreamFamily) -> [Double] {
    var middle = [Double](repeating: 0, count: dimension)
    switch centre {
    case .values(let values): middle = values
    case .drawn: addNormal(scale: 1, to: &middle, key: family.key(EntityKey("centre")))
    }
    var truths: [Double] = []
    truths.reserveCapacity(agents.count * dimension)
    for agent in agents {
      var truth = middle
      if spread > 0 {
        let group = clusters.map { EntityKey("cluster-\(cluster(of: agent, among: $0, from: family))") }
        addNormal(scale: spread, to: &truth, key: family.key(group ?? agent))
      }
      truths.append(contentsOf: truth)
    }
    return truths
  }

  /// The cluster of an agent, drawn by its name: who else is there changes nothing.
  private func cluster(of agent: EntityKey, among count: Int, from family: StreamFamily) -> UInt32 {
    var draws = Draws(family.key(agent), at: 1)
    return draws.integer(below: UInt32(count))
  }

  /// Adds `scale` times a draw from N(0, I/M).
  private func addNormal(scale: Double, to vector: inout [Double], key: StreamKey) {
    var draws = Draws(key, at: 0)
    var normal = [Double](repeating: 0, count: vector.count)
    normal.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
    let unit = scale / Double(vector.count).squareRoot()
    for index in vector.indices { vector[index] += unit * normal[index] }
  }
}
