// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Testing

struct FiveStateTests {
  private func sum(_ left: Double, discount: Double, drift: Double? = nil) throws -> Double {
    let policy = FiveStateGridWorld.policy(leftInMiddle: left)
    return try FiveStateGridWorld.allCases.reduce(0) {
      try $0 + $1.process(discount: discount, driftProbability: drift).expectedReturn(of: policy)
    }
  }

  /// V1 = γ x / (1 − γ² (1 − x)), V2 = γ (1 − x) / (1 − γ² x); with the modified dynamics
  /// V1 = γ (x − p) / (1 − γ² (x p + (1 − x) (1 − p))) and V2 the same with 1 − x for x.
  @Test func valuesOfTheMiddleAreTheClosedForms() throws {
    for discount in [0.5, 0.9, 0.99] {
      let square = discount * discount
      for step in 0...10 {
        let x = Double(step) / 10
        let policy = FiveStateGridWorld.policy(leftInMiddle: x)
        let first = try FiveStateGridWorld.leftGoal.process(discount: discount).expectedReturn(of: policy)
        let second = try FiveStateGridWorld.rightGoal.process(discount: discount).expectedReturn(of: policy)
        #expect(abs(first - discount * x / (1 - square * (1 - x))) < 1e-13)
        #expect(abs(second - discount * (1 - x) / (1 - square * x)) < 1e-13)
        for p in [0.25, 0.6, 0.75, 0.9] {
          func modified(_ x: Double) -> Double { discount * (x - p) / (1 - square * (x * p + (1 - x) * (1 - p))) }
          let total = try sum(x, discount: discount, drift: p)
          #expect(abs(total - modified(x) - modified(1 - x)) < 1e-12)
        }
      }
    }
  }

  @Test func noDeterministicPolicyServesBothTasksAsWellAsChance() throws {
    let discount = 0.9
    let chance = try sum(0.5, discount: discount)
    #expect(abs(chance - 2 * discount / (2 - discount * discount)) < 1e-13)
    for code in 0..<32 {
      let policy = TabularPolicy(actions: (0..<5).map { code >> $0 & 1 }, actionCount: 2)
      let value = try FiveStateGridWorld.allCases.reduce(0) {
        try $0 + $1.process(discount: discount).expectedReturn(of: policy)
      }
      #expect(value <= discount + 1e-13 && value < chance)
    }
  }

  @Test func withTheModifiedDynamicsChanceIsTheWorst() throws {
    let worst = try sum(0.5, discount: 0.9, drift: 0.75)
    for step in 0...10 { #expect(try sum(Double(step) / 10, discount: 0.9, drift: 0.75) >= worst - 1e-13) }
    #expect(try sum(0, discount: 0.9, drift: 0.75) > worst + 0.4)
    #expect(throws: EnvironmentError.self) {
      try FiveStateGridWorld.leftGoal.process(discount: 0.9, driftProbability: 1.5)
    }
  }
}
