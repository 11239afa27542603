// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

@Test(arguments: [
  Distribution.normal(mean: 1, standardDeviation: 0.1), .normal(mean: 1, standardDeviation: 2),
  .normal(mean: 0, standardDeviation: 0.7), .normal(mean: 1, standardDeviation: 1, lower: 2, upper: 3.5),
])
func aNormalLawFollowsWhatItStatesAboveItsBound(_ law: Distribution) {
  expectDrawsFollow(law)
  expectMomentsFollow(law)
  expectGrowsWithItsUniformNumber(law)
}

@Test func aNormalLawAroundZeroFollowsWhatItStates() {
  let law = Distribution.normal(mean: -0.1, standardDeviation: 0.5, lower: -0.9, upper: 0.8)
  expectDrawsFollow(law)
  // By numerical integration of x φ((x + 0.1)/0.5) between the bounds, with the trapezoidal rule.
  var (weight, first, second) = (0.0, 0.0, 0.0)
  for step in 0..<170_000 {
    let value = -0.9 + (Double(step) + 0.5) * 1e-5
    let density = law.cumulativeProbability(value + 5e-6) - law.cumulativeProbability(value - 5e-6)
    weight += density
    first += value * density
    second += value * value * density
  }
  #expect(abs(weight - 1) < 1e-9)
  #expect(abs(first - law.mean) < 1e-9)
  #expect(abs(second - law.secondMoment) < 1e-8)
}

@Test func aNormalLawScalesWithItsUnit() {
  expectScales(.normal(mean: 0.3, standardDeviation: 0.2), .normal(mean: 0.3 * 1024, standardDeviation: 0.2 * 1024))
}

@Test func aNormalLawFarAboveZeroIsThePlainOne() {
  let law = Distribution.normal(mean: 5, standardDeviation: 0.5)
  #expect(law.mean == 5)
  #expect(abs(law.squaredCoefficientOfVariation - 0.01) < 1e-15)
  #expect(abs(law.cumulativeProbability(5.5) - 0.841_344_746_068_542_9) < 1e-14)
}

@Test func aNormalLawIsReadByItsDeviationOrVariation() throws {
  let law = Distribution.normal(mean: 1, standardDeviation: 0.25)
  #expect(try duration("{normal: {mean: 1 s, standard-deviation: 250 ms}}") == law)
  #expect(try duration("{normal: {mean: 1 s, cv: 0.25}}") == law)
  #expect(
    try duration("{normal: {mean: 1 s, cv: 0.25, lower: 0.5 s, upper: 2 s}}")
      == .normal(mean: 1, standardDeviation: 0.25, lower: 0.5, upper: 2))
  #expect(abs(try factor("{normal: {cv: 0.8}}").mean - 1) < 1e-14)
  #expect(
    try correlation("{normal: {mean: 0, standard-deviation: 0.3, lower: -0.9, upper: 0.9}}")
      == .normal(mean: 0, standardDeviation: 0.3, lower: -0.9, upper: 0.9))
}

@Test func aWrongNormalLawIsRefused() throws {
  #expect(try complaint(about: "{normal: {cv: 0.1}}") == "missing key 'mean' in LAW.normal")
  #expect(try complaint(about: "{normal: {mean: 1 s}}") == "LAW.normal needs 'standard-deviation' or 'cv'")
  #expect(try complaint(about: "{normal: {mean: 0, cv: 1}}") == "LAW.normal has a cv and a mean that is not above zero")
  #expect(
    try complaint(about: "{normal: {mean: 1 s, cv: 0.01, lower: 2 s}}")
      == "LAW.normal lies almost never between its bounds; move mean, lower or upper")
  #expect(
    try complaint(about: "{normal: {mean: 1 s, cv: 1, lower: 2 s, upper: 2 s}}")
      == "LAW.normal has its lower bound at or above its upper one")
  #expect(
    try complaint(about: "{normal: {mean: 1 s, cv: 1, lower: -1 s}}")
      .hasPrefix("LAW.normal.lower is -1 s, out of range"))
  #expect(
    try complaint(about: "{normal: {mean: 0, standard-deviation: 0.1}}", at: "task.regressor-correlation")
      == "a law for LAW must have bounds")
}
