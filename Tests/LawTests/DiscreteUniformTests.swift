// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Testing

@Test(arguments: [
  Distribution.discreteUniform(first: 0, count: 9, step: 1), .discreteUniform(first: 3, count: 1, step: 0.1),
  .discreteUniform(first: -2, count: 5, step: 0.1), .discreteUniform(first: 1, count: 1000, step: 0.007),
])
func aDiscreteUniformLawFollowsWhatItStates(_ law: Distribution) {
  expectDrawsFollow(law)
  expectGrowsWithItsUniformNumber(law)
}

@Test func everyTickOfADiscreteUniformLawComesEquallyOften() {
  let law = Distribution.discreteUniform(first: 2, count: 8, step: 0.1)
  let key = StreamKey(seed: 5, replication: 0, purpose: .latency, entity: "a")
  var counts = [Double](repeating: 0, count: 8)
  for index in 0..<80_000 {
    let draw = law.sample(key, at: UInt64(index))
    let multiple = (draw / 0.1).rounded()
    #expect(draw == multiple * 0.1)
    counts[Int(multiple) - 2] += 1
  }
  // Chi-square with 7 degrees of freedom exceeds 44.5 with a probability of 1.7e-7.
  let square = counts.reduce(0) { $0 + ($1 - 10_000) * ($1 - 10_000) / 10_000 }
  #expect(square < 44.5)
}

@Test func aDiscreteUniformLawStatesTheMomentsOfItsValues() {
  let law = Distribution.discreteUniform(first: 2, count: 8, step: 0.5)
  let values = (2...9).map { Double($0) * 0.5 }
  #expect(law.mean == values.reduce(0, +) / 8)
  #expect(abs(law.secondMoment - values.reduce(0) { $0 + $1 * $1 } / 8) < 1e-14)
  for value in values {
    #expect(law.cumulativeProbability(value) - law.cumulativeProbability(value.nextDown) == 0.125)
  }
  expectScales(law, .discreteUniform(first: 2, count: 8, step: 512))
}

@Test func aDiscreteUniformLawIsReadByItsBoundsAndStep() throws {
  #expect(
    try duration("{discrete-uniform: {lower: 0, upper: 8 s, step: 1 s}}")
      == .discreteUniform(first: 0, count: 9, step: 1))
  #expect(
    try duration("{discrete-uniform: {lower: 300 ms, upper: 700 ms, step: 100 ms}}")
      == .discreteUniform(first: 3, count: 5, step: 0.1))
  #expect(
    try correlation("{discrete-uniform: {lower: -0.4, upper: 0.4, step: 0.2}}")
      == .discreteUniform(first: -2, count: 5, step: 0.2))
}

@Test func aWrongDiscreteUniformLawIsRefused() throws {
  #expect(
    try complaint(about: "{discrete-uniform: {lower: 0, upper: 8 s}}") == "missing key 'step' in LAW.discrete-uniform")
  #expect(
    try complaint(about: "{discrete-uniform: {lower: 1 s, upper: 8500 ms, step: 1 s}}")
      == "the upper of LAW is no whole multiple of its step")
  #expect(
    try complaint(about: "{discrete-uniform: {lower: 3 s, upper: 1 s, step: 1 s}}")
      == "LAW.discrete-uniform has its lower bound above its upper one")
  #expect(
    try complaint(about: "{discrete-uniform: {lower: 0, upper: 1 h, step: 1 us}}")
      == "LAW.discrete-uniform has a step too small for its bounds; at most a million values")
  #expect(
    try complaint(about: "{discrete-uniform: {lower: 0, upper: 0, step: 1 s}}")
      == "LAW must be above zero in the mean")
}
