// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Theory

/// Decentralised policy gradient ascent with exact gradients: every agent averages its neighbours' parameters and adds
/// a step along the gradient of its own objective at its own old parameters.
///
///     θ_k ← Σ_l c_lk θ_l + α ∇L_k(θ_k)
///
/// So it is the consensus form, not adapt-then-combine. The paper writes W_kl for c_lk.
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021,
/// algorithm 1 and equation 9.
package struct DecentralizedPolicyGradient: Sendable {
  /// What each agent wants.
  package let objectives: [SoftmaxObjective]
  /// Who gives weight to whom.
  package let combination: CombinationMatrix
  /// α.
  package let stepSize: Double
  /// θ_k of each agent.
  package private(set) var parameters: [[Double]]

  /// - Parameter parameters: where each agent starts.
  package init(
    _ objectives: [SoftmaxObjective], combination: CombinationMatrix, stepSize: Double, parameters: [[Double]]
  ) {
    precondition(
      objectives.count == combination.count && parameters.count == combination.count,
      "Every agent has an objective and parameters.")
    precondition(
      zip(objectives, parameters).allSatisfy { $0.parameterCount == $1.count }
        && Set(parameters.map(\.count)).count == 1,
      "The parameters of all agents have the same shape.")
    self.objectives = objectives
    self.combination = combination
    self.stepSize = stepSize
    self.parameters = parameters
  }

  /// The gradient of each agent's objective at its parameters.
  package func gradients() throws(EnvironmentError) -> [[Double]] {
    var gradients: [[Double]] = []
    for (objective, parameters) in zip(objectives, parameters) {
      gradients.append(try objective.gradient(at: parameters))
    }
    return gradients
  }

  /// Takes one step at every agent.
  package mutating func advance() throws(EnvironmentError) {
    let gradients = try gradients()
    parameters = gradients.indices.map { agent in
      gradients[agent].indices.map { index in
        parameters.indices.reduce(0) { $0 + combination[$1, agent] * parameters[$1][index] }
          + stepSize * gradients[agent][index]
      }
    }
  }

  /// The mean of all agents' parameters.
  package var meanParameters: [Double] {
    parameters[0].indices.map { index in
      parameters.reduce(0) { $0 + $1[index] } / Double(parameters.count)
    }
  }

  /// The sum over the agents of what one policy returns in their tasks, equation 5; entropy is left out.
  package func totalReturn(at parameters: [Double]) throws(EnvironmentError) -> Double {
    var sum = 0.0
    for objective in objectives { sum += try objective.process.expectedReturn(of: objective.policy(parameters)) }
    return sum
  }

  /// Below which step size the method is proved to converge: (1 + σ_N) / (Σ 16 / (1 − γ_k)³ + 4 N λ / |S|). Practical
  /// step sizes are thousands of times larger.
  ///
  /// Source: equation 10, for agents with the same λ.
  ///
  /// - Parameter lastSingularValue: σ_N of the combination matrix.
  package func provenStepLimit(lastSingularValue: Double) -> Double {
    Self.provenStepLimit(
      objectives.map(\.process), relativeEntropyWeight: objectives.first?.relativeEntropyWeight ?? 0,
      lastSingularValue: lastSingularValue)
  }

  /// The same for agents with these processes and one λ.
  package static func provenStepLimit(
    _ processes: [FiniteDecisionProcess], relativeEntropyWeight: Double, lastSingularValue: Double
  ) -> Double {
    let sum = processes.reduce(0.0) { sum, process in
      let rest = 1 - process.discount
      return sum + 16 / (rest * rest * rest) + 4 * relativeEntropyWeight / Double(process.stateCount)
    }
    return (1 + lastSingularValue) / sum
  }
}
