// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import Theory

/// Every second message, by turns, is heard: intervals of 2 s, so that ages go from 0.5 to 2.5 s.
@Test func agesOfALinkThatLosesByTurns() throws {
  let age = try #require(
    AgeOfInformation(
      .messages(goodToBad: 1, badToGood: 1), loss: (0, 1), every: .constant(1), latency: 0.5))
  #expect(abs(age.meanAge - 1.5) < 1e-12)
  #expect(abs(age.meanPeakAge - 2.5) < 1e-12)
  #expect(age.meanLossRun == 1)
}

/// Independent losses thin a Poisson stream: the age is exponential with mean 1 / (λ q).
@Test func agesUnderIndependentLossesOfAPoissonStream() throws {
  let age = try #require(
    AgeOfInformation(.messages(goodToBad: 0, badToGood: 1), loss: (0.75, 1), every: .exponential(2), latency: 0))
  #expect(abs(age.meanAge - 8) < 1e-12)
  #expect(abs(age.meanPeakAge - 8) < 1e-12)
  #expect(abs(age.meanLossRun - 4) < 1e-12)
  let same = AgeOfInformation(
    .messages(goodToBad: 0, badToGood: 1), loss: (0.75, 1), every: .moments(mean: 2, second: 8), latency: 0)
  #expect(same == age)
}

/// States that change slowly and states that change between any two messages.
@Test func agesUnderBurstsOfTimeLieBetweenTheirLimits() throws {
  func mean(_ rate: Double) throws -> Double {
    try #require(
      AgeOfInformation(.time(goodToBad: rate, badToGood: rate), loss: (0, 1), every: .constant(1), latency: 0)
    ).meanAge
  }
  // As if each message were lost by itself with probability 1/2: 1/2 + 1.
  #expect(try abs(mean(1e6) - 1.5) < 1e-9)
  #expect(try mean(0.01) > mean(0.1) && mean(0.1) > 1.5)
}

@Test func nothingIsHeardOverALinkThatLosesEverything() {
  let chain = AgeOfInformation.Chain.messages(goodToBad: 0.5, badToGood: 0.5)
  #expect(AgeOfInformation(chain, loss: (1, 1), every: .constant(1), latency: 0) == nil)
}

@Test func burstsOfTimeNeedMoreThanMoments() {
  let chain = AgeOfInformation.Chain.time(goodToBad: 0.5, badToGood: 0.5)
  #expect(AgeOfInformation(chain, loss: (0, 1), every: .moments(mean: 1, second: 2), latency: 0) == nil)
}
