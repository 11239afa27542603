// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
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
