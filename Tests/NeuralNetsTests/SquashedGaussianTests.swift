// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Testing

@Suite struct SquashedGaussianTests {
  /// The density integrates to one over the actions: a sum over a fine grid of ε, where da = ∂a/∂μ · σ dε, which is exact
  /// to rounding as what is summed is a normal density.
  @Test func theDensityIsThatOfTheAction() {
    let policy = SquashedGaussianPolicy<Double>(scale: 3)
    var total = 0.0
    for index in -1200...1200 {
      let draw = policy.draw([0.4, -0.3], noise: Double(index) / 100)
      total += Double.exponential(draw.logDensity - 0.3) * draw.actionByMean / 100
    }
    #expect(abs(total - 1) < 1e-12)
  }

  /// With worths that bend: Q = −(a − 1)².
  @Test func gradientsOfTheLoss() {
    var draws = draws(51)
    let policy = SquashedGaussianPolicy<Double>(scale: 2)
    let noise = draws.numbers(5, bound: 2)
    expectGradient(at: draws.numbers(10)) { outputs, gradient in
      let actions = (0..<5).map { policy.draw([outputs[2 * $0], outputs[2 * $0 + 1]], noise: noise[$0]).action }
      return policy.loss(
        outputs, rows: 5, noise: noise, worths: actions.map { -($0 - 1) * ($0 - 1) },
        slopes: actions.map { 2 - 2 * $0 },
        temperature: 0.2, gradient: &gradient)
    }
  }

  /// Far out tanh is one and its slope vanishes, while the logarithm of that slope is still a number.
  @Test func extremeOutputsStayFinite() {
    let policy = SquashedGaussianPolicy<Float>(scale: 10)
    for outputs: [Float] in [[1000, 0], [-1000, 5], [0, -100], [50, 100]] {
      for noise: Float in [-3, 0, 3] {
        let draw = policy.draw(outputs, noise: noise)
        let numbers = [
          draw.action, draw.logDensity, draw.densityByMean, draw.densityByLogDeviation, draw.actionByMean,
          draw.actionByLogDeviation,
        ]
        #expect(numbers.allSatisfy(\.isFinite) && abs(draw.action) <= 10)
      }
    }
    // log(1 − tanh² u) is log 4 − 2u to all digits there.
    let far = SquashedGaussianPolicy<Double>(scale: 1).draw([50, 0], noise: 0)
    let expected = -Double.logarithm(2 * .pi) / 2 - (Double.logarithm(4) - 100)
    #expect(abs(far.logDensity - expected) < 1e-12)
    #expect(policy.draw([0, 3], noise: 1).actionByLogDeviation == 0)
    #expect(policy.middle([0, 3]) == 0)
  }

  @Test func targetsOfCritics() {
    #expect(SoftCriticTarget.worth(reward: 1.0, isTerminal: false, nextValue: 4, discount: 0.5) == 3)
    #expect(SoftCriticTarget.worth(reward: 1.0, isTerminal: true, nextValue: 4, discount: 0.5) == 1)
    #expect(SoftCriticTarget.value(3.0, 2.0, logDensity: -1, temperature: 0.5) == 2.5)
  }
}
