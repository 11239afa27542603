// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Testing

@Test(arguments: [
  Distribution.pareto(minimum: 0.3, shape: 1.5), .pareto(minimum: 0.3, shape: 4.5),
  .pareto(minimum: 0.3, shape: 1.5, cap: 20), .pareto(minimum: 0.3, shape: 0.6, cap: 20),
  .pareto(minimum: 0.3, shape: 1, cap: 3), .pareto(minimum: 0.3, shape: 2, cap: 3),
])
func aParetoLawFollowsWhatItStates(_ law: Distribution) {
  expectDrawsFollow(law)
  // Without a cap the integral of the second moment needs a tail that is light enough.
  if law.support.upper.isFinite || law.squaredCoefficientOfVariation < 0.2 { expectMomentsFollow(law) }
  expectGrowsWithItsUniformNumber(law)
}

/// α/(α − 1) and α/(α − 2) of an uncapped law with the minimum one.
@Test func anUncappedParetoLawHasItsTextbookMoments() {
  let law = Distribution.pareto(minimum: 2, shape: 3)
  #expect(abs(law.mean - 3) < 1e-15)
  #expect(abs(law.secondMoment - 12) < 1e-13)
  #expect(Distribution.pareto(minimum: 1, shape: 2).squaredCoefficientOfVariation == .infinity)
  #expect(Distribution.pareto(minimum: 1, shape: 1).mean == .infinity)
  #expect(Distribution.pareto(minimum: 1, shape: 1, cap: 1 * exp(1)).mean.isFinite)
}

@Test func noDrawOfACappedParetoLawExceedsItsCap() {
  let law = Distribution.pareto(minimum: 1, shape: 0.05, cap: 1.0000001)
  let key = StreamKey(seed: 1, replication: 0, purpose: .latency, entity: "a")
  #expect((0..<100_000).allSatisfy { law.sample(key, at: $0) <= 1.0000001 })
}

@Test func aParetoLawScalesWithItsUnit() {
  expectScales(.pareto(minimum: 0.3, shape: 1.3), .pareto(minimum: 0.3 * 1024, shape: 1.3))
  expectScales(.pareto(minimum: 0.3, shape: 0.8, cap: 7), .pareto(minimum: 0.3 * 1024, shape: 0.8, cap: 7168))
}

@Test func aParetoLawIsReadByItsMinimumOrMean() throws {
  #expect(try duration("{pareto: {minimum: 100 ms, shape: 1.5}}") == .pareto(minimum: 0.1, shape: 1.5))
  #expect(
    try duration("{pareto: {minimum: 100 ms, shape: 0.5, cap: 9 s}}") == .pareto(minimum: 0.1, shape: 0.5, cap: 9))
  expectEqual(try duration("{pareto: {mean: 300 ms, shape: 1.5}}"), .pareto(minimum: 0.1, shape: 1.5))
  for shape in [0.3, 1, 1.5, 2, 7] {
    let law = try duration("{pareto: {mean: 300 ms, shape: \(shape), cap: 9 s}}")
    #expect(abs(law.mean - 0.3) < 1e-13)
    #expect(law.support.upper == 9)
  }
  #expect(abs(try factor("{pareto: {shape: 2.5}}").mean - 1) < 1e-15)
  #expect(try correlation("{pareto: {minimum: 0.1, shape: 2, cap: 0.9}}").support == (0.1, 0.9))
}

@Test func aWrongParetoLawIsRefused() throws {
  #expect(
    try complaint(about: "{pareto: {mean: 1 s, shape: 1}}")
      == "LAW.pareto has an infinite mean: its shape is at most 1; give a shape above 1, or a cap")
  #expect(try complaint(about: "{pareto: {mean: 1 s}}") == "missing key 'shape' in LAW.pareto")
  #expect(try complaint(about: "{pareto: {shape: 2}}") == "LAW.pareto needs 'mean' or 'minimum'")
  #expect(
    try complaint(about: "{pareto: {minimum: 1 s, shape: 2, cap: 1 s}}")
      == "LAW.pareto has its cap at or below its minimum")
  #expect(
    try complaint(about: "{pareto: {minimum: 0.1, shape: 2}}", at: "task.regressor-correlation")
      == "a law for LAW must have bounds")
  #expect(
    try complaint(about: "{pareto: {mean: 1e-300, shape: 0.05, cap: 1}}", at: "conditions.compute.within-agent")
      == "the minimum of LAW is too small a number")
}
