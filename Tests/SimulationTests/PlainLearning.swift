// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks
import Quantities
import Randomness
import Simulation

/// Least mean squares and diffusion written once more, as plainly as can be, on the draws of the run: what the
/// simulation must agree with. Regressors are white with variance one and noise has the variance of the task.
struct PlainLearning {
  let world: World
  let seed: UInt64
  var replication: UInt32 = 0

  /// ψ = w + μ u (d − uᵀw) for the data of an attempt.
  func adapted(_ parameters: [Double], agent: Int, attempt: Int) -> [Double] {
    zip(parameters, increment(parameters, agent: agent, attempt: attempt)).map { $0 + $1 }
  }

  /// μ u (d − uᵀw) for the data of an attempt.
  func increment(_ parameters: [Double], agent: Int, attempt: Int) -> [Double] {
    guard let task = world.regression else { return parameters }
    let dimension = task.dimension
    let family = StreamFamily(seed: seed, replication: replication, purpose: .data)
    var draws = Draws(family.key(world.network.keys[agent]), at: UInt64(attempt))
    var sample = [Double](repeating: 0, count: dimension + 1)
    sample.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
    var error = task.noiseVariances[agent].squareRoot() * sample[dimension]
    for entry in 0..<dimension { error += sample[entry] * (task.truths[agent * dimension + entry] - parameters[entry]) }
    let gain = task.stepSizes[agent] * error
    return (0..<dimension).map { gain * sample[$0] }
  }

  /// The attempts one after the other from a start.
  func adapted(_ start: [Double], agent: Int, attempts: [Int]) -> [Double] {
    attempts.reduce(start) { adapted($0, agent: agent, attempt: $1) }
  }

  /// w_k = ψ_k + Σ c_lk (ψ_l − ψ_k) for all agents, neighbours in the order of names.
  func combined(_ estimates: [[Double]]) -> [[Double]] {
    estimates.indices.map { agent in
      estimates[agent].indices.map { entry in
        let own = estimates[agent][entry]
        return world.network.incoming(NodeID(agent)).reduce(own) { sum, link in
          sum + world.network.weights[link] * (estimates[world.network.senders[link].index][entry] - own)
        }
      }
    }
  }
}
