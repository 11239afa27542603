// SPDX-License-Identifier: GPL-3.0-or-later
import DamagedScenarios
import Learners
import Randomness
import Scenarios
import Simulation
import Testing

@Test func everyLawHasANameOfItsOwnAndReadsWhatItsExampleNames() {
  let names = LawDefinition.all.map(\.name)
  #expect(Set(names).count == names.count)
  for law in LawDefinition.all {
    guard case .map(let short) = law.form else { continue }
    let parameters = law.parameters.map(\.name)
    let words = law.example.split { !$0.isLetter && $0 != ":" && $0 != "-" }.filter { $0.hasSuffix(":") }
    #expect(words.allSatisfy { parameters.contains(String($0.dropLast())) }, "\(law.name)")
    #expect(short.map(parameters.contains) ?? true)
  }
}

@Test(arguments: [
  Distribution.uniform(lower: 2, upper: 5), .exponential(mean: 0.3), .lognormal(median: 2, sigma: 0.6),
  .gamma(mean: 3, shape: 0.4), .gamma(mean: 0.04, shape: 4),
])
func theFirstLawsFollowWhatTheyState(_ law: Distribution) {
  expectDrawsFollow(law)
  expectMomentsFollow(law)
}

@Test(arguments: [
  Distribution.uniform(lower: 2, upper: 5), .exponential(mean: 0.3), .lognormal(median: 2, sigma: 0.6),
])
func theFirstLawsOfOneUniformNumberGrowWithIt(_ law: Distribution) {
  expectGrowsWithItsUniformNumber(law)
}

@Test func theFirstLawsAreShownAsTheyAreRead() throws {
  #expect(try duration("{constant: 20 ms}") == .constant(0.02))
  #expect(try duration("{uniform: [10 ms, 10 ms]}") == .uniform(lower: 0.01, upper: 0.01))
  #expect(try duration("{exponential: 333 ms}") == .exponential(mean: 0.333))
  #expect(try duration("{lognormal: {median: 0.1 s, cv: 0.3}}").squaredCoefficientOfVariation > 0.08)
  #expect(try factor("{lognormal: {cv: 0.3}}").mean > 0.999)
  #expect(try duration("{gamma: {mean: 7 us, cv: 3}}") == .gamma(mean: 7e-6, shape: 1 / 9.0))
  #expect(try correlation("{uniform: [-0.5, 0.5]}") == .uniform(lower: -0.5, upper: 0.5))
}

@Test func lawsDescribeThemselves() {
  #expect("\(Distribution.gamma(mean: 3, shape: 0.5))" == "gamma(mean: 3.0, shape: 0.5)")
}

/// A law of every kind, scaled, is the law whose draws are the scaled ones, up to rounding.
@Test(arguments: [
  "0.2", "{uniform: [0.1, 0.4]}", "{exponential: 0.3}", "{lognormal: {median: 0.2, sigma: 0.5}}",
  "{gamma: {mean: 0.3, shape: 2}}", "{half-normal: {mean: 0.1}}",
  "{normal: {mean: 0.3, standard-deviation: 0.1, lower: 0.1, upper: 0.7}}",
  "{shifted-exponential: {shift: 0.1, scale: 0.2}}", "{weibull: {mean: 0.2, shape: 0.7}}",
  "{pareto: {mean: 0.3, shape: 2.5}}", "{pareto: {minimum: 0.1, shape: 0.9, cap: 2}}",
  "{discrete-uniform: {lower: 0.1, upper: 0.5, step: 0.1}}",
  "{mixture: {probability: 0.3, slow: 0.9, fast: {uniform: [0.1, 0.2]}}}",
]) func aScaledLawDrawsTheScaledValues(text: String) throws {
  let scenario = try Scenario.parse(
    text: ValidScenarios.small, file: "good.yaml", overrides: [Override("learner.step-size=\(text)")])
  guard case .law(let law) = scenario.arms[0].settings.learner.stepSize else { throw Unexpected() }
  let scaled = try #require(law.scaled(by: 0.37))
  #expect(scaled.definition === law.definition)
  for index in 0..<100 {
    let key = StreamKey(seed: 5, replication: 0, purpose: .learnerParameters, entity: "a")
    let value = law.sample(key, at: UInt64(index))
    #expect(abs(scaled.sample(key, at: UInt64(index)) - 0.37 * value) <= 1e-12 * abs(value))
  }
}

@Test func aScaledSampleKeepsItsFile() throws {
  let sample = try #require(EmpiricalSample(file: "times.txt", values: [1, 2, 4]))
  #expect(Distribution.empirical(sample, scale: 0.5).scaled(by: 3) == .empirical(sample, scale: 1.5))
}
