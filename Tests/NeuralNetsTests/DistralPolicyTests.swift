// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Testing

@Suite struct DistralPolicyTests {
  private let actions: [Int32] = [1, 0, 2]
  private let errors = [0.7, -1.2, 0.4]
  private let weights = [1, 0.9, 0.81]

  private func policy(_ variant: DistralVariant) -> DistralPolicy<Double> {
    DistralPolicy(variant, actionCount: 3, priorWeight: 0.8, sharpness: 5)
  }

  private func logProbabilities(_ policy: DistralPolicy<Double>, _ shared: [Double], _ own: [Double]) -> [Double] {
    var result = shared
    policy.logProbabilities(shared: shared, own: own, rows: 3, into: &result)
    return result
  }

  private func softmax(_ logits: [Double]) -> [Double] {
    var result = logits
    CategoricalPolicy(actionCount: 3).logProbabilities(logits, rows: 3, into: &result)
    return result
  }

  /// The logits of the table, as they are written there.
  @Test func logitsAreThoseOfTheTable() {
    var draws = draws(41)
    let (h, f) = (draws.numbers(9), draws.numbers(9))
    let sum = zip(h, f).map { $0 + $1 }
    let expected: [DistralVariant: [Double]] = [
      .sharedActor: h, .ownActor: f, .twoColumns: sum, .divergenceOneColumn: f, .divergenceEntropyOneColumn: f,
      .divergenceTwoColumns: zip(h, f).map { $0 + 5 * $1 },
      .divergenceEntropyTwoColumns: zip(h, f).map { 0.8 * $0 + 5 * $1 },
    ]
    for variant in DistralVariant.allCases {
      let seen = logProbabilities(policy(variant), h, f)
      #expect(distance(seen, softmax(expected[variant] ?? [])) < 1e-13, "\(variant)")
    }
    let prices = DistralVariant.allCases.map { policy($0).soft.divergencePrice }
    let entropy = 0.8 / 5
    #expect(prices == [0, 0, 0, 0.2, entropy, 0.2, entropy])
  }

  /// Two columns are the soft policy of f: α h stands for α log π₀, which differs by what a softmax does not see.
  @Test func twoColumnsActAsTheSoftPolicyDoes() {
    var draws = draws(42)
    let (h, f) = (draws.numbers(9), draws.numbers(9))
    let two = policy(.divergenceEntropyTwoColumns)
    var soft = f
    SoftBehaviour.twoColumns(two.soft).logProbabilities(prior: softmax(h), worths: f, rows: 3, into: &soft)
    #expect(distance(soft, logProbabilities(two, h, f)) < 1e-13)
  }

  @Test(arguments: DistralVariant.allCases) func gradientsOfActorsByWhatIsTheirs(variant: DistralVariant) {
    var draws = draws(43)
    let policy = policy(variant)
    let (h, f) = (draws.numbers(9), draws.numbers(9))
    expectGradient(at: f) { own, gradient in
      let loss = policy.actorLoss(
        self.logProbabilities(policy, h, own), rows: 3, actions: self.actions, errors: self.errors, gradient: &gradient)
      for index in gradient.indices { gradient[index] *= policy.ownFactor }
      return loss
    }
    // What draws the shared policy is constant, so that it is linear in h.
    let pull = zip(logProbabilities(policy, h, f), softmax(h)).map { Double.exponential($0) - Double.exponential($1) }
    expectGradient(at: h) { shared, gradient in
      let chosen = self.logProbabilities(policy, shared, f)
      var actorGradient = gradient
      let loss = policy.actorLoss(
        chosen, rows: 3, actions: self.actions, errors: self.errors, gradient: &actorGradient)
      policy.writeSharedGradient(
        chosen, prior: self.softmax(shared), rows: 3, weights: self.weights, actorGradient: actorGradient,
        into: &gradient)
      let drawn = pull.indices.reduce(0) { $0 + self.weights[$1 / 3] * pull[$1] * shared[$1] }
      return loss - policy.soft.divergencePrice * drawn
    }
  }

  /// Where its policy is the shared one, nothing draws it.
  @Test func aSharedPolicyThatAllFollowIsLeftAlone() {
    var draws = draws(44)
    let policy = policy(.divergenceOneColumn)
    let h = draws.numbers(9)
    let chosen = logProbabilities(policy, h, h)
    var gradient = [Double](repeating: .nan, count: 9)
    policy.writeSharedGradient(
      chosen, prior: softmax(h), rows: 3, weights: weights, actorGradient: gradient.map { _ in 1 }, into: &gradient)
    #expect(gradient.allSatisfy { abs($0) < 1e-16 })
    #expect(abs(policy.distillation(chosen, prior: softmax(h), shared: h, rows: 3, weights: weights)) < 1e-16)
  }

  /// By the definition: 1 + 0.8 · log ½ / 5 − log ¼ / 5.
  @Test func rewardsArePaidForAndCharged() {
    let soft = SoftValue<Double>(actionCount: 4, priorWeight: 0.8, sharpness: 5)
    let (half, quarter) = (Double.logarithm(0.5), Double.logarithm(0.25))
    #expect(abs(soft.regularised(1, prior: half, chosen: quarter) - (1 + 0.16 * half - 0.2 * quarter)) < 1e-15)
    let free = SoftValue<Double>(actionCount: 4, priorWeight: 0, sharpness: 5)
    #expect(abs(free.regularised(1, prior: -.infinity, chosen: quarter) - (1 - 0.2 * quarter)) < 1e-15)
  }
}
