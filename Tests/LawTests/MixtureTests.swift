// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

private let twoValues = Distribution.mixture(probability: 0.1, slow: .constant(1), fast: .constant(0.1))
private let twoLaws = Distribution.mixture(
  probability: 0.3, slow: .exponential(mean: 3), fast: .gamma(mean: 0.5, shape: 4))

@Test func aMixtureOfTwoValuesFollowsWhatItStates() {
  expectDrawsFollow(twoValues)
  expectGrowsWithItsUniformNumber(twoValues)
  #expect(abs(twoValues.mean - 0.19) < 1e-15)
  #expect(abs(twoValues.secondMoment - (0.1 * 1 + 0.9 * 0.01)) < 1e-15)
  #expect(twoValues.support == (0.1, 1))
}

@Test func aMixtureOfTwoLawsFollowsWhatItStates() {
  expectDrawsFollow(twoLaws)
  expectMomentsFollow(twoLaws)
  expectDrawsFollow(.mixture(probability: 0.5, slow: twoLaws, fast: .constant(0.2)))
}

@Test func aMixtureScalesWithItsUnit() {
  expectScales(
    twoLaws, .mixture(probability: 0.3, slow: .exponential(mean: 3072), fast: .gamma(mean: 512, shape: 4)))
}

@Test func aMixtureWithoutDoubtIsOneOfItsLaws() {
  for (probability, value) in [(0.0, 0.1), (1, 7)] {
    let law = Distribution.mixture(probability: probability, slow: .constant(7), fast: .constant(0.1))
    #expect(law.mean == value && law.isConstant && law.support == (value, value))
    expectDrawsFollow(law)
  }
  let heavy = Distribution.pareto(minimum: 1, shape: 1)
  #expect(Distribution.mixture(probability: 0, slow: heavy, fast: .constant(2)).mean == 2)
}

@Test func equalMixturesAreEqual() {
  #expect(twoValues == .mixture(probability: 0.1, slow: .constant(1), fast: .constant(0.1)))
  #expect(twoValues != .mixture(probability: 0.1, slow: .constant(2), fast: .constant(0.1)))
  #expect(twoValues != .mixture(probability: 0.2, slow: .constant(1), fast: .constant(0.1)))
}

@Test func aMixtureIsReadWithValuesAndWithLaws() throws {
  #expect(try duration("{mixture: {probability: 10 %, slow: 1 s, fast: 100 ms}}") == twoValues)
  #expect(
    try duration("{mixture: {probability: 0.3, slow: {exponential: 3 s}, fast: {gamma: {mean: 0.5 s, cv: 0.5}}}}")
      == twoLaws)
  #expect(
    try factor("{mixture: {probability: 0.5, slow: {exponential: {}}, fast: 0}}")
      == .mixture(probability: 0.5, slow: .exponential(mean: 1), fast: .constant(0)))
  #expect(
    try correlation("{mixture: {probability: 0.5, slow: 0.5, fast: {uniform: [-0.5, 0]}}}").support == (-0.5, 0.5))
}

@Test func aWrongMixtureIsRefused() throws {
  #expect(try complaint(about: "{mixture: {slow: 1 s, fast: 0}}") == "missing key 'probability' in LAW.mixture")
  #expect(try complaint(about: "{mixture: {probability: 0.5, slow: 1 s}}") == "missing key 'fast' in LAW.mixture")
  #expect(
    try complaint(about: "{mixture: {probability: 2, slow: 1 s, fast: 0}}")
      == "LAW.mixture.probability is 2, out of range; it must be at least 0 and at most 1: did you mean 2 %?")
  #expect(
    try complaint(about: "{mixture: {probability: 0.5, slow: {gama: 1 s}, fast: 0}}")
      == "unknown law 'gama'; did you mean 'gamma'?")
  #expect(
    try complaint(
      about: "{mixture: {probability: 0.5, slow: {exponential: 1}, fast: 0}}", at: "task.regressor-correlation")
      == "a law for LAW.mixture.slow must have bounds")
  #expect(
    try complaint(about: "{mixture: {probability: 0, slow: 1 s, fast: 0}}") == "LAW must be above zero in the mean")
}
