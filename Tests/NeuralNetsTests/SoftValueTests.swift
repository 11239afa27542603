// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Testing

@Suite struct SoftValueTests {
  private func logarithms(_ logits: [Double], _ count: Int) -> [Double] {
    var result = logits
    CategoricalPolicy(actionCount: count).logProbabilities(logits, rows: logits.count / count, into: &result)
    return result
  }

  private func values(_ soft: SoftValue<Double>, _ prior: [Double]?, _ worths: [Double]) -> [Double] {
    var result = [Double](repeating: .nan, count: worths.count / soft.actionCount)
    if let prior {
      soft.values(prior: prior, worths: worths, rows: result.count, into: &result)
    } else {
      soft.values(prior: nil, worths: worths, rows: result.count, into: &result)
    }
    return result
  }

  /// By the definition, in plain arithmetic.
  @Test func aValueIsALogarithmOfASum() {
    let soft = SoftValue<Double>(actionCount: 3, priorWeight: 0.5, sharpness: 2)
    let (prior, worths) = ([0.5, 0.25, 0.25], [1.0, -1, 0.5])
    let terms = zip(prior, worths).map { $0.squareRoot() * Double.exponential(2 * $1) }
    let expected = Double.logarithm(terms.reduce(0, +)) / 2
    #expect(abs(values(soft, prior.map { Double.logarithm($0) }, worths)[0] - expected) < 1e-14)
  }

  /// π₀^α exp(β (f − V)) sums to one without a softmax, whatever the prior, and is the slope of V by f.
  @Test(arguments: [0, 0.3, 1]) func thePolicyIsTheSlopeOfTheValue(priorWeight: Double) {
    var draws = draws(31)
    let soft = SoftValue<Double>(actionCount: 4, priorWeight: priorWeight, sharpness: 3)
    let prior = logarithms(draws.numbers(8, bound: 2), 4)
    let worths = draws.numbers(8, bound: 2)
    let values = values(soft, prior, worths)
    var logits = worths
    soft.logits(prior: prior, worths: worths, rows: 2, into: &logits)
    let policy = logits.indices.map { Double.exponential(logits[$0] - 3 * values[$0 / 4]) }
    #expect(abs(policy[..<4].reduce(0, +) - 1) < 1e-13 && abs(policy[4...].reduce(0, +) - 1) < 1e-13)
    expectGradient(at: worths) { outputs, gradient in
      gradient = policy
      return self.values(soft, prior, outputs).reduce(0, +)
    }
    let behaviour = SoftBehaviour.twoColumns(soft)
    var acting = worths
    behaviour.logProbabilities(prior: prior, worths: worths, rows: 2, into: &acting)
    #expect(distance(acting.map { Double.exponential($0) }, policy) < 1e-13)
  }

  /// The uniform prior need not be written down.
  @Test func noPriorMeansTheUniformOne() {
    var draws = draws(32)
    let soft = SoftValue<Double>(actionCount: 5, priorWeight: 0.8, sharpness: 5)
    let worths = draws.numbers(15)
    let uniform = [Double](repeating: -Double.logarithm(5), count: 15)
    #expect(values(soft, nil, worths) == values(soft, uniform, worths))
  }

  /// A sharp policy is worth what its best action is, up to log n / β; nothing overflows on the way.
  @Test func extremeWorthsStayFinite() {
    let soft = SoftValue<Float>(actionCount: 3, priorWeight: 0, sharpness: 50)
    var result: [Float] = [.nan, .nan]
    soft.values(prior: nil, worths: [1e5, -1e5, 0, -1e5, -1e5, -1e5], rows: 2, into: &result)
    #expect(result[0] == 1e5 && abs(result[1] + 1e5) < 1)
    // A prior that never does something does no harm where it does not count.
    soft.values(prior: [0, -.infinity, -.infinity], worths: [0, 1, 2], rows: 1, into: &result)
    #expect(abs(result[0] - 2) < 1e-6)
    let loyal = SoftValue<Float>(actionCount: 2, priorWeight: 1, sharpness: 5)
    loyal.values(prior: [0, -.infinity], worths: [1, 100], rows: 1, into: &result)
    #expect(result[0] == 1)
  }

  @Test func oneColumnActsOnItsWorthsAlone() {
    let worths = [0.3, -0.2, 1]
    var (plain, sharp) = (worths, worths)
    SoftBehaviour.oneColumn(actionCount: 3).logProbabilities(prior: nil, worths: worths, rows: 1, into: &plain)
    SoftBehaviour.sharpOneColumn(actionCount: 3, sharpness: 6).logProbabilities(
      prior: nil, worths: worths, rows: 1, into: &sharp)
    #expect(distance(plain, logarithms(worths, 3)) == 0)
    #expect(distance(sharp, logarithms(worths.map { 6 * $0 }, 3)) < 1e-15)
  }

  @Test func gradientsOfActionValues() {
    var draws = draws(33)
    let targets = draws.numbers(4, bound: 3)
    let actions: [Int32] = [2, 0, 0, 1]
    expectGradient(at: draws.numbers(12, bound: 2)) {
      actionValueLoss($0, rows: 4, actionCount: 3, actions: actions, targets: targets, gradient: &$1)
    }
    var gradient = [Double](repeating: .nan, count: 4)
    #expect(
      actionValueLoss([3, 9, 9, 1], rows: 2, actionCount: 2, actions: [0, 1], targets: [1, 1], gradient: &gradient) == 2
    )
    #expect(gradient == [2, 0, 0, 0])
  }

  @Test func gradientsOfDistillation() {
    var draws = draws(34)
    let weights = draws.numbers(3).map { abs($0) }
    expectGradient(at: draws.numbers(12, bound: 2)) { outputs, gradient in
      distillationLoss(
        self.logarithms(outputs, 4), rows: 3, actionCount: 4, actions: [3, 0, 0], weights: weights, scale: 0.16,
        gradient: &gradient)
    }
  }

  /// Four steps: γ = 1/2, ρ = 10 r, and every value behind a step is 100.
  @Test func targetsOfSeveralStepsAreCutWhereTheyMustBe() {
    func targets(_ steps: Int?, terminal: Int? = nil, last: Int? = nil) -> [Double] {
      let rewards = [1.0, 2, 3, 4]
      let regularised = rewards.map { 10 * $0 }
      let values = [100.0, 100, 100, 100]
      let isTerminal = (0..<4).map { $0 == terminal }
      let isLast = (0..<4).map { $0 == last || $0 == terminal }
      var results = [Double](repeating: .nan, count: 4)
      rewards.withUnsafeBufferPointer { rewards in
        values.withUnsafeBufferPointer { values in
          isTerminal.withUnsafeBufferPointer { isTerminal in
            results.withUnsafeMutableBufferPointer { results in
              let stretch = RegularisedStretch(
                rewards: rewards, nextValues: values, isTerminal: isTerminal, discount: 0.5)
              guard let steps else { return stretch.targets(into: results) }
              regularised.withUnsafeBufferPointer { regularised in
                isLast.withUnsafeBufferPointer { isLast in
                  stretch.targets(steps: steps, regularised: regularised, isLast: isLast, into: results)
                }
              }
            }
          }
        }
      }
      return results
    }
    #expect(targets(nil) == [51, 52, 53, 54])
    #expect(targets(nil, terminal: 2) == [51, 52, 3, 54])
    #expect(targets(1, terminal: 2) == targets(nil, terminal: 2))
    // 1 + 20/2 + 30/4 + 100/8, 2 + 30/2 + 40/4 + 100/8, 3 + 40/2 + 100/4, 4 + 100/2
    #expect(targets(3) == [31, 39.5, 48, 54])
    // The task ends with the third step: 1 + 20/2 + 30/4, 2 + 30/2, 3.
    #expect(targets(3, terminal: 2) == [18.5, 17, 3, 54])
    // Time is up there: what comes behind counts, but its actions are of another episode.
    #expect(targets(3, last: 1) == [1 + 10 + 25, 52, 48, 54])
  }
}
