// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Randomness
import Testing

/// A loss and its gradient as functions of outputs.
typealias Head = (_ outputs: [Double], _ gradient: inout [Double]) -> Double

/// Central differences with a step of 1e-6, whose error is about 1e-9 for losses of some tens.
func expectGradient(at outputs: [Double], of head: Head, sourceLocation: SourceLocation = #_sourceLocation) {
  var gradient = [Double](repeating: .nan, count: outputs.count)
  var ignored = gradient
  _ = head(outputs, &gradient)
  for index in outputs.indices {
    var (above, below) = (outputs, outputs)
    above[index] += 1e-6
    below[index] -= 1e-6
    let slope = (head(above, &ignored) - head(below, &ignored)) / 2e-6
    #expect(abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)), sourceLocation: sourceLocation)
  }
}

@Suite struct HeadTests {
  @Test func gradientsOfGaussianPolicies() {
    var draws = draws(11)
    for (rows, floor) in [(1, 0), (4, 1e-6), (9, 0.1)] {
      let policy = GaussianPolicy(scale: 3, varianceFloor: floor)
      let (actions, advantages) = (draws.numbers(rows, bound: 4), draws.numbers(rows, bound: 2))
      expectGradient(at: draws.numbers(2 * rows, bound: 2)) { outputs, gradient in
        policy.loss(
          outputs, rows: rows, actions: actions, advantages: advantages, entropyBonus: 0.3, gradient: &gradient)
      }
    }
  }

  /// Where outputs are extreme the law stays a law, and the loss finite.
  @Test func extremeOutputsKeepGaussianPoliciesFinite() {
    let policy = GaussianPolicy<Float>(scale: 10)
    let narrow = policy.law([-1000, -1000])
    #expect(narrow.mean == -10 && narrow.variance == 1e-6)
    let wide = policy.law([1000, 1000])
    #expect(wide.mean == 10 && wide.variance == 1000)
    var gradient: [Float] = [.nan, .nan]
    for outputs: [Float] in [[-1000, -1000], [1000, 1000], [0, -1000]] {
      let loss = policy.loss(
        outputs, rows: 1, actions: [3], advantages: [100], entropyBonus: 0.01, gradient: &gradient)
      #expect(loss.isFinite && gradient.allSatisfy(\.isFinite))
    }
  }

  /// The density integrates to one, and the entropy is the mean of −log density: sums over a fine grid of ±12 standard
  /// deviations, exact to rounding for normal densities.
  @Test func aNormalLawIsADensityWithItsEntropy() {
    let law = NormalLaw(mean: 1.5, variance: 0.49)
    var (total, entropy) = (0.0, 0.0)
    for index in -1200...1200 {
      let logDensity = law.logDensity(at: 1.5 + 0.7 * Double(index) / 100)
      let weight = Double.exponential(logDensity) * 0.007
      total += weight
      entropy -= weight * logDensity
    }
    #expect(abs(total - 1) < 1e-12)
    #expect(abs(entropy - law.entropy) < 1e-12)
    #expect(law.value(ofStandardNormal: -2) == 1.5 - 2 * 0.7)
  }

  @Test func gradientsOfCategoricalPolicies() {
    var draws = draws(12)
    for (rows, count) in [(1, 2), (3, 5), (8, 25)] {
      let policy = CategoricalPolicy<Double>(actionCount: count)
      let actions = (0..<rows).map { _ in Int32(draws.integer(below: UInt32(count))) }
      let advantages = draws.numbers(rows, bound: 2)
      let outputs = draws.numbers(rows * count, bound: 3)
      func logarithms(_ outputs: [Double]) -> [Double] {
        var logarithms = outputs
        policy.logProbabilities(outputs, rows: rows, into: &logarithms)
        return logarithms
      }
      let now = logarithms(outputs)
      // Ratios well inside and well outside of the clip: the kinks at 0.8 and 1.2 are not differentiable.
      let old = (0..<rows).map { now[$0 * count + Int(actions[$0])] - [0.0, 0.5, -0.5][$0 % 3] }
      expectGradient(at: outputs) { outputs, gradient in
        policy.loss(
          logarithms(outputs), rows: rows, actions: actions, advantages: advantages, entropyBonus: 0.3,
          gradient: &gradient)
      }
      expectGradient(at: outputs) { outputs, gradient in
        policy.proximalLoss(
          logarithms(outputs), rows: rows, actions: actions, advantages: advantages, oldLogProbabilities: old,
          clip: 0.2, entropyBonus: 0.3, gradient: &gradient)
      }
      expectGradient(at: outputs) { outputs, gradient in
        policy.relativeEntropy(logarithms(outputs), rows: rows, gradient: &gradient)
      }
    }
  }

  @Test func clippingTakesAwayTheGradientOnlyWhereMovingOnWouldPay() {
    let policy = CategoricalPolicy<Double>(actionCount: 2)
    let half = Double.logarithm(0.5)
    /// The gradient of the first action's output where its probability has grown by a factor.
    func slope(ratio: Double, advantage: Double) -> Double {
      var gradient = [Double](repeating: .nan, count: 2)
      policy.proximalLoss(
        [half, half], rows: 1, actions: [0], advantages: [advantage],
        oldLogProbabilities: [half - Double.logarithm(ratio)], clip: 0.2, entropyBonus: 0, gradient: &gradient)
      return gradient[0]
    }
    #expect(slope(ratio: 1.5, advantage: 1) == 0)
    #expect(slope(ratio: 0.5, advantage: -1) == 0)
    #expect(abs(slope(ratio: 1.5, advantage: -1) - 0.75) < 1e-15)
    #expect(abs(slope(ratio: 0.5, advantage: 1) + 0.25) < 1e-15)
    #expect(abs(slope(ratio: 1, advantage: 1) + 0.5) < 1e-15)
  }

  @Test func categoricalActionsFillTheUnitInterval() {
    let policy = CategoricalPolicy<Double>(actionCount: 4)
    let logarithms = [0.5, 0.25, 0.25, 0].map { Double.logarithm($0) }
    let actions = [0, 0.49, 0.5, 0.74, 0.76, 1 - 0x1p-53].map { policy.action(logarithms, atUniform: $0) }
    #expect(actions == [0, 0, 1, 1, 2, 2])
    var outputs: [Double] = [1e5, 0, -1e5, 1e5]
    policy.logProbabilities([1e5, 0, -1e5, 1e5], rows: 1, into: &outputs)
    #expect(abs(outputs[0] + Double.logarithm(2)) < 1e-12 && outputs.allSatisfy(\.isFinite))
  }

  @Test func gradientsOfSquaredErrors() {
    var draws = draws(13)
    let targets = draws.numbers(6, bound: 5)
    expectGradient(at: draws.numbers(6)) { squaredErrorLoss($0, rows: 6, targets: targets, gradient: &$1) }
    var gradient = [0.0, 0]
    #expect(squaredErrorLoss([3, 1], rows: 2, targets: [1, 1], gradient: &gradient) == 1)
    #expect(gradient == [1, 0])
  }

  /// With an end in the middle, each episode is what it would be alone.
  @Test func returnsStopAtTheEndsOfEpisodes() {
    var draws = draws(14)
    let (rewards, values) = (draws.numbers(9), draws.numbers(10))
    let ends = (0..<9).map { $0 == 3 || $0 == 8 }
    let joint = estimates(rewards, ends, values)
    let first = estimates(Array(rewards[0...3]), [false, false, false, true], Array(values[0...4]))
    let second = estimates(Array(rewards[4...8]), [false, false, false, false, true], Array(values[4...9]))
    #expect(joint == zip(first, second).map { $0 + $1 })
    // By the definition: Σ γᵏ r, and one step of it.
    let plain = rewards[0] + 0.9 * (rewards[1] + 0.9 * (rewards[2] + 0.9 * rewards[3]))
    #expect(abs(joint[0][0] - plain) < 1e-14)
    #expect(abs(joint[3][2] - (rewards[2] + 0.9 * (rewards[3]))) < 1e-14)
    #expect(abs(joint[3][0] - (rewards[0] + 0.9 * (rewards[1] + 0.9 * values[2]))) < 1e-14)
  }

  /// λ = 1 is the return less the value; λ = 0 is one step.
  @Test func advantagesLieBetweenOneStepAndTheWholeReturn() {
    var draws = draws(15)
    let (rewards, values) = (draws.numbers(7), draws.numbers(8))
    let ends = Array(repeating: false, count: 7)
    let all = estimates(rewards, ends, values)
    #expect(distance(all[1], zip(all[0], values).map { $0 - $1 }) < 1e-14)
    #expect(distance(all[2], (0..<7).map { rewards[$0] + 0.9 * values[$0 + 1] - values[$0] }) < 1e-14)
  }
}

/// Returns, advantages with λ = 1 and λ = 0, and targets of two steps; γ = 0.9.
private func estimates(_ rewards: [Double], _ ends: [Bool], _ values: [Double]) -> [[Double]] {
  var results = Array(repeating: rewards, count: 4)
  rewards.withUnsafeBufferPointer { rewards in
    ends.withUnsafeBufferPointer { ends in
      values.withUnsafeBufferPointer { values in
        let stretch = RewardStretch(rewards: rewards, ends: ends, discount: 0.9)
        results[0].withUnsafeMutableBufferPointer { stretch.returns(lastValue: values[rewards.count], into: $0) }
        results[1].withUnsafeMutableBufferPointer { stretch.advantages(values: values, decay: 1, into: $0) }
        results[2].withUnsafeMutableBufferPointer { stretch.advantages(values: values, decay: 0, into: $0) }
        results[3].withUnsafeMutableBufferPointer { stretch.targets(steps: 2, values: values, into: $0) }
      }
    }
  }
  return results
}
