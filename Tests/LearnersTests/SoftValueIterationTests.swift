// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Foundation
import Learners
import NeuralNets
import Testing

/// A corridor of three states; the third is over. Action 0 stays, action 1 goes right for a reward of −1, the last step of
/// 2. The discount is 0.9.
private func corridor() throws -> FiniteDecisionProcess {
  try FiniteDecisionProcess(
    transitions: [
      [[1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1]], [[0, 0, 1], [0, 0, 1]],
    ], rewards: [[0, -1], [0, 2], [0, 0]], discount: 0.9, start: [1, 0, 0])
}

private func solved(priorWeight: Double, sharpness: Double, prior: [Double]) throws -> SoftValueIteration {
  var iteration = SoftValueIteration(
    try corridor(), isOver: [false, false, true],
    soft: SoftValue(actionCount: 2, priorWeight: priorWeight, sharpness: sharpness), prior: prior.map { log($0) })
  for _ in 0..<1000 {
    if iteration.sweep() == 0 { break }
  }
  return iteration
}

struct SoftValueIterationTests {
  /// In the second state V solves exp(β V) = exp(β γ V) + exp(2 β) by itself, here for β = 1 and α = 0.
  @Test func valuesSolveTheirEquations() throws {
    let solution = try solved(priorWeight: 0, sharpness: 1, prior: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    let v = solution.values
    #expect(abs(exp(v[1]) - exp(0.9 * v[1]) - exp(2)) < 1e-9 * exp(v[1]))
    #expect(abs(exp(v[0]) - exp(0.9 * v[0]) - exp(-1 + 0.9 * v[1])) < 1e-9 * exp(v[0]))
    #expect(v[2] == 0)
    #expect(
      zip(solution.worths, [0.9 * v[0], -1 + 0.9 * v[1], 0.9 * v[1], 2, 0, 0]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(abs(solution.policy[1, 1] - exp(2 - v[1])) < 1e-12)
  }

  /// Sharp and free of charge it is the best there is: 2, and 0.9 · 2 − 1.
  @Test func sharpValuesAreTheBest() throws {
    let v = try solved(priorWeight: 1, sharpness: 1e6, prior: [0.9, 0.1, 0.9, 0.1, 0.5, 0.5]).values
    #expect(abs(v[1] - 2) < 1e-5 && abs(v[0] - 0.8) < 1e-5)
  }

  /// Blunt and charged for all that differs from it, agents do what the prior does: then V is the prior's own value.
  @Test func bluntPoliciesFollowThePrior() throws {
    let prior = [0.75, 0.25, 0.5, 0.5, 0.5, 0.5]
    let solution = try solved(priorWeight: 1, sharpness: 1e-7, prior: prior)
    // v₁ = ½ 0.9 v₁ + ½ 2, v₀ = ¾ 0.9 v₀ + ¼ (−1 + 0.9 v₁)
    let second = 1 / 0.55
    let first = 0.25 * (0.9 * second - 1) / (1 - 0.675)
    #expect(abs(solution.values[1] - second) < 1e-5 && abs(solution.values[0] - first) < 1e-5)
    #expect(abs(solution.policy[0, 1] - 0.25) < 1e-6)
  }
}
