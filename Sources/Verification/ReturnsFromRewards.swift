// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// Part `returns`: discounted returns, generalised advantage estimates, and targets from n steps.
struct ReturnsFromRewards: GradientCase {
  static let part = "returns"

  let gamma: Double
  let lam: Double
  let rewards: [Double]
  /// One more than rewards: the last is that of the state behind the last step.
  let values: [Double]
  /// One where an episode ends, otherwise zero.
  let done: [Double]
  let bootstrappedReturn: [Double]
  let gae: [Double]
  let n: Int
  let nStepTarget: [Double]

  func compare(_ comparison: inout GradientComparison) throws {
    guard (0...1).contains(gamma), (0...1).contains(lam), (1...Int(ReferenceLimits.latest)).contains(n) else {
      throw ReferenceError("'gamma' and 'lam' do not lie in 0...1, or there is no target from \(n) steps.")
    }
    guard !rewards.isEmpty, done.count == rewards.count, values.count == rewards.count + 1 else {
      throw ReferenceError("there are no rewards, or not an end for each and one value more.")
    }
    guard let lastValue = values.last, done.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw ReferenceError("an entry of 'done' is neither 0 nor 1.")
    }
    let ends = done.map { $0 == 1 }
    var (returns, advantages, targets) = (rewards, rewards, rewards)
    rewards.withUnsafeBufferPointer { rewards in
      ends.withUnsafeBufferPointer { ends in
        values.withUnsafeBufferPointer { values in
          let stretch = RewardStretch(rewards: rewards, ends: ends, discount: gamma)
          returns.withUnsafeMutableBufferPointer { stretch.returns(lastValue: lastValue, into: $0) }
          advantages.withUnsafeMutableBufferPointer { stretch.advantages(values: values, decay: lam, into: $0) }
          targets.withUnsafeMutableBufferPointer { stretch.targets(steps: n, values: values, into: $0) }
        }
      }
    }
    comparison.numbers("returns", returns, bootstrappedReturn)
    comparison.numbers("advantages", advantages, gae)
    comparison.numbers("targets from \(n) steps", targets, nStepTarget)
  }
}
