// SPDX-License-Identifier: GPL-3.0-or-later

/// The best policies that an agent has tried, by what their episodes were worth, and the average to which they pull:
///
///     α = θ + Σ R (θ′ − θ) / Σ R   over the best
///
/// with the greatest worth first, and of equal ones the older. They lie in one row: how many there are, their worths, and
/// their parameters one after the other.
///
/// Source: Kober and Peters, "Policy search for motor primitives in robotics", 2009 (PoWER), with exploration that is
/// constant in an episode, so that a policy counts by the whole return; it has to be above zero to count.
package struct BestPolicies: Sendable {
  /// How many are kept at most, and the parameters of each.
  package let most: Int
  package let featureCount: Int

  package init(most: Int, features: Int) { (self.most, featureCount) = (most, features) }

  /// Numbers of a row.
  package var rowCount: Int { 1 + most * (1 + featureCount) }

  /// The worth of the one at a place.
  package func worth(_ row: UnsafePointer<Double>, _ place: Int) -> Double { row[1 + place] }

  /// How many there are.
  package func count(_ row: UnsafePointer<Double>) -> Int { Int(row[0]) }

  /// Adds a policy if it is one of the best.
  package func add(_ policy: UnsafePointer<Double>, worth: Double, to row: UnsafeMutablePointer<Double>) {
    let (worths, policies) = (row + 1, row + 1 + most)
    let count = Int(row[0])
    var place = count
    while place > 0, worths[place - 1] < worth { place -= 1 }
    guard place < most else { return }
    for other in stride(from: min(count, most - 1), to: place, by: -1) {
      worths[other] = worths[other - 1]
      (policies + other * featureCount).update(from: policies + (other - 1) * featureCount, count: featureCount)
    }
    worths[place] = worth
    (policies + place * featureCount).update(from: policy, count: featureCount)
    row[0] = Double(min(count + 1, most))
  }

  /// Where the best pull a policy.
  ///
  /// *Edge cases*: where none was worth anything above zero the policy stays.
  package func pull(
    _ policy: UnsafePointer<Double>, by row: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>
  ) {
    let (worths, policies) = (row + 1, row + 1 + most)
    target.update(repeating: 0, count: featureCount)
    var sum = 0.0
    for place in 0..<count(row) where worths[place] > 0 {
      sum += worths[place]
      let other = policies + place * featureCount
      for entry in 0..<featureCount { target[entry] += worths[place] * (other[entry] - policy[entry]) }
    }
    for entry in 0..<featureCount { target[entry] = policy[entry] + (sum > 0 ? target[entry] / sum : 0) }
  }
}
