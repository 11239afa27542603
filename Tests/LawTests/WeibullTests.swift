// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

@Test(arguments: [
  Distribution.weibull(scale: 0.3, shape: 0.7), .weibull(scale: 2, shape: 1), .weibull(scale: 2, shape: 3.6),
])
func aWeibullLawFollowsWhatItStates(_ law: Distribution) {
  expectDrawsFollow(law)
  expectMomentsFollow(law)
  expectGrowsWithItsUniformNumber(law)
}

@Test func aWeibullLawOfShapeOneIsExponential() {
  let (law, exponential) = (Distribution.weibull(scale: 2, shape: 1), Distribution.exponential(mean: 2))
  #expect(law.mean == 2)
  #expect(abs(law.squaredCoefficientOfVariation - 1) < 1e-14)
  for part in 1..<40 {
    let value = Double(part) / 4
    #expect(abs(law.cumulativeProbability(value) - exponential.cumulativeProbability(value)) < 1e-15)
  }
}

/// Γ(3/2) = √π/2 and Γ(2) = 1: a Rayleigh law has cv² = 4/π − 1.
@Test func aWeibullLawOfShapeTwoIsRayleigh() {
  let law = Distribution.weibull(scale: 1, shape: 2)
  #expect(abs(law.mean - Double.pi.squareRoot() / 2) < 1e-15)
  #expect(abs(law.squaredCoefficientOfVariation - (4 / .pi - 1)) < 1e-14)
}

@Test func aWeibullLawScalesWithItsUnitAndStaysFinite() {
  expectScales(.weibull(scale: 0.3, shape: 0.7), .weibull(scale: 0.3 * 1024, shape: 0.7))
  for shape in [0.05, 1000] {
    let law = Distribution.weibull(scale: 1, shape: shape)
    #expect(law.mean.isFinite && law.squaredCoefficientOfVariation.isFinite)
    expectDrawsFollow(law)
  }
}

@Test func aWeibullLawIsReadByItsMeanOrScale() throws {
  #expect(try duration("{weibull: {scale: 30 ms, shape: 2}}") == .weibull(scale: 0.03, shape: 2))
  #expect(abs(try duration("{weibull: {mean: 30 ms, shape: 0.5}}").mean - 0.03) < 1e-16)
  #expect(abs(try factor("{weibull: {shape: 0.5}}").mean - 1) < 1e-15)
}

@Test func aWrongWeibullLawIsRefused() throws {
  #expect(try complaint(about: "{weibull: {mean: 1 s}}") == "missing key 'shape' in LAW.weibull")
  #expect(try complaint(about: "{weibull: {shape: 2}}") == "LAW.weibull needs 'mean' or 'scale'")
  #expect(
    try complaint(about: "{weibull: {mean: 1 s, shape: 0}}")
      == "LAW.weibull.shape is 0, out of range; it must be at least 0.05 and at most 1000")
}
