// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation

/// What one agent of decentralised policy gradient ascent wants, and its exact gradient: the value of a softmax policy
/// with parameters θ, kept away from determinism by a relative entropy.
///
///     L(θ) = V^π(ρ) − λ RE(π),  RE(π) = −Σ_s Σ_a log π(a|s) / (|S| |A|) − log |A|
///
/// RE is the mean over the states of the Kullback-Leibler divergence of the uniform distribution from π(·|s).
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021,
/// equations 4 to 8, with the sum over the states that equation 6 leaves out.
package struct SoftmaxObjective: Sendable {
  /// The agent's task.
  package let process: FiniteDecisionProcess
  /// λ.
  package let relativeEntropyWeight: Double

  package init(_ process: FiniteDecisionProcess, relativeEntropyWeight: Double) {
    self.process = process
    self.relativeEntropyWeight = relativeEntropyWeight
  }

  /// The number of entries of θ, |S| |A|; θ_sa is at s |A| + a.
  package var parameterCount: Int { process.stateCount * process.actionCount }

  /// The policy of parameters.
  package func policy(_ parameters: [Double]) -> TabularPolicy {
    precondition(parameters.count == parameterCount, "A softmax policy has a parameter for every state and action.")
    return TabularPolicy(softmax: parameters, actionCount: process.actionCount)
  }

  /// L(θ).
  package func value(at parameters: [Double]) throws(EnvironmentError) -> Double {
    let policy = policy(parameters)
    let sum = policy.probabilities.reduce(0) { $0 + log($1) }
    let relativeEntropy = -sum / Double(parameterCount) - log(Double(process.actionCount))
    let value = try process.expectedReturn(of: policy)
    return relativeEntropyWeight == 0 ? value : value - relativeEntropyWeight * relativeEntropy
  }

  /// ∇L(θ), equation 8:
  ///
  ///     ∂L / ∂θ_sa = d(s) π(a|s) A(s,a) / (1 − γ) + λ / |S| (1 / |A| − π(a|s))
  package func gradient(at parameters: [Double]) throws(EnvironmentError) -> [Double] {
    let policy = policy(parameters)
    let advantages = process.advantages(try process.values(of: policy))
    let visitation = try process.visitation(of: policy)
    return parameters.indices.map { index in
      let visits = visitation[index / process.actionCount] / (1 - process.discount)
      return visits * policy.probabilities[index] * advantages[index] + pull(policy, at: index)
    }
  }

  /// The part of ∇L(θ) that the relative entropy has.
  package func pull(_ policy: TabularPolicy, at index: Int) -> Double {
    relativeEntropyWeight / Double(process.stateCount)
      * (1 / Double(process.actionCount) - policy.probabilities[index])
  }
}
