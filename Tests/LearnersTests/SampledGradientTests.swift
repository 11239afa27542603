// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Learners
import Quantities
import Randomness
import Testing

struct SampledGradientTests {
  /// The mean of 400 sampled gradients is the exact one: each entry within 4.5 of its standard errors, which all 36 together
  /// miss by chance in one of 4,000 seeds.
  @Test func sampledGradientsHaveTheExactMean() throws {
    let world = GridWorld(
      rows: 3, columns: 3, goal: .init(2, 2), obstacles: [.init(1, 1)], leaving: .ends)
    let process = try world.process(discount: 0.8, start: world.start(in: .init(0, 0)))
    let parameters = (0..<36).map { Double($0 * 7 % 5) / 4 }
    let objective = SoftmaxObjective(process, relativeEntropyWeight: 0)
    let exact = try objective.gradient(at: parameters)
    let sampled = SampledGradient(process, episodes: 50, longest: 200)
    let key = StreamKey(seed: 4, replication: 0, purpose: .data, entity: "a")
    var (sums, squares) = ([Double](repeating: 0, count: 36), [Double](repeating: 0, count: 36))
    let count = 400
    for attempt in 0..<count {
      var draws = Draws(key, at: UInt64(attempt))
      var gradient = [Double](repeating: 0, count: 36)
      let steps = sampled.add(of: objective.policy(parameters), to: &gradient, &draws)
      #expect((50...10_000).contains(steps))
      for entry in 0..<36 {
        sums[entry] += gradient[entry]
        squares[entry] += gradient[entry] * gradient[entry]
      }
    }
    for entry in 0..<36 {
      let mean = sums[entry] / Double(count)
      let variance = max(0, squares[entry] / Double(count) - mean * mean)
      #expect(abs(mean - exact[entry]) <= 4.5 * (variance / Double(count)).squareRoot() + 1e-12)
    }
    #expect(exact.contains { abs($0) > 0.01 })
  }

  /// Where all episodes end at once, what is collected is the reward of one step: the gradient of the mean reward.
  @Test func episodesOfOneStepHaveTheGradientOfTheirReward() throws {
    let process = try FiniteDecisionProcess(
      transitions: [[[0, 1], [0, 1]], [[0, 1], [0, 1]]], rewards: [[2, 0], [0, 0]], discount: 0.5, start: [1, 0])
    let policy = TabularPolicy(softmax: [0, 0, 0, 0], actionCount: 2)
    let sampled = SampledGradient(process, episodes: 1, longest: 10)
    for index in 0..<20 {
      var draws = Draws(StreamKey(seed: 1, replication: 0, purpose: .data, entity: "a"), at: UInt64(index))
      var gradient = [Double](repeating: 0, count: 4)
      #expect(sampled.add(of: policy, to: &gradient, &draws) == 1)
      #expect(gradient == [1, -1, 0, 0] || gradient == [0, 0, 0, 0])
    }
  }
}
