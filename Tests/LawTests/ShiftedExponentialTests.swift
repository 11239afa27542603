// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

@Test func aShiftedExponentialLawFollowsWhatItStates() {
  let law = Distribution.shiftedExponential(shift: 0.5, scale: 0.25)
  expectDrawsFollow(law)
  expectMomentsFollow(law)
  expectScales(law, .shiftedExponential(shift: 512, scale: 256))
  expectGrowsWithItsUniformNumber(law)
  expectDrawsFollow(.shiftedExponential(shift: 0, scale: 3))
}

@Test func aShiftedExponentialLawIsReadByItsScaleOrMean() throws {
  let law = Distribution.shiftedExponential(shift: 0.5, scale: 0.25)
  #expect(try duration("{shifted-exponential: {shift: 500 ms, scale: 250 ms}}") == law)
  #expect(try duration("{shifted-exponential: {shift: 500 ms, mean: 750 ms}}") == law)
  #expect(try factor("{shifted-exponential: {shift: 0.75}}") == .shiftedExponential(shift: 0.75, scale: 0.25))
}

@Test func aWrongShiftedExponentialLawIsRefused() throws {
  #expect(
    try complaint(about: "{shifted-exponential: {scale: 1 s}}") == "missing key 'shift' in LAW.shifted-exponential")
  #expect(
    try complaint(about: "{shifted-exponential: {shift: 1 s}}")
      == "LAW.shifted-exponential needs 'scale' or 'mean'")
  #expect(
    try complaint(about: "{shifted-exponential: {shift: 1 s, mean: 1 s}}")
      == "LAW.shifted-exponential has its mean at or below its shift")
}
