// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics
import Testing

/// Whether two numbers agree to so many parts of the larger one.
private func agree(_ first: Double?, _ second: Double, within share: Double = 1e-9) -> Bool {
  guard let first else { return false }
  return abs(first - second) <= share * max(abs(first), abs(second))
}

@Test func theIntervalOfSymmetricValuesIsStudents() throws {
  // Mean 3, standard deviation √2.5, t of 0.975 with 4 degrees of freedom 2.776445.
  let estimate = try #require(MeanEstimate(of: [1, 2, 3, 4, 5]))
  #expect(agree(estimate.low, 3 - 2.776445 * 0.5.squareRoot(), within: 1e-6))
  #expect(agree(estimate.high, 3 + 2.776445 * 0.5.squareRoot(), within: 1e-6))
}

/// Of an independent computation with NumPy and SciPy: Student's end on one side, on the other the shifted one.
@Test func theIntervalOfSkewedValuesIsDrawnOutTowardsTheTail() throws {
  let right = try #require(MeanEstimate(of: [1, 2, 4, 8, 16, 32]))
  #expect(agree(right.low, -1.9480939638702868) && agree(right.high, 36.997166314878854))
  #expect(agree(right.twoSidedP, 0.0823202970874548))
  let student = try #require(TInterval(of: [1, 2, 4, 8, 16, 32]))
  #expect(agree(right.low, try #require(student.low)))
  #expect(try #require(right.high) > student.high ?? .infinity)
  let left = try #require(MeanEstimate(of: [-1, -2, -4, -8, -16, -32]))
  #expect(agree(left.low, -36.997166314878854) && agree(left.high, 1.9480939638702868))
  #expect(agree(try #require(MeanEstimate(of: [1, 1, 1, 2, 10])).twoSidedP, 0.16360837250847463))
}

@Test func valuesWithoutSpreadAreSure() throws {
  let equal = try #require(MeanEstimate(of: [0.1, 0.1, 0.1]))
  #expect(equal.mean == 0.1 && equal.low == 0.1 && equal.high == 0.1 && equal.twoSidedP == 0)
  #expect(MeanEstimate(of: [0, 0])?.twoSidedP == 1)
}

@Test func oneValueAndInfiniteOnesHaveNoInterval() throws {
  #expect(MeanEstimate(of: []) == nil && MeanEstimate(of: [1], minus: []) == nil)
  let alone = try #require(MeanEstimate(of: [2]))
  #expect(alone.mean == 2 && alone.low == nil && alone.twoSidedP == nil)
  let diverged = try #require(MeanEstimate(of: [1, .infinity, 2]))
  #expect(diverged.mean == .infinity && diverged.low == nil)
  let huge = try #require(MeanEstimate(of: [1e308, -1e308, 1e308]))
  #expect(huge.low == nil && huge.twoSidedP == nil)
  #expect(MeanEstimate(of: [1, 2], minus: [1, .nan])?.low == nil)
}

/// Of an independent computation with SciPy's root finder on the definition.
@Test func theRatioIsCompatibleUpToItsBounds() throws {
  let (first, second): ([Double], [Double]) = ([3, 5, 4, 6, 8, 7], [2, 3, 3, 4, 4, 5])
  let paired = try #require(RatioOfMeans(paired: first, with: second))
  #expect(agree(paired.ratio, 33.0 / 21) && agree(paired.low, 1.279060468868189, within: 1e-7))
  #expect(agree(paired.high, 1.9297113470167646, within: 1e-7) && agree(paired.twoSidedP, 0.006566271827563007))
  let apart = try #require(RatioOfMeans(of: first, over: second))
  #expect(agree(apart.low, 0.9932615432870798, within: 1e-7) && agree(apart.high, 2.394432752593964, within: 1e-7))
  #expect(agree(apart.twoSidedP, 0.05229775036056206))
}

@Test func anIntervalLeavesOutOneJustWhereTheTestShowsADifference() throws {
  var (shown, all) = (0, 0)
  for seed in UInt64(0)..<200 {
    let count = 4 + Int(seed % 17)
    let first = normalValues(count, seed: seed).map { exp(0.5 * $0) }
    let second = normalValues(count, seed: 1000 + seed).map { 1.3 * exp(0.3 * $0) }
    let ratios = [RatioOfMeans(paired: first, with: second), RatioOfMeans(of: first, over: second)]
    for ratio in ratios {
      let ratio = try #require(ratio)
      let (low, high) = (try #require(ratio.low), try #require(ratio.high))
      #expect(low < ratio.ratio && ratio.ratio < high)
      let isShown = try #require(ratio.twoSidedP) < 0.05
      #expect(isShown == (low > 1 || high < 1))
      (shown, all) = (shown + (isShown ? 1 : 0), all + 1)
    }
    let difference = try #require(MeanEstimate(of: zip(first, second).map { $0 - $1 }))
    let p = try #require(difference.twoSidedP)
    #expect(agree(p, try #require(ratios[0]?.twoSidedP)))
    #expect((p < 0.05) == !(difference.low ?? 0 <= 0 && difference.high ?? 0 >= 0))
  }
  // Both happen.
  #expect(shown > 20 && shown < all - 20)
}

@Test func aRatioFromTheOtherSideIsTheReciprocal() throws {
  for seed in UInt64(0)..<50 {
    let first = normalValues(9, seed: seed).map { exp(0.4 * $0) }
    let second = normalValues(9, seed: 500 + seed).map { 5 * exp(0.2 * $0) }
    let forth = try #require(RatioOfMeans(paired: first, with: second))
    let back = try #require(RatioOfMeans(paired: second, with: first))
    #expect(agree(forth.low, 1 / (try #require(back.high)), within: 1e-6))
    #expect(agree(forth.high, 1 / (try #require(back.low)), within: 1e-6))
    #expect(agree(forth.twoSidedP, try #require(back.twoSidedP)))
  }
}

@Test func armsThatAreEqualOrProportionalHaveAnExactRatio() throws {
  let values = [0.3, 0.25, 0.28, 0.33]
  let equal = try #require(RatioOfMeans(paired: values, with: values))
  #expect(equal.ratio == 1 && equal.twoSidedP == 1)
  #expect(agree(equal.low, 1, within: 1e-15) && agree(equal.high, 1, within: 1e-15))
  let double = try #require(RatioOfMeans(paired: values.map { 3 * $0 }, with: values))
  #expect(agree(double.low, 3, within: 1e-9) && agree(double.high, 3, within: 1e-9))
  #expect(try #require(double.twoSidedP) < 0.2)
}

@Test func aRatioToWhatMayBeZeroIsOpen() throws {
  // The second mean is 1 with a standard error of 0.63: below t = 2.57 it is not known to be above zero.
  let noisy = try #require(RatioOfMeans(of: [5, 6, 5, 6, 5, 6], over: [0, 0, 0, 0, 2, 4]))
  #expect(noisy.high == .infinity)
  #expect(try #require(noisy.low) > 0)
  #expect(RatioOfMeans(of: [0, 0], over: [1, 2]) == nil && RatioOfMeans(of: [1, 2], over: [0, 0]) == nil)
  #expect(RatioOfMeans(paired: [], with: []) == nil)
  #expect(RatioOfMeans(paired: [2], with: [1])?.low == nil)
}
