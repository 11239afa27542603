// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

/// Runs published closed forms through the real engine.
package struct Verifier: Sendable {
  /// With `isQuick` so many times fewer runs are made.
  private static let quickShare = 5
  /// With `isQuick` bars are wider by so many standard errors of what was seen, so that about one check in 16 000 whose
  /// true value lies on its bar fails by chance.
  private static let quickWidening = 4.0

  /// Runs at the same time.
  package var jobs: Int
  package var seed: UInt64
  /// Whether only a part of the runs is made, with wider bars.
  package var isQuick: Bool

  package init(jobs: Int, seed: UInt64 = 1, isQuick: Bool = false) {
    self.jobs = jobs
    self.seed = seed
    self.isQuick = isQuick
  }

  /// Checks all cases of a reference; parts that Starling cannot run are reported as skipped.
  ///
  /// - Throws: if the reference asks for what cannot be, or for nothing.
  package func verify(_ reference: Reference) throws(ReferenceError) -> VerificationReport {
    let report: VerificationReport
    do {
      report = try reference.content.report(self)
    } catch let error as ReferenceError {
      throw ReferenceError("\(reference.id): \(error.description)")
    } catch {
      throw ReferenceError("\(reference.id): \(error)")
    }
    guard !report.checks.isEmpty || !report.skipped.isEmpty else {
      throw ReferenceError("\(reference.id): there is nothing to check in it.")
    }
    return report
  }

  /// How many runs to make where a protocol asks for so many.
  func runs(_ count: Int) -> Int { isQuick ? max(2, count / Self.quickShare) : count }

  /// A check of the mean of some values, one for each run.
  func check(
    _ reference: String, _ quantity: String, agent: Int? = nil, _ expected: Double, values: [Double], bar: Double
  ) -> VerificationReport.Check {
    let sample = Sample(values)
    return .init(
      reference: reference, quantity: quantity, agent: agent, runs: values.count, expected: expected,
      seen: sample.mean, bar: bar + (isQuick ? Self.quickWidening * sample.standardError : 0))
  }

  /// A check of the mean of some values by so many of its standard errors, or by a bar where that is more.
  func check(
    _ reference: String, _ quantity: String, _ expected: Double, values: [Double], standardErrors: Double,
    atLeast bar: Double
  ) -> VerificationReport.Check {
    check(
      reference, quantity, expected, values: values, bar: max(bar, standardErrors * Sample(values).standardError))
  }

  /// A check in decibels of the mean of some powers, one for each run.
  func check(
    _ reference: String, _ quantity: String, agent: Int? = nil, _ expected: Double, powers: [Double], bar: Double
  ) -> VerificationReport.Check {
    let sample = Sample(powers)
    let standardError = 10 / log(10) * sample.standardError / sample.mean
    return .init(
      reference: reference, quantity: quantity, agent: agent, runs: powers.count, expected: expected,
      seen: decibels(ofPower: sample.mean), bar: bar + (isQuick ? Self.quickWidening * standardError : 0))
  }
}

/// The largest absolute difference of two lists. It is not a number, which no check passes, if a difference is not or
/// if the lists are not equally long.
func largestDifference(_ seen: some Collection<Double>, _ expected: some Collection<Double>) -> Double {
  guard seen.count == expected.count else { return .nan }
  return zip(seen, expected).reduce(0) { worst, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN || worst.isNaN ? .nan : max(worst, difference)
  }
}

/// The same for gradients, as a share of the largest number that is expected.
func relativeDifference(_ seen: some Collection<Double>, _ expected: some Collection<Double>) -> Double {
  let difference = largestDifference(seen, expected)
  return difference == 0 ? 0 : difference / expected.reduce(0) { max($0, abs($1)) }
}

/// The mean of a sample and how sure it is.
private struct Sample {
  let mean: Double
  let standardError: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardError = (squares / max(1, count - 1) / count).squareRoot()
  }
}
