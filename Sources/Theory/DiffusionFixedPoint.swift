// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Networks
import Quantities

/// Where synchronous diffusion (adapt, then combine) of the mean gradients settles: the w with
/// w_k = Σ_l c_lk (w_l + μ_l R_l (w°_l - w_l)) for every agent k.
///
/// Source: Chen and Sayed, "On the learning behavior of adaptive networks, part I", 2015; Sayed 2014, chapter 10.
package struct DiffusionFixedPoint: Sendable {
  /// How a fixed point was found.
  package enum Method: Sendable, Equatable {
    /// LU factorisation of all N M equations.
    case factorisation
    /// The recursion itself, so many times.
    case iteration(steps: Int)
  }

  /// The parameters w_k, agent after agent; N × M numbers.
  package let parameters: [Double]
  /// How they were found.
  package let method: Method
}

extension QuadraticCosts {
  /// The fixed point of synchronous diffusion on a network.
  ///
  /// Up to `largestSystem` unknowns the equations are factorised. Above, the recursion is run until at most 10⁻¹² of
  /// the first error is left, if that is affordable: the error shrinks at least by ρ = max_k ‖I - μ_k R_k‖ in every
  /// step, in the norm that takes the longest of the agents' vectors.
  ///
  /// - Parameters:
  ///   - network: the combination matrix; its agents are those of the costs, in the same order.
  ///   - stepSizes: μ_k of each agent.
  ///   - largestSystem: the most unknowns to factorise; the work grows with their third power.
  ///   - operationLimit: the most multiplications that a recursion may take.
  /// - Throws: if a step size is outside mean stability, and if the work exceeds the limit.
  package func fixedPoint(
    on network: Network, stepSizes: [Double], largestSystem: Int = 2000, operationLimit: Double = 3e9
  ) throws(TheoryError) -> DiffusionFixedPoint {
    precondition(network.nodeCount == agentCount, "Every agent of the network has a cost.")
    precondition(stepSizes.count == agentCount, "Every agent has one step size.")
    let contraction = try contraction(stepSizes: stepSizes, names: network.names)
    let shift: (values: [Double], method: DiffusionFixedPoint.Method)
    if agentCount * dimension <= largestSystem {
      let (matrix, rightSide) = equations(on: network, stepSizes: stepSizes)
      shift = (try solution(matrix, rightSide), .factorisation)
    } else {
      let steps = Int(min(1e15, max(1, log(1e-12) / log(contraction))).rounded(.up))
      let operations = Double(steps) * Double(dimension * (network.linkCount + agentCount * (dimension + 2)))
      guard operations <= operationLimit else {
        throw .tooExpensive(operations: operations, limit: operationLimit)
      }
      shift = (recursion(on: network, stepSizes: stepSizes, steps: steps), .iteration(steps: steps))
    }
    let parameters = shift.values.indices.map { truths[$0 % dimension] + shift.values[$0] }
    return DiffusionFixedPoint(parameters: parameters, method: shift.method)
  }

  /// max_k ‖I - μ_k R_k‖, below one for mean stability.
  private func contraction(stepSizes: [Double], names: [String]) throws(TheoryError) -> Double {
    // Agents mostly share their correlation, and the variance only scales the eigenvalues.
    var ofCorrelation: [Double: (smallest: Double, largest: Double)] = [:]
    var contraction = 0.0
    for agent in 0..<agentCount {
      let variance = regressorVariances[agent]
      let correlation = regressorCorrelations[agent]
      guard variance > 0, abs(correlation) < 1 else { throw .degenerateCovariance(agent: agent) }
      let unit: (smallest: Double, largest: Double)
      if let known = ofCorrelation[correlation] {
        unit = known
      } else {
        let whole = try extremeEigenvalues(covariance(of: agent), count: dimension)
        unit = (whole.smallest / variance, whole.largest / variance)
        ofCorrelation[correlation] = unit
      }
      guard unit.smallest > 0 else { throw .degenerateCovariance(agent: agent) }
      let limit = 2 / (variance * unit.largest)
      guard stepSizes[agent] > 0, stepSizes[agent] < limit else {
        throw .unstableStep(agent: names[agent], stepSize: stepSizes[agent], limit: limit)
      }
      let scale = stepSizes[agent] * variance
      contraction = max(contraction, abs(1 - scale * unit.smallest), abs(1 - scale * unit.largest))
    }
    return contraction
  }

  /// The equations (I - C'(I - M R)) x = C' M R x°, for differences from the first agent's truth.
  private func equations(on network: Network, stepSizes: [Double]) -> (matrix: [Double], rightSide: [Double]) {
    let size = agentCount * dimension
    let differences = differencesFromFirstTruth()
    var matrix = [Double](repeating: 0, count: size * size)
    var rightSide = [Double](repeating: 0, count: size)
    for unknown in 0..<size { matrix[unknown * size + unknown] = 1 }
    for sender in 0..<agentCount {
      let covariance = covariance(of: sender)
      let pull = product(sender, differences[sender * dimension..<(sender + 1) * dimension])
      // What an agent sends goes to itself and, as the graph is undirected, to all from whom it hears.
      let node = NodeID(sender)
      let targets = network.outgoing(node).map { (network.receivers[$0.index].index, network.weights[$0.index]) }
      for (receiver, weight) in targets + [(sender, network.selfWeights[sender])] {
        for row in 0..<dimension {
          rightSide[receiver * dimension + row] += weight * stepSizes[sender] * pull[row]
          let start = (receiver * dimension + row) * size + sender * dimension
          matrix[start + row] -= weight
          for column in 0..<dimension {
            matrix[start + column] += weight * stepSizes[sender] * covariance[row * dimension + column]
          }
        }
      }
    }
    return (matrix, rightSide)
  }

  /// The recursion from the first agent's truth, for differences from it.
  private func recursion(on network: Network, stepSizes: [Double], steps: Int) -> [Double] {
    let differences = differencesFromFirstTruth()
    var current = [Double](repeating: 0, count: agentCount * dimension)
    var adapted = current
    for _ in 0..<steps {
      for agent in 0..<agentCount {
        let range = agent * dimension..<(agent + 1) * dimension
        let pull = product(agent, ArraySlice(range.map { differences[$0] - current[$0] }))
        for (entry, index) in range.enumerated() { adapted[index] = current[index] + stepSizes[agent] * pull[entry] }
      }
      for agent in 0..<agentCount {
        for entry in 0..<dimension {
          var sum = network.selfWeights[agent] * adapted[agent * dimension + entry]
          for link in network.incoming(NodeID(agent)) {
            sum += network.weights[link] * adapted[network.senders[link].index * dimension + entry]
          }
          current[agent * dimension + entry] = sum
        }
      }
    }
    return current
  }
}
