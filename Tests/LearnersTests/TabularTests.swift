// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import Randomness
import Testing
import Theory

private func draws(_ index: UInt64) -> Draws {
  Draws(StreamKey(seed: 21, replication: 0, purpose: .taskParameters, entity: "process"), at: index)
}

private func randomProcess(_ draws: inout Draws, discount: Double) throws -> FiniteDecisionProcess {
  func distribution() -> [Double] {
    let numbers = (0..<4).map { _ in draws.uniform() }
    return numbers.map { $0 / numbers.reduce(0, +) }
  }
  return try FiniteDecisionProcess(
    transitions: (0..<4).map { _ in (0..<3).map { _ in distribution() } },
    rewards: (0..<4).map { _ in (0..<3).map { _ in 2 * draws.uniform() - 1 } }, discount: discount,
    start: [0.25, 0.25, 0.25, 0.25])
}

struct DecentralizedPolicyGradientTests {
  @Test(arguments: [0, 0.3])
  func gradientsAreCentralDifferencesOfTheObjective(relativeEntropyWeight: Double) throws {
    for index in 0..<5 as Range<UInt64> {
      var draws = draws(index)
      let process = try randomProcess(&draws, discount: 0.9)
      let objective = SoftmaxObjective(process, relativeEntropyWeight: relativeEntropyWeight)
      let parameters = (0..<12).map { _ in 4 * draws.uniform() - 2 }
      let gradient = try objective.gradient(at: parameters)
      #expect(gradient.contains { abs($0) > 1e-3 })
      for entry in 0..<12 {
        func value(_ shift: Double) throws -> Double {
          var moved = parameters
          moved[entry] += shift
          return try objective.value(at: moved)
        }
        let step = 1e-5
        let difference = (try value(step) - value(-step)) / (2 * step)
        #expect(abs(difference - gradient[entry]) < 1e-9, "\(entry): \(difference), \(gradient[entry])")
      }
    }
  }

  /// The mean over the states of KL(uniform, π), written out.
  @Test func theObjectiveLosesTheRelativeEntropy() throws {
    var draws = draws(9)
    let process = try randomProcess(&draws, discount: 0.5)
    let parameters = (0..<12).map { _ in 4 * draws.uniform() - 2 }
    let plain = SoftmaxObjective(process, relativeEntropyWeight: 0)
    let kept = SoftmaxObjective(process, relativeEntropyWeight: 2)
    let uniform = [Double](repeating: 5, count: 12)
    let atUniform = try (plain.value(at: uniform), kept.value(at: uniform))
    #expect(abs(atUniform.0 - atUniform.1) < 1e-15)
    let policy = plain.policy(parameters)
    let divergence = policy.probabilities.reduce(0) { $0 + log(1.0 / 3 / $1) / 3 } / 4
    let lost = try plain.value(at: parameters) - kept.value(at: parameters)
    #expect(divergence > 0.01 && abs(lost - 2 * divergence) < 1e-14)
  }

  /// By hand: the gradient is taken where the agent was, not at the combination.
  @Test func aStepIsTheCombinationPlusAStepAtTheOldParameters() throws {
    var draws = draws(3)
    let objectives = try (0..<2).map { _ in
      SoftmaxObjective(try randomProcess(&draws, discount: 0.9), relativeEntropyWeight: 0.1)
    }
    let start = (0..<2).map { _ in (0..<12).map { _ in 2 * draws.uniform() - 1 } }
    // Agent 0 gives 0.75 to itself and 0.25 to agent 1; agent 1 gives 0.4 to agent 0.
    let weights = CombinationMatrix(rows: [[0.75, 0.4], [0.25, 0.6]])
    var ascent = DecentralizedPolicyGradient(objectives, combination: weights, stepSize: 0.5, parameters: start)
    try ascent.advance()
    let gradients = try zip(objectives, start).map { try $0.gradient(at: $1) }
    for entry in 0..<12 {
      let first = 0.75 * start[0][entry] + 0.25 * start[1][entry] + 0.5 * gradients[0][entry]
      let second = 0.4 * start[0][entry] + 0.6 * start[1][entry] + 0.5 * gradients[1][entry]
      #expect(abs(ascent.parameters[0][entry] - first) < 1e-15 && abs(ascent.parameters[1][entry] - second) < 1e-15)
    }
  }

  /// With both tasks of the GridWorld the agents agree on chance in the middle, which neither wants alone.
  @Test func agentsWithOppositeGoalsMeetInTheMiddle() throws {
    let objectives = try FiveStateGridWorld.allCases.map {
      SoftmaxObjective(try $0.process(discount: 0.9), relativeEntropyWeight: 0.01)
    }
    func leftAtEnd(_ weights: CombinationMatrix) throws -> [Double] {
      var ascent = DecentralizedPolicyGradient(
        objectives, combination: weights, stepSize: 0.1,
        parameters: Array(repeating: [0, 0, 0, 0, 0.5, -0.5, 0, 0, 0, 0], count: 2))
      for _ in 0..<3000 { try ascent.advance() }
      return ascent.parameters.map { objectives[0].policy($0)[FiveStateGridWorld.middle, 0] }
    }
    let together = try leftAtEnd(CombinationMatrix(rows: [[0.5, 0.5], [0.5, 0.5]]))
    #expect(together.allSatisfy { abs($0 - 0.5) < 0.02 }, "\(together)")
    let alone = try leftAtEnd(.identity(2))
    #expect(alone[0] > 0.9 && alone[1] < 0.1, "\(alone)")
  }
}

struct DualAscentTests {
  @Test func itEndsExactlyAtTheBestPolicyOfTheAverageProcess() throws {
    for index in 30..<35 as Range<UInt64> {
      var draws = draws(index)
      let tasks = try [randomProcess(&draws, discount: 0.9), randomProcess(&draws, discount: 0.9)]
      let average = try FiniteDecisionProcess.average(of: tasks)
      var ascent = DualAscent(average, stepSize: 0.1, initial: 1.0 / 12)
      var steps = 0
      while !ascent.policy.isDeterministic, steps < 10_000 {
        try ascent.advance()
        steps += 1
      }
      #expect(steps > 0 && steps < 10_000)
      for _ in 0..<1000 { try ascent.advance() }
      let optimum = average.optimum()
      #expect(ascent.policy == optimum.policy)
      for (seen, best) in zip(try ascent.values(), optimum.values) { #expect(abs(seen - best) < 1e-11) }
    }
  }
}
