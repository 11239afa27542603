// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// Kind `five-states`: what policies of the two-task GridWorld are worth, summed over both tasks.
struct FiveStateVerification: ReferenceCase {
  static let kind = "five-states"
  /// Both sides are exact but for rounding.
  private static let bar = 1e-12

  struct Case: Decodable, Sendable {
    let gamma: Double
    let vOpt: Double
    let vDet: Double
    /// P(left) in the middle, and the value.
    let curve: [[Double]]
    /// The same after p of the modified dynamics.
    let modified: [[Double]]
  }

  let cases: [Case]

  func report(_ verifier: Verifier) throws -> VerificationReport {
    var report = VerificationReport()
    for one in cases {
      guard one.curve.allSatisfy({ $0.count == 2 }), one.modified.allSatisfy({ $0.count == 3 }) else {
        throw ReferenceError("a row of 'curve' or 'modified' has not 2 or 3 numbers.")
      }
      let name = "\(Self.kind)/gamma-\(one.gamma)"
      func check(_ quantity: String, _ expected: Double, _ seen: Double) -> VerificationReport.Check {
        .init(reference: name, quantity: quantity, expected: expected, seen: seen, bar: Self.bar)
      }
      func sum(_ left: Double, drift: Double? = nil) throws -> Double {
        try FiveStateValues(discount: one.gamma, leftInMiddle: left, driftProbability: drift).sum
      }
      let curve = try one.curve.map { try sum($0[0]) }
      let modified = try one.modified.map { try sum($0[1], drift: $0[0]) }
      report.checks += [
        check("value of the best policy", one.vOpt, try sum(0.5)),
        check("value of always left", one.vDet, try sum(1)),
        check("value of always right", one.vDet, try sum(0)),
        check("error of values, original", 0, largestDifference(curve, one.curve.map { $0[1] })),
        check("error of values, modified", 0, largestDifference(modified, one.modified.map { $0[2] })),
      ]
    }
    return report
  }
}

/// The values of the policy of the closed forms in both tasks.
struct FiveStateValues {
  /// For task 1 and 2, the value of each state.
  let values: [[Double]]

  /// The sum over the tasks of the values of the middle.
  var sum: Double { values.reduce(0) { $0 + $1[FiveStateGridWorld.middle] } }

  init(discount: Double, leftInMiddle: Double, driftProbability: Double?) throws {
    guard (0...1).contains(leftInMiddle) else {
      throw ReferenceError("\(leftInMiddle) is no probability of going left.")
    }
    let policy = FiveStateGridWorld.policy(leftInMiddle: leftInMiddle)
    values = try FiveStateGridWorld.allCases.map {
      try $0.process(discount: discount, driftProbability: driftProbability).values(of: policy)
    }
  }
}
