// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

@Test func aHalfNormalLawFollowsWhatItStates() {
  expectDrawsFollow(.halfNormal(mean: 0.3))
  expectMomentsFollow(.halfNormal(mean: 0.3))
  expectScales(.halfNormal(mean: 0.3), .halfNormal(mean: 0.3 * 1024))
  expectGrowsWithItsUniformNumber(.halfNormal(mean: 0.3))
}

@Test func aHalfNormalLawIsReadByItsMeanOrScale() throws {
  #expect(try duration("{half-normal: {mean: 30 ms}}") == .halfNormal(mean: 0.03))
  // P(|z| ≤ 1) = 0.6827 of a normal variable of standard deviation one.
  let law = try duration("{half-normal: {scale: 2 s}}")
  #expect(abs(law.cumulativeProbability(2) - 0.682_689_492_137_085_9) < 1e-14)
  #expect(try factor("{half-normal: {}}") == .halfNormal(mean: 1))
}

@Test func aWrongHalfNormalLawIsRefused() throws {
  #expect(try complaint(about: "{half-normal: {}}") == "LAW.half-normal needs 'mean' or 'scale'")
  #expect(
    try complaint(about: "{half-normal: {mean: 1 s, scale: 1 s}}")
      == "LAW.half-normal has both 'mean' and 'scale'; give one of the two")
  #expect(
    try complaint(about: "{half-normal: {mean: 0 s}}")
      == "LAW.half-normal.mean is 0 s, out of range; it must be above 0 and at most 106580 day")
  #expect(
    try complaint(about: "{half-normal: {mean: 0.1}}", at: "task.regressor-correlation")
      == "a law for LAW must have bounds")
}
