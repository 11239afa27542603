// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Testing

private let samples = 50_000

private func key(_ entity: String) -> StreamKey {
  StreamKey(seed: 23, replication: 1, purpose: .latency, entity: entity)
}

/// Draws along a stream and across streams follow the distribution function that the law states, and lie in its
/// support.
///
/// The bound of Dvoretzky, Kiefer and Wolfowitz, P(√n D > x) ≤ 2 exp(−2x²), holds for laws with atoms too. At 2.9 it
/// is 1e-7, and this target makes fewer than 250 comparisons: 2.5e-5 together. The tests of the first laws in
/// RandomnessTests add 7.1e-5, so a false alarm of all law tests has a probability below 1e-4.
func expectDrawsFollow(_ law: Distribution) {
  let along = (0..<samples).map { law.sample(key("agent-1"), at: UInt64($0)) }
  #expect(greatestDistance(along, from: law) * Double(samples).squareRoot() < 2.9, "\(law)")
  let across = (0..<samples).map { law.sample(key("agent-\($0)"), at: 0) }
  #expect(greatestDistance(across, from: law) * Double(samples).squareRoot() < 2.9, "\(law)")
  let (lower, upper) = law.support
  #expect((along + across).allSatisfy { $0 >= lower && $0 <= upper && $0.isFinite }, "\(law)")
}

/// The greatest distance between the empirical distribution function and that of the law, on both sides of each jump.
private func greatestDistance(_ values: [Double], from law: Distribution) -> Double {
  let sorted = values.sorted()
  let count = Double(values.count)
  var greatest = 0.0
  var start = 0
  while start < sorted.count {
    var end = start + 1
    while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
    let below = law.cumulativeProbability(sorted[start].nextDown) - Double(start) / count
    let above = law.cumulativeProbability(sorted[start]) - Double(end) / count
    greatest = max(greatest, abs(below), abs(above))
    start = end
  }
  return greatest
}

/// The stated mean and variation are those of the stated distribution function: E[Xᵏ] = ∫ k xᵏ⁻¹ (1 − F(x)) dx over
/// x > 0, integrated over the logarithm of x. No draw, so no false alarm.
func expectMomentsFollow(_ law: Distribution, within tolerance: Double = 1e-3) {
  let step = 1e-3
  var (first, second) = (0.0, 0.0)
  // Half a step off, so that no grid point falls upon a round bound of the law.
  var position = log(law.mean) - 25 + step / 2
  while position < log(law.mean) + 25 {
    let value = exp(position)
    let tail = 1 - law.cumulativeProbability(value)
    if tail < 1e-13 { break }
    first += value * tail * step
    second += 2 * value * value * tail * step
    position += step
  }
  #expect(abs(first / law.mean - 1) < tolerance, "\(law): mean \(first)")
  #expect(abs(second / law.secondMoment - 1) < tolerance, "\(law): second moment \(second)")
  let variation = 1 + law.squaredCoefficientOfVariation
  #expect(abs(second / (first * first) / variation - 1) < 3 * tolerance, "\(law)")
}

/// Multiplying all quantities by a power of two multiplies every draw, the mean and the support by it exactly.
func expectScales(_ law: Distribution, _ larger: Distribution, by factor: Double = 1024) {
  for index in 0..<2000 {
    let draw = law.sample(key("a"), at: UInt64(index))
    #expect(larger.sample(key("a"), at: UInt64(index)) == draw * factor, "\(law)")
  }
  #expect(larger.support.lower == law.support.lower * factor)
  #expect(larger.support.upper == law.support.upper * factor)
}

/// The value grows with the one uniform number that it is made of, and is its quantile: F just below it is at most the
/// number, and F at it at least the number, up to rounding. No false alarm.
func expectGrowsWithItsUniformNumber(_ law: Distribution) {
  let indices = (0..<5000).map { UInt64($0) }
  let uniform = Distribution.uniform(lower: 0, upper: 1)
  let pairs = indices.map { (uniform.sample(key("m"), at: $0), law.sample(key("m"), at: $0)) }.sorted { $0.0 < $1.0 }
  #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0.1 <= $1.1 }, "\(law)")
  let isQuantile = pairs.allSatisfy { number, value in
    law.cumulativeProbability(value.nextDown) <= number + 1e-9 && law.cumulativeProbability(value) >= number - 1e-9
  }
  #expect(isQuantile, "\(law)")
}
